#include "services/matching/rules/visit_contract.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tsunagu::matching::rules {
namespace {

const jp::CivilDay kToday(2026, 4, 10);

template <typename M>
M Parsed(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

std::string Said(const Faults& faults) {
  return absl::StrJoin(faults.all(), " ", [](std::string* out, const Fault& fault) {
    absl::StrAppend(out, fault.field(), ":", ReasonWord(fault));
  });
}

constexpr char kOpening[] =
    "kind: OPENING_KIND_VISIT posts: 1 school_half_days: [HALF_DAY_MON_AM, HALF_DAY_MON_PM, HALF_DAY_WED_AM] "
    "holiday_half_days: HALF_DAY_WED_AM together { half_days: [HALF_DAY_MON_AM, HALF_DAY_MON_PM] }";

std::string Days(int from, int to) {
  const auto date = [](const char* field, jp::CivilDay day) {
    return absl::StrCat(" ", field, " { year: ", day.year(), " month: ", day.month(), " day: ", day.day(), " }");
  };
  return absl::StrCat(date("valid_from_date", kToday + from), date("valid_to_date", kToday + to));
}

TEST(VisitContractTest, WhatAContractMayTake) {
  struct Case {
    const char *name, *contract, *said;
  };
  for (const Case& c : std::vector<Case>{
           {"a half-day", "school_half_days: HALF_DAY_WED_AM", ""},
           {"those that belong together", "school_half_days: [HALF_DAY_MON_PM, HALF_DAY_MON_AM]", ""},
           {"one of the holidays", "holiday_half_days: HALF_DAY_WED_AM", ""},
           {"none", "", "school_half_days:HALF_DAYS_MISSING"},
           {"one of two that belong together", "school_half_days: HALF_DAY_MON_AM", "school_half_days:TOGETHER_TORN"},
           {"what is not wanted, and twice", "school_half_days: [HALF_DAY_FRI_AM, HALF_DAY_FRI_AM]",
            "school_half_days[0]:HALF_DAY_NOT_OFFERED school_half_days[1]:HALF_DAY_NOT_OFFERED "
            "school_half_days[1]:HALF_DAY_REPEATED"},
           {"not wanted in the holidays", "holiday_half_days: HALF_DAY_MON_AM",
            "holiday_half_days[0]:HALF_DAY_NOT_OFFERED"},
       }) {
    Faults faults;
    CheckVisitContract(Parsed<v1::VisitContract>(c.contract), Parsed<v1::Opening>(kOpening), faults);
    EXPECT_EQ(Said(faults), c.said) << c.name;
  }
  Faults employment;
  CheckVisitContract(Parsed<v1::VisitContract>("school_half_days: HALF_DAY_WED_AM"),
                     Parsed<v1::Opening>("school_half_days: HALF_DAY_WED_AM"), employment);
  EXPECT_EQ(Said(employment), "opening:OPENING_NOT_VISIT");
}

TEST(VisitContractTest, AHalfDayIsHeldOncePerPost) {
  const auto wed = [](int from, int to) {
    return Parsed<v1::VisitContract>("school_half_days: HALF_DAY_WED_AM" + Days(from, to));
  };
  const auto said = [&](const v1::VisitContract& contract, const std::vector<v1::VisitContract>& others,
                        int posts = 1) {
    v1::Opening opening = Parsed<v1::Opening>(kOpening);
    opening.set_posts(posts);
    Faults faults;
    CheckHalfDaysFree(contract, others, opening, faults);
    return Said(faults);
  };
  EXPECT_EQ(said(wed(0, 9), {}), "");
  EXPECT_EQ(said(wed(0, 9), {wed(9, 20)}), "school_half_days[0]:HALF_DAY_HELD") << "the last day counts";
  EXPECT_EQ(said(wed(0, 9), {wed(10, 20), wed(-20, -1)}), "");
  EXPECT_EQ(said(wed(0, 9), {wed(9, 20)}, 2), "");
  EXPECT_EQ(said(wed(0, 9), {wed(0, 4), wed(5, 9)}, 2), "") << "never two at once";
  EXPECT_EQ(said(wed(0, 9), {wed(0, 5), wed(5, 9)}, 2), "school_half_days[0]:HALF_DAY_HELD");
  EXPECT_EQ(said(Parsed<v1::VisitContract>("holiday_half_days: HALF_DAY_WED_AM" + Days(0, 9)), {wed(0, 9)}), "")
      << "school and holidays are other weeks";
}

TEST(VisitContractTest, AnOpeningKeepsWhatIsHeld) {
  const std::vector<v1::VisitContract> held = {
      Parsed<v1::VisitContract>("school_half_days: HALF_DAY_WED_AM" + Days(-5, 9)),
      Parsed<v1::VisitContract>("school_half_days: HALF_DAY_WED_AM" + Days(3, 20)),
      Parsed<v1::VisitContract>("school_half_days: HALF_DAY_FRI_AM" + Days(-9, -1))};
  const auto said = [&](const std::string& opening) {
    Faults faults;
    CheckOffersWhatIsHeld(Parsed<v1::Opening>(opening), held, kToday, faults);
    return Said(faults);
  };
  EXPECT_EQ(said("posts: 2 school_half_days: HALF_DAY_WED_AM"), "") << "Friday's contract is over";
  EXPECT_EQ(said("posts: 1 school_half_days: HALF_DAY_WED_AM"), "posts:POSTS_PROMISED");
  EXPECT_EQ(said("posts: 2 school_half_days: HALF_DAY_MON_AM"), "school_half_days:HALF_DAY_HELD");
}

TEST(VisitContractTest, WhatAsksForNoMore) {
  const std::string monday = "school_half_days: [HALF_DAY_MON_AM, HALF_DAY_MON_PM]";
  const v1::VisitContract before = Parsed<v1::VisitContract>(monday + Days(0, 30));
  struct Case {
    const char* name;
    std::string after;
    bool no_more;
  };
  for (const Case& c : std::vector<Case>{
           {"the same", monday + Days(0, 30), true},
           {"ended earlier", monday + Days(0, 2), true},
           {"begun later", monday + Days(4, 30), true},
           {"called otherwise", monday + " supplier_name: '見本'" + Days(0, 30), true},
           {"longer", monday + Days(0, 31), false},
           {"begun earlier", monday + Days(-1, 30), false},
           {"torn apart", "school_half_days: HALF_DAY_MON_AM" + Days(0, 30), false},
           {"of the holidays too", monday + " holiday_half_days: HALF_DAY_WED_AM" + Days(0, 30), false},
           {"accepted", monday + " state: STATE_ACCEPTED" + Days(0, 30), false},
       }) {
    EXPECT_EQ(AsksForNoMore(before, Parsed<v1::VisitContract>(c.after)), c.no_more) << c.name;
  }
}

TEST(VisitContractTest, WhatGoesOn) {
  const auto goes_on = [](const std::string& fields) { return GoesOn(Parsed<v1::VisitContract>(fields), kToday); };
  EXPECT_TRUE(goes_on(Days(-9, 0)));
  EXPECT_FALSE(goes_on(Days(-9, -1)));
  EXPECT_TRUE(goes_on(Days(5, 9) + " state: STATE_ACCEPTED"));
  EXPECT_TRUE(goes_on("state: STATE_PROPOSED reply_by_date { year: 2026 month: 4 day: 10 }"));
  EXPECT_FALSE(goes_on("state: STATE_PROPOSED reply_by_date { year: 2026 month: 4 day: 9 }")) << "nobody may accept it";
  EXPECT_FALSE(goes_on(Days(5, 9) + " state: STATE_DECLINED"));
}

}  // namespace
}  // namespace tsunagu::matching::rules
