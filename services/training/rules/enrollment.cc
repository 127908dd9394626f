#include "services/training/rules/enrollment.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/jp/months.h"
#include "services/training/rules/line.h"

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
               {{"act", EnglishOf(static_cast<v1::Act>(enrollment.acts(i)))},
                {"act_ja", JapaneseOf(static_cast<v1::Act>(enrollment.acts(i)))}});
  }
}

// Returns whether she has completed it in time, here or, if that counts, elsewhere. The day of a completion elsewhere
// is not checked: it is on the document, which the officer has seen.
bool Has(const v1::Curriculum::Prerequisite& prerequisite, const v1::Enrollment& enrollment,
         const std::vector<Completion>& completions, jp::CivilDay first_day) {
  const auto names = [&](const std::string& series) {
    return std::find(prerequisite.series().begin(), prerequisite.series().end(), series) != prerequisite.series().end();
  };
  const bool here = std::any_of(completions.begin(), completions.end(), [&](const Completion& completion) {
    const int months = prerequisite.within_months();
    return names(completion.series) && completion.day <= first_day &&
           (months == 0 || jp::MonthsAfter(completion.day, months) >= first_day);
  });
  return here || (prerequisite.elsewhere_counts() &&
                  std::any_of(enrollment.completed_elsewhere().begin(), enrollment.completed_elsewhere().end(), names));
}

}  // namespace

std::vector<std::string> LackedBy(const v1::Enrollment& enrollment, const v1::Curriculum& curriculum,
                                  const std::vector<Completion>& completions, jp::CivilDay first_day) {
  std::vector<std::string> lacked;
  for (const auto& prerequisite : curriculum.prerequisites()) {
    if (!Has(prerequisite, enrollment, completions, first_day)) {
      lacked.push_back(absl::StrJoin(prerequisite.series(), " / "));
    }
  }
  return lacked;
}

void CheckPrerequisites(const v1::Enrollment& enrollment, const v1::Curriculum& curriculum,
                        const std::vector<Completion>& completions, jp::CivilDay first_day, Faults& faults) {
  for (const auto& prerequisite : curriculum.prerequisites()) {
    if (Has(prerequisite, enrollment, completions, first_day)) continue;
    faults.Add("learner",
               prerequisite.refuses_nomination() ? "PREREQUISITE_MISSING"_reason : "PREREQUISITE_NOT_YET"_reason,
               {{"series", absl::StrJoin(prerequisite.series(), " / ")}});
  }
}

void CheckEnrollment(const v1::Enrollment& enrollment, const v1::Curriculum& curriculum, Faults& faults) {
  CheckActs(enrollment, curriculum, faults);
  if (curriculum.for_one_client() && enrollment.client().empty()) faults.Add("client", "CLIENT_REQUIRED"_reason);
  if (!curriculum.for_one_client() && !enrollment.client().empty()) faults.Add("client", "CLIENT_NOT_WANTED"_reason);
  if (!enrollment.completed_elsewhere().empty() && enrollment.elsewhere_evidence().empty()) {
    faults.Add("elsewhere_evidence", "EVIDENCE_REQUIRED"_reason);
  }
}

void CheckNomination(const v1::Course& course, jp::CivilDay today, Faults& faults) {
  if (!course.has_nomination_end_date() || today <= jp::DayOf(course.nomination_end_date())) return;
  faults.Add("", "NOMINATION_CLOSED"_reason, {{"date", jp::FormatIso(jp::DayOf(course.nomination_end_date()))}});
}

bool IsOut(const v1::Enrollment& enrollment) {
  return enrollment.state() == v1::Enrollment::STATE_WITHDRAWN || enrollment.state() == v1::Enrollment::STATE_DECLINED;
}

bool IsUndecided(const v1::Enrollment& enrollment) {
  return enrollment.state() == v1::Enrollment::STATE_NOMINATED || enrollment.state() == v1::Enrollment::STATE_WAITING;
}

bool NominatesTheSame(const v1::Enrollment& before, const v1::Enrollment& after) {
  return before.nominating_body() == after.nominating_body() && before.rank() == after.rank() &&
         before.ground() == after.ground() && before.elsewhere_evidence() == after.elsewhere_evidence() &&
         std::equal(before.completed_elsewhere().begin(), before.completed_elsewhere().end(),
                    after.completed_elsewhere().begin(), after.completed_elsewhere().end()) &&
         std::equal(before.acts().begin(), before.acts().end(), after.acts().begin(), after.acts().end());
}

}  // namespace tsunagu::training::rules
