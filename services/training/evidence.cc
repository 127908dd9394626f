#include "services/training/evidence.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "google/protobuf/util/time_util.h"
#include "services/training/carried.h"
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

using contract::Where;

// With more learners than this, the facts of the whole course are read instead of those of one learner after another:
// on a database server every statement is a round trip.
constexpr size_t kFewLearners = 100;

// The facts that had been recorded by then and were not replaced by then.
class Facts {
 public:
  Facts(store::View& view, absl::Time known) : view_(view), known_(known) {}

  absl::Status ReadAll(const std::string& course) {
    RETURN_IF_ERROR(ReadAllOf<v1::Attendance>(course));
    RETURN_IF_ERROR(ReadAllOf<v1::Statement>(course));
    RETURN_IF_ERROR(ReadAllOf<v1::TestResult>(course));
    RETURN_IF_ERROR(ReadAllOf<v1::Trial>(course));
    RETURN_IF_ERROR(ReadAllOf<v1::Viewing>(course));
    has_all_ = true;
    return absl::OkStatus();
  }

  store::View& view() const { return view_; }

  // Returns the facts of an enrollment. After ReadAll, those of an enrollment can be taken only once.
  template <typename Fact>
  absl::StatusOr<std::vector<Fact>> Of(const std::string& enrollment) {
    if (!has_all_) return OfAnyCourse<Fact>(enrollment);
    return Standing(std::move(std::get<ByEnrollment<Fact>>(all_)[enrollment]));
  }

  // Returns the facts of an enrollment, possibly in another course.
  template <typename Fact>
  absl::StatusOr<std::vector<Fact>> OfAnyCourse(const std::string& enrollment) {
    std::vector<Fact> facts;
    RETURN_IF_ERROR(Read<Fact>(enrollment, [&](Fact& fact) { facts.push_back(std::move(fact)); }));
    return Standing(std::move(facts));
  }

 private:
  template <typename Fact>
  using ByEnrollment = std::map<std::string, std::vector<Fact>>;

  // Removes the facts that others replace.
  template <typename Fact>
  static std::vector<Fact> Standing(std::vector<Fact> facts) {
    std::set<std::string> replaced;
    for (const Fact& fact : facts) {
      if (!fact.replaces().empty()) replaced.insert(fact.replaces());
    }
    const auto is_replaced = [&](const Fact& fact) { return replaced.count(fact.name()) > 0; };
    facts.erase(std::remove_if(facts.begin(), facts.end(), is_replaced), facts.end());
    return facts;
  }

  template <typename Fact>
  absl::Status Read(const std::string& parent, absl::FunctionRef<void(Fact&)> each) {
    return store::Records<Fact>::All(view_).ForEach(Where::Under(parent), [&](Fact& fact) {
      const int64_t recorded = google::protobuf::util::TimeUtil::TimestampToMicroseconds(fact.create_time());
      if (absl::FromUnixMicros(recorded) <= known_) each(fact);
      return absl::OkStatus();
    });
  }
  template <typename Fact>
  absl::Status ReadAllOf(const std::string& course) {
    return Read<Fact>(absl::StrCat(course, "/enrollments/-"), [&](Fact& fact) {
      std::string enrollment = ParentOf(fact.name());
      std::get<ByEnrollment<Fact>>(all_)[std::move(enrollment)].push_back(std::move(fact));
    });
  }

  store::View& view_;
  const absl::Time known_;
  bool has_all_ = false;
  std::tuple<ByEnrollment<v1::Attendance>, ByEnrollment<v1::Statement>, ByEnrollment<v1::TestResult>,
             ByEnrollment<v1::Trial>, ByEnrollment<v1::Viewing>>
      all_;
};

// Sessions, each read once.
class Sessions {
 public:
  explicit Sessions(store::View& view) : sessions_(store::Records<v1::Session>::All(view)) {}

