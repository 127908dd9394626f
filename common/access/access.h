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

// Callers, roles and keys of one service. Keys are stored as hashes. Answers come from memory: call Reload() after
// every change of these tables, and regularly, because other replicas may have changed them. Thread-safe.
class Access {
 public:
  // Adds its tables to `store`, which must outlive this object. Call Open() once the store is open.
  explicit Access(store::Store& store);

  // Call before Open. Adds roles that come with the service; a role replaces an earlier one with the same id.
  void Ship(absl::Span<const ShippedRole> roles);
  const std::map<std::string, ShippedRole>& shipped() const { return shipped_; }

  // Merges the shipped roles into the stored ones, then loads everything.
  absl::Status Open();
  absl::Status Reload();

  // Call before Open. Sets the hierarchy of places; without it there is none.
  void SetPlaces(std::unique_ptr<LoadedPlaces> places);
  // Reloads the hierarchy of places if it has changed. Concurrent calls share one reload. On failure the previous
  // hierarchy stays.
  absl::Status LoadPlaces();
  // From now on the hierarchy stays as it is, because what LoadPlaces reads is about to be destroyed. Waits for a
  // running reload.
  void FreezePlaces();

  // Adds a key that is kept in a file or in memory instead of the database.
  void AddFixed(absl::string_view secret, Principal principal);

  // Call before Open. Sets the issuers whose tokens are accepted; they must outlive this object. Without them, no token
  // is accepted.
  void SetIssuers(jose::Issuers& issuers) { issuers_ = &issuers; }

  // Returns the caller. The authorization header decides, if there is one: "Bearer <token>" (a JWT) or "Bearer <key>";
  // without it, the client certificate decides. An unknown key is looked up in the database, as often as KeyMisses
  // allows, because another process may have made it. Errors: UNAUTHENTICATED, KEY_EXPIRED, KEY_REVOKED; those of
  // jose::Issuers and Identities; TOKEN_OF_ANOTHER_CERTIFICATE; PRINCIPAL_UNKNOWN when a service calls for a person who
  // is unknown here; PERMISSION_DENIED when a caller that is no service calls for somebody.
  absl::StatusOr<Principal> Authenticate(const rpc::Headers& headers);

  // Returns the principal for a call that is executed later, with the grants of today.
  absl::StatusOr<Principal> Known(absl::string_view id, absl::string_view on_behalf_of) const;

  // Checks that `role` exists and that `scope` is "*" or a resource name.
  absl::Status CheckGrant(store::View& view, const std::string& role, const std::string& scope);

  // Checks that no identity of `principal`, whose id is `id`, is malformed or belongs to another principal. The result
  // stays true until `tx` ends. The faults name the field of the record: "identities[2]".
  absl::Status CheckIdentities(store::Tx& tx, const std::string& id, const platform::v1::Principal& principal);

  // Returns a fresh key. Its maker shows it once.
  static std::string NewSecret();
  // Returns the name of the key whose secret is `secret`; empty when there is none.
  absl::StatusOr<std::string> NameOfKey(store::View& view, absl::string_view secret);
  // Revokes the key; does nothing when it is revoked already. Takes effect with Reload().
  absl::Status RevokeKey(store::Tx& tx, const std::string& name, platform::v1::ApiKey& after);
  // Stores the hash of `secret` and the new `record` within `tx`.
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
  // Returns the grants in force today. They are cached until the snapshot or the day changes, because every call needs
  // them.
  Grants GrantsOf(const std::string& id, absl::Time now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Principal> OfKey(const std::string& hash) const;
  absl::StatusOr<Principal> OfBearer(absl::string_view secret);
  absl::StatusOr<Principal> OfToken(absl::string_view token, absl::Span<const std::string> certificate_names);
  absl::StatusOr<Principal> OfCaller(const rpc::Headers& headers);
  // Looks for an unknown key in the database. Returns true when it was found, and is known now.
  bool Find(const std::string& hash);
  absl::StatusOr<Principal> OfId(absl::string_view id) const;
  absl::StatusOr<Principal> ActingFor(Principal caller, absl::string_view on_behalf_of) const;

  store::Store& store_;
  store::Table& roles_;
  store::Table& principals_;
  store::Table& keys_;
  jose::Issuers* issuers_ = nullptr;
  std::map<std::string, ShippedRole> shipped_;  // by id
  Mutex loading_;                               // serializes the loading of places, as reloading_ does for Reload
  std::unique_ptr<LoadedPlaces> places_;
  std::atomic<int64_t> looks_asked_{0};
  int64_t looks_answered_ ABSL_GUARDED_BY(loading_) = 0;
  bool frozen_ ABSL_GUARDED_BY(loading_) = false;
  Mutex reloading_;  // serializes Reload: an older reading never replaces a newer one
  mutable Mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_ ABSL_GUARDED_BY(mutex_);
  mutable jp::CivilDay grants_day_ ABSL_GUARDED_BY(mutex_);
  mutable std::map<std::string, Grants> grants_ ABSL_GUARDED_BY(mutex_);  // by principal
  std::map<std::string, Principal> fixed_ ABSL_GUARDED_BY(mutex_);        // by hash
  KeyMisses misses_;
};

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_ACCESS_H_
