#include "common/access/access.h"

#include <limits>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/cleanup/cleanup.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/access/policy.h"
#include "common/base/entropy.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/jose/base64url.h"
#include "common/journal/signed_table.h"
#include "common/jp/civil_day.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/rpc/call.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu::access {
namespace {

namespace v1 = platform::v1;
using identity::Grant;
using identity::Scope;

constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr absl::Duration kPatienceForAMiss = absl::Milliseconds(200);  // a gRPC thread is waiting
constexpr char kKeyPrefix[] = "tsunagu_";

identity::Actor System() { return {"system", "", "", "access", "", Scope::Everything()}; }

std::string HashOf(absl::string_view secret) { return Sha256(absl::StrCat("tsunagu-key ", secret)); }

bool InForce(const v1::Grant& grant, jp::CivilDay today) {
  if (grant.has_valid_from_date() && today < jp::DayOf(grant.valid_from_date())) return false;
  return !grant.has_valid_to_date() || today <= jp::DayOf(grant.valid_to_date());
}

// A name that is malformed reaches nothing.
Scope ScopeOf(const identity::Places& places, const std::string& name, jp::CivilDay today) {
  if (name == "*") return Scope::Everything();
  return contract::IsWellFormedName(name) ? Scope::Of(places.ReachOf(name, today)) : Scope::Nothing();
}

// Returns the principal of a caller who acts for himself. A service acts for others: in its own name it may do little.
Principal ByItself(Principal principal) {
  if (principal.May(kDelegate)) principal.grants = GrantsByItself(principal.grants);
  return principal;
}

// Keys that we make contain no dot. A token begins with "e", which is "{" in base64url.
bool IsToken(absl::string_view secret) { return absl::StartsWith(secret, "e") && absl::c_count(secret, '.') >= 2; }

// A token with cnf is accepted only together with what it is bound to: a certificate (RFC 8705). Other proofs of
// possession (DPoP) are not supported yet.
absl::Status CheckBinding(const jose::Claims& claims, absl::Span<const std::string> certificate_names) {
  const jose::Json* bound = claims.all.Find("cnf");
  if (bound == nullptr) return absl::OkStatus();
  const jose::Json* thumbprint = bound->members.size() == 1 ? bound->Find("x5t#S256") : nullptr;
  const auto digest = thumbprint != nullptr ? jose::FromBase64Url(thumbprint->text) : absl::nullopt;
  if (digest && absl::c_linear_search(certificate_names, absl::StrCat("sha256:", absl::BytesToHexString(*digest)))) {
    return absl::OkStatus();
  }
  return Fail("TOKEN_OF_ANOTHER_CERTIFICATE"_reason);
}

const store::SignedTable& KeyHashes() {
  static const auto& table =
      *new store::SignedTable("api_key_hashes", 1, {{"hash", store::SignedTable::Kind::kBytes}, {"id"}}, "id");
  return table;
}

template <typename Message>
absl::Status ReadAll(store::Store& store, store::Table& table, std::map<std::string, Message>& into) {
  return store.Read(System(), Deadline::After(kPatience), [&](store::View& view) {
    store::Table::Query query;
    query.limit = std::numeric_limits<int64_t>::max();
    query.skips_forged = true;  // rows that were changed in the database by hand give no rights
    return table.List(view, std::move(query), [&](store::Record record) {
      const auto& message = static_cast<const Message&>(*record);
      into[contract::OwnId(message.name())] = message;
      return absl::OkStatus();
    });
  });
}

}  // namespace

Access::Access(store::Store& store)
    : store_(store),
      roles_(store.AddRights(contract::Schema::Of(v1::Role::descriptor()))),
      principals_(store.AddRights(contract::Schema::Of(v1::Principal::descriptor()))),
      keys_(store.AddRights(contract::Schema::Of(v1::ApiKey::descriptor()))) {
  const std::string hash = store::ColumnTypes(store.database().dialect()).Bytes(32) + " NOT NULL";
  store.AddSigned(KeyHashes(), {"api_key_hashes", {{"hash", hash}, {"id", "VARCHAR(64) NOT NULL"}}, "`hash`", {}});
  Ship(PlatformRoles());
}

void Access::Ship(absl::Span<const ShippedRole> roles) {
  for (const ShippedRole& role : roles) shipped_[role.id] = role;
}