  absl::StatusOr<const v1::Session*> Get(const std::string& name) {
    const auto [found, fresh] = read_.try_emplace(name);
    if (fresh) {
      ASSIGN_OR_RETURN(found->second, sessions_.Get(name));
    }
    return &found->second;
  }

  // Reads the sessions of a course at once instead of one by one.
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

// A session on demand is offered until the course ends.
std::vector<rules::Evidence::Planned> PlannedBy(const Sessions& sessions, const v1::Course& course) {
  std::vector<rules::Evidence::Planned> planned;
  for (const auto& [name, session] : sessions.all()) {
    const jp::CivilDay first = jp::DayOf(session.held_date());
    const jp::CivilDay last = session.mode() == v1::Session::MODE_ON_DEMAND ? jp::DayOf(course.end_date()) : first;
    for (const v1::Session::Lesson& lesson : session.lessons()) {
      planned.push_back({name, lesson.subject(), first, last, lesson.minutes()});
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
                                 attendance.minutes(), CourseOf(session->name()) == course, session->name()});
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

// Data that is read once for all learners of a course.
struct Reading {
  Facts& facts;
  Sessions& sessions;
  CarriedEnrollments& carried;
  const std::vector<rules::Evidence::Planned>& planned;  // the lessons of the course
};

// Returns the facts of an enrollment, and those that her other enrollments carry into it, unless a fact here records
// the same: a session may be entered under both, and so may the document of another prefecture. `about` returns the
// subject of a fact, `day` its day.
template <typename Fact, typename About, typename Day>
absl::StatusOr<std::vector<Fact>> WithCarried(const v1::Enrollment& enrollment, const std::vector<std::string>& others,
                                              Reading& reading, About about, Day day) {
  ASSIGN_OR_RETURN(std::vector<Fact> counted, reading.facts.Of<Fact>(enrollment.name()));
  std::set<decltype(about(counted[0]))> told;
  for (const std::string& other : others) {
    for (const Fact& fact : counted) told.insert(about(fact));
    ASSIGN_OR_RETURN(std::vector<Fact> carried, reading.facts.OfAnyCourse<Fact>(other));
    for (Fact& fact : carried) {
      if (told.count(about(fact)) > 0) continue;
      ASSIGN_OR_RETURN(const jp::CivilDay when, day(fact));
      if (reading.carried.LetsIn(when)) counted.push_back(std::move(fact));
    }
  }
  return counted;
}

absl::StatusOr<std::vector<v1::Attendance>> AttendancesOf(const v1::Enrollment& enrollment,
                                                          const std::vector<std::string>& others, Reading& reading) {
  return WithCarried<v1::Attendance>(
      enrollment, others, reading,
      [](const v1::Attendance& one) { return std::make_pair(one.session(), one.subject()); },
      [&](const v1::Attendance& one) -> absl::StatusOr<jp::CivilDay> {
        ASSIGN_OR_RETURN(const v1::Session* session, reading.sessions.Get(one.session()));
        return jp::DayOf(session->held_date());
      });
}

absl::StatusOr<std::vector<v1::Statement>> StatementsOf(const v1::Enrollment& enrollment,
                                                        const std::vector<std::string>& others, Reading& reading) {
  const auto day = [](const v1::Statement& one) { return jp::DayOf(one.completion_date()); };
  return WithCarried<v1::Statement>(
      enrollment, others, reading, [&](const v1::Statement& one) { return std::make_pair(one.subject(), day(one)); },
      [&](const v1::Statement& one) -> absl::StatusOr<jp::CivilDay> { return day(one); });
}

// Adds what she watched, as far as it counts here. Viewings under other enrollments may take minutes from it.
absl::Status AddAllViewed(const std::string& course, const v1::Enrollment& enrollment,
                          const std::vector<std::string>& others, Reading& reading, rules::Evidence& evidence) {
  ASSIGN_OR_RETURN(const auto here, WithCarried<v1::Viewing>(
                                        enrollment, others, reading, [](const v1::Viewing& one) { return one.name(); },
                                        [](const v1::Viewing& one) -> absl::StatusOr<jp::CivilDay> {
                                          return jp::DayOf(one.start_date());
                                        }));
  if (here.empty()) return absl::OkStatus();
  std::set<std::string> counted;
  for (const v1::Viewing& viewing : here) {
    counted.insert(viewing.name());
    RETURN_IF_ERROR(AddViewed(viewing, false, course, reading.sessions, evidence));
  }
  std::vector<std::string> elsewhere;
  RETURN_IF_ERROR(store::Records<v1::Enrollment>::All(reading.facts.view())
                      .ForEach(Where("learner", enrollment.learner()), [&](const v1::Enrollment& other) {
                        if (other.name() != enrollment.name()) elsewhere.push_back(other.name());
                        return absl::OkStatus();
                      }));
  for (const std::string& other : elsewhere) {
    ASSIGN_OR_RETURN(const auto viewings, reading.facts.OfAnyCourse<v1::Viewing>(other));
    for (const v1::Viewing& viewing : viewings) {
      if (counted.count(viewing.name()) > 0) continue;
      RETURN_IF_ERROR(AddViewed(viewing, true, course, reading.sessions, evidence));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Progress> ReadOne(const CourseRule& rule, const v1::Enrollment& enrollment, jp::CivilDay as_of,
                                     Reading reading) {
  Facts& facts = reading.facts;
  rules::Evidence evidence;
  evidence.planned = reading.planned;
  evidence.course_end = jp::DayOf(rule.course.end_date());
  for (const int act : enrollment.acts()) evidence.chosen.push_back(static_cast<v1::Act>(act));
  ASSIGN_OR_RETURN(const std::vector<std::string> others, reading.carried.Of(enrollment));
  ASSIGN_OR_RETURN(const auto attendances, AttendancesOf(enrollment, others, reading));
  for (const v1::Attendance& attendance : attendances) {
    RETURN_IF_ERROR(AddAttended(attendance, rule.course.name(), reading.sessions, evidence));
  }
  RETURN_IF_ERROR(AddAllViewed(rule.course.name(), enrollment, others, reading, evidence));
  ASSIGN_OR_RETURN(const auto statements, StatementsOf(enrollment, others, reading));
  for (const v1::Statement& one : statements) {
    evidence.stated.push_back({one.subject(), jp::DayOf(one.completion_date()), one.minutes()});
  }
  ASSIGN_OR_RETURN(const auto results, facts.Of<v1::TestResult>(enrollment.name()));
  for (const v1::TestResult& one : results) {
    evidence.tested.push_back({one.test(), jp::DayOf(one.test_date()), one.correct()});
  }
  ASSIGN_OR_RETURN(const auto trials, facts.Of<v1::Trial>(enrollment.name()));
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
  Facts facts(view, known);
  CarriedEnrollments carried(view, rule, known);
  return ReadOne(rule, enrollment, as_of, {facts, sessions, carried, PlannedBy(sessions, rule.course)});
}

absl::Status ReadProgressOfAll(store::View& view, const CourseRule& rule,
                               const std::vector<v1::Enrollment>& enrollments, jp::CivilDay as_of,
                               absl::FunctionRef<void(v1::Progress)> each) {
  Sessions sessions(view);
  RETURN_IF_ERROR(sessions.ReadAll(rule.course.name()));
  // Computed before sessions of other courses are read for a learner.
  const std::vector<rules::Evidence::Planned> planned = PlannedBy(sessions, rule.course);
  Facts facts(view, absl::InfiniteFuture());
  CarriedEnrollments carried(view, rule, absl::InfiniteFuture());
  if (enrollments.size() > kFewLearners) {
    RETURN_IF_ERROR(facts.ReadAll(rule.course.name()));
    RETURN_IF_ERROR(carried.ReadAll());
  }
  for (const v1::Enrollment& enrollment : enrollments) {
    ASSIGN_OR_RETURN(v1::Progress progress, ReadOne(rule, enrollment, as_of, {facts, sessions, carried, planned}));
    each(std::move(progress));
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::training
