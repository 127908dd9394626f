#include "services/matching/rules/proposal.h"

#include <algorithm>
#include <bitset>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/jp/months.h"
#include "services/matching/rules/half_day.h"
#include "services/matching/rules/opening.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::matching::rules {
namespace {

using v1::Proposal;

constexpr int kPatienceDays = 14;
constexpr int kCheckMonths[] = {1, 3, 6};

// Returns whether a step may follow the present state.
bool MayFollow(Proposal::State now, Proposal::State next) {
  switch (next) {
    case Proposal::STATE_CONSENTED:
      return now == Proposal::STATE_PROPOSED;
    case Proposal::STATE_AGREED:
      return now == Proposal::STATE_CONSENTED;
    case Proposal::STATE_MET:
      return now == Proposal::STATE_AGREED;
    case Proposal::STATE_OFFERED:
    case Proposal::STATE_NOT_HIRED:
      return now == Proposal::STATE_MET;
    case Proposal::STATE_ACCEPTED:
      return now == Proposal::STATE_OFFERED;
    case Proposal::STATE_STARTED:
      return now == Proposal::STATE_ACCEPTED;
    case Proposal::STATE_LEFT:  // again, to correct the day
      return now == Proposal::STATE_STARTED || now == Proposal::STATE_LEFT;
    default:
      return false;
  }
}

// Adds the state of the proposal.
void AddState(Reason reason, const Proposal& proposal, Faults& faults) {
  const auto* value = Proposal::State_descriptor()->FindValueByNumber(proposal.state());
  faults.Add("", reason,
             {{"state", value->name().substr(sizeof("STATE_") - 1)},
              {"state_ja", value->options().GetExtension(tsunagu::ja)}});
}

// Returns whether the step may be taken today; else adds the fault.
bool CheckStep(const Proposal& proposal, Proposal::State next, jp::CivilDay today, Faults& faults) {
  if (!MayFollow(proposal.state(), next)) {
    if (proposal.state() == Proposal::STATE_PROPOSED) {
      faults.Add("", "CONSENT_MISSING"_reason);
    } else {
      AddState("PROPOSAL_STEP_UNFIT"_reason, proposal, faults);
    }
    return false;
  }
  if (!IsExpired(proposal, today)) return true;
  faults.Add("", "PROPOSAL_EXPIRED"_reason, {{"date", jp::FormatIso(jp::DayOf(proposal.reply_by_date()))}});
  return false;
}

void SetState(Proposal::State state, jp::CivilDay today, Proposal& proposal) {
  proposal.set_state(state);
  Proposal::Step& step = *proposal.add_steps();
  step.set_state(state);
  *step.mutable_step_date() = jp::ToDate(today);
}

template <typename Request>
void SetReplyBy(const Request& request, jp::CivilDay otherwise, jp::CivilDay today, Proposal& proposal,
                Faults& faults) {
  const jp::CivilDay day = request.has_reply_by_date() ? jp::DayOf(request.reply_by_date()) : otherwise;
  if (day < today) faults.Add("reply_by_date", "REPLY_BY_PAST"_reason);
  *proposal.mutable_reply_by_date() = jp::ToDate(day);
}

void CheckIsHers(const std::string& nurse, const Proposal& proposal, Faults& faults) {
  if (nurse != proposal.nurse()) faults.Add("nurse", "PROPOSAL_OF_ANOTHER"_reason);
}

// Neither an interview nor a start can be before the consent: the facility did not know the nurse then.
void CheckAfterConsent(const char* field, const google::type::Date& date, Reason reason, const Proposal& proposal,
                       Faults& faults) {
  for (const Proposal::Step& step : proposal.steps()) {
    if (step.state() != Proposal::STATE_CONSENTED || jp::DayOf(date) >= jp::DayOf(step.step_date())) continue;
    faults.Add(field, reason, {{"date", jp::FormatIso(jp::DayOf(step.step_date()))}});
  }
}

// Checks the day of a past event.
void CheckHappened(const char* field, const google::type::Date& date, jp::CivilDay today, Faults& faults) {
  if (jp::DayOf(date) > today) faults.Add(field, "PROPOSAL_DAY_TO_COME"_reason);
}

void CheckSaid(v1::EndReason reason, const std::string& note, Faults& faults) {
  if (reason == v1::END_REASON_OTHER && note.empty()) faults.Add("note", "END_NOTE_MISSING"_reason);
}

using Week = std::bitset<32>;

Week WeekOf(const google::protobuf::RepeatedField<int>& half_days) {
  Week week;
  for (const int half_day : half_days) week.set(half_day & 31);
  return week;
}

// Returns whether she works there on the day, or will unless something changes: a nurse who has given notice works
// until her last day.
bool IsThereOn(const Proposal& proposal, jp::CivilDay day) {
  return proposal.state() == Proposal::STATE_STARTED ||
         (proposal.state() == Proposal::STATE_LEFT && jp::DayOf(proposal.leave_date()) >= day);
}

bool SaysHalfDays(const Proposal& proposal) {
  return proposal.school_half_days_size() + proposal.holiday_half_days_size() > 0;
}

}  // namespace

