#include "services/training/rules/enrollment.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace tsunagu::training::rules {
namespace {

const v1::Curriculum::ActRule* FindAct(const v1::Curriculum& curriculum, int act) {
  const auto found = std::find_if(curriculum.acts().begin(), curriculum.acts().end(),
                                  [&](const v1::Curriculum::ActRule& rule) { return rule.act() == act; });
  return found == curriculum.acts().end() ? nullptr : &*found;
}

void CheckActs(const v1::Enrollment& enrollment, const v1::Curriculum& curriculum, Faults& faults) {
  if (curriculum.acts_are_chosen() && enrollment.acts().empty()) faults.Add("acts", "ACTS_REQUIRED"_reason);
  for (int i = 0; i < enrollment.acts_size(); ++i) {
    if (curriculum.acts_are_chosen() && FindAct(curriculum, enrollment.acts(i)) != nullptr) continue;
    faults.Add(absl::StrCat("acts[", i, "]"), "ACT_NOT_TAUGHT"_reason,
               {{"act", v1::Act_Name(static_cast<v1::Act>(enrollment.acts(i)))}});
  }
}

}  // namespace

void CheckEnrollment(const v1::Enrollment& enrollment, const v1::Curriculum& curriculum, Faults& faults) {
  CheckActs(enrollment, curriculum, faults);
  if (curriculum.for_one_client() && enrollment.client().empty()) faults.Add("client", "CLIENT_REQUIRED"_reason);
  if (!curriculum.for_one_client() && !enrollment.client().empty()) faults.Add("client", "CLIENT_NOT_WANTED"_reason);
}

void CheckNomination(const v1::Course& course, jp::CivilDay today, Faults& faults) {
  if (!course.has_nomination_end_date() || today <= jp::DayOf(course.nomination_end_date())) return;
  faults.Add("", "NOMINATION_CLOSED"_reason, {{"date", jp::FormatIso(jp::DayOf(course.nomination_end_date()))}});
}

bool IsOut(const v1::Enrollment& enrollment) {
  return enrollment.state() == v1::Enrollment::STATE_WITHDRAWN || enrollment.state() == v1::Enrollment::STATE_DECLINED;
}

bool NominatesTheSame(const v1::Enrollment& before, const v1::Enrollment& after) {
  return before.nominating_body() == after.nominating_body() && before.rank() == after.rank() &&
         before.ground() == after.ground() &&
         std::equal(before.acts().begin(), before.acts().end(), after.acts().begin(), after.acts().end());
}

}  // namespace tsunagu::training::rules
