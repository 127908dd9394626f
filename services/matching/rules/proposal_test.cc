#include "services/matching/rules/proposal.h"

#include <array>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/jp/months.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace tsunagu::matching::rules {
namespace {

using v1::Proposal;

const jp::CivilDay kToday(2026, 4, 10);

template <typename M>
M Parsed(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

std::string Date(const char* field, jp::CivilDay day) {
  return absl::StrCat(" ", field, " { year: ", day.year(), " month: ", day.month(), " day: ", day.day(), " }");
}

// Returns "field:REASON" for each fault.
std::string Said(const Faults& faults) {
  return absl::StrJoin(faults.all(), " ", [](std::string* out, const Fault& fault) {
    absl::StrAppend(out, fault.field(), ":", ReasonWord(fault));
  });
}

Proposal At(Proposal::State state) {
  Proposal proposal = Parsed<Proposal>(
      absl::StrCat("name: 'proposals/p' opening: 'openings/o' nurse: 'nurses/n' facility: 'facilities/f'",
                   Date("reply_by_date", kToday + 3)));
  proposal.set_state(state);
  if (state >= Proposal::STATE_OFFERED && state <= Proposal::STATE_LEFT) {
    *proposal.mutable_start_date() = jp::ToDate(kToday);
  }
  if (state >= Proposal::STATE_ACCEPTED) proposal.clear_reply_by_date();
  if (state == Proposal::STATE_LEFT) *proposal.mutable_leave_date() = jp::ToDate(kToday + 30);
  return proposal;
}

// Every step with a valid request.
struct Named {
  const char* name;
  std::function<void(Proposal&, Faults&)> take;
  Proposal::State result;
  std::vector<Proposal::State> from;
};

std::vector<Named> Steps() {
  const auto decide = [](const std::string& text) {
    return [text](Proposal& p, Faults& f) { Decide(Parsed<v1::DecideProposalRequest>(text), kToday, p, f); };
  };
  return {
      {"consent",
       [](Proposal& p, Faults& f) {
         Consent(
             Parsed<v1::ConsentProposalRequest>("nurse: 'nurses/n' nurse_display_name: '見本 花子' evidence: '電話'"),
             kToday, p, f);
       },
       Proposal::STATE_CONSENTED,
       {Proposal::STATE_PROPOSED}},
      {"agree",
       [](Proposal& p, Faults& f) { Agree({}, kToday, p, f); },
       Proposal::STATE_AGREED,
       {Proposal::STATE_CONSENTED}},
      {"meet",
       [](Proposal& p, Faults& f) {
         Meet(Parsed<v1::RecordInterviewRequest>(Date("interview_date", kToday)), kToday, p, f);
       },
       Proposal::STATE_MET,
       {Proposal::STATE_AGREED}},
      {"offer",
       decide(absl::StrCat("hired: true", Date("start_date", kToday + 20))),
       Proposal::STATE_OFFERED,
       {Proposal::STATE_MET}},
      {"do not hire", decide("reason: END_REASON_SKILLS"), Proposal::STATE_NOT_HIRED, {Proposal::STATE_MET}},
      {"accept",
       [](Proposal& p, Faults& f) { Accept(Parsed<v1::AcceptProposalRequest>("nurse: 'nurses/n'"), kToday, p, f); },
       Proposal::STATE_ACCEPTED,
       {Proposal::STATE_OFFERED}},
      {"start",
       [](Proposal& p, Faults& f) {
         Start(Parsed<v1::StartProposalRequest>(Date("start_date", kToday)), kToday, p, f);
       },
       Proposal::STATE_STARTED,
       {Proposal::STATE_ACCEPTED}},
      {"leave",
       [](Proposal& p, Faults& f) {
         Leave(Parsed<v1::LeaveProposalRequest>(
                   absl::StrCat("reason: END_REASON_COMMUTE", Date("leave_date", kToday + 9))),
               kToday, p, f);
       },
       Proposal::STATE_LEFT,
       {Proposal::STATE_STARTED, Proposal::STATE_LEFT}},
      {"stay", [](Proposal& p, Faults& f) { Stay({}, kToday, p, f); }, Proposal::STATE_STARTED, {Proposal::STATE_LEFT}},
      {"withdraw",
       [](Proposal& p, Faults& f) {
         Withdraw(Parsed<v1::WithdrawProposalRequest>("reason: END_REASON_NURSE_DECLINED"), kToday, p, f);
       },
       Proposal::STATE_WITHDRAWN,
       {Proposal::STATE_PROPOSED, Proposal::STATE_CONSENTED, Proposal::STATE_AGREED, Proposal::STATE_MET,
        Proposal::STATE_OFFERED, Proposal::STATE_ACCEPTED}},
  };
}

TEST(ProposalTest, EveryStepFromEveryState) {
  for (const Named& step : Steps()) {
    for (int number = Proposal::STATE_PROPOSED; number <= Proposal::STATE_EXPIRED; ++number) {
      const auto state = static_cast<Proposal::State>(number);
      SCOPED_TRACE(absl::StrCat(step.name, " from ", Proposal::State_Name(state)));
      const Proposal before = At(state);
      Proposal after = before;
      Faults faults;
      step.take(after, faults);
      if (std::count(step.from.begin(), step.from.end(), state) > 0) {
        EXPECT_EQ(Said(faults), "");
        EXPECT_EQ(after.state(), step.result);
        ASSERT_EQ(after.steps_size(), 1);
        EXPECT_EQ(after.steps(0).state(), step.result);
        continue;
      }
      EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(before, after)) << after.DebugString();
      const bool withdraws = step.result == Proposal::STATE_WITHDRAWN;
      const bool unconsented = state == Proposal::STATE_PROPOSED && step.name != absl::string_view("stay");
      EXPECT_EQ(Said(faults), unconsented                        ? ":CONSENT_MISSING"
                              : !withdraws                       ? ":PROPOSAL_STEP_UNFIT"
                              : state == Proposal::STATE_STARTED ? ":PROPOSAL_STARTED"
                                                                 : ":PROPOSAL_ENDED");
    }
  }
}

TEST(ProposalTest, NothingIsDoneBehindItsDay) {
  for (const Named& step : Steps()) {
    for (const auto state : step.from) {
      if (state > Proposal::STATE_OFFERED) continue;  // has no such day
      SCOPED_TRACE(absl::StrCat(step.name, " from ", Proposal::State_Name(state)));
      Proposal proposal = At(state);
      *proposal.mutable_reply_by_date() = jp::ToDate(kToday - 1);
      Faults faults;
      step.take(proposal, faults);
      if (step.result == Proposal::STATE_WITHDRAWN) {
        EXPECT_EQ(Said(faults), "");
        EXPECT_EQ(proposal.state(), Proposal::STATE_EXPIRED) << "it is closed as what it is";
      } else {
        EXPECT_EQ(Said(faults), ":PROPOSAL_EXPIRED");
        EXPECT_EQ(proposal.state(), state);
      }
      proposal = At(state);
      *proposal.mutable_reply_by_date() = jp::ToDate(kToday);
      Faults none;
      step.take(proposal, none);
      EXPECT_EQ(Said(none), "") << "the day itself counts";
    }
  }
}

template <typename Request>
std::string SaidOf(void (*step)(const Request&, jp::CivilDay, Proposal&, Faults&), Proposal::State state,
                   const std::string& request) {
  Proposal proposal = At(state);
  Faults faults;
  step(Parsed<Request>(request), kToday, proposal, faults);
  return Said(faults);
}

TEST(ProposalTest, WhatARequestMayNotSay) {
  const std::string tomorrow = Date("start_date", kToday + 1), yesterday = Date("start_date", kToday - 1);
  EXPECT_EQ(SaidOf(Consent, Proposal::STATE_PROPOSED, "nurse: 'nurses/other'" + Date("reply_by_date", kToday - 1)),
            "nurse:PROPOSAL_OF_ANOTHER reply_by_date:REPLY_BY_PAST");
  EXPECT_EQ(SaidOf(Meet, Proposal::STATE_AGREED, Date("interview_date", kToday + 1)),
            "interview_date:PROPOSAL_DAY_TO_COME");
  EXPECT_EQ(SaidOf(Decide, Proposal::STATE_MET, "hired: true"), "start_date:START_DATE_MISSING");
  EXPECT_EQ(SaidOf(Decide, Proposal::STATE_MET, "hired: true reason: END_REASON_SKILLS note: 'x'" + yesterday),
            "reason:PROPOSAL_FIELD_OF_REFUSAL note:PROPOSAL_FIELD_OF_REFUSAL start_date:START_DATE_PAST");
  EXPECT_EQ(SaidOf(Decide, Proposal::STATE_MET, tomorrow),
            "reason:END_REASON_MISSING start_date:PROPOSAL_FIELD_OF_OFFER");
  EXPECT_EQ(SaidOf(Decide, Proposal::STATE_MET, "reason: END_REASON_OTHER"), "note:END_NOTE_MISSING");
  EXPECT_EQ(SaidOf(Accept, Proposal::STATE_OFFERED, "nurse: 'nurses/other'"), "nurse:PROPOSAL_OF_ANOTHER");
  EXPECT_EQ(SaidOf(Start, Proposal::STATE_ACCEPTED, tomorrow), "start_date:PROPOSAL_DAY_TO_COME");
  EXPECT_EQ(SaidOf(Leave, Proposal::STATE_STARTED, "reason: END_REASON_COMMUTE" + Date("leave_date", kToday - 1)),
            "leave_date:DAY_BEFORE_START");
  EXPECT_EQ(SaidOf(Check, Proposal::STATE_STARTED, "months: 2" + Date("check_date", kToday + 1)),
            "check_date:PROPOSAL_DAY_TO_COME months:RETENTION_MONTHS_UNFIT");
  EXPECT_EQ(SaidOf(Check, Proposal::STATE_STARTED, "months: 1" + Date("check_date", kToday - 1)),
            "check_date:DAY_BEFORE_START");
  EXPECT_EQ(SaidOf(Check, Proposal::STATE_LEFT, "months: 3" + Date("check_date", kToday)), ":PROPOSAL_STEP_UNFIT");
}

TEST(ProposalTest, NoNameBeforeConsent) {
  Proposal proposal = Parsed<Proposal>("nurse: 'nurses/n' opening: 'openings/o'");
  Faults faults;
  Propose(Parsed<v1::Opening>("facility: 'facilities/f' area: 'areas/312011' school_half_days: HALF_DAY_MON_AM"),
          kToday, proposal, faults);
  EXPECT_EQ(Said(faults), "");
  EXPECT_EQ(proposal.facility(), "facilities/f");
  EXPECT_EQ(proposal.introduced_to(), "") << "the facility does not see it";
  EXPECT_EQ(jp::DayOf(proposal.reply_by_date()), kToday + 14);
  Steps()[0].take(proposal, faults);
  EXPECT_EQ(proposal.introduced_to(), "facilities/f");
  EXPECT_EQ(proposal.nurse_display_name(), "見本 花子");
  Faults visit;
  Propose(Parsed<v1::Opening>("kind: OPENING_KIND_VISIT"), kToday, proposal, visit);
  EXPECT_EQ(Said(visit), "opening:OPENING_NOT_EMPLOYMENT");
}

TEST(ProposalTest, TheDaysOfAPost) {
  EXPECT_FALSE(DaysHeld(At(Proposal::STATE_MET), kToday));
  ASSERT_TRUE(DaysHeld(At(Proposal::STATE_OFFERED), kToday));
  EXPECT_EQ(DaysHeld(At(Proposal::STATE_OFFERED), kToday)->from, kToday);
  EXPECT_FALSE(DaysPromised(At(Proposal::STATE_OFFERED))) << "she may have several offers";
  EXPECT_FALSE(DaysHeld(At(Proposal::STATE_OFFERED), kToday + 4)) << "an offer that has expired holds nothing";
  EXPECT_EQ(DaysHeld(At(Proposal::STATE_LEFT), kToday)->to, kToday + 30);
  for (const auto state : {Proposal::STATE_ACCEPTED, Proposal::STATE_STARTED}) {
    EXPECT_EQ(DaysPromised(At(state))->to, jp::kLastDay);
  }
  for (const auto state : {Proposal::STATE_NOT_HIRED, Proposal::STATE_WITHDRAWN, Proposal::STATE_EXPIRED}) {
    EXPECT_FALSE(DaysHeld(At(state), kToday));
  }
}

TEST(ProposalTest, WhatAnOpeningKeepsForIt) {
  for (int number = Proposal::STATE_PROPOSED; number <= Proposal::STATE_EXPIRED; ++number) {
    const auto state = static_cast<Proposal::State>(number);
    SCOPED_TRACE(Proposal::State_Name(state));
    const bool agreed = state >= Proposal::STATE_CONSENTED && state <= Proposal::STATE_ACCEPTED;
    const bool works = state == Proposal::STATE_STARTED || state == Proposal::STATE_LEFT;
    const bool waits = state <= Proposal::STATE_OFFERED;  // for an answer, until kToday + 3
    EXPECT_EQ(KeepsHalfDays(At(state), kToday + 3), agreed);
    EXPECT_EQ(KeepsPlace(At(state), kToday + 3), agreed || works);
    EXPECT_EQ(KeepsHalfDays(At(state), kToday + 4), agreed && !waits);
    EXPECT_EQ(KeepsPlace(At(state), kToday + 4), (agreed && !waits) || works);
    EXPECT_EQ(KeepsPlace(At(state), kToday + 31),
              state == Proposal::STATE_ACCEPTED || state == Proposal::STATE_STARTED);
  }
}

TEST(ProposalTest, WhatHasChangedIsNamed) {
  const auto proposal = Parsed<Proposal>(
      "facility: 'facilities/f' school_half_days: [HALF_DAY_MON_AM, HALF_DAY_TUE_AM] holiday_half_days: "
      "HALF_DAY_MON_AM");
  const std::string week = "school_half_days: [HALF_DAY_TUE_AM, HALF_DAY_MON_AM] holiday_half_days: HALF_DAY_MON_AM";
  for (const auto& [opening, what, what_ja] : std::vector<std::array<std::string, 3>>{
           {week + " facility: 'facilities/f' posts: 3", "", ""},
           {week + " facility: 'facilities/f' kind: OPENING_KIND_EMPLOYMENT", "", ""},
           {week + " facility: 'facilities/g' kind: OPENING_KIND_VISIT", "kind, facility", "求人の種類、事業所"},
           {"facility: 'facilities/f' school_half_days: HALF_DAY_MON_AM", "half-days, half-days of the long holidays",
            "勤務する半日、長期休業中に勤務する半日"},
       }) {
    Faults faults;
    CheckAsTold(Parsed<v1::Opening>(opening), proposal, faults);
    EXPECT_EQ(Said(faults), what.empty() ? "" : "opening:OPENING_CHANGED") << opening;
    if (faults.empty()) continue;
    EXPECT_EQ(faults.all()[0].args().at("what"), what);
    EXPECT_EQ(faults.all()[0].args().at("what_ja"), what_ja);
  }
}

TEST(ProposalTest, MostAtOnceIsWhatCountingDayByDayGives) {
  std::mt19937 random(1);
  const auto day = [&](int most) { return kToday + static_cast<int>(random() % most); };
  for (int round = 0; round < 2000; ++round) {
    std::vector<jp::Period> periods(random() % 6);
    for (jp::Period& period : periods) {
      period.from = day(12);
      period.to = period.from + static_cast<int>(random() % 8);
    }
    const jp::CivilDay from = day(12);
    const jp::Period within = {from, from + static_cast<int>(random() % 12)};
    int most = 0;
    for (jp::CivilDay one = within.from; one <= within.to; ++one) {
      int there = 0;
      for (const jp::Period& period : periods) there += period.Contains(one);
      most = std::max(most, there);
    }
    ASSERT_EQ(MostAtOnce(periods, within), most) << round;
  }
}

TEST(ProposalTest, HalfDaysThatMayCollide) {
  struct Case {
    const char *name, *a, *b;
    bool collide;
  };
  for (const Case& c : std::vector<Case>{
           {"neither says", "", "", true},
           {"one does not say", "school_half_days: HALF_DAY_MON_AM", "", true},
           {"other halves", "school_half_days: HALF_DAY_MON_AM", "school_half_days: HALF_DAY_MON_PM", false},
           {"the same half", "school_half_days: HALF_DAY_MON_AM",
            "school_half_days: [HALF_DAY_FRI_AM, HALF_DAY_MON_AM]", true},
           {"school and holidays", "school_half_days: HALF_DAY_MON_AM", "holiday_half_days: HALF_DAY_MON_AM", false},
           {"the holidays", "school_half_days: HALF_DAY_MON_AM holiday_half_days: HALF_DAY_TUE_AM",
            "holiday_half_days: HALF_DAY_TUE_AM", true},
       }) {
    EXPECT_EQ(MayCollide(Parsed<Proposal>(c.a), Parsed<Proposal>(c.b)), c.collide) << c.name;
    EXPECT_EQ(MayCollide(Parsed<Proposal>(c.b), Parsed<Proposal>(c.a)), c.collide) << c.name;
  }
}

TEST(ProposalTest, WhoMayBeKnownToTheFacility) {
  struct Case {
    const char* name;
    Proposal::State state;
    int days_left;  // days left to reply
    bool known;
  };
  for (const Case& c : std::vector<Case>{
           {"before her consent", Proposal::STATE_PROPOSED, 1, false},
           {"she consents", Proposal::STATE_CONSENTED, 0, true},
           {"its day is over", Proposal::STATE_CONSENTED, -1, false},
           {"an offer that is over", Proposal::STATE_OFFERED, -1, false},
           {"she works there", Proposal::STATE_STARTED, 0, true},
           {"she has", Proposal::STATE_LEFT, 0, true},
           {"she was not taken", Proposal::STATE_NOT_HIRED, 0, false},
           {"it was withdrawn", Proposal::STATE_WITHDRAWN, 0, false},
           {"it was closed behind its day", Proposal::STATE_EXPIRED, 0, false},
       }) {
    Proposal proposal;
    proposal.set_state(c.state);
    if (c.state != Proposal::STATE_PROPOSED) proposal.set_introduced_to("facilities/kita");
    if (IsUnderWay(proposal)) *proposal.mutable_reply_by_date() = jp::ToDate(kToday + c.days_left);
    EXPECT_EQ(MayBeKnown(proposal, kToday), c.known) << c.name;
  }
}

TEST(ProposalTest, ChecksAfterOneThreeAndSixMonths) {
  Proposal proposal = At(Proposal::STATE_STARTED);
  *proposal.mutable_start_date() = jp::ToDate(jp::CivilDay(2025, 8, 31));
  const std::vector<std::pair<int, jp::CivilDay>> wanted = {
      {1, jp::CivilDay(2025, 9, 30)}, {3, jp::CivilDay(2025, 11, 30)}, {6, jp::CivilDay(2026, 2, 28)}};
  for (const auto& [months, day] : wanted) {
    const auto due = NextCheck(proposal);
    ASSERT_TRUE(due);
    EXPECT_EQ(due->months, months);
    EXPECT_EQ(due->day, day);
    Faults faults;
    const auto on = [months = months](jp::CivilDay check) {
      return Parsed<v1::RecordRetentionRequest>(
          absl::StrCat("months: ", months, " note: '続いている'", Date("check_date", check)));
    };
    Proposal early = proposal;
    Check(on(day - 1), day, early, faults);
    EXPECT_EQ(Said(faults), "check_date:RETENTION_CHECK_EARLY");
    faults = Faults();
    Check(on(day), day, proposal, faults);
    EXPECT_EQ(Said(faults), "");
    Check(on(day), day, proposal, faults);
    EXPECT_EQ(Said(faults), "months:RETENTION_CHECK_REPEATED");
  }
  EXPECT_FALSE(NextCheck(proposal));
  EXPECT_EQ(proposal.retention_note(), "1: 続いている\n3: 続いている\n6: 続いている");
  Proposal leaves = At(Proposal::STATE_LEFT);
  *leaves.mutable_leave_date() = jp::ToDate(jp::MonthsAfter(kToday, 1));
  ASSERT_TRUE(NextCheck(leaves)) << "she is there on its day";
  EXPECT_EQ(NextCheck(leaves)->months, 1);
  *leaves.mutable_leave_date() = jp::ToDate(jp::MonthsAfter(kToday, 1) - 1);
  EXPECT_FALSE(NextCheck(leaves));
}

}  // namespace
}  // namespace tsunagu::matching::rules
