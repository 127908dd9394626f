#include "services/training/course.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/training/evidence.h"
#include "services/training/guards.h"
#include "services/training/names.h"
#include "services/training/rules/curriculum.h"
#include "services/training/rules/enrollment.h"
#include "services/training/rules/selection.h"
#include "services/training/templates.h"
#include "tsunagu/training/v1/attendance.pb.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"
#include "tsunagu/training/v1/session.pb.h"
#include "tsunagu/training/v1/viewing.pb.h"

namespace tsunagu::training {
namespace {

using contract::Where;
using State = v1::Enrollment::State;

// Once somebody is enrolled under a curriculum, its requirements must not change.
absl::Status DecideCurriculum(const store::Decision<v1::Curriculum>& decision) {
  rules::CheckCurriculum(decision.after(), decision.faults());
  if (decision.before() == nullptr || rules::AsksTheSame(*decision.before(), decision.after())) return absl::OkStatus();
  RETURN_IF_ERROR(GuardCurriculum(decision.tx(), decision.after().name()));
  bool used = false;
  RETURN_IF_ERROR(decision.all<v1::Course>().ForEach(
      Where("curriculum", decision.after().name()), [&](const v1::Course& course) -> absl::Status {
        if (used) return absl::OkStatus();
        ASSIGN_OR_RETURN(used, decision.all<v1::Enrollment>().Any(Where::Under(course.name())));
        return absl::OkStatus();
      }));
  if (used) decision.faults().Add("", "CURRICULUM_IN_USE"_reason);
  return absl::OkStatus();
}

absl::StatusOr<int> Accepted(store::View& view, const std::string& course) {
  int accepted = 0;
  RETURN_IF_ERROR(store::Records<v1::Enrollment>::All(view).Scan(
      Where::Under(course) && Where("state", v1::Enrollment::STATE_ACCEPTED), {}, {}, [&](const store::Cells&) {
        ++accepted;
        return absl::OkStatus();
      }));
  return accepted;
}

// Minutes earned elsewhere before the first day count, so certificates depend on that day.
absl::Status CheckStartStays(const store::Decision<v1::Course>& decision) {
  const v1::Course& course = decision.after();
  if (decision.before() == nullptr || jp::DayOf(decision.before()->start_date()) == jp::DayOf(course.start_date())) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(GuardStart(decision.tx(), course.name()));
  ASSIGN_OR_RETURN(const bool certified, decision.all<v1::Certificate>().Any(Where("course", course.name())));
  if (certified) decision.faults().Add("start_date", "COURSE_HAS_CERTIFICATES"_reason);
  return absl::OkStatus();
}

absl::Status DecideCourse(const store::Decision<v1::Course>& decision) {
  const auto curriculum = decision.all<v1::Curriculum>().Get(decision.after().curriculum());
  if (!curriculum.ok())
    return absl::IsInternal(curriculum.status()) ? curriculum.status() : absl::OkStatus();  // already reported
  rules::CheckCourse(decision.after(), *curriculum, decision.faults());
  RETURN_IF_ERROR(CheckStartStays(decision));
  if (decision.before() == nullptr || decision.after().capacity() >= decision.before()->capacity()) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(GuardSeats(decision.tx(), decision.after().name()));
  ASSIGN_OR_RETURN(const int accepted, Accepted(decision.tx(), decision.after().name()));
  if (decision.after().capacity() < accepted) {
    decision.faults().Add("capacity", "CAPACITY_BELOW_ACCEPTED"_reason, {{"accepted", absl::StrCat(accepted)}});
  }
  return absl::OkStatus();
}

// A member of a group must have a seat in this course, and cannot be withdrawn meanwhile.
absl::Status DecideGroups(const store::Decision<v1::Session>& decision) {
  const v1::Session& session = decision.after();
  if (session.groups().empty()) return absl::OkStatus();
  if (decision.before() != nullptr && rules::GroupsTheSame(*decision.before(), session)) return absl::OkStatus();
  const std::string course = ParentOf(session.name());
  RETURN_IF_ERROR(GuardSeats(decision.tx(), course));
  std::set<std::string> accepted;
  RETURN_IF_ERROR(decision.all<v1::Enrollment>().ForEach(
      Where::Under(course) && Where("state", v1::Enrollment::STATE_ACCEPTED), [&](const v1::Enrollment& enrollment) {
        accepted.insert(enrollment.name());
        return absl::OkStatus();
      }));
  rules::CheckGroups(session, accepted, decision.faults());
  return absl::OkStatus();
}

// Fields against which attendances and viewings were recorded must not change.
absl::Status DecideSession(const store::Decision<v1::Session>& decision) {
  const v1::Session& session = decision.after();
  ASSIGN_OR_RETURN(const v1::Course course, decision.all<v1::Course>().Get(ParentOf(session.name())));
  ASSIGN_OR_RETURN(const v1::Curriculum curriculum, decision.all<v1::Curriculum>().Get(course.curriculum()));
  rules::CheckSession(session, course, curriculum, decision.faults());
  RETURN_IF_ERROR(DecideGroups(decision));
  if (decision.before() == nullptr || rules::GivesTheSame(*decision.before(), session)) return absl::OkStatus();
  RETURN_IF_ERROR(GuardSession(decision.tx(), session.name()));
  ASSIGN_OR_RETURN(const bool attended, decision.all<v1::Attendance>().Any(Where("session", session.name())));
  ASSIGN_OR_RETURN(const bool viewed, decision.all<v1::Viewing>().Any(Where("session", session.name())));
  if (attended || viewed) decision.faults().Add("", "SESSION_ATTENDED"_reason);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::Enrollment>> EnrolledAs(store::Tx& tx, const std::string& course, State state) {
  std::vector<v1::Enrollment> enrolled;
  RETURN_IF_ERROR(store::Records<v1::Enrollment>(tx).ForEach(Where::Under(course) && Where("state", state),
                                                             [&](v1::Enrollment& one) {
                                                               enrolled.push_back(std::move(one));
                                                               return absl::OkStatus();
                                                             }));
  return enrolled;
}

absl::Status Decide(store::Tx& tx, const v1::Enrollment& before, State state, int place) {
  v1::Enrollment after = before;
  after.set_state(state);
  after.set_waiting_place(place);
  return store::Records<v1::Enrollment>::Update(tx, before, after);
}

// A certificate may be revoked right after this: a selection is valid as of its time.
absl::StatusOr<std::vector<std::string>> Lacks(store::Tx& tx, const v1::Enrollment& enrollment,
                                               const v1::Course& course, const v1::Curriculum& curriculum) {
  if (curriculum.prerequisites().empty()) return std::vector<std::string>();
  const jp::CivilDay first_day = jp::DayOf(course.start_date());
  ASSIGN_OR_RETURN(const auto completions, ReadCompletions(tx, enrollment.learner(), first_day));
  return rules::LackedBy(enrollment, curriculum, completions, first_day);
}

absl::StatusOr<v1::SelectLearnersResponse> SelectLearners(Service& service, const rpc::Call& call,
                                                          const v1::SelectLearnersRequest& request) {
  v1::SelectLearnersResponse response;
  RETURN_IF_ERROR(service.Change(call, request, response, [&](store::Tx& tx) -> absl::Status {
    response.Clear();
    RETURN_IF_ERROR(GuardSeats(tx, request.name()));
    ASSIGN_OR_RETURN(const v1::Course course, store::Records<v1::Course>(tx).Get(request.name()));
    ASSIGN_OR_RETURN(auto nominated, EnrolledAs(tx, request.name(), v1::Enrollment::STATE_NOMINATED));
    ASSIGN_OR_RETURN(const auto waiting, EnrolledAs(tx, request.name(), v1::Enrollment::STATE_WAITING));
    if (nominated.empty()) return Fail("NOBODY_NOMINATED"_reason);
    ASSIGN_OR_RETURN(const auto curriculum, store::Records<v1::Curriculum>::All(tx).Get(course.curriculum()));
    ASSIGN_OR_RETURN(int seated, Accepted(tx, request.name()));
    int place = 0;
    for (const v1::Enrollment& one : waiting) place = std::max(place, one.waiting_place());
    rules::PutInOrder(course, nominated);
    for (const v1::Enrollment& one : nominated) {
      ASSIGN_OR_RETURN(const auto lacked, Lacks(tx, one, course, curriculum));
      if (!lacked.empty()) {
        auto& held_back = *response.add_held_back();
        held_back.set_enrollment(one.name());
        held_back.mutable_missing()->Add(lacked.begin(), lacked.end());
        continue;
      }
      // Those who wait already come first.
      const bool seat = seated < course.capacity() && waiting.empty();
      RETURN_IF_ERROR(seat ? Decide(tx, one, v1::Enrollment::STATE_ACCEPTED, 0)
                           : Decide(tx, one, v1::Enrollment::STATE_WAITING, ++place));
      if (seat) ++seated;
      (seat ? response.add_accepted() : response.add_waiting())->assign(one.name());
    }
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::PromoteLearnerResponse> PromoteLearner(Service& service, const rpc::Call& call,
                                                          const v1::PromoteLearnerRequest& request) {
  v1::PromoteLearnerResponse response;
  RETURN_IF_ERROR(service.Change(call, request, response, [&](store::Tx& tx) -> absl::Status {
    RETURN_IF_ERROR(GuardSeats(tx, request.name()));
    ASSIGN_OR_RETURN(const v1::Course course, store::Records<v1::Course>(tx).Get(request.name()));
    ASSIGN_OR_RETURN(const auto waiting, EnrolledAs(tx, request.name(), v1::Enrollment::STATE_WAITING));
    ASSIGN_OR_RETURN(const int seated, Accepted(tx, request.name()));
    if (seated >= course.capacity()) {
      return Fail("COURSE_FULL"_reason, {{"capacity", absl::StrCat(course.capacity())}});
    }
    const auto first = std::min_element(waiting.begin(), waiting.end(), [](const auto& a, const auto& b) {
      return a.waiting_place() < b.waiting_place();
    });
    if (first == waiting.end()) return Fail("NOBODY_WAITS"_reason);
    ASSIGN_OR_RETURN(const auto curriculum, store::Records<v1::Curriculum>::All(tx).Get(course.curriculum()));
    ASSIGN_OR_RETURN(const auto lacked, Lacks(tx, *first, course, curriculum));
    if (!lacked.empty()) {
      return Fail("PREREQUISITE_MISSING"_reason, {{"series", absl::StrJoin(lacked, ", ")}});
    }
    response.set_enrollment(first->name());
    return Decide(tx, *first, v1::Enrollment::STATE_ACCEPTED, 0);
  }));
  return response;
}

v1::ListCurriculumTemplatesResponse ListTemplates() {
  v1::ListCurriculumTemplatesResponse response;
  for (const v1::Curriculum& curriculum : Templates()) *response.add_curricula() = curriculum;
  return response;
}

}  // namespace

void AddCourses(Service& service) {
  BindStandard(service, "tsunagu.training.v1.CurriculumService", service.Add<v1::Curriculum>().Rule(DecideCurriculum))
      .Unary("ListCurriculumTemplates",
             [](rpc::Call&, const v1::ListCurriculumTemplatesRequest&)
                 -> absl::StatusOr<v1::ListCurriculumTemplatesResponse> { return ListTemplates(); });
  BindStandard(service, "tsunagu.training.v1.CourseService", service.Add<v1::Course>().Rule(DecideCourse))
      .Unary("SelectLearners",
             [&](rpc::Call& call, const v1::SelectLearnersRequest& request) {
               return SelectLearners(service, call, request);
             })
      .Unary("PromoteLearner", [&](rpc::Call& call, const v1::PromoteLearnerRequest& request) {
        return PromoteLearner(service, call, request);
      });
  BindStandard(service, "tsunagu.training.v1.SessionService", service.Add<v1::Session>().Rule(DecideSession));
}

}  // namespace tsunagu::training
