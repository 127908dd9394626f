#include "services/suite/services.h"

#include "common/base/reason.h"
#include "services/matching/module.h"
#include "services/registry/module.h"
#include "services/subsidy/module.h"
#include "services/training/module.h"
#include "tsunagu/matching/v1/reason.pb.h"
#include "tsunagu/platform/v1/reason.pb.h"
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

absl::Span<const google::protobuf::EnumDescriptor* const> ReasonContracts() {
  static const auto& contracts = *new std::vector<const google::protobuf::EnumDescriptor*>{
      platform::v1::Reason_descriptor(), registry::v1::Reason_descriptor(), training::v1::Reason_descriptor(),
      subsidy::v1::Reason_descriptor(), matching::v1::Reason_descriptor()};
  return contracts;
}

void DeclareReasons() {
  for (const auto* reasons : ReasonContracts().subspan(1)) Reason::Declare(reasons);  // the platform's always are
}

}  // namespace tsunagu::suite
