// Random histories through the wire: a certificate is issued if and only if the rule is met, and progress can be read
// for every past day and as known at any time. Compared with a judge of the test's own.
#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "google/protobuf/util/time_util.h"
#include "tests/wire/training_test_base.h"
#include "tsunagu/training/v1/statement.pb.h"
#include "tsunagu/training/v1/test_result.pb.h"

namespace tsunagu::wire {
namespace {

using testing::HasSubstr;

// 1 and 2, and 3, which comes after 1; all days are of March 2050.
constexpr int kRequired[] = {60, 90, 60};
struct Offer {
  int subject;
  int day;
  int minutes;
};
constexpr Offer kOffers[] = {{0, 10, 60}, {0, 12, 40}, {1, 14, 60}, {1, 16, 60}, {2, 18, 60}, {2, 20, 30}};
constexpr int kPassMark = 8;
// The first day of her course. The sessions belong to one that began before, in which she may have been too.
constexpr int kStart = 17;

struct Rule {
  bool partial = false;
  int tolerance = 0;
};

enum class Kind { kAttendance, kStatement, kTest };

// What is recorded. `step`: when.
struct Told {
  Kind kind;
  int about;  // which offer; which subject; nothing
  int day;
  int value;  // minutes, or right answers
  int step;
  std::string name;
  std::string replaces;
  bool before = false;  // under her enrollment in the course that began before
};

struct Judged {
  std::vector<int> earned = {0, 0, 0};
  bool complete = false;
};

bool Stands(const std::vector<Told>& history, const Told& one, int known) {
  return one.step <= known && std::none_of(history.begin(), history.end(), [&](const Told& later) {
           return later.step <= known && later.replaces == one.name;
         });
}

// Returns whether minutes under the other enrollment do not count here: they are too late, or a fact here records the
// same session or document.
bool StaysThere(const std::vector<Told>& history, const Told& one, int known) {
  return one.before && (one.day >= kStart || std::any_of(history.begin(), history.end(), [&](const Told& here) {
                          return !here.before && here.kind == one.kind && here.about == one.about &&
                                 here.day == one.day && Stands(history, here, known);
                        }));
}

int Counted(const Rule& rule, const Told& one) {
  if (one.kind == Kind::kStatement) return one.value;
  const int given = kOffers[one.about].minutes;
  if (one.value >= given - rule.tolerance) return given;
  return rule.partial ? one.value : 0;
}

// Lives through the days.
Judged Judge(const Rule& rule, const std::vector<Told>& history, int day, int known) {
  Judged judged;
  bool passed = false;
  for (int today = 1; today <= day; ++today) {
    for (int subject = 0; subject < 3; ++subject) {
      for (const Told& one : history) {
        if (one.day != today || one.kind == Kind::kTest || !Stands(history, one, known)) continue;
        if (StaysThere(history, one, known)) continue;
        if ((one.kind == Kind::kStatement ? one.about : kOffers[one.about].subject) != subject) continue;
        if (subject == 2 && judged.earned[0] < kRequired[0]) continue;
        judged.earned[subject] = std::min(kRequired[subject], judged.earned[subject] + Counted(rule, one));
      }
    }
    for (const Told& one : history) {
      passed = passed || (one.kind == Kind::kTest && !one.before && one.day == today && one.value >= kPassMark &&
                          Stands(history, one, known));
    }
  }
  judged.complete = passed && std::equal(judged.earned.begin(), judged.earned.end(), kRequired);
  return judged;
}

std::string DayText(int day) { return absl::StrCat("2050-03-", day < 10 ? "0" : "", day); }

class CertificateHistoryTest : public TrainingTest {
 protected:
  void MakeRuled(const std::string& id, const Rule& rule) {
    training_v1::Curriculum curriculum;
    curriculum.set_display_name("見本");
    curriculum.set_series(id);
    curriculum.mutable_credit_rule()->set_partial(rule.partial);
    curriculum.mutable_credit_rule()->set_tolerance_minutes(rule.tolerance);
    curriculum.mutable_credit_rule()->set_make_up(true);
    for (int subject = 0; subject < 3; ++subject) {
      auto& taught = *curriculum.add_subjects();
      taught.set_code(absl::StrCat(subject + 1));
      taught.set_display_name("講義");
      taught.set_method(training_v1::Curriculum::METHOD_LECTURE);
      taught.set_minutes(kRequired[subject]);
      if (subject == 2) taught.add_after("1");
    }
    auto& test = *curriculum.add_tests();
    test.set_code("t");
    test.set_display_name("試験");
    test.set_questions(10);
    test.set_pass_percent(10 * kPassMark);
    ASSERT_EQ(Said(MakeCurriculum(curriculum, id)), "OK");
    const std::string curriculum_name = "curricula/" + id;
    ASSERT_EQ(Said(MakeCourse(id, curriculum_name, 50, DayText(kStart).c_str())), "OK");
    ASSERT_EQ(Said(MakeCourse(id + "-before", curriculum_name, 50)), "OK");
    sessions_.clear();
    for (const Offer& offer : kOffers) {
      const auto session = MakeSession(absl::StrCat("courses/", id, "-before"), absl::StrCat(offer.subject + 1),
                                       DayText(offer.day).c_str(), offer.minutes);
      ASSERT_EQ(Said(session), "OK");
      sessions_.push_back(*session);
    }
  }

