#include "services/matching/mediation/visit_supplies.h"

#include <utility>

#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/jp/area_code.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/matching/rules/visit_contract.h"
#include "services/matching/rules/visit_supply.h"
#include "tsunagu/matching/v1/visit_supply.pb.h"

namespace tsunagu::matching {
namespace {

using v1::VisitContract;
using v1::VisitSupply;

absl::Status DecideVisitSupply(const store::Decision<VisitSupply>& decision) {
  const VisitSupply& supply = decision.after();
  absl::string_view code = supply.area();
  if (absl::ConsumePrefix(&code, "areas/")) decision.faults().Add("area", jp::AreaCode::Parse(code).status());
  rules::CheckVisitSupply(supply, decision.faults());
  if (decision.before() == nullptr) return absl::OkStatus();
  RETURN_IF_ERROR(decision.tx().Guard({GuardOfSupply(supply.name())}));
  ASSIGN_OR_RETURN(const auto contracts, ContractsOf(decision.all<VisitContract>(), supply.name(), ""));
  rules::CheckGivesWhatIsUsed(supply, contracts, decision.today(), decision.faults());
  return absl::OkStatus();
}

}  // namespace

store::GuardKey GuardOfSupply(const std::string& name) { return {"visit supplies", name}; }

absl::StatusOr<std::vector<VisitContract>> ContractsOf(const store::Records<VisitContract>& contracts,
                                                       const std::string& supply, const std::string& own) {
  std::vector<VisitContract> of_supply;
  RETURN_IF_ERROR(contracts.ForEach(contract::Where("supply", supply), [&](VisitContract& contract) {
    if (contract.name() != own && rules::Holds(contract)) of_supply.push_back(std::move(contract));
    return absl::OkStatus();
  }));
  return of_supply;
}

void AddVisitSupplies(Service& service) {
  BindStandard(service, "tsunagu.matching.v1.VisitSupplyService", service.Add<VisitSupply>().Rule(DecideVisitSupply));
}

}  // namespace tsunagu::matching
