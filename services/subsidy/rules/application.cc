#include "services/subsidy/rules/application.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::subsidy::rules {
namespace {

using v1::Application;
using v1::Decision;
using v1::Filing;
using v1::Payment;
using State = Application::State;

template <typename Kind>
struct Way {
  State from;
  Kind kind;
  State to;
};

constexpr Way<Filing::Kind> kFilings[] = {
    {Application::STATE_DRAFT, Filing::KIND_APPLICATION, Application::STATE_APPLIED},
    {Application::STATE_APPLIED, Filing::KIND_WITHDRAWAL, Application::STATE_WITHDRAWN},
    {Application::STATE_EXAMINED, Filing::KIND_WITHDRAWAL, Application::STATE_WITHDRAWN},
    {Application::STATE_GRANTED, Filing::KIND_WITHDRAWAL, Application::STATE_WITHDRAWN},
    {Application::STATE_GRANTED, Filing::KIND_CHANGE, Application::STATE_CHANGE_APPLIED},
    {Application::STATE_GRANTED, Filing::KIND_ABOLITION, Application::STATE_ABOLITION_APPLIED},
    {Application::STATE_GRANTED, Filing::KIND_STATUS_REPORT, Application::STATE_GRANTED},
    {Application::STATE_GRANTED, Filing::KIND_YEAR_END_REPORT, Application::STATE_GRANTED},
    {Application::STATE_GRANTED, Filing::KIND_COMPLETION_REPORT, Application::STATE_REPORTED},
    {Application::STATE_ABOLISHED, Filing::KIND_ABOLITION_REPORT, Application::STATE_REPORTED},
    {Application::STATE_FIXED, Filing::KIND_TAX_REPORT, Application::STATE_FIXED},
    {Application::STATE_SETTLED, Filing::KIND_TAX_REPORT, Application::STATE_FIXED},
};

constexpr Way<Decision::Kind> kDecisions[] = {
    {Application::STATE_APPLIED, Decision::KIND_EXAMINATION, Application::STATE_EXAMINED},
    {Application::STATE_EXAMINED, Decision::KIND_GRANT, Application::STATE_GRANTED},
    {Application::STATE_EXAMINED, Decision::KIND_REFUSAL, Application::STATE_REFUSED},
    {Application::STATE_CHANGE_APPLIED, Decision::KIND_CHANGE_APPROVAL, Application::STATE_GRANTED},
    {Application::STATE_CHANGE_APPLIED, Decision::KIND_CHANGE_REFUSAL, Application::STATE_GRANTED},
    {Application::STATE_ABOLITION_APPLIED, Decision::KIND_ABOLITION_APPROVAL, Application::STATE_ABOLISHED},
    {Application::STATE_ABOLITION_APPLIED, Decision::KIND_ABOLITION_REFUSAL, Application::STATE_GRANTED},
    {Application::STATE_REPORTED, Decision::KIND_FIXING, Application::STATE_FIXED},
    // The states to which an application is sent back; the first one of a state means the applicant.
    {Application::STATE_APPLIED, Decision::KIND_SENDING_BACK, Application::STATE_DRAFT},
    {Application::STATE_EXAMINED, Decision::KIND_SENDING_BACK, Application::STATE_DRAFT},
    {Application::STATE_EXAMINED, Decision::KIND_SENDING_BACK, Application::STATE_APPLIED},
    {Application::STATE_CHANGE_APPLIED, Decision::KIND_SENDING_BACK, Application::STATE_GRANTED},
    {Application::STATE_ABOLITION_APPLIED, Decision::KIND_SENDING_BACK, Application::STATE_GRANTED},
    {Application::STATE_REPORTED, Decision::KIND_SENDING_BACK, Application::STATE_GRANTED},
    {Application::STATE_REPORTED, Decision::KIND_SENDING_BACK, Application::STATE_ABOLISHED},
    // The state after a partial cancellation; a complete one leads from each of these states to STATE_CANCELLED.
    {Application::STATE_GRANTED, Decision::KIND_CANCELLATION, Application::STATE_GRANTED},
    {Application::STATE_CHANGE_APPLIED, Decision::KIND_CANCELLATION, Application::STATE_CHANGE_APPLIED},
    {Application::STATE_ABOLITION_APPLIED, Decision::KIND_CANCELLATION, Application::STATE_ABOLITION_APPLIED},
    {Application::STATE_ABOLISHED, Decision::KIND_CANCELLATION, Application::STATE_ABOLISHED},
    {Application::STATE_REPORTED, Decision::KIND_CANCELLATION, Application::STATE_REPORTED},
    {Application::STATE_FIXED, Decision::KIND_CANCELLATION, Application::STATE_FIXED},
    {Application::STATE_SETTLED, Decision::KIND_CANCELLATION, Application::STATE_FIXED},
};

absl::Status OutOfOrder(State state) {
  const auto& value = *Application::State_descriptor()->FindValueByNumber(state);
  return Fail("STEP_OUT_OF_ORDER"_reason,
              {{"state", value.name()}, {"state_ja", value.options().GetExtension(tsunagu::ja)}});
}

template <typename Kind, size_t n>
std::vector<State> WaysFrom(const Way<Kind> (&ways)[n], State from, Kind kind) {
  std::vector<State> to;
  for (const auto& way : ways) {
    if (way.from == from && way.kind == kind) to.push_back(way.to);
  }
  return to;
}

// A fixed amount that is paid exactly is settled.
void Settle(Standing& standing) {
  if (standing.state != Application::STATE_FIXED && standing.state != Application::STATE_SETTLED) return;
  standing.state = standing.granted == standing.paid ? Application::STATE_SETTLED : Application::STATE_FIXED;
}

// `yen` is granted from now on: the line keeps the unpaid part.
void Grant(int64_t yen, Step& step) {
  Standing& after = step.after;
  after.granted = yen;
  const int64_t committed = std::max<int64_t>(yen - after.paid, 0);
  if (committed > after.committed) step.movements.push_back({Act::kReserve, committed - after.committed});
  if (committed < after.committed) step.movements.push_back({Act::kRelease, after.committed - committed});
  after.committed = committed;
}

absl::Status CheckAtMost(int64_t yen, int64_t most) {
  return yen <= most ? absl::OkStatus() : Fail("YEN_ABOVE_RULE"_reason, {{"yen", absl::StrCat(most)}});
}

}  // namespace

