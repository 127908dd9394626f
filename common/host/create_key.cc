// Creates a key for the operator of the machine (tsunagu keys create).
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "common/access/access.h"
#include "common/access/policy.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/host/databases.h"
#include "common/host/service_alone.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu {
namespace {

identity::Actor Operator() { return {"operator", "", "", "keys/create", "", identity::Scope::Everything()}; }

// Returns whether the service has the role to be granted; an error when the grant is invalid.
absl::StatusOr<bool> HasRole(Service& service, const KeyRequest& request) {
  bool has = false;
  RETURN_IF_ERROR(
      service.store().Read(Operator(), Deadline::After(absl::Seconds(30)), [&](store::View& view) -> absl::Status {
        ASSIGN_OR_RETURN(has, service.access().roles().Exists(view, request.role));
        return has ? service.access().CheckGrant(view, request.role, request.scope) : absl::OkStatus();
      }));
  return has;
}

// Gives the caller the grant and the identity, unless it has them already.
absl::Status KeepCaller(store::Tx& tx, Service& service, const KeyRequest& request) {
  store::Table& principals = service.access().principals();
  ASSIGN_OR_RETURN(const store::Record before,
                   principals.FindBy(tx, *principals.schema().name_field(), request.principal));
  platform::v1::Principal principal;
  if (before != nullptr) principal.CopyFrom(*before);
  const bool has = absl::c_any_of(principal.grants(), [&](const platform::v1::Grant& grant) {
    return grant.role() == request.role && grant.scope() == request.scope && !grant.has_valid_to_date();
  });
  if (!has) {
    platform::v1::Grant& grant = *principal.add_grants();
    grant.set_role(request.role);
    grant.set_scope(request.scope);
  }
  if (request.identity) {
    const bool known = absl::c_any_of(principal.identities(), [&](const platform::v1::Identity& identity) {
      return access::Identities::Equal(identity, *request.identity);
    });
    if (!known) *principal.add_identities() = *request.identity;
    RETURN_IF_ERROR(service.access().CheckIdentities(tx, request.principal, principal));
  }
  return before == nullptr ? principals.Insert(tx, request.principal, principal)
                           : principals.Update(tx, *before, principal);
}

absl::Status KeepKey(Service& service, const KeyRequest& request, const std::string& secret, bool has_role) {
  platform::v1::ApiKey key;
  return service.store().Change(
      Operator(), Deadline::After(absl::Seconds(30)), {secret}, key, [&](store::Tx& tx) -> absl::Status {
        tx.KeepNoAnswer();
        if (!contract::IsWellFormedId(request.principal)) return FailAt("principal", "MALFORMED_ID"_reason);
        if (access::IsReservedId(request.principal)) {
          return FailAt("principal", "KEY_UNAVAILABLE"_reason);
        }
        if (has_role) RETURN_IF_ERROR(KeepCaller(tx, service, request));
        if (request.identity) return absl::OkStatus();
        key.Clear();
        key.set_principal(request.principal);
        if (request.valid_for < absl::InfiniteDuration()) {
          *key.mutable_expire_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(
              absl::ToUnixMicros(Clock::System().Now() + request.valid_for));
        }
        return service.access().CreateKey(tx, key, secret);
      });
}

}  // namespace

absl::StatusOr<std::string> CreateKey(const HostConfig& config, absl::Span<const ServiceKind> kinds,
                                      const KeyRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<const ServiceKind*> chosen, Chosen(config, kinds));
  ASSIGN_OR_RETURN(Databases databases, Databases::Open(config, chosen));
  const std::string secret = request.identity ? "" : access::Access::NewSecret();
  std::vector<std::pair<std::unique_ptr<Service>, bool>> services;  // with whether the service has the role
  for (const ServiceKind* kind : chosen) {
    ASSIGN_OR_RETURN(std::unique_ptr<Service> service, OpenAlone(config, databases, *kind));
    ASSIGN_OR_RETURN(const bool has_role, HasRole(*service, request));
    services.emplace_back(std::move(service), has_role);
  }
  // A service without the role accepts the key too, but permits nothing.
  if (absl::c_none_of(services, [](const auto& one) { return one.second; })) {
    return FailAt("role", "REFERENCE_NOT_FOUND"_reason, {{"name", request.role}});
  }
  for (const auto& [service, has_role] : services) RETURN_IF_ERROR(KeepKey(*service, request, secret, has_role));
  return secret;
}

}  // namespace tsunagu
