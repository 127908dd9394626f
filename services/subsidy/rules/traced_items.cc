#include "services/subsidy/rules/traced_items.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_replace.h"
#include "services/subsidy/rules/allocation.h"
#include "services/subsidy/rules/rational.h"

namespace tsunagu::subsidy::rules {
namespace {

// Returns 683,329 for "683,329.5", 68,833 for "206,500/3", and 0 for a negative value.
int64_t WholeYenOf(const std::string& value) {
  const auto exact = Rational::ParseFraction(absl::StrReplaceAll(value, {{",", ""}}));
  const auto whole = exact ? exact->Rounded(1, Rational::Toward::kDown) : absl::nullopt;
  return whole ? whole->Whole().value_or(0) : 0;
}

}  // namespace

std::map<std::string, int64_t> TracedItems(const v1::Trace& trace, const std::string& result, int64_t yen) {
  std::vector<Wish> wishes;
  int64_t sum = 0;
  for (const v1::Trace::Line& line : trace.lines()) {
    if (line.item().empty() || line.step() != result) continue;
    wishes.push_back({line.item(), WholeYenOf(line.value())});
    sum += wishes.back().yen;
  }
  std::map<std::string, int64_t> items;
  for (const auto& line : Allocate(wishes, std::min(sum, yen), 1, v1::ProposeAllocationRequest::METHOD_PRO_RATA)) {
    items[line.application()] = line.yen();
  }
  if (sum < yen) items[""] = yen - sum;
  return items;
}

}  // namespace tsunagu::subsidy::rules
