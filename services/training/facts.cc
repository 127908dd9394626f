#include "services/training/facts.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/training/evidence.h"
#include "services/training/guards.h"
#include "services/training/names.h"
#include "services/training/rules/fact.h"
#include "services/training/rules/judge.h"
#include "services/training/sign_in_layout.h"
#include "tsunagu/training/v1/attendance.pb.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"
#include "tsunagu/training/v1/session.pb.h"
#include "tsunagu/training/v1/statement.pb.h"
#include "tsunagu/training/v1/test_result.pb.h"
#include "tsunagu/training/v1/trial.pb.h"

namespace tsunagu::training {
namespace {

using records::Where;

// What every fact is held against: the enrollment it lies under, and what that is judged by.
struct Ground {
  v1::Enrollment enrollment;
  CourseRule rule;
};

// A certificate says that the rule holds. A further fact cannot make it untrue, since what is met stays met; one that
// replaces another could.
absl::Status CheckNothingIssued(store::Tx& tx, const std::string& enrollment, Faults& faults) {
  ASSIGN_OR_RETURN(const auto certificate,
                   store::Records<v1::Certificate>::All(tx).Find(Where("enrollment", enrollment) &&
                                                                 Where("state", v1::Certificate::STATE_ISSUED)));
  if (certificate) faults.Add("replaces", "CERTIFICATE_ISSUED"_reason, {{"name", certificate->name()}});
  return absl::OkStatus();
}

// What is true of every fact: she is accepted, it is said once, and a correction replaces what it corrects.
template <typename Fact>
absl::StatusOr<Ground> DecideFact(const store::Decision<Fact>& decision) {
  const Fact& fact = decision.after();
  Ground ground;
  const std::string enrollment = ParentOf(fact.name());
  const auto enrollments = decision.template all<v1::Enrollment>();
  ASSIGN_OR_RETURN(const auto seen, enrollments.Get(enrollment));
  RETURN_IF_ERROR(GuardLearner(decision.tx(), seen.learner()));
  // What was read before the guard may be what another has changed.
  ASSIGN_OR_RETURN(ground.enrollment, enrollments.Get(enrollment));
  ASSIGN_OR_RETURN(ground.rule, ReadCourseRule(decision.tx(), ParentOf(enrollment)));
  if (ground.enrollment.state() != v1::Enrollment::STATE_ACCEPTED) decision.faults().Add("", "NOT_ENROLLED"_reason);
  std::set<std::string> replaced;
  std::vector<Fact> others;
  RETURN_IF_ERROR(decision.all().ForEach(Where::Under(enrollment), [&](Fact& other) {
    if (other.name() == fact.name()) return absl::OkStatus();
    if (!other.replaces().empty()) replaced.insert(other.replaces());
    others.push_back(std::move(other));
    return absl::OkStatus();
  }));
  rules::CheckFact(fact, others, replaced, decision.faults());
  if (!fact.replaces().empty()) {
    RETURN_IF_ERROR(CheckNothingIssued(decision.tx(), enrollment, decision.faults()));
  }
  return ground;
}

void CheckDay(absl::string_view field, const google::type::Date& date, jp::CivilDay today, Faults& faults) {
  if (jp::CheckDate(date).ok() && jp::DayOf(date) > today) faults.Add(field, "DAY_TO_COME"_reason);
}

// She is not at another session at the same minutes of the same day.
absl::Status CheckOnePlace(const store::Decision<v1::Attendance>& decision, const Ground& ground,
                           const v1::Session& session) {
  const v1::Attendance& attendance = decision.after();
  if (attendance.minutes() == 0 || session.mode() == v1::Session::MODE_ON_DEMAND) return absl::OkStatus();
  std::vector<v1::Attendance> held;
  std::set<std::string> replaced = {attendance.replaces()};
  RETURN_IF_ERROR(decision.all<v1::Enrollment>().ForEach(
      Where("learner", ground.enrollment.learner()), [&](const v1::Enrollment& enrollment) {
        return decision.all().ForEach(Where::Under(enrollment.name()), [&](v1::Attendance& other) {
          if (!other.replaces().empty()) replaced.insert(other.replaces());
          if (other.session() != attendance.session() && other.minutes() > 0) held.push_back(std::move(other));
          return absl::OkStatus();
        });
      }));
  std::set<std::string> looked_at;
  for (const v1::Attendance& other : held) {
    if (replaced.count(other.name()) > 0 || !looked_at.insert(other.session()).second) continue;
    ASSIGN_OR_RETURN(const v1::Session elsewhere, decision.all<v1::Session>().Get(other.session()));
    if (!rules::AtTheSameTime(session, elsewhere)) continue;
    decision.faults().Add("session", "TWO_PLACES_AT_ONCE"_reason, {{"name", elsewhere.name()}});
    break;
  }
  return absl::OkStatus();
}

absl::Status DecideAttendance(const store::Decision<v1::Attendance>& decision) {
  const v1::Attendance& attendance = decision.after();
  const auto session = decision.all<v1::Session>().Get(attendance.session());
  if (!session.ok()) return absl::OkStatus();  // said
  RETURN_IF_ERROR(GuardSession(decision.tx(), session->name()));
  ASSIGN_OR_RETURN(const Ground ground, DecideFact(decision));
  rules::CheckAttendance(attendance, *session, decision.faults());
  if (CourseOf(session->name()) != ground.rule.course.name()) {
    ASSIGN_OR_RETURN(const CourseRule other, ReadCourseRule(decision.tx(), CourseOf(session->name())));
    const bool may = ground.rule.curriculum.credit_rule().make_up() &&
                     other.curriculum.series() == ground.rule.curriculum.series();
    if (!may) decision.faults().Add("session", "SESSION_OF_ANOTHER_COURSE"_reason);
  }
  if (jp::DayOf(session->held_date()) > decision.today()) decision.faults().Add("session", "DAY_TO_COME"_reason);
  return CheckOnePlace(decision, ground, *session);
}

absl::Status DecideTrial(const store::Decision<v1::Trial>& decision) {
  ASSIGN_OR_RETURN(const Ground ground, DecideFact(decision));
  std::vector<v1::Act> chosen;
  for (const int act : ground.enrollment.acts()) chosen.push_back(static_cast<v1::Act>(act));
  rules::CheckTrial(decision.after(), rules::ActsOf(ground.rule.curriculum, chosen), decision.faults());
  CheckDay("trial_date", decision.after().trial_date(), decision.today(), decision.faults());
  return absl::OkStatus();
}

absl::Status DecideTestResult(const store::Decision<v1::TestResult>& decision) {
  ASSIGN_OR_RETURN(const Ground ground, DecideFact(decision));
  rules::CheckTestResult(decision.after(), ground.rule.curriculum, decision.faults());
  CheckDay("test_date", decision.after().test_date(), decision.today(), decision.faults());
  return absl::OkStatus();
}

absl::Status DecideStatement(const store::Decision<v1::Statement>& decision) {
  ASSIGN_OR_RETURN(const Ground ground, DecideFact(decision));
  rules::CheckStatement(decision.after(), ground.rule.curriculum, decision.faults());
  CheckDay("completion_date", decision.after().completion_date(), decision.today(), decision.faults());
  return absl::OkStatus();
}

}  // namespace

void AddFacts(Service& service) {
  Resource& attendances = service.Add<v1::Attendance>().Rule(DecideAttendance);
  attendances.formats = {SignInLayout()};
  BindStandard(service, "tsunagu.training.v1.AttendanceService", attendances);
  BindStandard(service, "tsunagu.training.v1.TrialService", service.Add<v1::Trial>().Rule(DecideTrial));
  BindStandard(service, "tsunagu.training.v1.TestResultService", service.Add<v1::TestResult>().Rule(DecideTestResult));
  BindStandard(service, "tsunagu.training.v1.StatementService", service.Add<v1::Statement>().Rule(DecideStatement));
}

}  // namespace tsunagu::training
