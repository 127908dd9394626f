#include "services/training/filing.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/rule.h"
#include "common/records/table.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/training/guards.h"
#include "services/training/names.h"
#include "services/training/rules/fact.h"
#include "services/training/rules/permit.h"
#include "tsunagu/training/v1/learner.pb.h"
#include "tsunagu/training/v1/worker_filing.pb.h"

namespace tsunagu::training {
namespace {

using contract::Where;

absl::StatusOr<std::vector<v1::WorkerFiling>> FilingsOf(store::View& view, const std::string& permit,
                                                        std::set<std::string>& replaced) {
  std::vector<v1::WorkerFiling> filings;
  RETURN_IF_ERROR(store::Records<v1::WorkerFiling>::All(view).ForEach(Where::Under(permit), [&](v1::WorkerFiling& one) {
    if (!one.replaces().empty()) replaced.insert(one.replaces());
    filings.push_back(std::move(one));
    return absl::OkStatus();
  }));
  return filings;
}

void Drop(const std::set<std::string>& replaced, std::vector<v1::WorkerFiling>& filings) {
  const auto is_replaced = [&](const v1::WorkerFiling& filing) { return replaced.count(filing.name()) > 0; };
  filings.erase(std::remove_if(filings.begin(), filings.end(), is_replaced), filings.end());
}

absl::Status DecideFiling(const store::Decision<v1::WorkerFiling>& decision) {
  const v1::WorkerFiling& filing = decision.after();
  ASSIGN_OR_RETURN(const auto permit, decision.all<v1::CarePermit>().Get(ParentOf(filing.name())));
  RETURN_IF_ERROR(GuardLearner(decision.tx(), permit.learner()));
  std::set<std::string> replaced;
  ASSIGN_OR_RETURN(auto others, FilingsOf(decision.tx(), permit.name(), replaced));
  const auto is_itself = [&](const v1::WorkerFiling& other) { return other.name() == filing.name(); };
  others.erase(std::remove_if(others.begin(), others.end(), is_itself), others.end());
  rules::CheckFact(filing, others, replaced, decision.faults());
  if (jp::CheckDate(filing.filing_date()).ok() && jp::DayOf(filing.filing_date()) > decision.today()) {
    decision.faults().Add("filing_date", "DAY_TO_COME"_reason);
  }
  replaced.insert(filing.replaces());
  Drop(replaced, others);
  rules::CheckFiling(filing, permit, others, decision.faults());
  return absl::OkStatus();
}

}  // namespace

void AddFilings(Service& service) {
  BindStandard(service, "tsunagu.training.v1.WorkerFilingService", service.Add<v1::WorkerFiling>().Rule(DecideFiling));
}

absl::Status ReadForClients(Service& service, const rpc::Call& call, const store::Table& permits,
                            absl::FunctionRef<absl::Status(store::View&)> read) {
  contract::SqlCondition compares;
  compares.confidential = true;
  identity::Actor actor = ActorOf(call);
  RETURN_IF_ERROR(NarrowToConfidential(call, permits.schema(), compares, actor));
  return service.Read(actor, call.deadline, read);
}

absl::StatusOr<v1::CheckActResponse> CheckAct(Service& service, const rpc::Call& call, Resource& permits,
                                              const v1::CheckActRequest& request) {
  const jp::CivilDay day = request.has_act_date() ? jp::DayOf(request.act_date()) : service.Today();
  std::vector<rules::Filed> held;
  const auto read = [&](store::View& view) -> absl::Status {
    held.clear();
    RETURN_IF_ERROR(store::Records<v1::Learner>(view).Get(request.learner()).status());
    RETURN_IF_ERROR(store::Records<v1::CarePermit>::All(view).ForEach(Where("learner", request.learner()),
                                                                      [&](v1::CarePermit& permit) {
                                                                        held.push_back({std::move(permit), {}});
                                                                        return absl::OkStatus();
                                                                      }));
    for (rules::Filed& filed : held) {
      std::set<std::string> replaced;
      ASSIGN_OR_RETURN(filed.filings, FilingsOf(view, filed.permit.name(), replaced));
      Drop(replaced, filed.filings);
    }
    return absl::OkStatus();
  };
  if (request.client().empty()) {
    RETURN_IF_ERROR(service.Read(call, read));
  } else {
    RETURN_IF_ERROR(ReadForClients(service, call, *permits.table, read));
    RETURN_IF_ERROR(service.LogAccess(call, {request.learner()}));
  }
  return rules::MayAct(held, request.office(), request.act(), request.client(), day);
}

}  // namespace tsunagu::training
