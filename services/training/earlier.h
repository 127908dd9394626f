#ifndef TSUNAGU_SERVICES_TRAINING_EARLIER_H_
#define TSUNAGU_SERVICES_TRAINING_EARLIER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/training/evidence.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"

namespace tsunagu::training {

// What learners of a course earned before counts in it (科目の通算): under their enrollments in courses of the same
// series that began earlier, where the curriculum lets it be made up elsewhere. An enrollment that was judged complete as of
// a day before this course began counts no more: who takes a course again to renew her certificate begins anew.
class EarlierEnrollments {
 public:
  // As of what had been recorded by `known`. Keeps references.
  EarlierEnrollments(store::View& view, const CourseRule& rule, absl::Time known)
      : view_(view), rule_(rule), known_(known) {}

  // Reads those of all learners at once, so that they are not asked for one by one.
  absl::Status ReadAll();

  absl::StatusOr<std::vector<std::string>> Of(const v1::Enrollment& enrollment);

 private:
  absl::StatusOr<bool> Counts(const std::string& enrollment);

  store::View& view_;
  const CourseRule& rule_;
  const absl::Time known_;
  bool has_all_ = false;
  std::map<std::string, std::vector<std::string>> all_;  // by learner
};

// The certificates that hold and rest on what is recorded under an enrollment: its own, and those of later courses.
absl::StatusOr<std::vector<v1::Certificate>> CertificatesResting(store::View& view, const CourseRule& rule,
                                                                 const v1::Enrollment& enrollment);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_EARLIER_H_
