#include "services/registry/rules/nurse.h"

#include "absl/strings/str_cat.h"

namespace tsunagu::registry::rules {

void CheckNurse(const v1::Nurse& nurse, Faults& faults) {
  if (nurse.min_weekly_minutes() <= nurse.weekly_minutes()) return;
  faults.Add("min_weekly_minutes", "NURSE_MINUTES_CONTRADICT"_reason,
             {{"min", absl::StrCat(nurse.min_weekly_minutes())}, {"max", absl::StrCat(nurse.weekly_minutes())}});
}

}  // namespace tsunagu::registry::rules
