#include "services/suite/services.h"

#include "common/base/reason.h"
#include "services/matching/module.h"
#include "services/registry/module.h"
#include "services/subsidy/module.h"
#include "services/training/module.h"
#include "tsunagu/matching/v1/reason.pb.h"
#include "tsunagu/registry/v1/reason.pb.h"
#include "tsunagu/subsidy/v1/reason.pb.h"
#include "tsunagu/training/v1/reason.pb.h"

namespace tsunagu::suite {

absl::Span<const ServiceKind> SuiteServices() {
  static const auto& kinds = *new std::vector<ServiceKind>{
      {"registry", [](Service& service, const PeerFinder&) { registry::Build(service); }},
      {"training", &training::Build},
      {"subsidy", &subsidy::Build},
      {"matching", &matching::Build},
  };
  return kinds;
}

void DeclareReasons() {
  Reason::Declare(registry::v1::Reason_descriptor());
  Reason::Declare(training::v1::Reason_descriptor());
  Reason::Declare(subsidy::v1::Reason_descriptor());
  Reason::Declare(matching::v1::Reason_descriptor());
}

}  // namespace tsunagu::suite
