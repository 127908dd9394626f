#include "services/matching/mediation/visit_contracts.h"

#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/matching/mediation/proposals.h"
#include "services/matching/rules/opening.h"
#include "services/matching/rules/visit_contract.h"
#include "tsunagu/matching/v1/visit_contract.pb.h"

namespace tsunagu::matching {
namespace {

using v1::VisitContract;

absl::StatusOr<std::vector<VisitContract>> Others(const store::Records<VisitContract>& contracts,
                                                  const std::string& opening, const std::string& own) {
  std::vector<VisitContract> others;
  RETURN_IF_ERROR(contracts.ForEach(records::Where("opening", opening), [&](VisitContract& other) {
    if (other.name() != own) others.push_back(std::move(other));
    return absl::OkStatus();
  }));
  return others;
}

absl::Status DecideVisitContract(const store::Decision<VisitContract>& decision) {
  const VisitContract& contract = decision.after();
  RETURN_IF_ERROR(decision.tx().Guard({GuardOfOpening(contract.opening())}));
  const auto opening = decision.all<v1::Opening>().Get(contract.opening());
  if (absl::IsNotFound(opening.status()) || absl::IsInvalidArgument(opening.status())) return absl::OkStatus();  // said
  RETURN_IF_ERROR(opening.status());
  decision.Derive([&](VisitContract& made) {
    made.set_facility(opening->facility());
    made.set_area(opening->area());
  });
  if (decision.before() == nullptr) {
    if (const absl::Status open = rules::CheckOpen(*opening, decision.today()); !open.ok()) {
      decision.faults().Add("opening", open);
    }
  }
  rules::CheckVisitContract(contract, *opening, decision.faults());
  ASSIGN_OR_RETURN(const auto others, Others(decision.all(), contract.opening(), contract.name()));
  rules::CheckHalfDaysFree(contract, others, *opening, decision.faults());
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckHeldHalfDays(const store::Decision<v1::Opening>& decision) {
  if (rules::KindOf(*decision.before()) != v1::OPENING_KIND_VISIT) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto contracts, Others(decision.all<VisitContract>(), decision.after().name(), ""));
  rules::CheckOffersWhatIsHeld(decision.after(), contracts, decision.today(), decision.faults());
  return absl::OkStatus();
}

void AddVisitContracts(Service& service) {
  BindStandard(service, "tsunagu.matching.v1.VisitContractService",
               service.Add<VisitContract>().Rule(DecideVisitContract));
}

}  // namespace tsunagu::matching
