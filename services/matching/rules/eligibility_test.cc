#include "services/matching/rules/eligibility.h"

#include <gtest/gtest.h>

#include <bit>
#include <functional>

#include "common/jp/period.h"

namespace tsunagu::matching::rules {
namespace {

constexpr uint32_t kMonday = 0b110;  // morning and afternoon
constexpr uint32_t kTuesday = 0b11000;

Nurse FittingNurse() {
  Nurse nurse;
  nurse.licences = 0b01;
  nurse.skills = 0b0111;
  nurse.home = {35'000'000, 139'000'000};
  nurse.commute_limit_metres = 11'120;
  nurse.weekly_minutes = 1'200;
  nurse.min_weekly_minutes = 1'500;
  nurse.half_days = {kMonday, kTuesday};
  nurse.available_from = jp::CivilDay(2027, 4, 1);
  nurse.unwanted = {3, 5, 8};
  return nurse;
}

Opening FittingOpening() {
  Opening opening;
  opening.place = {35'100'000, 139'000'000};  // 11,120 m north
  opening.posts = 1;
  opening.licences = 0b11;
  opening.required_skills = 0b0101;
  opening.weekly_minutes = 1'200;
  opening.max_weekly_minutes = 1'500;
  opening.half_days = {kMonday, kTuesday};
  opening.start = jp::CivilDay(2027, 4, 1);
  opening.facility = 4;
  return opening;
}

constexpr uint32_t kNurse = LicenceBit(registry::v1::LICENCE_NURSE);
constexpr uint32_t kAssistant = LicenceBit(registry::v1::LICENCE_ASSISTANT_NURSE);
constexpr uint32_t kPublicHealth = LicenceBit(registry::v1::LICENCE_PUBLIC_HEALTH_NURSE);
constexpr uint32_t kMidwife = LicenceBit(registry::v1::LICENCE_MIDWIFE);

struct Row {
  const char* name;
  std::function<void(Nurse&, Opening&)> change;
  Blocker blocker;
};

TEST(EligibilityTest, AsksTheRulesInOrder) {
  const Row kRows[] = {
      {"fits, every limit met exactly", [](Nurse&, Opening&) {}, Blocker::kNone},
      {"no posts", [](Nurse&, Opening& o) { o.posts = 0; }, Blocker::kNoPosts},
      {"negative posts", [](Nurse&, Opening& o) { o.posts = -1; }, Blocker::kNoPosts},
      {"other licence", [](Nurse& n, Opening&) { n.licences = 1u << 20; }, Blocker::kLicence},
      {"no licence", [](Nurse& n, Opening&) { n.licences = 0; }, Blocker::kLicence},
      {"opening accepts no licence", [](Nurse&, Opening& o) { o.licences = 0; }, Blocker::kLicence},
      {"one of two licences", [](Nurse& n, Opening& o) { n.licences = 0b11, o.licences = 0b10; }, Blocker::kNone},
      {"one skill missing", [](Nurse& n, Opening&) { n.skills = 0b0110; }, Blocker::kSkills},
      {"the highest skill missing", [](Nurse&, Opening& o) { o.required_skills = uint64_t{1} << 63; },
       Blocker::kSkills},
      {"no skill required", [](Nurse& n, Opening& o) { n.skills = 0, o.required_skills = 0; }, Blocker::kNone},
      {"a half-day that she does not work", [](Nurse& n, Opening&) { n.half_days.school = 0b010; }, Blocker::kHalfDays},
      {"another half-day", [](Nurse&, Opening& o) { o.half_days.school = kTuesday; }, Blocker::kHalfDays},
      {"half-days beyond those worked", [](Nurse& n, Opening&) { n.half_days.school = kMonday | kTuesday; },
       Blocker::kNone},
      {"she does not say when she works", [](Nurse& n, Opening&) { n.half_days = {}; }, Blocker::kNone},
      {"it does not say when work is", [](Nurse&, Opening& o) { o.half_days = {}; }, Blocker::kNone},
      {"a half-day of the holidays", [](Nurse& n, Opening&) { n.half_days.holidays = kMonday; }, Blocker::kHalfDays},
      {"no work in the holidays",
       [](Nurse& n, Opening& o) { n.half_days.holidays = kMonday, o.half_days.holidays = 0; }, Blocker::kNone},
      {"in the holidays she does not say", [](Nurse& n, Opening&) { n.half_days.holidays = 0; }, Blocker::kNone},
      {"the last half-day of a week", [](Nurse&, Opening& o) { o.half_days.school |= 1u << 14; }, Blocker::kHalfDays},
      {"a minute less than she wants", [](Nurse&, Opening& o) { o.max_weekly_minutes = 1'499; }, Blocker::kFewHours},
      {"it does not say how much at most",
       [](Nurse&, Opening& o) { o.max_weekly_minutes = Opening().max_weekly_minutes; }, Blocker::kNone},
      {"she does not say how much at least",
       [](Nurse& n, Opening& o) { n.min_weekly_minutes = 0, o.max_weekly_minutes = 1; }, Blocker::kNone},
      {"a day too early for her", [](Nurse&, Opening& o) { o.start = jp::CivilDay(2027, 3, 31); }, Blocker::kStart},
      {"it does not say when it begins", [](Nurse&, Opening& o) { o.start = Opening().start; }, Blocker::kNone},
      {"she does not say from when on",
       [](Nurse& n, Opening& o) { n.available_from = Nurse().available_from, o.start = jp::CivilDay(2020, 1, 1); },
       Blocker::kNone},
      {"a facility that she does not want", [](Nurse&, Opening& o) { o.facility = 5; }, Blocker::kExcluded},
      {"an unknown facility", [](Nurse&, Opening& o) { o.facility = -1; }, Blocker::kNone},
      {"one minute short", [](Nurse& n, Opening&) { n.weekly_minutes = 1'199; }, Blocker::kHours},
      {"one metre too far", [](Nurse& n, Opening&) { n.commute_limit_metres = 11'119; }, Blocker::kDistance},
      {"limit 0, at home", [](Nurse& n, Opening& o) { n.commute_limit_metres = 0, o.place = n.home; }, Blocker::kNone},
      {"negative limit, at home", [](Nurse& n, Opening& o) { n.commute_limit_metres = -1, o.place = n.home; },
       Blocker::kDistance},
      {"licence before skills", [](Nurse& n, Opening&) { n.licences = 0, n.skills = 0; }, Blocker::kLicence},
      {"skills before half-days", [](Nurse& n, Opening&) { n.skills = 0, n.half_days.school = 1; }, Blocker::kSkills},
      {"half-days before hours", [](Nurse& n, Opening&) { n.half_days.school = 1, n.weekly_minutes = 0; },
       Blocker::kHalfDays},
      {"hours before few hours", [](Nurse& n, Opening&) { n.weekly_minutes = 0, n.min_weekly_minutes = 1'501; },
       Blocker::kHours},
      {"few hours before the start",
       [](Nurse& n, Opening& o) { n.min_weekly_minutes = 1'501, o.start = jp::kFirstDay; }, Blocker::kFewHours},
      {"the start before what she does not want", [](Nurse&, Opening& o) { o.start = jp::kFirstDay, o.facility = 3; },
       Blocker::kStart},
      {"what she does not want before distance",
       [](Nurse& n, Opening& o) { o.facility = 8, n.commute_limit_metres = 0; }, Blocker::kExcluded},
      {"posts before everything", [](Nurse& n, Opening& o) { o.posts = 0, n = Nurse(); }, Blocker::kNoPosts},
  };
  for (const Row& row : kRows) {
    Nurse nurse = FittingNurse();
    Opening opening = FittingOpening();
    row.change(nurse, opening);
    EXPECT_EQ(FirstBlocker(nurse, opening), row.blocker) << row.name;
    const Blocker anywhere = row.blocker == Blocker::kDistance ? Blocker::kNone : row.blocker;
    EXPECT_EQ(FirstBlockerAnywhere(nurse, opening), anywhere) << row.name;
    const Blockers all = AllBlockers(nurse, opening);
    EXPECT_EQ(all == 0 ? Blocker::kNone : static_cast<Blocker>(std::countr_zero(all)), row.blocker) << row.name;
  }
}

TEST(EligibilityTest, TellsOfEveryRuleThatRefuses) {
  Nurse nurse = FittingNurse();
  Opening opening = FittingOpening();
  opening.posts = 0;
  opening.licences = kPublicHealth;
  opening.required_skills = 0b1000;
  opening.half_days.school = kTuesday;
  opening.weekly_minutes = 1'201;
  opening.max_weekly_minutes = 1'499;
  opening.start = jp::kFirstDay;
  opening.facility = 3;
  nurse.commute_limit_metres = 0;
  // Except the travel time, for which no table exists here, and the blocker of rule table 1.
  const Blockers every = (Blockers{1} << kBlockerCount) - 1 - BlockerBit(Blocker::kNone) -
                         BlockerBit(Blocker::kTravelTime) - BlockerBit(Blocker::kNotListed);
  EXPECT_EQ(AllBlockers(nurse, opening), every - BlockerBit(Blocker::kEmployer)) << "one of the two of a licence";
  opening.licences = kNurse;
  nurse.licences = kAssistant;
  EXPECT_EQ(AllBlockers(nurse, opening), every - BlockerBit(Blocker::kLicence));
}

TEST(EligibilityTest, WhoMayDoTheWorkOfANurse) {
  struct LicenceRow {
    const char* name;
    uint32_t held;
    uint32_t accepted;
    Blocker blocker;        // by law
    Blocker blocker_named;  // if the employer accepts only the named licences
  };
  const LicenceRow kRows[] = {
      {"看護師 for 看護師", kNurse, kNurse, Blocker::kNone, Blocker::kNone},
      {"保健師 for 看護師", kPublicHealth, kNurse, Blocker::kNone, Blocker::kEmployer},
      {"助産師 for 看護師", kMidwife, kNurse, Blocker::kNone, Blocker::kEmployer},
      {"助産師 for 看護師 or 保健師", kMidwife, kNurse | kPublicHealth, Blocker::kNone, Blocker::kEmployer},
      {"准看護師 for 看護師", kAssistant, kNurse, Blocker::kEmployer, Blocker::kEmployer},
      {"准看護師 for both", kAssistant, kNurse | kAssistant, Blocker::kNone, Blocker::kNone},
      {"看護師 for 准看護師", kNurse, kAssistant, Blocker::kEmployer, Blocker::kEmployer},
      {"助産師 for 准看護師", kMidwife, kAssistant, Blocker::kEmployer, Blocker::kEmployer},
      {"看護師 for 保健師", kNurse, kPublicHealth, Blocker::kLicence, Blocker::kLicence},
      {"助産師 for 保健師", kMidwife, kPublicHealth, Blocker::kLicence, Blocker::kLicence},
      {"准看護師 for 助産師", kAssistant, kMidwife, Blocker::kLicence, Blocker::kLicence},
      {"准看護師 where all are taken", kAssistant, ~0u, Blocker::kNone, Blocker::kNone},
      {"no licence for 看護師", 0, kNurse, Blocker::kLicence, Blocker::kLicence},
  };
  for (const LicenceRow& row : kRows) {
    Nurse nurse = FittingNurse();
    Opening opening = FittingOpening();
    nurse.licences = row.held;
    opening.licences = row.accepted;
    EXPECT_EQ(FirstBlocker(nurse, opening), row.blocker) << row.name;
    opening.named_licences_only = true;
    EXPECT_EQ(FirstBlocker(nurse, opening), row.blocker_named) << row.name;
  }
}

}  // namespace
}  // namespace tsunagu::matching::rules
