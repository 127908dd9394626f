#include "services/matching/rules/rule_table.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "services/matching/rules/candidates.h"
#include "services/matching/rules/way.h"

namespace tsunagu::matching::rules {
namespace {

constexpr size_t kMostOthersOfTable1 = 30;

void ForgetTable3(Instance& instance) {
  const Nurse nobody;
  for (Nurse& nurse : instance.nurses) {
    nurse.half_days = nobody.half_days;
    nurse.min_weekly_minutes = nobody.min_weekly_minutes;
    nurse.available_from = nobody.available_from;
    nurse.unwanted.clear();
  }
}

void ForgetTable2(Instance& instance) {
  for (Opening& opening : instance.openings) opening.named_licences_only = opening.law_unknown = true;
}

std::vector<int32_t> FacilitiesOf(const Instance& instance, const std::vector<int32_t>& openings) {
  std::vector<int32_t> facilities;
  const auto count = static_cast<int32_t>(instance.openings.size());
  for (const int32_t opening : openings) {
    if (opening >= 0 && opening < count) facilities.push_back(instance.openings[opening].facility);
  }
  std::sort(facilities.begin(), facilities.end());
  facilities.erase(std::unique(facilities.begin(), facilities.end()), facilities.end());
  return facilities;
}

// Keeps, of the openings that she does not wish for, the first 30 of her list.
void CutLists(Instance& instance) {
  for (Nurse& nurse : instance.nurses) nurse.cut = nullptr;  // may be set by an earlier reading
  std::vector<std::shared_ptr<const Cut>> cuts;
  Candidates candidates(instance);
  for (int32_t nurse = 0; nurse < static_cast<int32_t>(instance.nurses.size()); ++nurse) {
    const Nurse& her = instance.nurses[nurse];
    auto cut = std::make_shared<Cut>();
    cut->wished = FacilitiesOf(instance, her.wishes);
    std::vector<int32_t> others = candidates.Of(nurse);
    const auto is_wished = [&](int32_t opening) {
      return std::binary_search(cut->wished.begin(), cut->wished.end(), instance.openings[opening].facility);
    };
    others.erase(std::remove_if(others.begin(), others.end(), is_wished), others.end());
    if (others.size() <= kMostOthersOfTable1) {
      cuts.push_back(nullptr);
      continue;
    }
    const Opening& last = instance.openings[others[kMostOthersOfTable1 - 1]];
    cut->metres = WayMetres(her, last);
    cut->name = last.name;
    cuts.push_back(std::move(cut));
  }
  for (size_t nurse = 0; nurse < cuts.size(); ++nurse) instance.nurses[nurse].cut = std::move(cuts[nurse]);
}

}  // namespace

Instance ReadByTable(Instance instance, int version) {
  static_assert(kRuleTableVersion == 3, "say here what a new table adds");
  if (version < 1 || version >= kRuleTableVersion) return instance;
  ForgetTable3(instance);
  if (version >= 2) return instance;
  ForgetTable2(instance);
  CutLists(instance);
  return instance;
}

}  // namespace tsunagu::matching::rules
