#include "services/matching/mediation/visit_contracts.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/records/rule.h"
#include "common/service/due.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/matching/mediation/proposals.h"
#include "services/matching/mediation/visit_supplies.h"
#include "services/matching/rules/opening.h"
#include "services/matching/rules/visit_contract.h"
#include "services/matching/rules/visit_supply.h"
#include "tsunagu/matching/v1/visit_contract.pb.h"
#include "tsunagu/matching/v1/visit_supply.pb.h"

namespace tsunagu::matching {
namespace {

using v1::VisitContract;

// Returns the other contracts of an opening that hold their half-days.
absl::StatusOr<std::vector<VisitContract>> Others(const store::Records<VisitContract>& contracts,
                                                  const std::string& opening, const std::string& own) {
  std::vector<VisitContract> others;
  RETURN_IF_ERROR(contracts.ForEach(contract::Where("opening", opening), [&](VisitContract& other) {
    if (other.name() != own && rules::Holds(other)) others.push_back(std::move(other));
    return absl::OkStatus();
  }));
  return others;
}

// Locks the opening, and the supply if there is one: other writers that promise something of either wait.
absl::Status Guard(store::Tx& tx, const VisitContract& contract) {
  std::vector<store::GuardKey> guards = {GuardOfOpening(contract.opening())};
  if (!contract.supply().empty()) guards.push_back(GuardOfSupply(contract.supply()));
  return tx.Guard(std::move(guards));
}

absl::Status CheckSupply(const store::Decision<VisitContract>& decision) {
  const VisitContract& contract = decision.after();
  const auto supply = decision.all<v1::VisitSupply>().Get(contract.supply());
  if (absl::IsNotFound(supply.status()) || absl::IsInvalidArgument(supply.status()))
    return absl::OkStatus();  // already reported
  RETURN_IF_ERROR(supply.status());
  ASSIGN_OR_RETURN(const auto others, ContractsOf(decision.all(), contract.supply(), contract.name()));
  rules::CheckUse(contract, others, *supply, decision.faults());
  return absl::OkStatus();
}

absl::Status DecideVisitContract(const store::Decision<VisitContract>& decision) {
  const VisitContract& contract = decision.after();
  RETURN_IF_ERROR(Guard(decision.tx(), contract));
  const auto opening = decision.all<v1::Opening>().Get(contract.opening());
  if (absl::IsNotFound(opening.status()) || absl::IsInvalidArgument(opening.status()))
    return absl::OkStatus();  // already reported
  RETURN_IF_ERROR(opening.status());
  decision.Derive([&](VisitContract& made) {
    made.set_facility(opening->facility());
    made.set_area(opening->area());
  });
  const bool accepted = decision.before() != nullptr && !rules::Holds(*decision.before()) && rules::Holds(contract);
  if (decision.before() == nullptr || accepted) {
    if (const absl::Status open = rules::CheckOpen(*opening, decision.today()); !open.ok()) {
      decision.faults().Add("opening", open);
    }
  }
  if (contract.state() == VisitContract::STATE_DECLINED) return absl::OkStatus();  // it claims nothing any more
  // A contract that claims no more than before can always be changed or ended, whatever has become of the opening.
  if (decision.before() != nullptr && rules::AsksForNoMore(*decision.before(), contract)) return absl::OkStatus();
  rules::CheckVisitContract(contract, *opening, decision.faults());
  // A proposed contract is checked as if it were accepted now: nobody is asked to accept what is gone.
  ASSIGN_OR_RETURN(const auto others, Others(decision.all(), contract.opening(), contract.name()));
  rules::CheckHalfDaysFree(contract, others, *opening, decision.faults());
  return contract.supply().empty() ? absl::OkStatus() : CheckSupply(decision);
}

// A record that was read before the guard may have changed.
absl::Status Answer(store::Tx& tx, jp::CivilDay today, VisitContract::State state, VisitContract& contract) {
  RETURN_IF_ERROR(Guard(tx, contract));
  ASSIGN_OR_RETURN(const VisitContract now, store::Records<VisitContract>::All(tx).Get(contract.name()));
  if (now.state() != VisitContract::STATE_PROPOSED) return Fail("VISIT_CONTRACT_NOT_PROPOSED"_reason);
  const bool over = now.has_reply_by_date() && jp::DayOf(now.reply_by_date()) < today;
  if (state == VisitContract::STATE_ACCEPTED && over) {
    return Fail("VISIT_REPLY_OVER"_reason, {{"date", jp::FormatIso(jp::DayOf(now.reply_by_date()))}});
  }
  contract.set_state(state);
  return absl::OkStatus();
}

template <typename Request>
void BindAnswer(rpc::Binder& binder, Service& service, Resource& contracts, const std::string& method,
                VisitContract::State state) {
  binder.Unary(method, [&service, &contracts, state](rpc::Call& call, const Request& request) {
    return ChangeRecord<VisitContract>(service, call, contracts, request,
                                       [&service, state](store::Tx& tx, VisitContract& contract) {
                                         return Answer(tx, service.Today(), state, contract);
                                       });
  });
}

absl::Status CollectDueAnswers(DueRun& run) {
  const contract::Where waits = contract::Where("state", VisitContract::STATE_PROPOSED);
  return run.records<VisitContract>().ForEach(waits, [&](const VisitContract& contract) {
    const jp::CivilDay day = jp::DayOf(contract.reply_by_date());
    if (day > run.days().to) return absl::OkStatus();
    const bool over = day < run.days().from;
    run.Add({std::max(run.days().from, day), contract.name(), over ? "visit-contract-expired" : "visit-contract-reply",
             over ? "訪問の打診の回答期限が過ぎました（不成立を記録してください）" : "訪問の打診の回答期限です",
             over ? "A proposed visit contract is over its day (record that it was declined)"
                  : "A proposed visit contract waits for the supplier"});
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<bool> HasContracts(const store::Decision<v1::Opening>& decision) {
  bool has = false;
  const contract::Where of_opening = contract::Where("opening", decision.after().name());
  RETURN_IF_ERROR(decision.all<VisitContract>().ForEach(of_opening, [&](const VisitContract& contract) {
    has = has || rules::GoesOn(contract, decision.today());
    return absl::OkStatus();
  }));
  return has;
}

absl::Status CheckHeldHalfDays(const store::Decision<v1::Opening>& decision) {
  if (rules::KindOf(*decision.before()) != v1::OPENING_KIND_VISIT) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto contracts, Others(decision.all<VisitContract>(), decision.after().name(), ""));
  rules::CheckOffersWhatIsHeld(decision.after(), contracts, decision.today(), decision.faults());
  return absl::OkStatus();
}

void AddVisitContracts(Service& service) {
  AddVisitSupplies(service);
  Resource& contracts = service.Add<VisitContract>().Rule(DecideVisitContract);
  rpc::Binder binder = BindStandard(service, "tsunagu.matching.v1.VisitContractService", contracts);
  BindAnswer<v1::AcceptVisitContractRequest>(binder, service, contracts, "AcceptVisitContract",
                                             VisitContract::STATE_ACCEPTED);
  BindAnswer<v1::DeclineVisitContractRequest>(binder, service, contracts, "DeclineVisitContract",
                                              VisitContract::STATE_DECLINED);
  service.AddDue({"visitContracts.read", CollectDueAnswers});
}

}  // namespace tsunagu::matching