absl::Status Access::Open() {
  for (const auto& [id, role] : shipped_) RETURN_IF_ERROR(access::Ship(store_, roles_, role));
  RETURN_IF_ERROR(Reload());
  (void)LoadPlaces();  // on failure, grants reach less than they should until a later load succeeds
  return absl::OkStatus();
}

absl::Status Access::Reload() {
  MutexLock one_by_one(reloading_);
  auto snapshot = std::make_shared<Snapshot>();
  std::map<std::string, v1::ApiKey> keys;
  RETURN_IF_ERROR(ReadAll(store_, roles_, snapshot->roles));
  RETURN_IF_ERROR(ReadAll(store_, principals_, snapshot->principals));
  RETURN_IF_ERROR(ReadAll(store_, keys_, keys));
  for (const auto& [id, principal] : snapshot->principals) {
    for (const v1::Identity& identity : principal.identities()) snapshot->identities.Add(id, identity);
  }
  RETURN_IF_ERROR(store_.Read(System(), Deadline::After(kPatience), [&](store::View& view) {
    const std::string sql = absl::StrCat("SELECT ", KeyHashes().columns(), " FROM `api_key_hashes`");
    return view.session().Query(sql, {}, [&](const store::Row& row) {
      if (!KeyHashes().IsGenuine(store_.RowKey(), row)) {
        (void)store::ForgedRow(KeyHashes());  // logs the forged row, which gives access to nothing
        return absl::OkStatus();
      }
      const auto found = keys.find(row.Bytes(1));
      if (found == keys.end()) return absl::OkStatus();
      Key& key = snapshot->keys[row.Bytes(0)];
      key.principal = found->second.principal();
      key.revoked = found->second.has_revoke_time();
      if (found->second.has_expire_time()) {
        key.expires = absl::FromUnixMicros(
            google::protobuf::util::TimeUtil::TimestampToMicroseconds(found->second.expire_time()));
      }
      return absl::OkStatus();
    });
  }));
  MutexLock lock(mutex_);
  snapshot_ = std::move(snapshot);
  grants_.clear();
  return absl::OkStatus();
}

void Access::SetPlaces(std::unique_ptr<LoadedPlaces> places) {
  places_ = std::move(places);
  store_.SetPlaces(*places_);
  store_.OnPlacesChanged([this] { (void)LoadPlaces(); });
}

absl::Status Access::LoadPlaces() {
  const int64_t mine = ++looks_asked_;
  MutexLock one_by_one(loading_);
  // A load that began after this call has seen what the caller wrote.
  if (places_ == nullptr || frozen_ || looks_answered_ >= mine) return absl::OkStatus();
  const int64_t answered = looks_asked_;
  ASSIGN_OR_RETURN(const bool changed, places_->Load());
  looks_answered_ = answered;
  if (!changed) return absl::OkStatus();
  MutexLock lock(mutex_);
  grants_.clear();
  return absl::OkStatus();
}

void Access::FreezePlaces() {
  MutexLock lock(loading_);
  frozen_ = true;
}

void Access::AddFixed(absl::string_view secret, Principal principal) {
  MutexLock lock(mutex_);
  fixed_[HashOf(secret)] = std::move(principal);
}

Grants Access::GrantsOf(const std::string& id, absl::Time now) const {
  const jp::CivilDay today = jp::JapanDay(now);
  if (today != grants_day_) grants_.clear();
  grants_day_ = today;
  if (const auto kept = grants_.find(id); kept != grants_.end()) return kept->second;
  std::vector<Grant> grants;
  const auto found = snapshot_->principals.find(id);
  if (found == snapshot_->principals.end()) return Grants();
  for (const v1::Grant& grant : found->second.grants()) {
    const auto role = snapshot_->roles.find(grant.role());
    if (role == snapshot_->roles.end() || !InForce(grant, today)) continue;
    grants.push_back({{role->second.permissions().begin(), role->second.permissions().end()},
                      ScopeOf(store_.places(), grant.scope(), today)});
  }
  return grants_.emplace(id, Grants(std::move(grants))).first->second;
}