void Propose(const v1::Opening& opening, jp::CivilDay today, Proposal& proposal, Faults& faults) {
  if (KindOf(opening) != v1::OPENING_KIND_EMPLOYMENT) faults.Add("opening", "OPENING_NOT_EMPLOYMENT"_reason);
  proposal.set_facility(opening.facility());
  proposal.set_area(opening.area());
  *proposal.mutable_school_half_days() = opening.school_half_days();
  *proposal.mutable_holiday_half_days() = opening.holiday_half_days();
  SetReplyBy(Proposal(proposal), today + kPatienceDays, today, proposal, faults);
  SetState(Proposal::STATE_PROPOSED, today, proposal);
}

void Consent(const v1::ConsentProposalRequest& request, jp::CivilDay today, Proposal& proposal, Faults& faults) {
  CheckIsHers(request.nurse(), proposal, faults);
  if (!CheckStep(proposal, Proposal::STATE_CONSENTED, today, faults)) return;
  proposal.set_introduced_to(proposal.facility());
  proposal.set_nurse_display_name(request.nurse_display_name());
  proposal.set_nurse_contact(request.nurse_contact());
  proposal.set_consent_evidence(request.evidence());
  SetReplyBy(request, today + kPatienceDays, today, proposal, faults);
  SetState(Proposal::STATE_CONSENTED, today, proposal);
}

void Agree(const v1::AgreeProposalRequest& request, jp::CivilDay today, Proposal& proposal, Faults& faults) {
  if (!CheckStep(proposal, Proposal::STATE_AGREED, today, faults)) return;
  jp::CivilDay meeting = today;
  if (request.has_interview_date()) {
    meeting = jp::DayOf(request.interview_date());
    *proposal.mutable_interview_date() = request.interview_date();
  }
  SetReplyBy(request, std::max(meeting, today + kPatienceDays), today, proposal, faults);
  SetState(Proposal::STATE_AGREED, today, proposal);
}

void Meet(const v1::RecordInterviewRequest& request, jp::CivilDay today, Proposal& proposal, Faults& faults) {
  CheckHappened("interview_date", request.interview_date(), today, faults);
  if (!CheckStep(proposal, Proposal::STATE_MET, today, faults)) return;
  CheckAfterConsent("interview_date", request.interview_date(), "INTERVIEW_BEFORE_CONSENT"_reason, proposal, faults);
  *proposal.mutable_interview_date() = request.interview_date();
  SetReplyBy(request, today + kPatienceDays, today, proposal, faults);
  SetState(Proposal::STATE_MET, today, proposal);
}

void Decide(const v1::DecideProposalRequest& request, jp::CivilDay today, Proposal& proposal, Faults& faults) {
  CheckSaid(request.reason(), request.note(), faults);
  if (!request.hired()) {
    if (request.reason() == v1::END_REASON_UNSPECIFIED) faults.Add("reason", "END_REASON_MISSING"_reason);
    if (request.has_start_date()) faults.Add("start_date", "PROPOSAL_FIELD_OF_OFFER"_reason);
    if (!CheckStep(proposal, Proposal::STATE_NOT_HIRED, today, faults)) return;
    proposal.set_end_reason(request.reason());
    proposal.set_end_note(request.note());
    proposal.clear_reply_by_date();
    SetState(Proposal::STATE_NOT_HIRED, today, proposal);
    return;
  }
  if (request.reason() != v1::END_REASON_UNSPECIFIED) faults.Add("reason", "PROPOSAL_FIELD_OF_REFUSAL"_reason);
  if (!request.note().empty()) faults.Add("note", "PROPOSAL_FIELD_OF_REFUSAL"_reason);
  if (!request.has_start_date()) {
    faults.Add("start_date", "START_DATE_MISSING"_reason);
  } else if (jp::DayOf(request.start_date()) < today) {
    faults.Add("start_date", "START_DATE_PAST"_reason);
  }
  if (!CheckStep(proposal, Proposal::STATE_OFFERED, today, faults)) return;
  const jp::CivilDay start = jp::DayOf(request.start_date());
  *proposal.mutable_start_date() = request.start_date();
  if (request.has_reply_by_date() && jp::DayOf(request.reply_by_date()) > start) {
    faults.Add("reply_by_date", "REPLY_BY_AFTER_START"_reason, {{"date", jp::FormatIso(start)}});
  }
  SetReplyBy(request, std::max(today, std::min(start, today + kPatienceDays)), today, proposal, faults);
  SetState(Proposal::STATE_OFFERED, today, proposal);
}

