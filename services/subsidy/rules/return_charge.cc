#include "services/subsidy/rules/return_charge.h"

#include <algorithm>

namespace tsunagu::subsidy::rules {
namespace {

using Wide = __int128;  // yen and days

int64_t Cut(const v1::RuleSet::ReturnCharge& rule, Wide yen_days) {
  const auto yen = static_cast<int64_t>(yen_days * rule.per_ten_thousand_a_day() / 10'000);
  const int64_t unit = std::max<int64_t>(rule.unit(), 1);
  return yen / unit * unit;
}

}  // namespace

int64_t AddedCharge(const v1::RuleSet::ReturnCharge& rule, const std::vector<Receipt>& receipts, int64_t returned,
                    int64_t yen, jp::CivilDay day) {
  if (!rule.from_receipt()) return 0;
  Wide yen_days = 0;
  for (auto receipt = receipts.rbegin(); receipt != receipts.rend() && yen > 0; ++receipt) {
    const int64_t gone = std::min(returned, receipt->yen);
    returned -= gone;
    const int64_t part = std::min(yen, receipt->yen - gone);
    yen -= part;
    const int64_t days = day - receipt->day + (rule.first_day_counts() ? 1 : 0);
    yen_days += Wide(part) * std::max<int64_t>(days, 0);
  }
  return Cut(rule, yen_days);
}

int64_t LateCharge(const v1::RuleSet::ReturnCharge& rule, int64_t yen, jp::CivilDay due, jp::CivilDay day) {
  return rule.when_late() && day > due ? Cut(rule, Wide(yen) * (day - due)) : 0;
}

}  // namespace tsunagu::subsidy::rules