  // Sends it to the server; adds it to the history if the server accepts it.
  std::string Tell(const std::string& enrollment, Told one, std::vector<Told>& history) {
    std::string said;
    const auto keep = [&](const auto& made) {
      said = Said(made);
      if (!made.ok()) return;
      one.name = made->name();
      history.push_back(one);
    };
    if (one.kind == Kind::kAttendance) {
      keep(Attend(enrollment, sessions_[one.about].name(), sessions_[one.about].lessons(0).subject(), one.value,
                  one.replaces));
    } else if (one.kind == Kind::kTest) {
      training_v1::CreateTestResultRequest request;
      request.set_parent(enrollment);
      request.mutable_test_result()->set_test("t");
      *request.mutable_test_result()->mutable_test_date() = Day(DayText(one.day).c_str());
      request.mutable_test_result()->set_correct(one.value);
      request.mutable_test_result()->set_replaces(one.replaces);
      keep(Ask<training_v1::TestResult>("TestResultService/CreateTestResult", request));
    } else {
      training_v1::CreateStatementRequest request;
      request.set_parent(enrollment);
      auto& statement = *request.mutable_statement();
      statement.set_subject(absl::StrCat(one.about + 1));
      statement.set_minutes(one.value);
      *statement.mutable_completion_date() = Day(DayText(one.day).c_str());
      statement.set_issuer("別の県");
      statement.set_evidence(absl::StrCat("第", one.step, "号"));
      statement.set_replaces(one.replaces);
      keep(Ask<training_v1::Statement>("StatementService/CreateStatement", request));
    }
    return said;
  }

  int Below(int bound) { return static_cast<int>(random_() % bound); }
  Told Something(int step) {
    switch (Below(4)) {
      case 0:
        return {Kind::kTest, 0, 22 + Below(3), Below(2) == 0 ? 7 : 8 + Below(3), step, "", ""};
      case 1:
        return {Kind::kStatement, Below(2), 9 + 2 * Below(6), 10 + 20 * Below(2), step, "", ""};
      default:
        break;
    }
    const int about = Below(6), given = kOffers[about].minutes;
    const int minutes[] = {given, given, given, given - 5, given - 20, 0};
    return {Kind::kAttendance, about, kOffers[about].day, minutes[Below(6)], step, "", ""};
  }

