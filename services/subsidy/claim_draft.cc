#include "services/subsidy/claim_draft.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "common/service/service.h"
#include "services/subsidy/rule_set.h"
#include "services/subsidy/rules/traced_items.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Where;
using v1::Application;

// Adds up what a body spends in the programmes that a funder pays for.
class Drawing {
 public:
  using Source = v1::DraftedClaim::Source;

  Drawing(store::View& view, const v1::DraftClaimRequest& request) : view_(view), request_(request) {}

  absl::Status Read() {
    ASSIGN_OR_RETURN(const auto funding, store::Records<v1::Programme>::All(view_).Get(request_.programme()));
    rule_set_ = funding.rule_set();
    return store::Records<v1::Programme>::All(view_).ForEach(
        Where("funded_by", request_.programme()) && Where("grantor", request_.body()),
        [&](const v1::Programme& programme) -> absl::Status {
          const Where here("programme", programme.name());
          RETURN_IF_ERROR(store::Records<Application>(view_).ForEach(
              here, [&](const Application& application) { return AddGrant(application); }));
          RETURN_IF_ERROR(store::Records<v1::UsageClaim>(view_).ForEach(here, [&](const v1::UsageClaim& claim) {
            const bool counts = !is_paid() || claim.state() == v1::UsageClaim::STATE_PAID;
            Add(claim.item(), v1::DraftedClaim::SOURCE_USAGE, counts ? claim.total_yen() : 0);
            return absl::OkStatus();
          }));
          return store::Records<v1::Commitment>(view_).ForEach(here, [&](const v1::Commitment& commitment) {
            const bool is_contract = commitment.kind() == v1::Commitment::KIND_CONTRACT;
            Add(commitment.item(), is_contract ? v1::DraftedClaim::SOURCE_CONTRACT : v1::DraftedClaim::SOURCE_DIRECT,
                is_paid() ? commitment.paid_yen() : commitment.committed_yen() + commitment.paid_yen());
            return absl::OkStatus();
          });
        });
  }

  absl::StatusOr<v1::DraftedClaim> Draw() {
    ASSIGN_OR_RETURN(const ReadyRuleSet ready, ReadRuleSet(view_, rule_set_));
    std::set<std::string> known;
    for (const auto& item : ready.rule_set.items()) known.insert(item.code());
    v1::DraftedClaim drawn;
    std::map<std::string, int64_t> sums;
    for (const auto& [key, sum] : sums_) {
      auto& row = *drawn.add_rows();
      row.set_item(key.first);
      row.set_source(key.second);
      row.set_count(sum.first);
      row.set_yen(sum.second);
      row.set_unknown(known.count(key.first) == 0);
      if (!row.unknown()) sums[key.first] += sum.second;
      drawn.set_yen(drawn.yen() + sum.second);
    }
    for (const auto& [code, yen] : sums) {
      auto& item = *drawn.mutable_claim()->add_items();
      item.set_code(code);
      auto& entry = *item.add_entries();
      entry.set_input(request_.input());
      entry.set_value(yen);
    }
    const auto evaluation = ready.compiled.Evaluate(drawn.claim());
    if (evaluation.ok()) {
      *drawn.mutable_trace() = evaluation->trace;
    } else {
      SayWhy(evaluation.status(), drawn);
    }
    return drawn;
  }

 private:
  bool is_paid() const { return request_.basis() == v1::DraftClaimRequest::BASIS_PAID; }

  absl::Status AddGrant(const Application& application) {
    const int64_t yen = is_paid() ? application.paid_yen() : application.granted_yen();
    if (application.decision().empty() || yen == 0) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto decision, store::Records<v1::Decision>(view_).Get(application.decision()));
    const auto [result, is_new] = results_.try_emplace(decision.rule_set());
    if (is_new) {
      ASSIGN_OR_RETURN(const auto rule_set, store::Records<v1::RuleSet>::All(view_).Get(decision.rule_set()));
      result->second = rule_set.result();
    }
    for (const auto& [code, part] : rules::TracedItems(decision.trace(), result->second, yen)) {
      Add(code, v1::DraftedClaim::SOURCE_GRANT, part);
    }
    return absl::OkStatus();
  }

  void Add(const std::string& item, Source source, int64_t yen) {
    if (yen == 0) return;
    auto& [count, sum] = sums_[{item, source}];
    ++count;
    sum += yen;
  }

  store::View& view_;
  const v1::DraftClaimRequest& request_;
  std::string rule_set_;
  std::map<std::string, std::string> results_;  // the step that gives the amount, by rule set
  std::map<std::pair<std::string, Source>, std::pair<int, int64_t>> sums_;
};

}  // namespace

absl::StatusOr<v1::DraftedClaim> DraftClaim(Service& service, const rpc::Call& call,
                                            const v1::DraftClaimRequest& request) {
  v1::DraftedClaim drawn;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    Drawing drawing(view, request);
    RETURN_IF_ERROR(drawing.Read());
    ASSIGN_OR_RETURN(drawn, drawing.Draw());
    return absl::OkStatus();
  }));
  return drawn;
}

}  // namespace tsunagu::subsidy
