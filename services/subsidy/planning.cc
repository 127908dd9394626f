#include "services/subsidy/planning.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "common/rpc/bind.h"
#include "common/service/service.h"
#include "services/subsidy/claim_draft.h"
#include "services/subsidy/rule_set.h"
#include "services/subsidy/rules/allocation.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/planning.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Where;
using v1::Application;
using v1::ReplayedDecision;

constexpr int64_t kThousand = 1000;

absl::StatusOr<v1::Allocation> Propose(Service& service, const rpc::Call& call,
                                       const v1::ProposeAllocationRequest& request) {
  std::vector<rules::Wish> wishes;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    wishes.clear();
    RETURN_IF_ERROR(store::Records<v1::Programme>::All(view).Get(request.programme()).status());
    return store::Records<Application>(view).ForEach(
        Where("programme", request.programme()) && Where("state", Application::STATE_EXAMINED),
        [&](const Application& application) {
          wishes.push_back({application.name(), application.requested_yen()});
          return absl::OkStatus();
        });
  }));
  std::map<std::string, int64_t> weights;
  for (const auto& weight : request.weights()) weights[weight.application()] = weight.value();
  Faults faults;
  for (rules::Wish& wish : wishes) {
    const auto found = weights.find(wish.name);
    const bool is_needed = request.method() != v1::ProposeAllocationRequest::METHOD_PRO_RATA;
    if (found != weights.end()) {
      wish.weight = wish.priority = found->second;
    } else if (is_needed) {
      faults.Add("weights", "WEIGHT_MISSING"_reason, {{"application", wish.name}});
    }
  }
  RETURN_IF_ERROR(faults.ToStatus());
  v1::Allocation allocation;
  for (auto& line :
       rules::Allocate(wishes, request.yen(), request.unit() == 0 ? kThousand : request.unit(), request.method())) {
    allocation.set_yen(allocation.yen() + line.yen());
    *allocation.add_lines() = std::move(line);
  }
  return allocation;
}

using Amounts = std::map<std::string, int64_t>;  // by item

// Returns the amount of each item of the menu; nothing if the rule set computes only the total.
Amounts AmountsOf(const v1::RuleSet& rule_set, const rules::Evaluation& evaluation) {
  Amounts amounts;
  for (const auto& [code, numbers] : evaluation.items) {
    const auto amount = numbers.find(rule_set.result());
    if (amount != numbers.end()) amounts[code] = amount->second.Whole().value_or(0);
  }
  return amounts;
}

void AddItems(const Amounts& before, const Amounts& after, ReplayedDecision& row) {
  std::map<std::string, std::pair<int64_t, int64_t>> items;
  for (const auto& [code, yen] : before) items[code].first = yen;
  for (const auto& [code, yen] : after) items[code].second = yen;
  for (const auto& [code, yen] : items) {
    auto& item = *row.add_items();
    item.set_code(code);
    item.set_yen(yen.first);
    item.set_replayed_yen(yen.second);
  }
}

// Evaluates a claim by its own rule set and by another. If one of them refuses it, the error is reported, that of the
// other rule set first.
std::pair<Amounts, Amounts> Compare(const Application& application, const v1::Claim& claim, const ReadyRuleSet& own,
                                    const ReadyRuleSet& other, ReplayedDecision& row) {
  row.set_application(application.name());
  row.set_applicant(application.applicant());
  Amounts before, after;
  const absl::StatusOr<rules::Evaluation> was = own.compiled.Evaluate(claim), would = other.compiled.Evaluate(claim);
  if (was.ok()) {
    row.set_yen(was->trace.amount());
    before = AmountsOf(own.rule_set, *was);
  }
  if (would.ok()) {
    row.set_replayed_yen(would->trace.amount());
    after = AmountsOf(other.rule_set, *would);
  }
  if (!would.ok() || !was.ok()) SayWhy(would.ok() ? was.status() : would.status(), row);
  AddItems(before, after, row);
  return {std::move(before), std::move(after)};
}

// Evaluates one decision by its own rule set and by the other one.
class Replay {
 public:
  Replay(store::View& view, ReadyRuleSet other) : view_(view), other_(std::move(other)) {}

