#include "services/subsidy/forwarding.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/subsidy/document.h"
#include "services/subsidy/guards.h"
#include "services/subsidy/rules/traced_items.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/forwarding.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Schema;
using contract::Where;
using v1::Application;
using v1::Forwarding;

// Adds up the forwarded amounts by item, each application by its own rule set.
class Sum {
 public:
  explicit Sum(store::Tx& tx) : tx_(tx) {}

  absl::Status Add(const Application& application) {
    ASSIGN_OR_RETURN(const auto filing, store::Records<v1::Filing>::All(tx_).Get(application.filing()));
    const auto [result, is_new] = results_.try_emplace(filing.rule_set());
    if (is_new) {
      ASSIGN_OR_RETURN(const auto rule_set, store::Records<v1::RuleSet>::All(tx_).Get(filing.rule_set()));
      result->second = rule_set.result();
    }
    for (const auto& [code, yen] : rules::TracedItems(filing.trace(), result->second, filing.amount_yen())) {
      auto& [count, sum] = items_[code];
      ++count;
      sum += yen;
    }
    v1::Forwarding::Line& line = lines_.emplace_back();
    line.set_application(application.name());
    line.set_applicant(application.applicant().empty() ? application.facility() : application.applicant());
    line.set_yen(filing.amount_yen());
    yen_ += filing.amount_yen();
    return absl::OkStatus();
  }

  void Say(Forwarding& derived) const {
    derived.clear_lines();
    derived.clear_items();
    for (const auto& line : lines_) *derived.add_lines() = line;
    for (const auto& [code, sum] : items_) {
      auto& item = *derived.add_items();
      item.set_code(code);
      item.set_count(sum.first);
      item.set_yen(sum.second);
    }
    derived.set_yen(yen_);
  }

 private:
  store::Tx& tx_;
  std::map<std::string, std::string> results_;  // the step that gives the amount, by rule set
  std::vector<v1::Forwarding::Line> lines_;
  std::map<std::string, std::pair<int, int64_t>> items_;
  int64_t yen_ = 0;
};

absl::Status DecideForwarding(const store::Decision<Forwarding>& decision) {
  if (decision.before() != nullptr) return absl::OkStatus();  // such a record never changes
  const Forwarding& forwarding = decision.after();
  store::Tx& tx = decision.tx();
  const std::string programme(Schema::ParentOf(forwarding.name()));
  Faults& faults = decision.faults();
  Document::CheckDay(forwarding.forwarding_date(), absl::nullopt, decision.today(), "forwarding_date", faults);
  ASSIGN_OR_RETURN(const auto forwarded, decision.all<v1::Programme>().Get(programme));
  const bool passes = !forwarded.via().empty() && forwarded.via() == forwarding.body();
  if (!passes) faults.Add("body", "NOT_PASSED_THROUGH"_reason);
  if (!faults.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(GuardForwarding(tx, programme));
  std::vector<Application> applications;
  RETURN_IF_ERROR(decision.all<Application>().ForEach(
      Where("programme", programme) && Where("state", Application::STATE_EXAMINED) && Where("forwarding", ""),
      [&](Application& application) {
        applications.push_back(std::move(application));
        return absl::OkStatus();
      }));
  if (applications.empty()) return Fail("NOTHING_TO_FORWARD"_reason);
  Sum sum(tx);
  for (const Application& application : applications) RETURN_IF_ERROR(sum.Add(application));
  decision.Derive([&](Forwarding& derived) {
    derived.set_maker(tx.actor().Person());
    sum.Say(derived);
  });
  decision.Then([applications = std::move(applications), name = forwarding.name()](store::Tx& tx) {
    for (const Application& before : applications) {
      Application after = before;
      after.set_forwarding(name);
      RETURN_IF_ERROR(store::Records<Application>::Update(tx, before, after));
    }
    return absl::OkStatus();
  });
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckPassesThrough(const v1::Programme& programme, const v1::Application& application) {
  const auto& direct = programme.direct_bodies();
  const bool is_direct = std::find(direct.begin(), direct.end(), application.applicant()) != direct.end();
  return is_direct ? Fail("APPLIES_DIRECTLY"_reason) : absl::OkStatus();
}

void AddForwardings(Service& service) {
  BindStandard(service, "tsunagu.subsidy.v1.ForwardingService", service.Add<Forwarding>().Rule(DecideForwarding));
}

}  // namespace tsunagu::subsidy
