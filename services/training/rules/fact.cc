#include "services/training/rules/fact.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::training::rules {
namespace {

bool SameDay(const google::type::Date& a, const google::type::Date& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

}  // namespace

bool SaySame(const v1::Attendance& a, const v1::Attendance& b) {
  return a.session() == b.session() && a.subject() == b.subject();
}
bool SaySame(const v1::Trial& a, const v1::Trial& b) { return MayCorrect(a, b) && a.number() == b.number(); }
bool SaySame(const v1::TestResult& a, const v1::TestResult& b) {
  return a.test() == b.test() && SameDay(a.test_date(), b.test_date());
}
bool SaySame(const v1::Statement& a, const v1::Statement& b) {
  return a.subject() == b.subject() && a.issuer() == b.issuer() && a.evidence() == b.evidence();
}
bool SaySame(const v1::Viewing&, const v1::Viewing&) { return false; }
bool SaySame(const v1::WorkerFiling& a, const v1::WorkerFiling& b) {
  return MayCorrect(a, b) && a.kind() == b.kind() && SameDay(a.filing_date(), b.filing_date());
}

bool MayCorrect(const v1::Attendance& wrong, const v1::Attendance& correction) { return SaySame(wrong, correction); }
bool MayCorrect(const v1::Trial& wrong, const v1::Trial& correction) {
  return wrong.kind() == correction.kind() && wrong.act() == correction.act();
}
bool MayCorrect(const v1::TestResult& wrong, const v1::TestResult& correction) {
  return wrong.test() == correction.test();
}
bool MayCorrect(const v1::Statement& wrong, const v1::Statement& correction) {
  return wrong.subject() == correction.subject();
}
bool MayCorrect(const v1::Viewing& wrong, const v1::Viewing& correction) {
  return wrong.session() == correction.session() && wrong.subject() == correction.subject();
}
bool MayCorrect(const v1::WorkerFiling& wrong, const v1::WorkerFiling& correction) {
  return wrong.office() == correction.office();
}

void CheckAttendance(const v1::Attendance& attendance, const v1::Session& session, Faults& faults) {
  const bool on_demand = session.mode() == v1::Session::MODE_ON_DEMAND;
  if (on_demand && attendance.minutes() > 0) faults.Add("session", "SESSION_ON_DEMAND"_reason);
  for (const v1::Session::Lesson& lesson : session.lessons()) {
    if (lesson.subject() != attendance.subject()) continue;
    if (attendance.minutes() > lesson.minutes()) {
      faults.Add("minutes", "ATTENDANCE_LONGER_THAN_LESSON"_reason, {{"minutes", absl::StrCat(lesson.minutes())}});
    }
    return;
  }
  faults.Add("subject", "SUBJECT_NOT_IN_SESSION"_reason, {{"subject", attendance.subject()}});
}

bool AtTheSameTime(const v1::Session& a, const v1::Session& b) {
  if (a.mode() == v1::Session::MODE_ON_DEMAND || b.mode() == v1::Session::MODE_ON_DEMAND) return false;
  return SameDay(a.held_date(), b.held_date()) && a.start_minute() < b.end_minute() &&
         b.start_minute() < a.end_minute();
}

void CheckTrial(const v1::Trial& trial, const std::vector<v1::Curriculum::ActRule>& acts, Faults& faults) {
  const bool is_exercise = trial.kind() == v1::Trial::KIND_EXERCISE;
  for (const v1::Curriculum::ActRule& rule : acts) {
    const bool wanted = is_exercise ? rule.exercises() > 0 : rule.tries() > 0 || rule.until_judged_sound();
    if (rule.act() == trial.act() && wanted) return;
  }
  const auto* kind = v1::Trial::Kind_descriptor()->FindValueByNumber(trial.kind());
  faults.Add("act", "ACT_NOT_LEARNED"_reason,
             {{"kind", is_exercise ? "exercise" : "practicum"},
              {"kind_ja", kind == nullptr ? "" : kind->options().GetExtension(tsunagu::ja)}});
}

void CheckTestResult(const v1::TestResult& result, const v1::Curriculum& curriculum, Faults& faults) {
  for (const v1::Curriculum::TestRule& rule : curriculum.tests()) {
    if (rule.code() != result.test()) continue;
    if (result.correct() > rule.questions()) {
      faults.Add("correct", "MORE_RIGHT_THAN_ASKED"_reason, {{"questions", absl::StrCat(rule.questions())}});
    }
    return;
  }
  faults.Add("test", "TEST_UNKNOWN"_reason, {{"test", result.test()}});
}

void CheckStatement(const v1::Statement& statement, const v1::Curriculum& curriculum, Faults& faults) {
  if (!curriculum.credit_rule().make_up()) return faults.Add("", "STATEMENTS_DO_NOT_COUNT"_reason);
  const bool known = std::any_of(curriculum.subjects().begin(), curriculum.subjects().end(),
                                 [&](const auto& subject) { return subject.code() == statement.subject(); });
  if (!known) faults.Add("subject", "SUBJECT_UNKNOWN"_reason, {{"subject", statement.subject()}});
}

}  // namespace tsunagu::training::rules
