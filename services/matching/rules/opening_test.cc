#include "services/matching/rules/opening.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tsunagu/matching/v1/reason.pb.h"

namespace tsunagu::matching::rules {
namespace {

v1::Opening Read(const std::string& text) {
  v1::Opening opening;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &opening)) << text;
  return opening;
}

std::string Found(const v1::Opening& opening) {
  Faults faults;
  CheckOpening(opening, faults);
  std::string words;
  for (const auto& fault : faults.all()) {
    absl::StrAppend(&words, words.empty() ? "" : " ", fault.field(), ":", std::string(ReasonWord(fault)));
  }
  return words;
}

std::string Days(const std::string& days, const char* field = "school_half_days") {
  std::string text;
  for (size_t i = 0; i < days.size(); i += 3) {
    for (const char* half : {"_AM ", "_PM "}) absl::StrAppend(&text, field, ": HALF_DAY_", days.substr(i, 3), half);
  }
  return text;
}

// P5: Mon, Wed, Fri 8:15 to 15:00 with 45 minutes of break, not in the long holidays: 3 × 360 minutes.
const char kHours[] = "begins_at: '8:15' ends_at: '15:00' break_minutes: 45 ";
std::string P5() { return absl::StrCat(kHours, "kind: OPENING_KIND_EMPLOYMENT ", Days("MONWEDFRI")); }

TEST(CheckOpening, KindsHaveTheirFields) {
  struct Case {
    const char* name;
    const char* opening;
    const char* found;
  };
  const Case cases[] = {
      {"as all were before", "weekly_minutes: 1200", ""},
      {"part time", "kind: OPENING_KIND_EMPLOYMENT employment_form: EMPLOYMENT_FORM_PART_TIME", ""},
      {"part time, kind not said", "employment_form: EMPLOYMENT_FORM_PART_TIME", ""},
      {"an employment by a station", "supplier: SUPPLIER_VISITING_STATION", "supplier:OPENING_FIELD_NOT_OF_KIND"},
      {"a visit by a station",
       "kind: OPENING_KIND_VISIT supplier: SUPPLIER_VISITING_STATION school_half_days: HALF_DAY_MON_AM", ""},
      {"a visit to a home",
       "kind: OPENING_KIND_VISIT workplace: WORKPLACE_CHILD_HOME school_half_days: HALF_DAY_MON_AM", ""},
      {"a visit in full time, without half-days", "kind: OPENING_KIND_VISIT employment_form: EMPLOYMENT_FORM_FULL_TIME",
       "employment_form:OPENING_FIELD_NOT_OF_KIND school_half_days:HALF_DAYS_MISSING"},
      {"a visit in the holidays only", "kind: OPENING_KIND_VISIT holiday_half_days: HALF_DAY_MON_AM", ""},
      {"a dispatch to a school", "kind: OPENING_KIND_DISPATCH workplace: WORKPLACE_FACILITY", ""},
      {"a dispatch to a home", "kind: OPENING_KIND_DISPATCH workplace: WORKPLACE_CHILD_HOME",
       "workplace:DISPATCH_TO_HOME"},
      {"a dispatch to anywhere", "kind: OPENING_KIND_DISPATCH", "workplace:WORKPLACE_NOT_SAID"},
  };
  for (const Case& c : cases) EXPECT_EQ(Found(Read(c.opening)), c.found) << c.name;
}

