#ifndef TSUNAGU_COMMON_ACCESS_ACCESS_H_
#define TSUNAGU_COMMON_ACCESS_ACCESS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/access/identities.h"
#include "common/access/key_misses.h"
#include "common/access/loaded_places.h"
#include "common/access/shipped_role.h"
#include "common/base/mutex.h"
#include "common/identity/principal.h"
#include "common/jp/civil_day.h"
#include "tsunagu/platform/v1/access.pb.h"

namespace tsunagu::rpc {
struct Headers;
}  // namespace tsunagu::rpc

namespace tsunagu::store {
class Store;
class Table;
class Tx;
class View;
}  // namespace tsunagu::store

namespace tsunagu::access {

using identity::Grants;
using identity::Principal;

// Callers, roles and keys of one service. Keys are kept hashed. Answers from memory; Reload() after every change of
// these tables, and now and then where other replicas may have changed them. Thread-safe.
class Access {
 public:
  // Adds its tables to `store`, which outlives it; call Open() once the store is open.
  explicit Access(store::Store& store);

  // Before Open: roles that come with the service. One with the id of another takes its place.
  void Ship(absl::Span<const ShippedRole> roles);
  const std::map<std::string, ShippedRole>& shipped() const { return shipped_; }

  // Brings what is shipped to the roles that are there, then reads everything.
  absl::Status Open();
  absl::Status Reload();

  // Before Open: how places lie in one another. Without it there is no hierarchy.
  void SetPlaces(std::unique_ptr<LoadedPlaces> places);
  // Looks whether they lie otherwise now; several at once are one look. While it fails, what was known before holds.
  absl::Status LoadPlaces();
  // From now on they stay as they are: those that LoadPlaces asks are about to go. Waits for one that is asking.
  void FreezePlaces();

  // A key that lives in a file or in memory instead of the database.
  void AddFixed(absl::string_view secret, Principal principal);

  // Before Open: whose tokens are taken; they outlive this. Without it, nobody's.
  void SetIssuers(jose::Issuers& issuers) { issuers_ = &issuers; }

  // Who calls. The authorization decides, if there is any: "Bearer <token>" (a JWT) or "Bearer <key>"; without it, the
  // client certificate. A key that is not known is looked for in the database, as often as KeyMisses allows: another
  // process may have made it. UNAUTHENTICATED, KEY_EXPIRED, KEY_REVOKED; what jose::Issuers and Identities say;
  // TOKEN_OF_ANOTHER_CERTIFICATE; PRINCIPAL_UNKNOWN where a service calls for somebody unknown here, PERMISSION_DENIED
  // where a caller that is no service tries to.
  absl::StatusOr<Principal> Authenticate(const rpc::Headers& headers);

  // The same for somebody whose call is worked on later: with the grants of today.
  absl::StatusOr<Principal> Known(absl::string_view id, absl::string_view on_behalf_of) const;

  // A grant names a role that exists, and a scope that is "*" or a resource name.
  absl::Status CheckGrant(store::View& view, const std::string& role, const std::string& scope);

  // No identity of `principal`, whose id is `id`, is another's or malformed; stays true until `tx` has ended. The
  // faults of the record: "identities[2]".
  absl::Status CheckIdentities(store::Tx& tx, const std::string& id, const platform::v1::Principal& principal);

  // A fresh key; whoever makes one shows it once.
  static std::string NewSecret();
  // The name of the key that `secret` is; empty where it is none.
  absl::StatusOr<std::string> NameOfKey(store::View& view, absl::string_view secret);
  // Makes the key worthless; does nothing where it is already. Reload() makes it felt.
  absl::Status RevokeKey(store::Tx& tx, const std::string& name, platform::v1::ApiKey& after);
  // Keeps the hash of `secret` with the new `record` within `tx`.
  absl::Status CreateKey(store::Tx& tx, platform::v1::ApiKey& record, absl::string_view secret);

  store::Table& roles() { return roles_; }
  store::Table& principals() { return principals_; }
  store::Table& keys() { return keys_; }

 private:
  struct Key {
    std::string principal;
    absl::Time expires = absl::InfiniteFuture();
    bool revoked = false;
  };
  struct Snapshot {
    std::map<std::string, Key> keys;  // by hash
    std::map<std::string, platform::v1::Principal> principals;
    std::map<std::string, platform::v1::Role> roles;
    Identities identities;
  };
  // The grants in force today; kept until the snapshot or the day changes, since every call needs them.
  Grants GrantsOf(const std::string& id, absl::Time now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Principal> OfKey(const std::string& hash) const;
  absl::StatusOr<Principal> OfBearer(absl::string_view secret);
  absl::StatusOr<Principal> OfToken(absl::string_view token, absl::Span<const std::string> certificate_names);
  absl::StatusOr<Principal> OfCaller(const rpc::Headers& headers);
  // True where the key was not known, and is now.
  bool Find(const std::string& hash);
  absl::StatusOr<Principal> OfId(absl::string_view id) const;
  absl::StatusOr<Principal> ActingFor(Principal caller, absl::string_view on_behalf_of) const;

  store::Store& store_;
  store::Table& roles_;
  store::Table& principals_;
  store::Table& keys_;
  jose::Issuers* issuers_ = nullptr;
  std::map<std::string, ShippedRole> shipped_;  // by id
  Mutex loading_;                               // as reloading_, for the places
  std::unique_ptr<LoadedPlaces> places_;
  std::atomic<int64_t> looks_asked_{0};
  int64_t looks_answered_ ABSL_GUARDED_BY(loading_) = 0;
  bool frozen_ ABSL_GUARDED_BY(loading_) = false;
  Mutex reloading_;  // one after the other: an older reading never replaces a newer one
  mutable Mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_ ABSL_GUARDED_BY(mutex_);
  mutable jp::CivilDay grants_day_ ABSL_GUARDED_BY(mutex_);
  mutable std::map<std::string, Grants> grants_ ABSL_GUARDED_BY(mutex_);  // by principal
  std::map<std::string, Principal> fixed_ ABSL_GUARDED_BY(mutex_);        // by hash
  KeyMisses misses_;
};

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_ACCESS_H_
