#include "common/host/service_alone.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/host/keys.h"
#include "common/records/store.h"
#include "common/service/service.h"

namespace tsunagu {

absl::StatusOr<std::unique_ptr<Service>> OpenAlone(const HostConfig& config, Databases& databases,
                                                   const ServiceKind& kind) {
  std::unique_ptr<store::Database> database = databases.Take(kind.name);
  ASSIGN_OR_RETURN(std::unique_ptr<store::Keyring> keyring, OpenKeyring(config, kind.name, *database, Clock::System()));
  auto service =
      std::make_unique<Service>(kind.name, std::move(database), std::move(keyring), Clock::System(), Entropy::System());
  kind.build(*service, [](absl::string_view) { return PeerAccess(); });
  RETURN_IF_ERROR(service->Open(databases.OpeningOf(kind.name)));
  store::Store& store = service->store();
  RETURN_IF_ERROR(
      databases.Sign(store.database(), store.keyring().store().database(), service->name(), Clock::System()));
  return service;
}

}  // namespace tsunagu