void Accept(const v1::AcceptProposalRequest& request, jp::CivilDay today, Proposal& proposal, Faults& faults) {
  CheckIsHers(request.nurse(), proposal, faults);
  if (!CheckStep(proposal, Proposal::STATE_ACCEPTED, today, faults)) return;
  proposal.clear_reply_by_date();
  SetState(Proposal::STATE_ACCEPTED, today, proposal);
}

void Start(const v1::StartProposalRequest& request, jp::CivilDay today, Proposal& proposal, Faults& faults) {
  CheckHappened("start_date", request.start_date(), today, faults);
  if (!CheckStep(proposal, Proposal::STATE_STARTED, today, faults)) return;
  CheckAfterConsent("start_date", request.start_date(), "START_BEFORE_CONSENT"_reason, proposal, faults);
  *proposal.mutable_start_date() = request.start_date();
  SetState(Proposal::STATE_STARTED, today, proposal);
}

void Check(const v1::RecordRetentionRequest& request, jp::CivilDay today, Proposal& proposal, Faults& faults) {
  CheckHappened("check_date", request.check_date(), today, faults);
  const bool is_listed = std::count(std::begin(kCheckMonths), std::end(kCheckMonths), request.months()) > 0;
  if (!is_listed) faults.Add("months", "RETENTION_MONTHS_UNFIT"_reason);
  const auto& checks = proposal.retention_checks();
  if (std::any_of(checks.begin(), checks.end(), [&](const auto& made) { return made.months() == request.months(); })) {
    faults.Add("months", "RETENTION_CHECK_REPEATED"_reason, {{"months", absl::StrCat(request.months())}});
    return;
  }
  const jp::CivilDay start = jp::DayOf(proposal.start_date()), made_on = jp::DayOf(request.check_date());
  const jp::CivilDay due = is_listed ? jp::MonthsAfter(start, request.months()) : start;
  if (!IsThereOn(proposal, due)) {
    AddState("PROPOSAL_STEP_UNFIT"_reason, proposal, faults);
    return;
  }
  if (made_on < start) {
    faults.Add("check_date", "DAY_BEFORE_START"_reason);
  } else if (made_on < due) {
    faults.Add("check_date", "RETENTION_CHECK_EARLY"_reason,
               {{"months", absl::StrCat(request.months())}, {"date", jp::FormatIso(due)}});
  }
  Proposal::RetentionCheck& made = *proposal.add_retention_checks();
  made.set_months(request.months());
  *made.mutable_check_date() = request.check_date();
  if (request.note().empty()) return;
  absl::StrAppend(proposal.mutable_retention_note(), proposal.retention_note().empty() ? "" : "\n", request.months(),
                  ": ", request.note());
}

void Leave(const v1::LeaveProposalRequest& request, jp::CivilDay today, Proposal& proposal, Faults& faults) {
  CheckSaid(request.reason(), request.note(), faults);
  if (!CheckStep(proposal, Proposal::STATE_LEFT, today, faults)) return;
  if (jp::DayOf(request.leave_date()) < jp::DayOf(proposal.start_date())) {
    faults.Add("leave_date", "DAY_BEFORE_START"_reason);
  }
  *proposal.mutable_leave_date() = request.leave_date();
  proposal.set_end_reason(request.reason());
  proposal.set_end_note(request.note());
  SetState(Proposal::STATE_LEFT, today, proposal);
}

void Stay(const v1::StayProposalRequest&, jp::CivilDay today, Proposal& proposal, Faults& faults) {
  if (proposal.state() != Proposal::STATE_LEFT) {
    AddState("PROPOSAL_STEP_UNFIT"_reason, proposal, faults);
    return;
  }
  if (jp::DayOf(proposal.leave_date()) < today) {
    faults.Add("", "NOTICE_OVER"_reason, {{"date", jp::FormatIso(jp::DayOf(proposal.leave_date()))}});
    return;
  }
  proposal.clear_leave_date();
  proposal.clear_end_reason();
  proposal.clear_end_note();
  SetState(Proposal::STATE_STARTED, today, proposal);
}

void Withdraw(const v1::WithdrawProposalRequest& request, jp::CivilDay today, Proposal& proposal, Faults& faults) {
  CheckSaid(request.reason(), request.note(), faults);
  if (proposal.state() == Proposal::STATE_STARTED) {
    faults.Add("", "PROPOSAL_STARTED"_reason);
  } else if (!IsUnderWay(proposal)) {
    AddState("PROPOSAL_ENDED"_reason, proposal, faults);
  } else {
    SetState(IsExpired(proposal, today) ? Proposal::STATE_EXPIRED : Proposal::STATE_WITHDRAWN, today, proposal);
    proposal.set_end_reason(request.reason());
    proposal.set_end_note(request.note());
    proposal.clear_reply_by_date();
  }
}

