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

// A course with the rules by which it is judged.
struct CourseRule {
  v1::Course course;
  v1::Curriculum curriculum;
};

// Returns the display name of the body that issues the course's certificates.
std::string IssuerOf(const v1::Course& course);

absl::StatusOr<CourseRule> ReadCourseRule(store::View& view, const std::string& course);

// Returns the curricula that a learner has completed, by certificates that are valid now and on `day`.
absl::StatusOr<std::vector<rules::Completion>> ReadCompletions(store::View& view, const std::string& learner,
                                                               jp::CivilDay day);

// Returns the progress of an enrollment's learner on a day, from what had been recorded by `known`. Facts never change,
// so the same arguments always give the same result.
absl::StatusOr<v1::Progress> ReadProgress(store::View& view, const CourseRule& rule, const v1::Enrollment& enrollment,
                                          jp::CivilDay as_of, absl::Time known = absl::InfiniteFuture());

// As ReadProgress, for several learners of one course; data that is common to all of them is read once.
absl::Status ReadProgressOfAll(store::View& view, const CourseRule& rule,
                               const std::vector<v1::Enrollment>& enrollments, jp::CivilDay as_of,
                               absl::FunctionRef<void(v1::Progress)> each);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_EVIDENCE_H_
