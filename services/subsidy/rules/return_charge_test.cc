#include "services/subsidy/rules/return_charge.h"

#include "gtest/gtest.h"

namespace tsunagu::subsidy::rules {
namespace {

v1::RuleSet::ReturnCharge Rule(bool first_counts = false, int64_t unit = 0) {
  v1::RuleSet::ReturnCharge rule;
  rule.set_per_ten_thousand_a_day(3);
  rule.set_from_receipt(true);
  rule.set_first_day_counts(first_counts);
  rule.set_when_late(true);
  rule.set_unit(unit);
  return rule;
}

TEST(ReturnChargeTest, FromReceipt) {
  const jp::CivilDay paid(2020, 6, 1);
  EXPECT_EQ(AddedCharge(Rule(), {{paid, 1'000'000}}, 0, 1'000'000, paid + 341), 102'300) << "M21";
  EXPECT_EQ(AddedCharge(Rule(true), {{paid, 1'000'000}}, 0, 1'000'000, paid + 340), 102'300) << "both days count";
  EXPECT_EQ(AddedCharge(Rule(), {{paid, 1'000'000}}, 0, 1'000'000, paid + 365), 109'500) << "10.95 % of a year";
  EXPECT_EQ(AddedCharge(Rule(), {{paid, 999}}, 0, 999, paid + 1), 0) << "0.2997 yen";
  EXPECT_EQ(AddedCharge(Rule(false, 100), {{paid, 1'000'000}}, 0, 1'000'000, paid + 341), 102'300);
  EXPECT_EQ(AddedCharge(Rule(false, 1000), {{paid, 1'000'000}}, 0, 1'000'000, paid + 341), 102'000);
  // The last receipt is given back first: 200,000 for 10 days, then 100,000 for 100 days.
  const std::vector<Receipt> twice = {{paid, 300'000}, {paid + 90, 200'000}};
  EXPECT_EQ(AddedCharge(Rule(), twice, 0, 200'000, paid + 100), 600);
  EXPECT_EQ(AddedCharge(Rule(), twice, 0, 300'000, paid + 100), 600 + 3'000);
  EXPECT_EQ(AddedCharge(Rule(), twice, 200'000, 100'000, paid + 100), 3'000) << "the last receipt is back already";
  EXPECT_EQ(AddedCharge(Rule(), twice, 50'000, 150'000, paid + 100), 450);
  v1::RuleSet::ReturnCharge none = Rule();
  none.set_from_receipt(false);
  EXPECT_EQ(AddedCharge(none, twice, 0, 200'000, paid + 100), 0);
}

TEST(ReturnChargeTest, WhenLate) {
  const jp::CivilDay due(2021, 5, 10);
  EXPECT_EQ(LateCharge(Rule(), 100'000, due, due), 0);
  EXPECT_EQ(LateCharge(Rule(), 100'000, due, due + 1), 30);
  EXPECT_EQ(LateCharge(Rule(), 100'000, due, due - 5), 0);
  v1::RuleSet::ReturnCharge none = Rule();
  none.set_when_late(false);
  EXPECT_EQ(LateCharge(none, 100'000, due, due + 100), 0);
}

}  // namespace
}  // namespace tsunagu::subsidy::rules
