#ifndef TSUNAGU_SERVICES_REGISTRY_KNOWN_SERVICES_H_
#define TSUNAGU_SERVICES_REGISTRY_KNOWN_SERVICES_H_

#include <string>
#include <unordered_map>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/service_kind.pb.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::registry {

// A service that facilities provide, from the contract or from the prefecture's own list.
struct KnownService {
  std::string code;  // サービス種類コード
  v1::FacilityServiceKind kind = v1::FACILITY_SERVICE_KIND_UNSPECIFIED;
  std::string name;  // serviceKinds/{code}, if the contract does not have the service
};

// Finds services by the names that lists of offices use, in any spelling that jp::Fold treats as equal.
class KnownServices {
 public:
  // Contains the services of FacilityServiceKind.
  KnownServices();
  void Add(const v1::ServiceKind& kind);
  // Returns null if the name is unknown.
  const KnownService* Find(absl::string_view name) const;

 private:
  std::unordered_map<std::string, KnownService> services_;
};

// Returns the services of the contract and those of the prefecture.
absl::StatusOr<KnownServices> ReadServices(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_KNOWN_SERVICES_H_
