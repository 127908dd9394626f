#include "services/suite/services.h"

#include "services/matching/module.h"
#include "services/registry/module.h"

namespace tsunagu::suite {

absl::Span<const ServiceKind> SuiteServices() {
  static const auto& kinds = *new std::vector<ServiceKind>{
      {"registry", [](Service& service, const PeerFinder&) { registry::Build(service); }},
      {"matching", &matching::Build},
  };
  return kinds;
}

}  // namespace tsunagu::suite
