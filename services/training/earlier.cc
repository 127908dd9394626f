#include "services/training/earlier.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "google/protobuf/util/time_util.h"
#include "services/training/names.h"

namespace tsunagu::training {
namespace {

using records::Where;

// As far as the courses say.
bool CountsIn(const CourseRule& earlier, const CourseRule& later) {
  return later.curriculum.credit_rule().make_up() && earlier.curriculum.series() == later.curriculum.series() &&
         jp::DayOf(earlier.course.start_date()) < jp::DayOf(later.course.start_date());
}

// Certificates that were revoked or replaced tell of a completion as well.
absl::StatusOr<bool> WasCompleteBefore(store::View& view, const std::string& enrollment, jp::CivilDay day,
                                       absl::Time known) {
  bool was = false;
  RETURN_IF_ERROR(store::Records<v1::Certificate>::All(view).ForEach(
      Where("enrollment", enrollment), [&](const v1::Certificate& certificate) {
        const int64_t issued = google::protobuf::util::TimeUtil::TimestampToMicroseconds(certificate.create_time());
        was = was || (absl::FromUnixMicros(issued) <= known && jp::DayOf(certificate.completion_date()) < day);
        return absl::OkStatus();
      }));
  return was;
}

}  // namespace

absl::StatusOr<bool> EarlierEnrollments::Counts(const std::string& enrollment) {
  ASSIGN_OR_RETURN(const bool was,
                   WasCompleteBefore(view_, enrollment, jp::DayOf(rule_.course.start_date()), known_));
  return !was;
}

absl::Status EarlierEnrollments::ReadAll() {
  has_all_ = true;
  if (!rule_.curriculum.credit_rule().make_up()) return absl::OkStatus();
  std::vector<CourseRule> courses;
  RETURN_IF_ERROR(store::Records<v1::Curriculum>::All(view_).ForEach(
      Where("series", rule_.curriculum.series()), [&](const v1::Curriculum& curriculum) {
        return store::Records<v1::Course>::All(view_).ForEach(
            Where("curriculum", curriculum.name()), [&](const v1::Course& course) {
              CourseRule earlier = {course, curriculum};
              if (CountsIn(earlier, rule_)) courses.push_back(std::move(earlier));
              return absl::OkStatus();
            });
      }));
  for (const CourseRule& earlier : courses) {
    RETURN_IF_ERROR(store::Records<v1::Enrollment>::All(view_).ForEach(
        Where::Under(earlier.course.name()), [&](const v1::Enrollment& enrollment) {
          all_[enrollment.learner()].push_back(enrollment.name());
          return absl::OkStatus();
        }));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> EarlierEnrollments::Of(const v1::Enrollment& enrollment) {
  std::vector<std::string> candidates;
  if (has_all_) {
    candidates = all_[enrollment.learner()];
  } else if (rule_.curriculum.credit_rule().make_up()) {
    RETURN_IF_ERROR(store::Records<v1::Enrollment>::All(view_).ForEach(
        Where("learner", enrollment.learner()), [&](const v1::Enrollment& other) -> absl::Status {
          if (other.name() == enrollment.name()) return absl::OkStatus();
          ASSIGN_OR_RETURN(const CourseRule rule, ReadCourseRule(view_, ParentOf(other.name())));
          if (CountsIn(rule, rule_)) candidates.push_back(other.name());
          return absl::OkStatus();
        }));
  }
  std::vector<std::string> earlier;
  for (std::string& candidate : candidates) {
    ASSIGN_OR_RETURN(const bool counts, Counts(candidate));
    if (counts) earlier.push_back(std::move(candidate));
  }
  return earlier;
}

absl::StatusOr<std::vector<v1::Certificate>> CertificatesResting(store::View& view, const CourseRule& rule,
                                                                 const v1::Enrollment& enrollment) {
  std::vector<v1::Certificate> resting;
  RETURN_IF_ERROR(store::Records<v1::Certificate>::All(view).ForEach(
      Where("learner", enrollment.learner()) && Where("state", v1::Certificate::STATE_ISSUED),
      [&](const v1::Certificate& certificate) -> absl::Status {
        if (certificate.enrollment() != enrollment.name()) {
          ASSIGN_OR_RETURN(const CourseRule later, ReadCourseRule(view, CourseOf(certificate.enrollment())));
          if (!CountsIn(rule, later)) return absl::OkStatus();
          ASSIGN_OR_RETURN(const bool was,
                           WasCompleteBefore(view, enrollment.name(), jp::DayOf(later.course.start_date()),
                                             absl::InfiniteFuture()));
          if (was) return absl::OkStatus();
        }
        resting.push_back(certificate);
        return absl::OkStatus();
      }));
  return resting;
}

}  // namespace tsunagu::training
