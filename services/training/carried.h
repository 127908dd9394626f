#ifndef TSUNAGU_SERVICES_TRAINING_CARRIED_H_
#define TSUNAGU_SERVICES_TRAINING_CARRIED_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/jp/civil_day.h"
#include "services/training/evidence.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"

namespace tsunagu::training {

// Credit across courses (科目の通算): minutes that a learner earned in other courses of the same series before the
// first day of this one count in it, where the curriculum lets lessons be made up elsewhere. Those of an enrollment
// that was judged complete as of a day before that count no more: who takes a course again to renew her certificate
// begins anew.

// The other enrollments of a course's learners whose minutes may count in it.
class CarriedEnrollments {
 public:
  // As of what had been recorded by `known`. Keeps references.
  CarriedEnrollments(store::View& view, const CourseRule& rule, absl::Time known)
      : view_(view), rule_(rule), known_(known) {}

  // Reads those of all learners at once, so that they are not asked for one by one.
  absl::Status ReadAll();

  absl::StatusOr<std::vector<std::string>> Of(const v1::Enrollment& enrollment);

  // Whether minutes of this day count.
  bool LetsIn(jp::CivilDay day) const { return day < jp::DayOf(rule_.course.start_date()); }

 private:
  store::View& view_;
  const CourseRule& rule_;
  const absl::Time known_;
  bool has_all_ = false;
  std::map<std::string, std::vector<std::string>> all_;  // by learner
};

// The certificates of the learner that hold and into which minutes count that she earned under an enrollment on a day:
// its own, and those of other courses.
absl::StatusOr<std::vector<v1::Certificate>> CertificatesResting(store::View& view, const CourseRule& rule,
                                                                 const v1::Enrollment& enrollment, jp::CivilDay day);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_CARRIED_H_
