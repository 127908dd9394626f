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
#include "services/subsidy/approval.h"
#include "services/subsidy/document.h"
#include "services/subsidy/rules/rational.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"

namespace tsunagu::subsidy {
namespace {

using v1::Application;
using v1::Decision;

bool IsNoticed(Decision::Kind kind) {
  return kind != Decision::KIND_EXAMINATION && kind != Decision::KIND_SENDING_BACK;
}

bool GivesAmount(Decision::Kind kind) {
  return kind == Decision::KIND_GRANT || kind == Decision::KIND_CHANGE_APPROVAL || kind == Decision::KIND_FIXING;
}

// Returns whether the decision requires an approval limit.
bool MovesYen(Decision::Kind kind) {
  return GivesAmount(kind) || kind == Decision::KIND_CANCELLATION || kind == Decision::KIND_RETURN_ORDER;
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

std::string Text(int64_t yen) { return rules::Rational(yen).ToText(); }

// A line of a trace that does not come from a rule set.
struct Added {
  const char *step, *ja, *en, *formula;
  std::string computed;
};

void AddLine(const Added& added, int64_t yen, v1::Trace& trace) {
  v1::Trace::Line& line = *trace.add_lines();
  line.set_step(added.step);
  line.set_ja(added.ja);
  line.set_en(added.en);
  line.set_formula(added.formula);
  line.set_computed(added.computed);
  line.set_exact(Text(yen));
  line.set_value(Text(yen));
  trace.set_amount(yen);
}

// Returns the derivation of the amount that a decision gives: the amount of the filing; for a fixed amount at most what
// was decided; and at most the amount in the decision itself.
v1::Trace GivenBy(const Decision& decided, const v1::Filing& filing, int64_t granted, Faults& faults) {
  v1::Trace trace = filing.trace();
  if (decided.kind() == Decision::KIND_FIXING) {
    const int64_t reported = trace.amount();
    AddLine({"fixed", "確定額", "the fixed amount", "min(granted, amount)",
             absl::StrCat("min(", Text(granted), ", ", Text(reported), ")")},
            std::min(granted, reported), trace);
  }
  if (decided.yen() == 0 || decided.yen() == trace.amount()) return trace;
  if (decided.yen() > trace.amount()) {
    faults.Add("yen", "YEN_ABOVE_RULE"_reason, {{"yen", absl::StrCat(trace.amount())}});
  }
  Require(!decided.reason().empty(), "reason", faults);
  AddLine({"decided", "決定額", "what was decided", "", ""}, decided.yen(), trace);
  return trace;
}

absl::Status CheckLine(store::Tx& tx, const Decision& decided, const v1::Programme& programme, Faults& faults) {
  if (decided.budget_line().empty() || programme.decided_elsewhere()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto line, ReadLineOf(tx, decided.budget_line(), programme.grantor(), faults));
  if (line && line->fiscal_year() != programme.fiscal_year()) {
    faults.Add("budget_line", "LINE_OF_WRONG_YEAR"_reason, {{"year", absl::StrCat(programme.fiscal_year())}});
  }
  return absl::OkStatus();
}

// The basis of a decision: its filing or, for a cancellation, the decision that is cancelled.
struct Ground {
  v1::Filing filing;
  Decision last;
};

absl::StatusOr<Ground> GroundOf(const store::Decision<Decision>& decision, const Application& application) {
  Ground ground;
  if (!application.filing().empty()) {
    ASSIGN_OR_RETURN(ground.filing, decision.all<v1::Filing>().Get(application.filing()));
  }
  if (!application.decision().empty()) {
    ASSIGN_OR_RETURN(ground.last, decision.all<Decision>().Get(application.decision()));
  }
  return ground;
}

// Sets the computed fields of a decision: its amount, the derivation, and the basis.
void Complete(const Ground& ground, const v1::Trace& trace, const Application& before, int64_t granted,
              Decision& derived) {
  const Decision::Kind kind = derived.kind();
  derived.set_filing(ground.filing.name());
  derived.set_amount_yen(granted);
  v1::Trace& told = *derived.mutable_trace() = trace;
  if (GivesAmount(kind)) {
    derived.set_rule_set(ground.filing.rule_set());
    *derived.mutable_claim() = ground.filing.claim();
  } else if (kind == Decision::KIND_CANCELLATION) {
    derived.set_rule_set(ground.last.rule_set());
    *derived.mutable_claim() = ground.last.claim();
    told = ground.last.trace();
    AddLine({"cancelled", "取消後の額", "what is left of it", "granted - cancelled",
             absl::StrCat(Text(before.granted_yen()), " − ", Text(before.granted_yen() - granted))},
            granted, told);
  } else if (kind == Decision::KIND_RETURN_ORDER) {
    derived.set_amount_yen(before.paid_yen() - before.granted_yen());
    AddLine({"owed", "返還額", "what has to be given back", "paid - granted",
             absl::StrCat(Text(before.paid_yen()), " − ", Text(before.granted_yen()))},
            derived.amount_yen(), told);
  } else {
    derived.clear_trace();
  }
}

absl::Status DecideDecision(const store::Decision<Decision>& decision) {
  if (decision.before() != nullptr) return absl::OkStatus();  // such a record never changes
  const Decision& decided = decision.after();
  const Decision::Kind kind = decided.kind();
  Faults& faults = decision.faults();
  ASSIGN_OR_RETURN(Document document, Document::Open(decision.tx(), decided.name(), Duty::kDecide, decision.today()));
  const Application& application = document.application();
  CheckForm(decided, document.programme(), faults);
  Document::CheckDay(decided.decision_date(), document.last_day(), decision.today(), "decision_date", faults);
  RETURN_IF_ERROR(CheckLine(decision.tx(), decided, document.programme(), faults));
  if (!faults.empty() || kind == Decision::KIND_UNSPECIFIED) return absl::OkStatus();

  ASSIGN_OR_RETURN(const Ground ground, GroundOf(decision, application));
  int64_t yen = decided.yen();
  if (kind == Decision::KIND_CANCELLATION && yen == 0) yen = application.granted_yen();
  v1::Trace trace;
  if (GivesAmount(kind)) {
    trace = GivenBy(decided, ground.filing, application.granted_yen(), faults);
    yen = trace.amount();
  }
  ASSIGN_OR_RETURN(const rules::Step step,
                   rules::Decide(document.standing(), kind, yen, decided.back_to(), ground.filing.kind()));
  if (!faults.empty()) return absl::OkStatus();
  if (kind == Decision::KIND_GRANT && yen == 0) return Fail("GRANT_WITHOUT_AMOUNT"_reason);
  const bool passes_through = !document.programme().via().empty();
  if (kind == Decision::KIND_GRANT && passes_through && application.forwarding().empty())
    return Fail("NOT_FORWARDED"_reason);
  if (!document.programme().decided_elsewhere() && MovesYen(kind)) {
    const int64_t owed = document.standing().owed();
    RETURN_IF_ERROR(document.Excuse(
        decision.tx(),
        CheckApprovalLimit(decision.tx(), document.programme().grantor(), document.maker(),
                           jp::DayOf(decided.decision_date()), kind == Decision::KIND_RETURN_ORDER ? owed : yen),
        decision.today()));
  }
  if (GivesAmount(kind)) RETURN_IF_ERROR(CheckAllotment(decision.tx(), application, yen));
  Application& after = document.after();
  if (kind == Decision::KIND_GRANT) after.set_budget_line(decided.budget_line());
  // An examined application that is sent back must be forwarded again. A granted one keeps its forwarding.
  const bool comes_again = kind == Decision::KIND_SENDING_BACK && application.state() == Application::STATE_EXAMINED;
  if (comes_again) after.clear_forwarding();
  RETURN_IF_ERROR(document.Take(decision.tx(), step, jp::DayOf(decided.decision_date()), after.budget_line()));
  if (GivesAmount(kind) || kind == Decision::KIND_CANCELLATION) after.set_decision(decided.name());
  decision.Derive([&](Decision& derived) {
    derived.set_maker(document.maker());
    derived.set_override(document.override_used());
    derived.set_number(document.number());
    derived.set_state(step.after.state);
    Complete(ground, trace, application, step.after.granted, derived);
  });
  decision.Then(
      [document = std::move(document), name = decided.name()](store::Tx& tx) { return document.Write(tx, name); });
  return absl::OkStatus();
}

}  // namespace

void AddDecisions(Service& service) {
  BindStandard(service, "tsunagu.subsidy.v1.DecisionService", service.Add<Decision>().Rule(DecideDecision));
}

}  // namespace tsunagu::subsidy