  void OneHistory(const std::string& course, const Rule& rule) {
    const std::string learner = MakeLearner("見本 花子");
    const std::string enrollment = Enroll(course, learner);
    // Every second one was in the other course too.
    const std::string before = Below(2) == 0 ? Enroll(course + "-before", learner) : "";
    std::vector<Told> history;
    std::vector<absl::Time> times;
    std::string certificate;
    const bool diligent = Below(3) > 0;
    for (int step = 0; step < 24; ++step) {
      clock().Advance(absl::Seconds(1));
      const int what = Below(10);
      if (diligent && step < 6) {
        const Offer& offer = kOffers[step];
        (void)Tell(enrollment, {Kind::kAttendance, step, offer.day, offer.minutes, step, "", ""}, history);
      } else if (what < 6) {
        Told something = Something(step);
        something.before = !before.empty() && Below(2) == 0;
        (void)Tell(something.before ? before : enrollment, something, history);
      } else if (what < 7 && !history.empty()) {
        Told correction = history[Below(static_cast<int>(history.size()))];
        const bool stands = Stands(history, correction, step);
        correction.replaces = correction.name;
        correction.step = step;
        if (correction.kind != Kind::kTest) correction.value = std::max(10, correction.value - 30 + 10 * Below(5));
        if (correction.kind == Kind::kTest) correction.value = 6 + Below(4);
        if (correction.kind == Kind::kAttendance) {
          correction.value = std::min(correction.value, kOffers[correction.about].minutes);
        }
        const std::string said = Tell(correction.before ? before : enrollment, correction, history);
        const bool counts = !correction.before || (correction.kind != Kind::kTest && correction.day < kStart);
        EXPECT_EQ(said == "OK", stands && (certificate.empty() || !counts)) << said;
      } else if (what < 9) {
        const bool complete = Judge(rule, history, 31, step).complete;
        const auto issued = Issue(enrollment);
        ASSERT_EQ(issued.ok(), complete && certificate.empty()) << Said(issued) << " at " << step;
        if (issued.ok()) certificate = issued->name();
        if (!complete) {
          EXPECT_THAT(Said(issued), HasSubstr("REQUIREMENT_MISSING"));
        }
        ++(complete ? complete_ : incomplete_);
      } else if (!certificate.empty()) {
        training_v1::RevokeCertificateRequest revoke;
        revoke.set_name(certificate);
        revoke.set_reason("訂正");
        EXPECT_EQ(Said(Ask<training_v1::Certificate>("CertificateService/RevokeCertificate", revoke)), "OK");
        certificate.clear();
      }
      EXPECT_TRUE(certificate.empty() || Judge(rule, history, 31, step).complete) << "it holds, and the rule does not";
      times.push_back(clock().Now());
    }
    clock().Advance(absl::Seconds(1));
    for (int look = 0; look < 20; ++look) {
      const int day = 8 + Below(18), known = Below(24);
      training_v1::GetProgressRequest request;
      request.set_name(enrollment);
      *request.mutable_as_of_date() = Day(DayText(day).c_str());
      *request.mutable_as_known_at() =
          google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(times[known]));
      const auto progress = Ask<training_v1::Progress>("EnrollmentService/GetProgress", request);
      ASSERT_EQ(Said(progress), "OK");
      const Judged judged = Judge(rule, history, day, known);
      EXPECT_EQ(progress->complete(), judged.complete) << day << " " << known;
      for (int subject = 0; subject < 3; ++subject) {
        EXPECT_EQ(progress->subjects(subject).earned(), judged.earned[subject])
            << subject << " " << day << " " << known;
      }
    }
  }

  std::mt19937 random_{1};
  int complete_ = 0, incomplete_ = 0;
};

TEST_P(CertificateHistoryTest, ACertificateIsIssuedExactlyWhereTheRuleHolds) {
  for (const Rule rule : {Rule{false, 0}, Rule{true, 0}, Rule{false, 10}, Rule{true, 10}}) {
    const std::string id = absl::StrCat("h", rule.partial ? 1 : 0, "-", rule.tolerance);
    MakeRuled(id, rule);
    for (int history = 0; history < 12 && !HasFatalFailure(); ++history) OneHistory("courses/" + id, rule);
  }
  EXPECT_GT(complete_, 20);
  EXPECT_GT(incomplete_, 20);
}

WIRE_TEST_ON_BOTH(CertificateHistoryTest);

}  // namespace
}  // namespace tsunagu::wire