bool IsUnderWay(const Proposal& proposal) {
  return proposal.state() >= Proposal::STATE_PROPOSED && proposal.state() <= Proposal::STATE_ACCEPTED;
}

bool IsExpired(const Proposal& proposal, jp::CivilDay today) {
  return IsUnderWay(proposal) && proposal.has_reply_by_date() && jp::DayOf(proposal.reply_by_date()) < today;
}

bool KeepsHalfDays(const Proposal& proposal, jp::CivilDay today) {
  return proposal.state() != Proposal::STATE_PROPOSED && IsUnderWay(proposal) && !IsExpired(proposal, today);
}

bool KeepsPlace(const Proposal& proposal, jp::CivilDay today) {
  if (IsUnderWay(proposal)) return KeepsHalfDays(proposal, today);
  const auto days = DaysPromised(proposal);
  return days && days->to >= today;
}

bool MayBeKnown(const Proposal& proposal, jp::CivilDay today) {
  switch (proposal.state()) {
    case Proposal::STATE_NOT_HIRED:
    case Proposal::STATE_WITHDRAWN:
    case Proposal::STATE_EXPIRED:
      return false;
    default:
      return !proposal.introduced_to().empty() && !IsExpired(proposal, today);
  }
}

void CheckAsTold(const v1::Opening& opening, const Proposal& proposal, Faults& faults) {
  std::vector<std::string> changed, changed_ja;
  const auto compare = [&](bool differs, const char* what, const char* what_ja) {
    if (!differs) return;
    changed.push_back(what);
    changed_ja.push_back(what_ja);
  };
  compare(KindOf(opening) != v1::OPENING_KIND_EMPLOYMENT, "kind", "求人の種類");
  compare(opening.facility() != proposal.facility(), "facility", "事業所");
  compare(!AreSame(opening.school_half_days(), proposal.school_half_days()), "half-days", "勤務する半日");
  compare(!AreSame(opening.holiday_half_days(), proposal.holiday_half_days()), "half-days of the long holidays",
          "長期休業中に勤務する半日");
  if (changed.empty()) return;
  faults.Add("opening", "OPENING_CHANGED"_reason,
             {{"what", absl::StrJoin(changed, ", ")}, {"what_ja", absl::StrJoin(changed_ja, "、")}});
}

bool NeedsOpening(Proposal::State state) {
  return state >= Proposal::STATE_PROPOSED && state <= Proposal::STATE_OFFERED;
}

absl::optional<jp::Period> DaysHeld(const Proposal& proposal, jp::CivilDay today) {
  const bool is_offer = proposal.state() == Proposal::STATE_OFFERED && !IsExpired(proposal, today);
  if (is_offer) return jp::Period{jp::DayOf(proposal.start_date()), jp::kLastDay};
  return DaysPromised(proposal);
}

absl::optional<jp::Period> DaysPromised(const Proposal& proposal) {
  switch (proposal.state()) {
    case Proposal::STATE_ACCEPTED:
    case Proposal::STATE_STARTED:
      return jp::Period{jp::DayOf(proposal.start_date()), jp::kLastDay};
    case Proposal::STATE_LEFT:
      return jp::Period{jp::DayOf(proposal.start_date()), jp::DayOf(proposal.leave_date())};
    default:
      return absl::nullopt;
  }
}

int MostAtOnce(const std::vector<jp::Period>& periods, const jp::Period& within) {
  // The number is largest on a day on which some period begins, or on the first day.
  std::vector<jp::CivilDay> days = {within.from};
  for (const jp::Period& period : periods) {
    if (within.Contains(period.from)) days.push_back(period.from);
  }
  int most = 0;
  for (const jp::CivilDay day : days) {
    const auto holds = [&](const jp::Period& period) { return period.Contains(day); };
    most = std::max(most, static_cast<int>(std::count_if(periods.begin(), periods.end(), holds)));
  }
  return most;
}

bool MayCollide(const Proposal& a, const Proposal& b) {
  if (!SaysHalfDays(a) || !SaysHalfDays(b)) return true;
  return (WeekOf(a.school_half_days()) & WeekOf(b.school_half_days())).any() ||
         (WeekOf(a.holiday_half_days()) & WeekOf(b.holiday_half_days())).any();
}

absl::optional<DueCheck> NextCheck(const Proposal& proposal) {
  int made = 0;
  for (const auto& check : proposal.retention_checks()) made = std::max(made, check.months());
  for (const int months : kCheckMonths) {
    if (months <= made) continue;
    const jp::CivilDay due = jp::MonthsAfter(jp::DayOf(proposal.start_date()), months);
    if (!IsThereOn(proposal, due)) return absl::nullopt;
    return DueCheck{months, due};
  }
  return absl::nullopt;
}

}  // namespace tsunagu::matching::rules
