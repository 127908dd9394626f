#include "services/subsidy/rules/change.h"

#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace tsunagu::subsidy::rules {
namespace {

using v1::RuleSet;

// "pr=400 exhibition=300"
Evaluation Items(const std::string& text) {
  Evaluation evaluation;
  for (const absl::string_view one : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(one, '=');
    evaluation.items[parts.first]["eligible"] = *Rational::Parse(parts.second);
  }
  return evaluation;
}

struct Case {
  const char* name;
  RuleSet::Base base;
  const char *decided, *changed;
  bool is_minor;
};

TEST(ChangeTest, MinorChanges) {
  for (const Case& c : {
           Case{"M19 a fifth more", RuleSet::BASE_WHOLE, "a=1000000", "a=1200000", true},
           Case{"M19 one yen more than a fifth", RuleSet::BASE_WHOLE, "a=1000000", "a=1200001", false},
           Case{"M19 one yen less than four fifths", RuleSet::BASE_WHOLE, "a=1000000", "a=799999", false},
           Case{"of the whole, whatever moves inside", RuleSet::BASE_WHOLE, "a=500 b=500", "a=1000 b=0", true},
           Case{"a new item, of the whole", RuleSet::BASE_WHOLE, "a=1000", "a=900 b=100", true},
           Case{"M20 5 of 30", RuleSet::BASE_SMALLER_ITEM, "pr=400000 show=300000", "pr=350000 show=350000", true},
           Case{"M20 5 of 5", RuleSet::BASE_SMALLER_ITEM, "pr=400000 travel=50000", "pr=350000 travel=100000", false},
           Case{"a new item may not get any", RuleSet::BASE_SMALLER_ITEM, "pr=400", "pr=399 travel=1", false},
           Case{"nothing moves", RuleSet::BASE_SMALLER_ITEM, "a=100 b=100", "a=50 b=100", true},
           Case{"it may not grow", RuleSet::BASE_SMALLER_ITEM, "a=100 b=100", "a=101 b=100", false},
           Case{"one giver, two takers", RuleSet::BASE_SMALLER_ITEM, "a=100 b=100 c=10", "a=80 b=118 c=12", true},
           Case{"the second taker gets too much", RuleSet::BASE_SMALLER_ITEM, "a=100 b=100 c=10", "a=80 b=117 c=13",
                false},
           Case{"each within a fifth", RuleSet::BASE_EACH_ITEM, "a=100 b=100", "a=80 b=120", true},
           Case{"one beyond", RuleSet::BASE_EACH_ITEM, "a=100 b=100", "a=79 b=120", false},
           Case{"an item goes", RuleSet::BASE_EACH_ITEM, "a=100 b=10", "a=100", false},
           Case{"an item comes", RuleSet::BASE_EACH_ITEM, "a=100", "a=100 b=0", false},
       }) {
    RuleSet::MinorChange rule;
    rule.set_step("eligible");
    rule.set_percent(20);
    rule.set_base(c.base);
    EXPECT_EQ(IsMinor(rule, Items(c.decided), Items(c.changed)), c.is_minor) << c.name;
  }
}

// M22, and the ends of months and years.
TEST(ChangeTest, ReportsAreDue) {
  const auto due = [](int days, bool first_counts, int month, int day, jp::CivilDay completed) {
    RuleSet::ReportDeadline rule;
    rule.set_days(days);
    rule.set_first_day_counts(first_counts);
    rule.set_latest_month(month);
    rule.set_latest_day(day);
    const auto found = ReportDueDay(rule, jp::FiscalYear(2020), completed);
    return found ? jp::FormatIso(*found) : "none";
  };
  EXPECT_EQ(due(30, false, 1, 5, jp::CivilDay(2020, 11, 20)), "2020-12-20");
  EXPECT_EQ(due(30, true, 1, 5, jp::CivilDay(2020, 11, 20)), "2020-12-19");
  EXPECT_EQ(due(30, false, 1, 5, jp::CivilDay(2020, 12, 20)), "2021-01-05");
  EXPECT_EQ(due(30, false, 12, 20, jp::CivilDay(2020, 12, 1)), "2020-12-20");
  EXPECT_EQ(due(0, false, 4, 10, jp::CivilDay(2020, 5, 1)), "2021-04-10") << "April is the one after the year's end";
  EXPECT_EQ(due(0, false, 2, 31, jp::CivilDay(2020, 5, 1)), "2021-02-28");
  EXPECT_EQ(due(30, false, 0, 0, jp::CivilDay(2021, 3, 31)), "2021-04-30");
  EXPECT_EQ(due(0, false, 0, 0, jp::CivilDay(2021, 3, 31)), "none");
}

}  // namespace
}  // namespace tsunagu::subsidy::rules
