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
// first day of this one count in it, if the curriculum permits lessons to be made up elsewhere. Minutes of an
// enrollment that was judged complete as of an earlier day no longer count: a learner who repeats a course to renew her
// certificate starts from zero.

// The other enrollments of a course's learners whose minutes may count in it.
class CarriedEnrollments {
 public:
  // Uses what had been recorded by `known`. Keeps references to `view` and `rule`, which must outlive this object.
  CarriedEnrollments(store::View& view, const CourseRule& rule, absl::Time known)
      : view_(view), rule_(rule), known_(known) {}

  // Reads the enrollments of all learners at once instead of one by one.
  absl::Status ReadAll();

  absl::StatusOr<std::vector<std::string>> Of(const v1::Enrollment& enrollment);

  // Returns whether minutes of this day count.
  bool LetsIn(jp::CivilDay day) const { return day < jp::DayOf(rule_.course.start_date()); }

 private:
  store::View& view_;
  const CourseRule& rule_;
  const absl::Time known_;
  bool has_all_ = false;
  std::map<std::string, std::vector<std::string>> all_;  // by learner
};

// Returns the learner's valid certificates that include minutes which she earned under an enrollment on a day:
// certificates of this course and of others.
absl::StatusOr<std::vector<v1::Certificate>> CertificatesResting(store::View& view, const CourseRule& rule,
                                                                 const v1::Enrollment& enrollment, jp::CivilDay day);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_CARRIED_H_