absl::StatusOr<Step> File(const Standing& standing, Filing::Kind kind, bool minor, int64_t tax) {
  const std::vector<State> to = WaysFrom(kFilings, standing.state, kind);
  if (to.empty()) return OutOfOrder(standing.state);
  Step step{standing, {}};
  const bool stays = kind == Filing::KIND_CHANGE && minor;
  if (!stays) step.after.state = to[0];
  if (kind == Filing::KIND_WITHDRAWAL) {
    if (standing.paid > 0) return Fail("SOMETHING_PAID"_reason, {{"paid", absl::StrCat(standing.paid)}});
    Grant(0, step);
  }
  if (kind == Filing::KIND_TAX_REPORT) {
    RETURN_IF_ERROR(CheckAtMost(tax, standing.granted));
    Grant(standing.granted - tax, step);
  }
  Settle(step.after);
  return step;
}

absl::StatusOr<Step> Decide(const Standing& standing, Decision::Kind kind, int64_t yen, State back_to,
                            Filing::Kind filed) {
  Step step{standing, {}};
  if (kind == Decision::KIND_RETURN_ORDER) {
    if (standing.owed() == 0) return Fail("NOTHING_TO_RETURN"_reason, {{"owed", "0"}});
    return step;
  }
  const std::vector<State> to = WaysFrom(kDecisions, standing.state, kind);
  if (to.empty()) return OutOfOrder(standing.state);
  step.after.state = to[0];
  switch (kind) {
    case Decision::KIND_SENDING_BACK: {
      if (standing.state == Application::STATE_REPORTED) {  // the state before the report
        step.after.state =
            filed == Filing::KIND_ABOLITION_REPORT ? Application::STATE_ABOLISHED : Application::STATE_GRANTED;
        if (back_to == Application::STATE_UNSPECIFIED) back_to = step.after.state;
        if (back_to != step.after.state) return Fail("CANNOT_GO_BACK"_reason);
      }
      if (back_to == Application::STATE_UNSPECIFIED) break;
      if (std::find(to.begin(), to.end(), back_to) == to.end()) return Fail("CANNOT_GO_BACK"_reason);
      step.after.state = back_to;
      break;
    }
    case Decision::KIND_GRANT:
    case Decision::KIND_CHANGE_APPROVAL:
      Grant(yen, step);
      break;
    case Decision::KIND_FIXING:
      RETURN_IF_ERROR(CheckAtMost(yen, standing.granted));
      Grant(yen, step);
      break;
    case Decision::KIND_CANCELLATION:
      RETURN_IF_ERROR(CheckAtMost(yen, standing.granted));
      Grant(standing.granted - yen, step);
      if (step.after.granted == 0) step.after.state = Application::STATE_CANCELLED;
      break;
    default:
      break;
  }
  Settle(step.after);
  return step;
}

absl::StatusOr<Step> Pay(const Standing& standing, Payment::Kind kind, int64_t yen) {
  Step step{standing, {}};
  Standing& after = step.after;
  if (kind == Payment::KIND_RETURN) {
    if (yen > standing.owed()) return Fail("NOTHING_TO_RETURN"_reason, {{"owed", absl::StrCat(standing.owed())}});
    step.movements.push_back({Act::kTakeBack, yen});
    after.paid -= yen;
  } else {
    // An advance may be in progress while something is filed.
    static constexpr State kAdvanced[] = {Application::STATE_GRANTED, Application::STATE_CHANGE_APPLIED,
                                          Application::STATE_ABOLITION_APPLIED, Application::STATE_ABOLISHED,
                                          Application::STATE_REPORTED};
    const bool is_granted = std::count(std::begin(kAdvanced), std::end(kAdvanced), standing.state) > 0;
    const bool fits = kind == Payment::KIND_ADVANCE ? is_granted : standing.state == Application::STATE_FIXED;
    if (!fits) return OutOfOrder(standing.state);
    if (yen > standing.committed) {
      return Fail("COMMITMENT_EXCEEDED"_reason, {{"shortfall", absl::StrCat(yen - standing.committed)}});
    }
    step.movements.push_back({Act::kPay, yen});
    after.committed -= yen;
    after.paid += yen;
  }
  Settle(after);
  return step;
}

}  // namespace tsunagu::subsidy::rules
