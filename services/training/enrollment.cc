#include "services/training/enrollment.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/records/conflict.h"
#include "common/records/rule.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "common/text/page_token.h"
#include "google/protobuf/util/time_util.h"
#include "services/training/evidence.h"
#include "services/training/guards.h"
#include "services/training/names.h"
#include "services/training/rules/enrollment.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"
#include "tsunagu/training/v1/learner.pb.h"

namespace tsunagu::training {
namespace {

using contract::Where;

// A learner has one enrollment in a course, unless it is withdrawn or declined. The curriculum's guard prevents changes
// meanwhile.
absl::Status DecideEnrollment(const store::Decision<v1::Enrollment>& decision) {
  const v1::Enrollment& enrollment = decision.after();
  const std::string course = ParentOf(enrollment.name());
  ASSIGN_OR_RETURN(const CourseRule rule, ReadCourseRule(decision.tx(), course));
  rules::CheckEnrollment(enrollment, rule.curriculum, decision.faults());
  const jp::CivilDay first_day = jp::DayOf(rule.course.start_date());
  std::vector<rules::Completion> completions;
  if (rules::IsUndecided(enrollment) && !rule.curriculum.prerequisites().empty()) {
    ASSIGN_OR_RETURN(completions, ReadCompletions(decision.tx(), enrollment.learner(), first_day));
  }
  decision.Derive([&](v1::Enrollment& derived) {
    derived.clear_missing_prerequisites();
    if (!rules::IsUndecided(enrollment)) return;
    const auto lacked = rules::LackedBy(enrollment, rule.curriculum, completions, first_day);
    derived.mutable_missing_prerequisites()->Add(lacked.begin(), lacked.end());
  });
  if (decision.before() != nullptr) {
    const bool decided = decision.before()->state() != v1::Enrollment::STATE_NOMINATED;
    if (decided && !rules::NominatesTheSame(*decision.before(), enrollment)) {
      decision.faults().Add("", "ENROLLMENT_DECIDED"_reason);
    }
    return absl::OkStatus();
  }
  rules::CheckNomination(rule.course, decision.today(), decision.faults());
  rules::CheckPrerequisites(enrollment, rule.curriculum, completions, first_day, decision.faults());
  RETURN_IF_ERROR(GuardCurriculum(decision.tx(), rule.curriculum.name()));
  bool told = false;
  return decision.all().ForEach(Where::Under(course) && Where("learner", enrollment.learner()),
                                [&](const v1::Enrollment& other) -> absl::Status {
                                  const bool is_other = other.name() != enrollment.name() && !rules::IsOut(other);
                                  if (told || !is_other) return absl::OkStatus();
                                  told = true;
                                  decision.faults().Add("learner", "ENROLLED_ALREADY"_reason);
                                  return absl::OkStatus();
                                });
}

void MakeNominated(v1::Enrollment& enrollment) { enrollment.set_state(v1::Enrollment::STATE_NOMINATED); }

absl::StatusOr<v1::Enrollment> Withdraw(Service& service, const rpc::Call& call, Resource& enrollments,
                                        const v1::WithdrawEnrollmentRequest& request) {
  return ChangeRecord<v1::Enrollment>(
      service, call, enrollments, request, [&](store::Tx& tx, v1::Enrollment& enrollment) -> absl::Status {
        RETURN_IF_ERROR(GuardSeats(tx, ParentOf(request.name())));
        RETURN_IF_ERROR(GuardLearner(tx, enrollment.learner()));
        // Another writer may have changed what was read before the guard.
        ASSIGN_OR_RETURN(const v1::Enrollment now, store::Records<v1::Enrollment>(tx).Get(request.name()));
        if (rules::IsOut(now)) return Fail("ENROLLMENT_OVER"_reason);
        ASSIGN_OR_RETURN(const auto certificate,
                         store::Records<v1::Certificate>::All(tx).Find(Where("enrollment", request.name()) &&
                                                                       Where("state", v1::Certificate::STATE_ISSUED)));
        if (certificate) {
          return store::Conflict<v1::Certificate>(tx, certificate->name(), "CERTIFICATE_ISSUED"_reason,
                                                  "CERTIFICATE_ISSUED_UNSEEN"_reason);
        }
        enrollment.set_state(v1::Enrollment::STATE_WITHDRAWN);
        enrollment.set_waiting_place(0);
        enrollment.set_withdrawal_reason(request.reason());
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::Enrollment> Decline(Service& service, const rpc::Call& call, Resource& enrollments,
                                       const v1::DeclineEnrollmentRequest& request) {
  return ChangeRecord<v1::Enrollment>(
      service, call, enrollments, request, [&](store::Tx& tx, v1::Enrollment& enrollment) -> absl::Status {
        RETURN_IF_ERROR(GuardSeats(tx, ParentOf(request.name())));
        ASSIGN_OR_RETURN(const v1::Enrollment now, store::Records<v1::Enrollment>(tx).Get(request.name()));
        if (rules::IsOut(now)) return Fail("ENROLLMENT_OVER"_reason);
        if (now.state() == v1::Enrollment::STATE_ACCEPTED) return Fail("ENROLLMENT_ACCEPTED"_reason);
        enrollment.set_state(v1::Enrollment::STATE_DECLINED);
        enrollment.set_waiting_place(0);
        enrollment.set_decline_reason(request.reason());
        return absl::OkStatus();
      });
}

template <typename Request>
jp::CivilDay AsOf(Service& service, const Request& request) {
  return request.has_as_of_date() ? jp::DayOf(request.as_of_date()) : service.Today();
}

absl::StatusOr<v1::Progress> GetProgress(Service& service, const rpc::Call& call,
                                         const v1::GetProgressRequest& request) {
  absl::Time known = absl::InfiniteFuture();
  if (request.has_as_known_at()) {
    known = absl::FromUnixMicros(google::protobuf::util::TimeUtil::TimestampToMicroseconds(request.as_known_at()));
    if (known > service.Now()) return FailAt("as_known_at", "NOT_YET_KNOWN"_reason);
  }
  v1::Progress progress;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Enrollment enrollment, store::Records<v1::Enrollment>(view).Get(request.name()));
    ASSIGN_OR_RETURN(const CourseRule rule, ReadCourseRule(view, ParentOf(request.name())));
    ASSIGN_OR_RETURN(progress, ReadProgress(view, rule, enrollment, AsOf(service, request), known));
    return absl::OkStatus();
  }));
  return progress;
}

absl::StatusOr<v1::ListProgressResponse> ListProgress(Service& service, rpc::Call& call, Resource& enrollments,
                                                      const v1::ListProgressRequest& request) {
  v1::ListEnrollmentsRequest page;
  page.set_parent(request.parent());
  page.set_page_size(request.page_size());
  page.set_page_token(request.page_token());
  page.set_filter("state = STATE_ACCEPTED");
  std::vector<v1::Enrollment> accepted;
  v1::ListProgressResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(), ListPage(service, call, enrollments, page, accepted));
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) -> absl::Status {
    response.clear_progress();
    ASSIGN_OR_RETURN(const CourseRule rule, ReadCourseRule(view, request.parent()));
    return ReadProgressOfAll(view, rule, accepted, AsOf(service, request),
                             [&](v1::Progress progress) { *response.add_progress() = std::move(progress); });
  }));
  return response;
}

}  // namespace

void AddEnrollments(Service& service) {
  BindStandard(service, "tsunagu.training.v1.LearnerService", service.Add<v1::Learner>());
  Resource& enrollments = service.Add<v1::Enrollment>().Rule(DecideEnrollment).WhenReceived(MakeNominated);
  BindStandard(service, "tsunagu.training.v1.EnrollmentService", enrollments)
      .Unary("WithdrawEnrollment",
             [&](rpc::Call& call, const v1::WithdrawEnrollmentRequest& request) {
               return Withdraw(service, call, enrollments, request);
             })
      .Unary("DeclineEnrollment",
             [&](rpc::Call& call, const v1::DeclineEnrollmentRequest& request) {
               return Decline(service, call, enrollments, request);
             })
      .Unary("GetProgress", [&](rpc::Call& call,
                                const v1::GetProgressRequest& request) { return GetProgress(service, call, request); })
      .Unary("ListProgress", [&](rpc::Call& call, const v1::ListProgressRequest& request) {
        return ListProgress(service, call, enrollments, request);
      });
}

}  // namespace tsunagu::training
