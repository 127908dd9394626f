#ifndef TSUNAGU_SERVICES_TRAINING_EVIDENCE_H_
#define TSUNAGU_SERVICES_TRAINING_EVIDENCE_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/jp/civil_day.h"
#include "services/training/rules/enrollment.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"
#include "tsunagu/training/v1/progress.pb.h"

namespace tsunagu::store {
class View;
}

namespace tsunagu::training {

// A course with what it is judged by.
struct CourseRule {
  v1::Course course;
  v1::Curriculum curriculum;
};

// Who issues its certificates, as people call it.
std::string IssuerOf(const v1::Course& course);

absl::StatusOr<CourseRule> ReadCourseRule(store::View& view, const std::string& course);

// The curricula that a learner has completed, by certificates that hold now and on `day`.
absl::StatusOr<std::vector<rules::Completion>> ReadCompletions(store::View& view, const std::string& learner,
                                                               jp::CivilDay day);

// How far the learner of an enrollment is on a day, from what had been recorded by `known`. Facts are never changed, so
// that the answer to the same question stays the same for good.
absl::StatusOr<v1::Progress> ReadProgress(store::View& view, const CourseRule& rule, const v1::Enrollment& enrollment,
                                          jp::CivilDay as_of, absl::Time known = absl::InfiniteFuture());

// The same of several learners of one course; what it holds for all of them is read once.
absl::Status ReadProgressOfAll(store::View& view, const CourseRule& rule,
                               const std::vector<v1::Enrollment>& enrollments, jp::CivilDay as_of,
                               absl::FunctionRef<void(v1::Progress)> each);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_EVIDENCE_H_
