#include "common/host/rotate.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "common/base/status_macros.h"
#include "common/host/databases.h"
#include "common/host/keys.h"

namespace tsunagu {
namespace {

constexpr int64_t kBatch = 500;

absl::Status RotateService(const HostConfig& config, const std::string& service,
                           absl::Span<const store::MasterKey> masters,
                           absl::FunctionRef<void(const std::string&, int64_t, int64_t)> progress) {
  ASSIGN_OR_RETURN(const std::unique_ptr<store::KeyStore> keys,
                   OpenKeyStore(config, service, /*may_migrate=*/false, Clock::System()));
  RETURN_IF_ERROR(keys->Admit(masters));
  // From here on no server wraps with an older key, so the loop below reaches an end.
  RETURN_IF_ERROR(keys->RetireAllBut(masters.front()));
  ASSIGN_OR_RETURN(const int64_t total, keys->CountNotWrappedBy(masters.front()));
  int64_t done = 0;
  while (true) {
    ASSIGN_OR_RETURN(const int64_t wrapped, keys->WrapAnew(masters, kBatch));
    done += wrapped;
    if (wrapped > 0 || total == 0) progress(service, done, total);
    if (wrapped == 0) return absl::OkStatus();
  }
}

absl::StatusOr<Rotation> Sort(const HostConfig& config, absl::Span<const ServiceKind> kinds) {
  ASSIGN_OR_RETURN(const std::vector<const ServiceKind*> chosen, Chosen(config, kinds));
  Rotation rotation;
  for (const ServiceKind& kind : kinds) {
    const bool wanted = absl::c_linear_search(chosen, &kind);
    const std::string name = KeysNameOf(config, kind.name);
    ASSIGN_OR_RETURN(bool there, HasKeyStore(config, kind.name));
    there |=
        wanted &&
        !SchemaIn(KeysDatabaseOf(config, kind.name)).empty();  // schemas are not created, so a missing one is reported
    if (!there && wanted && !config.services.empty()) return NoSuchDatabase(name);
    if (there) (wanted ? rotation.services : rotation.left).push_back(kind.name);
  }
  if (rotation.services.empty()) return NoSuchDatabase(KeysNameOf(config, chosen.front()->name));
  return rotation;
}

}  // namespace

absl::StatusOr<Rotation> RotateKeys(
    const HostConfig& config, absl::Span<const ServiceKind> kinds,
    absl::FunctionRef<void(const std::string& service, int64_t done, int64_t total)> progress) {
  ASSIGN_OR_RETURN(Rotation rotation, Sort(config, kinds));
  ASSIGN_OR_RETURN(const std::vector<store::MasterKey> masters, MasterKeysOf(config).Load());
  for (const std::string& service : rotation.services) {
    RETURN_IF_ERROR(RotateService(config, service, masters, progress));
  }
  rotation.newest = masters.front().id();
  rotation.has_older = masters.size() > 1;
  return rotation;
}

}  // namespace tsunagu