TEST(CheckOpening, HoursFitTheHalfDaysAndTheMinutes) {
  struct Case {
    const char* name;
    std::string opening;
    const char* found;
  };
  const Case cases[] = {
      {"P5", P5() + "weekly_minutes: 1080 max_weekly_minutes: 1080", ""},
      {"a minute more than the hours give", P5() + "weekly_minutes: 1081", "school_half_days:HOURS_TOO_SHORT"},
      {"a minute fewer", P5() + "weekly_minutes: 60 max_weekly_minutes: 1079", "school_half_days:HOURS_TOO_LONG"},
      {"at most fewer than at least, and than the hours", P5() + "weekly_minutes: 1080 max_weekly_minutes: 900",
       "max_weekly_minutes:WEEKLY_MINUTES_CONTRADICT school_half_days:HOURS_TOO_LONG"},
      {"of a visit a part is enough",
       absl::StrCat(kHours, "kind: OPENING_KIND_VISIT ", Days("MONWEDFRI"), "max_weekly_minutes: 400"), ""},
      {"more in the holidays", P5() + Days("MONTUEWEDTHUFRI", "holiday_half_days") + "max_weekly_minutes: 1500",
       "holiday_half_days:HOURS_TOO_LONG"},
      {"in the holidays only", kHours + Days("MONTUE", "holiday_half_days") + "weekly_minutes: 720", ""},
      {"a break counts on whole days only",
       "begins_at: '9:00' ends_at: '12:00' break_minutes: 45 school_half_days: "
       "HALF_DAY_MON_AM weekly_minutes: 180",
       ""},
      {"hours without half-days", kHours, "school_half_days:HALF_DAYS_MISSING"},
      {"no end", "begins_at: '8:15' " + Days("MON"), "ends_at:HOURS_INCOMPLETE"},
      {"no times", "begins_at: '8' ends_at: '25:00' midday_at: 'x' " + Days("MON"),
       "begins_at:OPENING_TIME_MALFORMED ends_at:OPENING_TIME_MALFORMED midday_at:OPENING_TIME_MALFORMED"},
      {"turned round", "begins_at: '15:00' ends_at: '8:15' " + Days("MON"), "ends_at:HOURS_REVERSED"},
      {"an afternoon behind the end", "begins_at: '8:15' ends_at: '12:00' " + Days("MON"),
       "school_half_days[1]:HALF_DAY_OUTSIDE_HOURS"},
      {"a morning before the beginning", "begins_at: '12:00' ends_at: '15:00' " + Days("MON", "holiday_half_days"),
       "holiday_half_days[0]:HALF_DAY_OUTSIDE_HOURS"},
      {"a morning to half past twelve", "begins_at: '8:15' ends_at: '12:30' school_half_days: HALF_DAY_MON_AM",
       "ends_at:HOURS_WITHOUT_HALF_DAY"},
      {"the same, where that is midday",
       "begins_at: '8:15' ends_at: '12:30' midday_at: '12:30' school_half_days: HALF_DAY_MON_AM weekly_minutes: 255",
       ""},
      {"an afternoon from eleven", "begins_at: '11:00' ends_at: '15:00' school_half_days: HALF_DAY_MON_PM",
       "begins_at:HOURS_WITHOUT_HALF_DAY"},
      {"twice", "school_half_days: HALF_DAY_MON_AM school_half_days: HALF_DAY_MON_AM",
       "school_half_days[1]:HALF_DAY_REPEATED"},
      {"in both kinds of week", "school_half_days: HALF_DAY_MON_AM holiday_half_days: HALF_DAY_MON_AM", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(Found(Read(c.opening)), c.found) << c.name;
}

TEST(CheckOpening, HoursContainEachTimeOfCare) {
  const std::string outside = "CARE_TIME_OUTSIDE_HOURS", malformed = "OPENING_TIME_MALFORMED";
  struct Case {
    const char* name;
    std::string opening;
    std::string found;
  };
  const Case cases[] = {
      {"inside", P5() + "care_times: '10:30' care_times: '12:00-12:20'", ""},
      {"at the borders", P5() + "care_times: '8:15-8:30' care_times: '14:50-15:00'", ""},
      {"a minute outside, each named", P5() + "care_times: '8:14' care_times: '10:30' care_times: '14:50-15:01'",
       "care_times[0]:" + outside + " care_times[2]:" + outside},
      {"on a day of its morning only", P5() + "school_half_days: HALF_DAY_TUE_AM care_times: '13:00'",
       "care_times[0]:" + outside},
      {"in the holidays only", P5() + "holiday_half_days: HALF_DAY_TUE_AM care_times: '13:00'",
       "care_times[0]:" + outside},
      {"no times",
       P5() + "care_times: '10' care_times: '10:30-10:30' care_times: '9:00-10:00-11:00' care_times: '8:00'",
       "care_times[0]:" + malformed + " care_times[1]:CARE_TIME_REVERSED care_times[2]:" + malformed +
           " care_times[3]:" + outside},
      {"that end before they begin", P5() + "care_times: '12:00-11:50'", "care_times[0]:CARE_TIME_REVERSED"},
      {"without hours", Days("MON") + "care_times: '10:30'", "begins_at:HOURS_INCOMPLETE ends_at:HOURS_INCOMPLETE"},
      {"without half-days, all at once", absl::StrCat(kHours, "care_times: '7:00'"),
       "school_half_days:HALF_DAYS_MISSING care_times[0]:" + outside},
  };
  for (const Case& c : cases) EXPECT_EQ(Found(Read(c.opening)), c.found) << c.name;
}

TEST(CheckOpening, NamesTheDaysWithoutCare) {
  Reason::Declare(v1::Reason_descriptor());
  const auto says = [](const std::string& opening, Language language) {
    Faults faults;
    CheckOpening(Read(opening), faults);
    return faults.all().size() == 1 ? Text(faults.all()[0], language) : "?";
  };
  const std::string some = P5() + "school_half_days: HALF_DAY_TUE_AM care_times: '13:00'";
  EXPECT_EQ(says(some, Language::kEnglish), "The hours do not contain the care at 13:00 on Tuesday.");
  EXPECT_EQ(says(some, Language::kJapanese), "ケアの時刻13:00が、勤務時間に入っていない曜日があります: 火");
  EXPECT_EQ(says(P5() + "care_times: '16:00'", Language::kEnglish),
            "The hours do not contain the care at 16:00 on every day.");
}

TEST(CheckOpening, WhatBelongsTogetherIsWorked) {
  const auto together = [](const std::string& half_days) { return "together { " + half_days + "} "; };
  const std::string monday = "half_days: HALF_DAY_MON_AM half_days: HALF_DAY_MON_PM ";
  EXPECT_EQ(Found(Read(P5() + together(monday))), "");
  EXPECT_EQ(Found(Read(P5() + together("half_days: HALF_DAY_MON_AM "))), "together[0]:TOGETHER_ALONE");
  EXPECT_EQ(Found(Read(P5() + together(monday) + together("half_days: HALF_DAY_MON_PM half_days: HALF_DAY_TUE_AM "))),
            "together[1]:HALF_DAY_REPEATED together[1]:TOGETHER_NOT_WORKED");
  EXPECT_EQ(Found(Read(together(monday))), "school_half_days:HALF_DAYS_MISSING");
}

TEST(TakesPart, OnlyPostsOfOneNurse) {
  EXPECT_TRUE(TakesPart(Read("posts: 1")));
  EXPECT_TRUE(TakesPart(Read("kind: OPENING_KIND_EMPLOYMENT")));
  EXPECT_FALSE(TakesPart(Read("kind: OPENING_KIND_VISIT")));
  EXPECT_FALSE(TakesPart(Read("kind: OPENING_KIND_DISPATCH")));
  EXPECT_FALSE(TakesPart(Read("state: OPENING_STATE_REFUSED")));
}

}  // namespace
}  // namespace tsunagu::matching::rules
