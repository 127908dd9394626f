#include "services/training/facts.h"

#include <algorithm>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/optional.h"
#include "common/base/status_macros.h"
#include "common/records/rule.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/training/carried.h"
#include "services/training/evidence.h"
#include "services/training/guards.h"
#include "services/training/names.h"
#include "services/training/rules/fact.h"
#include "services/training/rules/judge.h"
#include "services/training/rules/viewing.h"
#include "services/training/sign_in_layout.h"
#include "services/training/viewing_log_layout.h"
#include "tsunagu/training/v1/attendance.pb.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"
#include "tsunagu/training/v1/session.pb.h"
#include "tsunagu/training/v1/statement.pb.h"
#include "tsunagu/training/v1/test_result.pb.h"
#include "tsunagu/training/v1/trial.pb.h"
#include "tsunagu/training/v1/viewing.pb.h"

namespace tsunagu::training {
namespace {

using contract::Where;

// The data for checking a fact: its enrollment, and the rules of that.
struct Ground {
  v1::Enrollment enrollment;
  CourseRule rule;
};

// A certificate states that the rule was met on the day of completion. A requirement that is met stays met, so a fact
// of a later day cannot make that untrue. A replacing fact could, and so could one of a day not after the completion: a
// failed try among the counted ones, or anything that begins the period of the practicum earlier.
template <typename Fact>
absl::Status CheckUnmakesNothing(const store::Decision<Fact>& decision, const Ground& ground, jp::CivilDay day) {
  store::Tx& tx = decision.tx();
  const Fact& fact = decision.after();
  constexpr bool kCountsTries = std::is_same_v<Fact, v1::Trial>;
  // All other facts count where they were made.
  constexpr bool kIsOfMinutes = !kCountsTries && !std::is_same_v<Fact, v1::TestResult>;
  ASSIGN_OR_RETURN(const auto resting, CertificatesResting(tx, ground.rule, ground.enrollment, day));
  for (const v1::Certificate& certificate : resting) {
    if (!kIsOfMinutes && certificate.enrollment() != ground.enrollment.name()) continue;
    ASSIGN_OR_RETURN(const auto curriculum, store::Records<v1::Curriculum>::All(tx).Get(certificate.curriculum()));
    const bool counts_back = kCountsTries || curriculum.practicum_months() > 0;
    const bool is_before = counts_back && day <= jp::DayOf(certificate.completion_date());
    if (fact.replaces().empty() && !is_before) continue;
    RETURN_IF_ERROR(decision.AddConflict(fact.replaces().empty() ? "" : "replaces", "CERTIFICATE_ISSUED"_reason,
                                         "CERTIFICATE_ISSUED_UNSEEN"_reason, certificate));
  }
  return absl::OkStatus();
}

// Checks the rules of every fact: the learner is accepted, the fact is recorded once, a correction replaces what it
// corrects, and no fact invalidates a certificate. `date_of` returns the day of a fact.
template <typename Fact>
absl::StatusOr<Ground> DecideFact(const store::Decision<Fact>& decision,
                                  absl::FunctionRef<google::type::Date(const Fact&)> date_of) {
  const Fact& fact = decision.after();
  Ground ground;
  const std::string enrollment = ParentOf(fact.name());
  const auto enrollments = decision.template all<v1::Enrollment>();
  ASSIGN_OR_RETURN(const auto seen, enrollments.Get(enrollment));
  RETURN_IF_ERROR(GuardLearner(decision.tx(), seen.learner()));
  // Another writer may have changed what was read before the guard.
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
  if (!jp::CheckDate(date_of(fact)).ok()) return ground;  // already reported
  jp::CivilDay day = jp::DayOf(date_of(fact));
  for (const Fact& other : others) {
    if (other.name() == fact.replaces()) day = std::min(day, jp::DayOf(date_of(other)));
  }
  RETURN_IF_ERROR(CheckUnmakesNothing(decision, ground, day));
  return ground;
}

void CheckDay(absl::string_view field, const google::type::Date& date, jp::CivilDay today, Faults& faults) {
  if (jp::CheckDate(date).ok() && jp::DayOf(date) > today) faults.Add(field, "DAY_TO_COME"_reason);
}

// Returns the valid facts of one kind of all her enrollments, without those that the new fact replaces.
template <typename Held, typename Fact>
absl::StatusOr<std::vector<Held>> HeldOf(const store::Decision<Fact>& decision, const std::string& learner) {
  std::vector<Held> held;
  std::set<std::string> replaced = {decision.after().replaces()};
  RETURN_IF_ERROR(
      decision.template all<v1::Enrollment>().ForEach(Where("learner", learner), [&](const v1::Enrollment& enrollment) {
        return decision.template all<Held>().ForEach(Where::Under(enrollment.name()), [&](Held& one) {
          if (!one.replaces().empty()) replaced.insert(one.replaces());
          if (one.name() != decision.after().name()) held.push_back(std::move(one));
          return absl::OkStatus();
        });
      }));
  const auto is_replaced = [&](const Held& one) { return replaced.count(one.name()) > 0; };
  held.erase(std::remove_if(held.begin(), held.end(), is_replaced), held.end());
  return held;
}

template <typename Fact>
absl::Status AddOtherPlace(const store::Decision<Fact>& decision, const v1::Session& other) {
  return decision.AddConflict("session", "TWO_PLACES_AT_ONCE"_reason, "TWO_PLACES_AT_ONCE_UNSEEN"_reason, other);
}

// Returns the sessions that she attended and for which `meets` is true; one of them is enough for the error.
template <typename Fact>
absl::Status CheckNotMeanwhile(const store::Decision<Fact>& decision, const Ground& ground,
                               absl::FunctionRef<bool(const v1::Session&)> meets) {
  ASSIGN_OR_RETURN(const auto attended, HeldOf<v1::Attendance>(decision, ground.enrollment.learner()));
  std::set<std::string> looked_at = {decision.after().session()};
  for (const v1::Attendance& one : attended) {
    if (one.minutes() == 0 || !looked_at.insert(one.session()).second) continue;
    ASSIGN_OR_RETURN(const v1::Session session, decision.template all<v1::Session>().Get(one.session()));
    if (meets(session)) return AddOtherPlace(decision, session);
  }
  return absl::OkStatus();
}

// She must not be at another session or watch one at the same minutes.
absl::Status CheckOnePlace(const store::Decision<v1::Attendance>& decision, const Ground& ground,
                           const v1::Session& session) {
  if (decision.after().minutes() == 0) return absl::OkStatus();
  RETURN_IF_ERROR(CheckNotMeanwhile(
      decision, ground, [&](const v1::Session& elsewhere) { return rules::AtTheSameTime(session, elsewhere); }));
  ASSIGN_OR_RETURN(const auto viewings, HeldOf<v1::Viewing>(decision, ground.enrollment.learner()));
  for (const v1::Viewing& viewing : viewings) {
    if (!rules::WhileHeld(rules::WatchedIn(viewing), session)) continue;
    ASSIGN_OR_RETURN(const v1::Session watched, decision.all<v1::Session>().Get(viewing.session()));
    return AddOtherPlace(decision, watched);
  }
  return absl::OkStatus();
}

// Checks whether she may take part in a session of `offer`.
void CheckMakesUp(const Ground& ground, const CourseRule& offer, Faults& faults) {
  if (offer.course.name() == ground.rule.course.name()) return;
  const bool may =
      ground.rule.curriculum.credit_rule().make_up() && offer.curriculum.series() == ground.rule.curriculum.series();
  if (!may) faults.Add("session", "SESSION_OF_ANOTHER_COURSE"_reason);
}

// Returns the session of a new fact, which cannot change from now on; none if a fault was reported already.
template <typename Fact>
absl::StatusOr<absl::optional<v1::Session>> ReadSession(const store::Decision<Fact>& decision) {
  const auto sessions = decision.template all<v1::Session>();
  if (!sessions.Get(decision.after().session()).ok()) return absl::nullopt;
  RETURN_IF_ERROR(GuardSession(decision.tx(), decision.after().session()));
  // Another writer may have changed what was read before the guard.
  ASSIGN_OR_RETURN(v1::Session session, sessions.Get(decision.after().session()));
  return session;
}

absl::Status DecideAttendance(const store::Decision<v1::Attendance>& decision) {
  const v1::Attendance& attendance = decision.after();
  ASSIGN_OR_RETURN(const auto session, ReadSession(decision));
  if (!session) return absl::OkStatus();
  const auto held = [&](const v1::Attendance&) { return session->held_date(); };
  ASSIGN_OR_RETURN(const Ground ground, DecideFact<v1::Attendance>(decision, held));
  rules::CheckAttendance(attendance, *session, decision.faults());
  ASSIGN_OR_RETURN(const CourseRule offer, ReadCourseRule(decision.tx(), CourseOf(session->name())));
  CheckMakesUp(ground, offer, decision.faults());
  if (jp::DayOf(session->held_date()) > decision.today()) decision.faults().Add("session", "DAY_TO_COME"_reason);
  return CheckOnePlace(decision, ground, *session);
}

// One of her certificates may depend on minutes that this viewing would take: under the enrollment where they were
// watched, or carried into another.
absl::Status CheckTakesNothing(const store::Decision<v1::Viewing>& decision, const Ground& ground) {
  const rules::Watched watched = rules::WatchedIn(decision.after());
  ASSIGN_OR_RETURN(const auto viewings, HeldOf<v1::Viewing>(decision, ground.enrollment.learner()));
  for (const v1::Viewing& viewing : viewings) {
    if (!rules::TakesFrom(watched, rules::WatchedIn(viewing))) continue;
    ASSIGN_OR_RETURN(const auto enrollment, decision.all<v1::Enrollment>().Get(ParentOf(viewing.name())));
    ASSIGN_OR_RETURN(const CourseRule rule, ReadCourseRule(decision.tx(), ParentOf(enrollment.name())));
    ASSIGN_OR_RETURN(const auto resting,
                     CertificatesResting(decision.tx(), rule, enrollment, jp::DayOf(viewing.start_date())));
    if (resting.empty()) continue;
    return decision.AddConflict("", "CERTIFICATE_ISSUED"_reason, "VIEWING_BESIDE_CERTIFIED"_reason, resting.front());
  }
  return absl::OkStatus();
}

absl::Status DecideViewing(const store::Decision<v1::Viewing>& decision) {
  const v1::Viewing& viewing = decision.after();
  ASSIGN_OR_RETURN(const auto session, ReadSession(decision));
  if (!session) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Ground ground,
                   DecideFact<v1::Viewing>(decision, [](const v1::Viewing& one) { return one.start_date(); }));
  ASSIGN_OR_RETURN(const CourseRule offer, ReadCourseRule(decision.tx(), CourseOf(session->name())));
  CheckMakesUp(ground, offer, decision.faults());
  const bool timed = viewing.has_start_minute() && viewing.has_end_minute() &&
                     jp::CheckDate(viewing.start_date()).ok() && jp::CheckDate(viewing.end_date()).ok();
  if (!timed) return absl::OkStatus();  // already reported
  rules::CheckViewing(viewing, *session, jp::DayOf(offer.course.end_date()),
                      absl::FromUnixMicros(decision.tx().Stamp()), decision.faults());
  const rules::Watched watched = rules::WatchedIn(viewing);
  RETURN_IF_ERROR(
      CheckNotMeanwhile(decision, ground, [&](const v1::Session& held) { return rules::WhileHeld(watched, held); }));
  return CheckTakesNothing(decision, ground);
}

absl::Status DecideTrial(const store::Decision<v1::Trial>& decision) {
  ASSIGN_OR_RETURN(const Ground ground,
                   DecideFact<v1::Trial>(decision, [](const v1::Trial& one) { return one.trial_date(); }));
  std::vector<v1::Act> chosen;
  for (const int act : ground.enrollment.acts()) chosen.push_back(static_cast<v1::Act>(act));
  rules::CheckTrial(decision.after(), rules::ActsOf(ground.rule.curriculum, chosen), decision.faults());
  CheckDay("trial_date", decision.after().trial_date(), decision.today(), decision.faults());
  return absl::OkStatus();
}

absl::Status DecideTestResult(const store::Decision<v1::TestResult>& decision) {
  ASSIGN_OR_RETURN(const Ground ground,
                   DecideFact<v1::TestResult>(decision, [](const v1::TestResult& one) { return one.test_date(); }));
  rules::CheckTestResult(decision.after(), ground.rule.curriculum, decision.faults());
  CheckDay("test_date", decision.after().test_date(), decision.today(), decision.faults());
  return absl::OkStatus();
}

absl::Status DecideStatement(const store::Decision<v1::Statement>& decision) {
  ASSIGN_OR_RETURN(const Ground ground,
                   DecideFact<v1::Statement>(decision, [](const v1::Statement& one) { return one.completion_date(); }));
  rules::CheckStatement(decision.after(), ground.rule.curriculum, decision.faults());
  CheckDay("completion_date", decision.after().completion_date(), decision.today(), decision.faults());
  return absl::OkStatus();
}

}  // namespace

void AddFacts(Service& service) {
  Resource& attendances = service.Add<v1::Attendance>().Rule(DecideAttendance);
  attendances.formats = {SignInLayout()};
  BindStandard(service, "tsunagu.training.v1.AttendanceService", attendances);
  Resource& viewings = service.Add<v1::Viewing>().Rule(DecideViewing);
  viewings.formats = {ViewingLogLayout()};
  BindStandard(service, "tsunagu.training.v1.ViewingService", viewings);
  BindStandard(service, "tsunagu.training.v1.TrialService", service.Add<v1::Trial>().Rule(DecideTrial));
  BindStandard(service, "tsunagu.training.v1.TestResultService", service.Add<v1::TestResult>().Rule(DecideTestResult));
  BindStandard(service, "tsunagu.training.v1.StatementService", service.Add<v1::Statement>().Rule(DecideStatement));
}

}  // namespace tsunagu::training
