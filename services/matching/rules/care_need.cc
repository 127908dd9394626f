#include "services/matching/rules/care_need.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/matching/rules/half_day.h"

namespace tsunagu::matching::rules {
namespace {

int MostNursesIn(const v1::Opening& opening) {
  int most = 0;
  for (const auto& need : opening.care_needs()) most = std::max(most, NursesFor(need));
  return most;
}

}  // namespace

int NursesFor(const v1::Opening::CareNeed& need) {
  return (2 * need.children_3_to_15() + 3 * need.children_16_to_31() + 6 * need.children_32_or_more() + 5) / 6;
}

void CheckCareNeeds(const v1::Opening& opening, Faults& faults) {
  std::set<int> worked(opening.school_half_days().begin(), opening.school_half_days().end());
  worked.insert(opening.holiday_half_days().begin(), opening.holiday_half_days().end());
  std::set<int> seen;
  for (int i = 0; i < opening.care_needs_size(); ++i) {
    const registry::v1::HalfDay half_day = opening.care_needs(i).half_day();
    const std::string field = absl::StrCat("care_needs[", i, "].half_day");
    if (worked.count(half_day) == 0) AddHalfDayFault(field, "CARE_NEED_NOT_WORKED"_reason, half_day, faults);
    if (!seen.insert(half_day).second) AddHalfDayFault(field, "HALF_DAY_REPEATED"_reason, half_day, faults);
  }
  const int needed = MostNursesIn(opening);
  if (opening.posts() < 1 || needed <= opening.posts()) return;  // the contract reports values below 1
  faults.Add("posts", "POSTS_BELOW_NEED"_reason,
             {{"needed", absl::StrCat(needed)}, {"posts", absl::StrCat(opening.posts())}});
}

void DeriveCareNeeds(v1::Opening& opening) {
  std::set<int> skills(opening.required_skills().begin(), opening.required_skills().end());
  for (const auto& need : opening.care_needs()) skills.insert(need.skills().begin(), need.skills().end());
  opening.clear_needed_skills();
  for (const int skill : skills) opening.add_needed_skills(static_cast<registry::v1::Skill>(skill));
  opening.set_needed_nurse_count(MostNursesIn(opening));
}

}  // namespace tsunagu::matching::rules