  absl::Status Add(const Application& application) {
    if (application.decision().empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto decision, store::Records<v1::Decision>(view_).Get(application.decision()));
    auto known = own_.find(decision.rule_set());
    if (known == own_.end()) {
      ASSIGN_OR_RETURN(ReadyRuleSet ready, ReadRuleSet(view_, decision.rule_set()));
      known = own_.emplace(decision.rule_set(), std::move(ready)).first;
    }
    ReplayedDecision& row = rows_.emplace_back();
    const auto [before, after] = Compare(application, decision.claim(), known->second, other_, row);
    total_.set_yen(total_.yen() + row.yen());
    total_.set_replayed_yen(total_.replayed_yen() + row.replayed_yen());
    for (const auto& [code, yen] : before) total_before_[code] += yen;
    for (const auto& [code, yen] : after) total_after_[code] += yen;
    return absl::OkStatus();
  }

  std::vector<ReplayedDecision> Finish() {
    AddItems(total_before_, total_after_, total_);
    rows_.push_back(total_);
    return std::move(rows_);
  }

 private:
  store::View& view_;
  const ReadyRuleSet other_;
  std::map<std::string, ReadyRuleSet> own_;  // of the decisions, each compiled once
  std::vector<ReplayedDecision> rows_;
  ReplayedDecision total_;
  std::map<std::string, int64_t> total_before_, total_after_;
};

absl::StatusOr<ReplayedDecision> CompareOne(Service& service, const rpc::Call& call,
                                            const v1::CompareClaimRequest& request) {
  ReplayedDecision row;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    row.Clear();
    ASSIGN_OR_RETURN(const Application application, store::Records<Application>(view).Get(request.application()));
    std::string other = request.rule_set();
    if (other.empty()) {
      ASSIGN_OR_RETURN(const auto programme, store::Records<v1::Programme>::All(view).Get(application.programme()));
      other = programme.rule_set();
    }
    ASSIGN_OR_RETURN(const ReadyRuleSet own, ReadRuleSet(view, application.rule_set()));
    ASSIGN_OR_RETURN(const ReadyRuleSet ready, ReadRuleSet(view, other));
    Compare(application, application.claim(), own, ready, row);
    return absl::OkStatus();
  }));
  return row;
}

class Rows : public rpc::Source<ReplayedDecision> {
 public:
  explicit Rows(std::vector<ReplayedDecision> rows) : rows_(std::move(rows)) {}
  absl::StatusOr<bool> Next(ReplayedDecision& row) override {
    if (next_ == rows_.size()) return false;
    row = std::move(rows_[next_++]);
    return true;
  }

 private:
  std::vector<ReplayedDecision> rows_;
  size_t next_ = 0;
};

absl::StatusOr<std::unique_ptr<Rows>> ReplayAll(Service& service, const rpc::Call& call,
                                                const v1::ReplayDecisionsRequest& request) {
  std::vector<ReplayedDecision> rows;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    RETURN_IF_ERROR(store::Records<v1::Programme>::All(view).Get(request.programme()).status());
    ASSIGN_OR_RETURN(ReadyRuleSet other, ReadRuleSet(view, request.rule_set()));
    Replay replay(view, std::move(other));
    const Where of_programme = Where("programme", request.programme());
    RETURN_IF_ERROR(store::Records<Application>(view).ForEach(
        of_programme, [&](const Application& application) { return replay.Add(application); }));
    rows = replay.Finish();
    return absl::OkStatus();
  }));
  return std::make_unique<Rows>(std::move(rows));
}

}  // namespace

void AddPlanning(Service& service) {
  rpc::Binder(service.module(), "tsunagu.subsidy.v1.PlanningService")
      .Unary("ProposeAllocation",
             [&service](rpc::Call& call, const v1::ProposeAllocationRequest& request) {
               return Propose(service, call, request);
             })
      .Unary("CompareClaim",
             [&service](rpc::Call& call, const v1::CompareClaimRequest& request) {
               return CompareOne(service, call, request);
             })
      .Unary("DraftClaim",
             [&service](rpc::Call& call, const v1::DraftClaimRequest& request) {
               return DraftClaim(service, call, request);
             })
      .ServerStream("ReplayDecisions", [&service](rpc::Call& call, const v1::ReplayDecisionsRequest& request) {
        return ReplayAll(service, call, request);
      });
}

}  // namespace tsunagu::subsidy
