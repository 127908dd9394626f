#include "services/training/carried.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "google/protobuf/util/time_util.h"
#include "services/training/names.h"

namespace tsunagu::training {
namespace {

using contract::Where;

// Revoked and replaced certificates also prove a completion.
absl::StatusOr<bool> WasCompleteBefore(store::View& view, const std::string& enrollment, const CourseRule& rule,
                                       absl::Time known) {
  const jp::CivilDay start = jp::DayOf(rule.course.start_date());
  bool was = false;
  RETURN_IF_ERROR(store::Records<v1::Certificate>::All(view).ForEach(
      Where("enrollment", enrollment), [&](const v1::Certificate& certificate) {
        const int64_t issued = google::protobuf::util::TimeUtil::TimestampToMicroseconds(certificate.create_time());
        was = was || (absl::FromUnixMicros(issued) <= known && jp::DayOf(certificate.completion_date()) < start);
        return absl::OkStatus();
      }));
  return was;
}

}  // namespace

absl::Status CarriedEnrollments::ReadAll() {
  has_all_ = true;
  if (!rule_.curriculum.credit_rule().make_up()) return absl::OkStatus();
  std::vector<std::string> courses;
  RETURN_IF_ERROR(store::Records<v1::Curriculum>::All(view_).ForEach(
      Where("series", rule_.curriculum.series()), [&](const v1::Curriculum& curriculum) {
        return store::Records<v1::Course>::All(view_).ForEach(Where("curriculum", curriculum.name()),
                                                              [&](const v1::Course& course) {
                                                                if (course.name() != rule_.course.name())
                                                                  courses.push_back(course.name());
                                                                return absl::OkStatus();
                                                              });
      }));
  for (const std::string& course : courses) {
    RETURN_IF_ERROR(store::Records<v1::Enrollment>::All(view_).Scan(
        Where::Under(course), {}, {"learner"}, [&](const store::Cells& enrollment) {
          all_[enrollment.Text(0)].push_back(std::string(enrollment.name()));
          return absl::OkStatus();
        }));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> CarriedEnrollments::Of(const v1::Enrollment& enrollment) {
  std::vector<std::string> others;
  if (has_all_) {
    others = all_[enrollment.learner()];
  } else if (rule_.curriculum.credit_rule().make_up()) {
    RETURN_IF_ERROR(store::Records<v1::Enrollment>::All(view_).ForEach(
        Where("learner", enrollment.learner()), [&](const v1::Enrollment& other) -> absl::Status {
          if (other.name() == enrollment.name()) return absl::OkStatus();
          ASSIGN_OR_RETURN(const CourseRule rule, ReadCourseRule(view_, ParentOf(other.name())));
          if (rule.curriculum.series() == rule_.curriculum.series()) others.push_back(other.name());
          return absl::OkStatus();
        }));
  }
  std::vector<std::string> carried;
  for (std::string& other : others) {
    ASSIGN_OR_RETURN(const bool was, WasCompleteBefore(view_, other, rule_, known_));
    if (!was) carried.push_back(std::move(other));
  }
  return carried;
}

absl::StatusOr<std::vector<v1::Certificate>> CertificatesResting(store::View& view, const CourseRule& rule,
                                                                 const v1::Enrollment& enrollment, jp::CivilDay day) {
  std::vector<v1::Certificate> resting;
  RETURN_IF_ERROR(store::Records<v1::Certificate>::All(view).ForEach(
      Where("learner", enrollment.learner()) && Where("state", v1::Certificate::STATE_ISSUED),
      [&](const v1::Certificate& certificate) -> absl::Status {
        if (certificate.enrollment() != enrollment.name()) {
          ASSIGN_OR_RETURN(const CourseRule other, ReadCourseRule(view, CourseOf(certificate.enrollment())));
          const bool counts = other.curriculum.credit_rule().make_up() &&
                              other.curriculum.series() == rule.curriculum.series() &&
                              day < jp::DayOf(other.course.start_date());
          if (!counts) return absl::OkStatus();
          ASSIGN_OR_RETURN(const bool was, WasCompleteBefore(view, enrollment.name(), other, absl::InfiniteFuture()));
          if (was) return absl::OkStatus();
        }
        resting.push_back(certificate);
        return absl::OkStatus();
      }));
  return resting;
}

}  // namespace tsunagu::training
