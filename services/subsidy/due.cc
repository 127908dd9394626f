#include "services/subsidy/due.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/fiscal_year.h"
#include "services/subsidy/charge.h"
#include "services/subsidy/rules/change.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"

namespace tsunagu::subsidy {
namespace {

using contract::Schema;
using contract::Where;

}  // namespace

absl::Status CollectDueReports(DueRun& run) {
  std::map<std::string, v1::RuleSet> rule_sets;  // each read once
  return run.records<v1::Application>().ForEach(
      Where("state", v1::Application::STATE_GRANTED), [&](const v1::Application& application) -> absl::Status {
        if (!application.has_completion_date()) return absl::OkStatus();
        const auto [rule, is_new] = rule_sets.try_emplace(application.rule_set());
        if (is_new) {
          ASSIGN_OR_RETURN(rule->second, run.records<v1::RuleSet>().Get(application.rule_set()));
        }
        const auto due = rules::ReportDueDay(rule->second.report_deadline(), jp::FiscalYear(application.fiscal_year()),
                                             jp::DayOf(application.completion_date()));
        if (!due || !run.days().Contains(*due)) return absl::OkStatus();
        run.Add({*due, application.name(), "PERFORMANCE_REPORT_DUE", "実績報告の提出期限です。",
                 "The report of what was done is due."});
        return absl::OkStatus();
      });
}

absl::Status CollectDueReturns(DueRun& run) {
  const Where ordered = Where("kind", v1::Decision::KIND_RETURN_ORDER) &&
                        Where::AtLeast("return_due_date", jp::FormatIso(run.days().from)) &&
                        Where::AtMost("return_due_date", jp::FormatIso(run.days().to));
  return run.records<v1::Decision>().ForEach(ordered, [&](const v1::Decision& order) -> absl::Status {
    ASSIGN_OR_RETURN(const auto application, run.records<v1::Application>().Get(Schema::ParentOf(order.name())));
    const int64_t owed = application.paid_yen() - application.granted_yen();
    if (owed <= 0) return absl::OkStatus();
    run.Add({jp::DayOf(order.return_due_date()), application.name(), "RETURN_DUE",
             absl::StrCat(owed, "円の返還期限です。"), absl::StrCat(owed, " yen have to be given back.")});
    return absl::OkStatus();
  });
}

absl::Status CollectDuePayments(DueRun& run) {
  const auto add = [&](const std::string& name, int year, int64_t yen) {
    const jp::CivilDay due = AccountsCloseOn(jp::FiscalYear(year));
    if (yen == 0 || !run.days().Contains(due)) return;
    run.Add({due, name, "PAYMENT_DUE", absl::StrCat("未払いの", yen, "円の支払期限（出納閉鎖）です。"),
             absl::StrCat(yen, " yen have to be paid before the accounts of the year close.")});
  };
  RETURN_IF_ERROR(run.records<v1::Application>().ForEach(
      Where("state", v1::Application::STATE_FIXED), [&](const v1::Application& application) {
        if (application.budget_line().empty()) return absl::OkStatus();
        add(application.name(), application.fiscal_year(), application.committed_yen());
        return absl::OkStatus();
      }));
  RETURN_IF_ERROR(run.records<v1::UsageClaim>().ForEach(
      Where("state", v1::UsageClaim::STATE_APPROVED), [&](const v1::UsageClaim& claim) {
        add(claim.name(), jp::FiscalYear::Of(jp::DayOf(claim.month_date())).year(), claim.total_yen());
        return absl::OkStatus();
      }));
  return run.records<v1::Commitment>().ForEach({}, [&](const v1::Commitment& commitment) -> absl::Status {
    for (const auto& share : commitment.shares()) {
      if (share.committed_yen() == 0) continue;
      ASSIGN_OR_RETURN(const auto line, run.records<v1::BudgetLine>().Get(share.budget_line()));
      add(commitment.name(), line.fiscal_year(), share.committed_yen());
    }
    return absl::OkStatus();
  });
}

}  // namespace tsunagu::subsidy
