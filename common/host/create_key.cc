// A key made by whoever runs the machine (tsunagu keys create).
#include <utility>

#include "absl/algorithm/container.h"
#include "common/access/policy.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/host/databases.h"
#include "common/host/keys.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu {
namespace {

// Gives the caller the grant, if it has it not yet, and the key.
absl::Status KeepKey(Service& service, const KeyRequest& request, const std::string& secret) {
  const identity::Actor actor{"operator", "", "", "keys/create", "", identity::Scope::Everything()};
  platform::v1::ApiKey key;
  return service.store().Change(
      actor, Deadline::After(absl::Seconds(30)), {secret}, key, [&](store::Tx& tx) -> absl::Status {
        tx.KeepNoAnswer();
        if (!records::IsWellFormedId(request.principal)) return FailAt("principal", "MALFORMED_ID"_reason);
        if (access::IsReservedId(request.principal)) {
          return FailAt("principal", "KEY_UNAVAILABLE"_reason);
        }
        RETURN_IF_ERROR(service.access().CheckGrant(tx, request.role, request.scope));
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
        RETURN_IF_ERROR(before == nullptr ? principals.Insert(tx, request.principal, principal)
                                          : principals.Update(tx, *before, principal));
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
  const std::string secret = access::Access::NewSecret();
  for (const ServiceKind* kind : chosen) {
    std::unique_ptr<store::Database> database = databases.Take(kind->name);
    ASSIGN_OR_RETURN(std::unique_ptr<store::Keyring> keyring,
                     OpenKeyring(config, kind->name, *database, Clock::System()));
    Service service(kind->name, std::move(database), std::move(keyring), Clock::System(), Entropy::System());
    kind->build(service, [](absl::string_view) { return PeerAccess(); });
    RETURN_IF_ERROR(service.Open(databases.OpeningOf(kind->name)));
    store::Store& store = service.store();
    RETURN_IF_ERROR(
        databases.Sign(store.database(), store.keyring().store().database(), service.name(), Clock::System()));
    RETURN_IF_ERROR(KeepKey(service, request, secret));
  }
  return secret;
}

}  // namespace tsunagu