absl::StatusOr<Principal> Access::OfKey(const std::string& hash) const {
  MutexLock lock(mutex_);
  if (const auto fixed = fixed_.find(hash); fixed != fixed_.end()) return fixed->second;
  const auto key = snapshot_->keys.find(hash);
  if (key == snapshot_->keys.end()) return Fail("UNAUTHENTICATED"_reason);
  if (key->second.revoked) return Fail("KEY_REVOKED"_reason);
  const absl::Time now = store_.clock().Now();
  if (key->second.expires <= now) return Fail("KEY_EXPIRED"_reason);
  return Principal{key->second.principal, "", GrantsOf(key->second.principal, now), nullptr};
}

absl::StatusOr<Principal> Access::OfId(absl::string_view id) const {
  MutexLock lock(mutex_);
  for (const auto& [hash, principal] : fixed_) {
    if (principal.id == id) return principal;
  }
  if (snapshot_->principals.count(std::string(id)) == 0) return Fail("PRINCIPAL_UNKNOWN"_reason);
  return Principal{std::string(id), "", GrantsOf(std::string(id), store_.clock().Now()), nullptr};
}

absl::StatusOr<Principal> Access::ActingFor(Principal caller, absl::string_view on_behalf_of) const {
  if (!caller.May(kDelegate)) return Fail("PERMISSION_DENIED"_reason, {{"permission", kDelegate}});
  ASSIGN_OR_RETURN(Principal original, OfId(on_behalf_of));
  original = ByItself(std::move(original));
  original.on_behalf_of = original.id;
  original.id = caller.id;
  caller.grants = GrantsForSomebody(caller.grants);
  original.cut_by = std::make_shared<const Principal>(std::move(caller));
  return original;
}

bool Access::Find(const std::string& hash) {
  if (!misses_.Begin(store_.clock().Now())) return false;
  const auto end = absl::MakeCleanup([&] { misses_.End(); });
  bool kept = false;
  const absl::Status looked = store_.database().Read(Deadline::After(kPatienceForAMiss), [&](store::Session& session) {
    return session.Query("SELECT 1 FROM `api_key_hashes` WHERE `hash` = ?", {store::Blob{hash}},
                         [&](const store::Row&) {
                           kept = true;
                           return absl::OkStatus();
                         });
  });
  return looked.ok() && kept && Reload().ok();
}

absl::StatusOr<Principal> Access::OfBearer(absl::string_view secret) {
  const std::string hash = HashOf(secret);
  absl::StatusOr<Principal> caller = OfKey(hash);
  const bool missed = ReasonOf(caller.status()) == "UNAUTHENTICATED"_reason;
  if (missed && absl::StartsWith(secret, kKeyPrefix) && Find(hash)) caller = OfKey(hash);
  return caller;
}

absl::StatusOr<Principal> Access::OfToken(absl::string_view token, absl::Span<const std::string> certificate_names) {
  if (issuers_ == nullptr) return Fail("UNKNOWN_ISSUER"_reason);
  const absl::Time now = store_.clock().Now();
  ASSIGN_OR_RETURN(const std::shared_ptr<const jose::Claims> claims, issuers_->Verify(token, now));
  RETURN_IF_ERROR(CheckBinding(*claims, certificate_names));
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(const std::string id, snapshot_->identities.OfToken(*claims));
  return Principal{id, "", GrantsOf(id, now), nullptr};
}

absl::StatusOr<Principal> Access::OfCaller(const rpc::Headers& headers) {
  absl::string_view authorization = headers.authorization;
  if (authorization.empty() && !headers.certificate_names.empty()) {
    MutexLock lock(mutex_);
    ASSIGN_OR_RETURN(const std::string id, snapshot_->identities.OfCertificate(headers.certificate_names));
    return Principal{id, "", GrantsOf(id, store_.clock().Now()), nullptr};
  }
  constexpr absl::string_view kScheme = "Bearer ";  // compared without case (RFC 9110)
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) return Fail("UNAUTHENTICATED"_reason);
  authorization.remove_prefix(kScheme.size());
  return IsToken(authorization) ? OfToken(authorization, headers.certificate_names) : OfBearer(authorization);
}

absl::StatusOr<Principal> Access::Authenticate(const rpc::Headers& headers) {
  ASSIGN_OR_RETURN(Principal caller, OfCaller(headers));
  if (headers.on_behalf_of.empty()) return ByItself(std::move(caller));
  return ActingFor(std::move(caller), headers.on_behalf_of);
}

