#include "services/subsidy/filing.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/jp/fiscal_year.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/subsidy/claim_layout.h"
#include "services/subsidy/document.h"
#include "services/subsidy/guards.h"
#include "services/subsidy/rule_set.h"
#include "services/subsidy/rules/change.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"

namespace tsunagu::subsidy {
namespace {

using v1::Application;
using v1::Filing;

bool IsReport(Filing::Kind kind) {
  return kind == Filing::KIND_COMPLETION_REPORT || kind == Filing::KIND_ABOLITION_REPORT;
}

// Checks the fields that a filing of its kind requires, regardless of its subject.
void CheckForm(const Filing& filing, Faults& faults) {
  const Filing::Kind kind = filing.kind();
  const bool has_reason =
      kind == Filing::KIND_CHANGE || kind == Filing::KIND_ABOLITION || kind == Filing::KIND_WITHDRAWAL;
  if (has_reason) Require(!filing.reason().empty(), "reason", faults);
  if (kind == Filing::KIND_CHANGE || IsReport(kind)) Require(filing.has_claim(), "claim", faults);
  if (!IsReport(kind)) return;
  Require(filing.has_completion_date(), "completion_date", faults);
  const bool has_both = filing.has_completion_date() && jp::CheckDate(filing.completion_date()).ok() &&
                        jp::CheckDate(filing.filing_date()).ok();
  if (has_both && jp::DayOf(filing.completion_date()) > jp::DayOf(filing.filing_date())) {
    faults.Add("completion_date", "DOCUMENT_TO_COME"_reason);
  }
}

// The reported items must be exactly the decided items.
void CheckItems(const v1::Claim& reported, const v1::Claim& decided, Faults& faults) {
  std::set<std::string> open;
  for (const auto& item : decided.items()) open.insert(item.code());
  const std::set<std::string> all = open;
  for (int i = 0; i < reported.items_size(); ++i) {
    const std::string& code = reported.items(i).code();
    open.erase(code);
    if (all.count(code) != 0) continue;
    faults.Add(absl::StrCat("claim.items[", i, "].code"), "ITEM_NOT_DECIDED"_reason, {{"code", code}});
  }
  for (const std::string& code : open) faults.Add("claim.items", "ITEM_NOT_REPORTED"_reason, {{"code", code}});
}

// Checks that the application may be filed on this day, under this rule set.
absl::Status CheckTime(const Document& document, const v1::RuleSet& rule_set, jp::CivilDay day) {
  const v1::Programme& programme = document.programme();
  jp::Period period;
  if (programme.has_application_start_date()) period.from = jp::DayOf(programme.application_start_date());
  if (programme.has_application_end_date()) period.to = jp::DayOf(programme.application_end_date());
  if (!period.Contains(day)) {
    return Fail("APPLICATION_PERIOD_OVER"_reason,
                {{"first", jp::FormatIso(period.from)}, {"last", jp::FormatIso(period.to)}});
  }
  if (!contract::Schema::Of(v1::RuleSet::descriptor()).PeriodOf(rule_set).Contains(day)) {
    return Fail("RULE_SET_EXPIRED"_reason, {{"date", jp::FormatIso(day)}});
  }
  return absl::OkStatus();
}

// The result of a claim, and what follows from it.
struct Worked {
  absl::optional<rules::Evaluation> evaluation;  // absent: there is no claim, or it has faults
  bool is_minor = false;
  absl::optional<jp::CivilDay> due;
};

// Evaluates the claim of a filing by the rule set of its application, and compares it with what was decided.
absl::StatusOr<Worked> WorkOut(const store::Decision<Filing>& decision, const Document& document,
                               const v1::Claim& claim) {
  const Filing& filing = decision.after();
  const Application& application = document.application();
  const jp::CivilDay day = jp::DayOf(filing.filing_date());
  const bool is_application = filing.kind() == Filing::KIND_APPLICATION;
  Worked worked;
  if (!is_application && !filing.has_claim()) return worked;
  if (is_application) RETURN_IF_ERROR(GuardRuleSet(decision.tx(), application.rule_set()));
  ASSIGN_OR_RETURN(const ReadyRuleSet ready, ReadRuleSet(decision.tx(), application.rule_set()));
  if (is_application) RETURN_IF_ERROR(CheckTime(document, ready.rule_set, day));
  absl::StatusOr<rules::Evaluation> evaluated = ready.compiled.Evaluate(claim);
  decision.faults().Add("claim", evaluated.status());
  if (evaluated.ok()) worked.evaluation = *std::move(evaluated);
  if (application.decision().empty()) return worked;
  ASSIGN_OR_RETURN(const v1::Decision decided, decision.all<v1::Decision>().Get(application.decision()));
  if (IsReport(filing.kind())) {
    CheckItems(claim, decided.claim(), decision.faults());
    worked.due = rules::ReportDueDay(ready.rule_set.report_deadline(), jp::FiscalYear(application.fiscal_year()),
                                     jp::DayOf(filing.completion_date()));
    if (worked.due && day > *worked.due) {
      decision.faults().Add("filing_date", "REPORT_LATE"_reason, {{"date", jp::FormatIso(*worked.due)}});
    }
  }
  if (filing.kind() == Filing::KIND_CHANGE && worked.evaluation && ready.rule_set.has_minor_change()) {
    const absl::StatusOr<rules::Evaluation> was = ready.compiled.Evaluate(decided.claim());
    worked.is_minor = was.ok() && rules::IsMinor(ready.rule_set.minor_change(), *was, *worked.evaluation);
  }
  return worked;
}

bool IsToBeDecided(Filing::Kind kind, bool is_minor) {
  return kind == Filing::KIND_APPLICATION || kind == Filing::KIND_ABOLITION || IsReport(kind) ||
         (kind == Filing::KIND_CHANGE && !is_minor);
}

absl::Status DecideFiling(const store::Decision<Filing>& decision) {
  if (decision.before() != nullptr) return absl::OkStatus();  // such a record never changes
  const Filing& filing = decision.after();
  const Filing::Kind kind = filing.kind();
  Faults& faults = decision.faults();
  ASSIGN_OR_RETURN(Document document, Document::Open(decision.tx(), filing.name(), Duty::kFile, decision.today()));
  CheckForm(filing, faults);
  Document::CheckDay(filing.filing_date(), document.last_day(), decision.today(), "filing_date", faults);
  if (!faults.empty() || kind == Filing::KIND_UNSPECIFIED) return absl::OkStatus();
  // Checks whether such a filing is permitted at all before its contents.
  RETURN_IF_ERROR(rules::File(document.standing(), kind, false, filing.tax_yen()).status());

  const bool is_application = kind == Filing::KIND_APPLICATION;
  const bool takes_draft = is_application && !filing.has_claim();
  const v1::Claim claim = takes_draft ? document.application().claim() : filing.claim();
  ASSIGN_OR_RETURN(const Worked worked, WorkOut(decision, document, claim));
  ASSIGN_OR_RETURN(const rules::Step step, rules::File(document.standing(), kind, worked.is_minor, filing.tax_yen()));
  RETURN_IF_ERROR(
      document.Take(decision.tx(), step, jp::DayOf(filing.filing_date()), document.application().budget_line()));
  Application& after = document.after();
  if (IsToBeDecided(kind, worked.is_minor)) {
    after.set_filing(filing.name());
    if (worked.evaluation && !IsReport(kind)) after.set_requested_yen(worked.evaluation->trace.amount());
  }
  if (is_application) *after.mutable_claim() = claim;
  decision.Derive([&](Filing& derived) {
    derived.set_maker(document.maker());
    derived.set_override(document.override_used());
    derived.set_number(document.number());
    derived.set_state(step.after.state);
    derived.set_minor(worked.is_minor);
    if (is_application) *derived.mutable_claim() = claim;
    if (worked.due) *derived.mutable_due_date() = jp::ToDate(*worked.due);
    if (!worked.evaluation) return;
    derived.set_amount_yen(worked.evaluation->trace.amount());
    *derived.mutable_trace() = worked.evaluation->trace;
    derived.set_rule_set(document.application().rule_set());
  });
  decision.Then(
      [document = std::move(document), name = filing.name()](store::Tx& tx) { return document.Write(tx, name); });
  return absl::OkStatus();
}

}  // namespace

void AddFilings(Service& service) {
  Resource& filings = service.Add<Filing>().Rule(DecideFiling);
  filings.formats = {ClaimLayout(Filing::descriptor())};
  BindStandard(service, "tsunagu.subsidy.v1.FilingService", filings);
}

}  // namespace tsunagu::subsidy
