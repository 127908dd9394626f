#include "services/subsidy/decision.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/subsidy/allotment.h"
#include "services/subsidy/document.h"
#include "services/subsidy/rules/rational.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"

namespace tsunagu::subsidy {
namespace {

using v1::Application;
using v1::Decision;

bool IsNoticed(Decision::Kind kind) { return kind != Decision::KIND_EXAMINATION && kind != Decision::KIND_SENDING_BACK; }

bool GivesAmount(Decision::Kind kind) {
  return kind == Decision::KIND_GRANT || kind == Decision::KIND_CHANGE_APPROVAL || kind == Decision::KIND_FIXING;
}

bool RefusesSomething(Decision::Kind kind) {
  return kind == Decision::KIND_REFUSAL || kind == Decision::KIND_SENDING_BACK || kind == Decision::KIND_CANCELLATION ||
         kind == Decision::KIND_CHANGE_REFUSAL || kind == Decision::KIND_ABOLITION_REFUSAL;
}

void CheckForm(const Decision& decided, const v1::Programme& programme, Faults& faults) {
  const Decision::Kind kind = decided.kind();
  if (IsNoticed(kind)) Require(!decided.document_number().empty(), "document_number", faults);
  if (RefusesSomething(kind)) Require(!decided.reason().empty(), "reason", faults);
  const bool charges = kind == Decision::KIND_GRANT && !programme.decided_elsewhere();
  if (charges) Require(!decided.budget_line().empty(), "budget_line", faults);
  if (!charges && !decided.budget_line().empty()) faults.Add("budget_line", "LINE_NOT_CHARGED"_reason);
  if (kind == Decision::KIND_RETURN_ORDER) Require(decided.has_return_due_date(), "return_due_date", faults);
}

// A line of a trace that no rule set has written.
void AddLine(const char* step, const char* ja, const char* en, const std::string& formula, const std::string& computed,
             int64_t yen, v1::Trace& trace) {
  v1::Trace::Line& line = *trace.add_lines();
  line.set_step(step);
  line.set_ja(ja);
  line.set_en(en);
  line.set_formula(formula);
  line.set_computed(computed);
  line.set_exact(rules::Rational(yen).ToText());
  line.set_value(line.exact());
  trace.set_amount(yen);
}

// The amount that a decision gives, with how it came about: what the filing comes to, of a fixed amount no more than was
// decided, and no more than the decision itself says.
absl::StatusOr<v1::Trace> AmountOf(const Decision& decided, const v1::Filing& filing, const Document& document,
                                   Faults& faults) {
  v1::Trace trace = filing.trace();
  if (decided.kind() == Decision::KIND_FIXING) {
    const int64_t granted = document.application().granted_yen();
    AddLine("fixed", "確定額", "the fixed amount", "min(granted, amount)",
            absl::StrCat("min(", rules::Rational(granted).ToText(), ", ", rules::Rational(trace.amount()).ToText(), ")"),
            std::min(granted, trace.amount()), trace);
  }
  if (decided.yen() == 0 || decided.yen() == trace.amount()) return trace;
  if (decided.yen() > trace.amount()) {
    faults.Add("yen", "YEN_ABOVE_RULE"_reason, {{"yen", absl::StrCat(trace.amount())}});
  }
  Require(!decided.reason().empty(), "reason", faults);
  AddLine("decided", "決定額", "what was decided", "", "", decided.yen(), trace);
  return trace;
}

absl::Status CheckLine(store::Tx& tx, const Decision& decided, const v1::Programme& programme, Faults& faults) {
  if (decided.budget_line().empty() || programme.decided_elsewhere()) return absl::OkStatus();
  const auto line = store::Records<v1::BudgetLine>::All(tx).Get(decided.budget_line());
  if (!line.ok()) return absl::IsNotFound(line.status()) ? absl::OkStatus() : line.status();  // said
  if (line->fiscal_year() != programme.fiscal_year()) {
    faults.Add("budget_line", "LINE_OF_WRONG_YEAR"_reason, {{"year", absl::StrCat(programme.fiscal_year())}});
  }
  if (line->body() != programme.grantor()) {
    faults.Add("budget_line", "LINE_OF_ANOTHER_BODY"_reason, {{"body", programme.grantor()}});
  }
  return absl::OkStatus();
}

absl::Status DecideDecision(const store::Decision<Decision>& decision) {
  if (decision.before() != nullptr) return absl::OkStatus();  // nothing of one is ever changed
  const Decision& decided = decision.after();
  store::Tx& tx = decision.tx();
  Faults& faults = decision.faults();
  ASSIGN_OR_RETURN(Document document, Document::Open(tx, decided.name(), Duty::kDecide));
  const Application& application = document.application();
  CheckForm(decided, document.programme(), faults);
  Document::CheckDay(decided.decision_date(), document.last_day(), decision.today(), "decision_date", faults);
  RETURN_IF_ERROR(CheckLine(tx, decided, document.programme(), faults));
  if (!faults.empty() || decided.kind() == Decision::KIND_UNSPECIFIED) return absl::OkStatus();

  v1::Filing filing;
  if (!application.filing().empty()) {
    ASSIGN_OR_RETURN(filing, decision.all<v1::Filing>().Get(application.filing()));
  }
  const bool gives_amount = GivesAmount(decided.kind());
  int64_t yen = decided.yen();
  if (decided.kind() == Decision::KIND_CANCELLATION && yen == 0) yen = application.granted_yen();
  v1::Trace trace;
  if (gives_amount) {
    ASSIGN_OR_RETURN(trace, AmountOf(decided, filing, document, faults));
    yen = trace.amount();
  }
  ASSIGN_OR_RETURN(const rules::Step step,
                   rules::Decide(document.standing(), decided.kind(), yen, decided.back_to(), filing.kind()));
  if (!faults.empty()) return absl::OkStatus();
  if (decided.kind() == Decision::KIND_GRANT && yen == 0) return Fail("GRANT_WITHOUT_AMOUNT"_reason);
  if (gives_amount) RETURN_IF_ERROR(CheckAllotment(tx, application, yen));
  Application& after = document.after();
  if (decided.kind() == Decision::KIND_GRANT) after.set_budget_line(decided.budget_line());
  RETURN_IF_ERROR(document.Take(tx, step, jp::DayOf(decided.decision_date()), after.budget_line()));
  if (gives_amount || decided.kind() == Decision::KIND_CANCELLATION) after.set_decision(decided.name());

  v1::Decision last;
  if (decided.kind() == Decision::KIND_CANCELLATION) {
    ASSIGN_OR_RETURN(last, decision.all<Decision>().Get(application.decision()));
    trace = last.trace();
    AddLine("cancelled", "取消後の額", "what is left of it", "granted - cancelled",
            absl::StrCat(rules::Rational(application.granted_yen()).ToText(), " − ", rules::Rational(yen).ToText()),
            step.after.granted, trace);
  }
  const bool is_order = decided.kind() == Decision::KIND_RETURN_ORDER;
  if (is_order) {
    AddLine("owed", "返還額", "what has to be given back", "paid - granted",
            absl::StrCat(rules::Rational(application.paid_yen()).ToText(), " − ",
                         rules::Rational(application.granted_yen()).ToText()),
            document.standing().owed(), trace);
  }
  decision.Derive([&](Decision& derived) {
    derived.set_filing(filing.name());
    derived.set_maker(document.maker());
    derived.set_number(document.number());
    derived.set_state(step.after.state);
    derived.set_amount_yen(is_order ? document.standing().owed() : step.after.granted);
    if (trace.lines_size() > 0) *derived.mutable_trace() = trace;
    if (gives_amount) {
      derived.set_rule_set(filing.rule_set());
      *derived.mutable_claim() = filing.claim();
    }
    if (decided.kind() == Decision::KIND_CANCELLATION) {
      derived.set_rule_set(last.rule_set());
      *derived.mutable_claim() = last.claim();
    }
  });
  decision.Then([document = std::move(document), name = decided.name()](store::Tx& tx) { return document.Write(tx, name); });
  return absl::OkStatus();
}

}  // namespace

void AddDecisions(Service& service) {
  BindStandard(service, "tsunagu.subsidy.v1.DecisionService", service.Add<Decision>().Rule(DecideDecision));
}

}  // namespace tsunagu::subsidy
