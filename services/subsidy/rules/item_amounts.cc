#include "services/subsidy/rules/item_amounts.h"

#include <algorithm>
#include <vector>

#include "services/subsidy/rules/allocation.h"

namespace tsunagu::subsidy::rules {

std::map<std::string, int64_t> ItemAmounts(const Evaluation& evaluation, const std::string& result, int64_t yen) {
  std::vector<Wish> wishes;
  int64_t sum = 0;
  for (const auto& [code, numbers] : evaluation.items) {
    const auto found = numbers.find(result);
    if (found == numbers.end()) continue;
    const absl::optional<Rational> whole = found->second.Rounded(1, Rational::Toward::kDown);
    wishes.push_back({code, std::max<int64_t>(whole ? whole->Whole().value_or(0) : 0, 0)});
    sum += wishes.back().yen;
  }
  std::map<std::string, int64_t> amounts;
  for (const auto& line : Allocate(wishes, yen, 1, v1::ProposeAllocationRequest::METHOD_PRO_RATA)) {
    amounts[line.application()] = line.yen();
  }
  if (sum < yen) amounts[""] = yen - sum;
  return amounts;
}

}  // namespace tsunagu::subsidy::rules
