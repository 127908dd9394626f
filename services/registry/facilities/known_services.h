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

// A service that facilities give, as the contract or the prefecture knows it.
struct KnownService {
  std::string code;  // サービス種類コード
  v1::FacilityServiceKind kind = v1::FACILITY_SERVICE_KIND_UNSPECIFIED;
  std::string name;  // serviceKinds/{code}, where the contract does not know it
};

// Services by their names in lists of offices, in any spelling that jp::Fold makes one.
class KnownServices {
 public:
  // Those of FacilityServiceKind.
  KnownServices();
  void Add(const v1::ServiceKind& kind);
  // Null where nobody knows it.
  const KnownService* Find(absl::string_view name) const;

 private:
  std::unordered_map<std::string, KnownService> services_;
};

// The contract's, and the prefecture's own.
absl::StatusOr<KnownServices> ReadServices(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_KNOWN_SERVICES_H_
