#include "services/training/evidence.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "google/protobuf/util/time_util.h"
#include "services/training/names.h"
#include "services/training/rules/judge.h"
#include "tsunagu/training/v1/attendance.pb.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/session.pb.h"
#include "tsunagu/training/v1/statement.pb.h"
#include "tsunagu/training/v1/test_result.pb.h"
#include "tsunagu/training/v1/trial.pb.h"
#include "tsunagu/training/v1/viewing.pb.h"

namespace tsunagu::training {
namespace {

using records::Where;

// The facts under an enrollment that had been recorded by then and were not replaced by then.
template <typename Fact>
absl::StatusOr<std::vector<Fact>> FactsOf(store::View& view, const std::string& enrollment, absl::Time known) {
  std::vector<Fact> facts;
  std::set<std::string> replaced;
  RETURN_IF_ERROR(store::Records<Fact>::All(view).ForEach(Where::Under(enrollment), [&](Fact& fact) {
    const int64_t recorded = google::protobuf::util::TimeUtil::TimestampToMicroseconds(fact.create_time());
    if (absl::FromUnixMicros(recorded) > known) return absl::OkStatus();
    if (!fact.replaces().empty()) replaced.insert(fact.replaces());
    facts.push_back(std::move(fact));
    return absl::OkStatus();
  }));
  const auto is_replaced = [&](const Fact& fact) { return replaced.count(fact.name()) > 0; };
  facts.erase(std::remove_if(facts.begin(), facts.end(), is_replaced), facts.end());
  return facts;
}

// Sessions, each read once.
class Sessions {
 public:
  explicit Sessions(store::View& view) : sessions_(store::Records<v1::Session>::All(view)) {}

  absl::StatusOr<const v1::Session*> Get(const std::string& name) {
    const auto [place, fresh] = read_.try_emplace(name);
    if (fresh) {
      ASSIGN_OR_RETURN(place->second, sessions_.Get(name));
    }
    return &place->second;
  }

  // Those of a course, so that they are not read one by one.
  absl::Status ReadAll(const std::string& course) {
    return sessions_.ForEach(Where::Under(course), [&](v1::Session& session) {
      read_[session.name()] = session;
      return absl::OkStatus();
    });
  }

  const std::map<std::string, v1::Session>& all() const { return read_; }