absl::StatusOr<Principal> Access::Known(absl::string_view id, absl::string_view on_behalf_of) const {
  ASSIGN_OR_RETURN(Principal caller, OfId(id));
  if (on_behalf_of.empty()) return ByItself(std::move(caller));
  return ActingFor(std::move(caller), on_behalf_of);
}

absl::Status Access::CheckGrant(store::View& view, const std::string& role, const std::string& scope) {
  Faults faults;
  ASSIGN_OR_RETURN(const bool known, roles_.Exists(view, role));
  if (!known) faults.Add("role", "REFERENCE_NOT_FOUND"_reason, {{"name", role}});
  if (scope != "*" && !contract::IsWellFormedName(scope)) {
    faults.Add("scope", "MALFORMED_NAME"_reason, {{"pattern", "*, {collection}/{id}"}});
  } else if (scope != "*" && store_.places().names().ReachOf(scope, store_.Today()).empty()) {
    faults.Add("scope", "UNKNOWN_PLACE"_reason, {{"name", scope}});
  }
  return faults.ToStatus();
}

absl::Status Access::CheckIdentities(store::Tx& tx, const std::string& id, const v1::Principal& principal) {
  if (principal.identities().empty()) return absl::OkStatus();
  RETURN_IF_ERROR(tx.Guard("access", "identities"));
  Faults faults;
  const auto field = [](int i) { return absl::StrCat("identities[", i, "]"); };
  for (int i = 0; i < principal.identities_size(); ++i)
    faults.Add(field(i), Identities::Check(principal.identities(i)));
  store::Table::Query everybody;
  everybody.limit = std::numeric_limits<int64_t>::max();
  everybody.skips_forged = true;  // as in Reload
  RETURN_IF_ERROR(principals_.List(tx, std::move(everybody), [&](store::Record record) {
    const auto& other = static_cast<const v1::Principal&>(*record);
    for (const v1::Identity& theirs : other.identities()) {
      for (int i = 0; contract::OwnId(other.name()) != id && i < principal.identities_size(); ++i) {
        if (!Identities::Equal(theirs, principal.identities(i))) continue;
        faults.Add(field(i), "IDENTITY_TAKEN"_reason, {{"principal", contract::OwnId(other.name())}});
      }
    }
    return absl::OkStatus();
  }));
  return faults.ToStatus();
}

std::string Access::NewSecret() { return absl::StrCat(kKeyPrefix, Base32(Entropy::System().Bytes(32))); }

absl::StatusOr<std::string> Access::NameOfKey(store::View& view, absl::string_view secret) {
  std::string name;
  const std::string hash = HashOf(secret);
  RETURN_IF_ERROR(view.session().Query("SELECT `id` FROM `api_key_hashes` WHERE `hash` = ?", {store::Blob{hash}},
                                       [&](const store::Row& row) {
                                         name = keys_.NameOf(row.Bytes(0));
                                         return absl::OkStatus();
                                       }));
  return name;
}

absl::Status Access::RevokeKey(store::Tx& tx, const std::string& name, v1::ApiKey& after) {
  ASSIGN_OR_RETURN(const store::Record before, keys_.Get(tx, name));
  after = static_cast<const v1::ApiKey&>(*before);
  if (after.has_revoke_time()) return absl::OkStatus();
  *after.mutable_revoke_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(tx.Stamp());
  return keys_.Update(tx, *before, after);
}

absl::Status Access::CreateKey(store::Tx& tx, v1::ApiKey& record, absl::string_view secret) {
  const std::string id = keys_.DerivedId(record), hash = HashOf(secret);
  RETURN_IF_ERROR(keys_.Insert(tx, id, record, {.path = "api_key"}));
  Failpoint("access.before_key_hash");
  const std::string mac = KeyHashes().Mac(store_.RowKey(), {store::Blob{hash}, absl::string_view(id)});
  return tx.session()
      .Execute("INSERT INTO `api_key_hashes` (`hash`, `id`, `mac`) VALUES (?, ?, ?)",
               {store::Blob{hash}, absl::string_view(id), store::Blob{mac}})
      .status();
}

}  // namespace tsunagu::access