 private:
  const store::Records<v1::Session> sessions_;
  std::map<std::string, v1::Session> read_;
};

// One on demand is to come until the course is over.
std::vector<rules::Evidence::Planned> PlannedBy(const Sessions& sessions, const v1::Course& course) {
  std::vector<rules::Evidence::Planned> planned;
  for (const auto& [name, session] : sessions.all()) {
    const jp::CivilDay day = session.mode() == v1::Session::MODE_ON_DEMAND ? jp::DayOf(course.end_date()) + 1
                                                                           : jp::DayOf(session.held_date());
    for (const v1::Session::Lesson& lesson : session.lessons()) {
      planned.push_back({name, lesson.subject(), day, lesson.minutes()});
    }
  }
  return planned;
}

absl::Status AddAttended(const v1::Attendance& attendance, const std::string& course, Sessions& sessions,
                         rules::Evidence& evidence) {
  ASSIGN_OR_RETURN(const v1::Session* session, sessions.Get(attendance.session()));
  for (const v1::Session::Lesson& lesson : session->lessons()) {
    if (lesson.subject() != attendance.subject()) continue;
    evidence.attended.push_back({attendance.subject(), jp::DayOf(session->held_date()), lesson.minutes(),
                                 attendance.minutes(), CourseOf(session->name()) == course});
  }
  return absl::OkStatus();
}

absl::Status AddViewed(const v1::Viewing& viewing, bool elsewhere, const std::string& course, Sessions& sessions,
                       rules::Evidence& evidence) {
  rules::Evidence::Viewed viewed{rules::WatchedIn(viewing)};
  viewed.watched.elsewhere = elsewhere;
  if (!elsewhere) {
    ASSIGN_OR_RETURN(const v1::Session* session, sessions.Get(viewing.session()));
    for (const v1::Session::Lesson& lesson : session->lessons()) {
      if (lesson.subject() == viewing.subject()) viewed.given = lesson.minutes();
    }
    viewed.of_course = CourseOf(session->name()) == course;
  }
  evidence.viewed.push_back(std::move(viewed));
  return absl::OkStatus();
}

// What she watched for this enrollment, and, where that is anything, for her others.
absl::Status AddAllViewed(store::View& view, const std::string& course, const v1::Enrollment& enrollment,
                          absl::Time known, Sessions& sessions, rules::Evidence& evidence) {
  ASSIGN_OR_RETURN(const auto here, FactsOf<v1::Viewing>(view, enrollment.name(), known));
  for (const v1::Viewing& viewing : here) RETURN_IF_ERROR(AddViewed(viewing, false, course, sessions, evidence));
  if (here.empty()) return absl::OkStatus();
  std::vector<std::string> others;
  RETURN_IF_ERROR(store::Records<v1::Enrollment>::All(view).ForEach(
      Where("learner", enrollment.learner()), [&](const v1::Enrollment& other) {
        if (other.name() != enrollment.name()) others.push_back(other.name());
        return absl::OkStatus();
      }));
  for (const std::string& other : others) {
    ASSIGN_OR_RETURN(const auto elsewhere, FactsOf<v1::Viewing>(view, other, known));
    for (const v1::Viewing& viewing : elsewhere) RETURN_IF_ERROR(AddViewed(viewing, true, course, sessions, evidence));
  }
  return absl::OkStatus();
}

// `planned` is what the course teaches; `sessions` keeps what is read.
absl::StatusOr<v1::Progress> ReadOne(store::View& view, const CourseRule& rule, const v1::Enrollment& enrollment,
                                     jp::CivilDay as_of, absl::Time known, Sessions& sessions,
                                     const std::vector<rules::Evidence::Planned>& planned) {
  rules::Evidence evidence;
  evidence.planned = planned;
  evidence.course_end = jp::DayOf(rule.course.end_date());
  for (const int act : enrollment.acts()) evidence.chosen.push_back(static_cast<v1::Act>(act));
  ASSIGN_OR_RETURN(const auto attendances, FactsOf<v1::Attendance>(view, enrollment.name(), known));
  for (const v1::Attendance& attendance : attendances) {
    RETURN_IF_ERROR(AddAttended(attendance, rule.course.name(), sessions, evidence));
  }
  RETURN_IF_ERROR(AddAllViewed(view, rule.course.name(), enrollment, known, sessions, evidence));
  ASSIGN_OR_RETURN(const auto statements, FactsOf<v1::Statement>(view, enrollment.name(), known));
  for (const v1::Statement& one : statements) {
    evidence.stated.push_back({one.subject(), jp::DayOf(one.completion_date()), one.minutes()});
  }
  ASSIGN_OR_RETURN(const auto results, FactsOf<v1::TestResult>(view, enrollment.name(), known));
  for (const v1::TestResult& one : results) {
    evidence.tested.push_back({one.test(), jp::DayOf(one.test_date()), one.correct()});
  }
  ASSIGN_OR_RETURN(const auto trials, FactsOf<v1::Trial>(view, enrollment.name(), known));
  for (const v1::Trial& one : trials) {
    evidence.tried.push_back(
        {one.kind(), one.act(), jp::DayOf(one.trial_date()), one.number(), one.successful(), one.judged_sound()});
  }
  v1::Progress progress = rules::Judge(rule.curriculum, evidence, as_of);
  progress.set_enrollment(enrollment.name());
  progress.set_curriculum(rule.curriculum.name());
  return progress;
}

}  // namespace

std::string IssuerOf(const v1::Course& course) {
  if (!course.issuer().empty()) return course.issuer();
  return absl::StrJoin(course.hosts(), "、",
                       [](std::string* out, const std::string& host) { out->append(BodyText(host)); });
}

absl::StatusOr<CourseRule> ReadCourseRule(store::View& view, const std::string& course) {
  CourseRule rule;
  ASSIGN_OR_RETURN(rule.course, store::Records<v1::Course>::All(view).Get(course));
  ASSIGN_OR_RETURN(rule.curriculum, store::Records<v1::Curriculum>::All(view).Get(rule.course.curriculum()));
  return rule;
}

absl::StatusOr<std::vector<rules::Completion>> ReadCompletions(store::View& view, const std::string& learner,
                                                               jp::CivilDay day) {
  std::vector<rules::Completion> completions;
  RETURN_IF_ERROR(store::Records<v1::Certificate>::All(view).ForEach(
      Where("learner", learner) && Where("state", v1::Certificate::STATE_ISSUED),
      [&](const v1::Certificate& certificate) -> absl::Status {
        if (certificate.has_expiry_date() && jp::DayOf(certificate.expiry_date()) < day) return absl::OkStatus();
        ASSIGN_OR_RETURN(const auto curriculum,
                         store::Records<v1::Curriculum>::All(view).Get(certificate.curriculum()));
        completions.push_back({curriculum.series(), jp::DayOf(certificate.completion_date())});
        return absl::OkStatus();
      }));
  return completions;
}

absl::StatusOr<v1::Progress> ReadProgress(store::View& view, const CourseRule& rule, const v1::Enrollment& enrollment,
                                          jp::CivilDay as_of, absl::Time known) {
  Sessions sessions(view);
  RETURN_IF_ERROR(sessions.ReadAll(rule.course.name()));
  return ReadOne(view, rule, enrollment, as_of, known, sessions, PlannedBy(sessions, rule.course));
}

absl::Status ReadProgressOfAll(store::View& view, const CourseRule& rule, const std::vector<v1::Enrollment>& enrollments,
                               jp::CivilDay as_of, absl::FunctionRef<void(v1::Progress)> each) {
  Sessions sessions(view);
  RETURN_IF_ERROR(sessions.ReadAll(rule.course.name()));
  // Taken before a learner brings in sessions of other courses.
  const std::vector<rules::Evidence::Planned> planned = PlannedBy(sessions, rule.course);
  for (const v1::Enrollment& enrollment : enrollments) {
    ASSIGN_OR_RETURN(v1::Progress progress,
                     ReadOne(view, rule, enrollment, as_of, absl::InfiniteFuture(), sessions, planned));
    each(std::move(progress));
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::training
