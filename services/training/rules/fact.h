#ifndef TSUNAGU_SERVICES_TRAINING_RULES_FACT_H_
#define TSUNAGU_SERVICES_TRAINING_RULES_FACT_H_

#include <set>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "tsunagu/training/v1/attendance.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/session.pb.h"
#include "tsunagu/training/v1/statement.pb.h"
#include "tsunagu/training/v1/test_result.pb.h"
#include "tsunagu/training/v1/trial.pb.h"
#include "tsunagu/training/v1/viewing.pb.h"
#include "tsunagu/training/v1/worker_filing.pb.h"

namespace tsunagu::training::rules {

// Whether two facts of one learner say of the same thing, so that one of them is enough.
bool SaySame(const v1::Attendance& a, const v1::Attendance& b);
bool SaySame(const v1::Trial& a, const v1::Trial& b);
bool SaySame(const v1::TestResult& a, const v1::TestResult& b);
bool SaySame(const v1::Statement& a, const v1::Statement& b);
// Never: a log may say a viewing twice, and it is credited once.
bool SaySame(const v1::Viewing& a, const v1::Viewing& b);
bool SaySame(const v1::WorkerFiling& a, const v1::WorkerFiling& b);

// Whether `correction` may stand for `wrong`: it is about the same, though the day or the number may have been wrong.
bool MayCorrect(const v1::Attendance& wrong, const v1::Attendance& correction);
bool MayCorrect(const v1::Trial& wrong, const v1::Trial& correction);
bool MayCorrect(const v1::TestResult& wrong, const v1::TestResult& correction);
bool MayCorrect(const v1::Statement& wrong, const v1::Statement& correction);
bool MayCorrect(const v1::Viewing& wrong, const v1::Viewing& correction);
bool MayCorrect(const v1::WorkerFiling& wrong, const v1::WorkerFiling& correction);

// Adds what is wrong with a new fact among the `others` of its kind, of which those named in `replaced` do not hold any
// more: that it is said already, that what it replaces is not there, is about something else or does not hold.
template <typename Fact>
void CheckFact(const Fact& fact, const std::vector<Fact>& others, const std::set<std::string>& replaced,
               Faults& faults) {
  const Fact* wrong = nullptr;
  for (const Fact& other : others) {
    if (other.name() == fact.replaces()) wrong = &other;
    const bool holds = replaced.count(other.name()) == 0 && other.name() != fact.replaces();
    if (holds && SaySame(other, fact)) return faults.Add("", "FACT_RECORDED"_reason, {{"name", other.name()}});
  }
  if (fact.replaces().empty()) return;
  if (replaced.count(fact.replaces()) > 0) {
    faults.Add("replaces", "FACT_REPLACED"_reason, {{"name", fact.replaces()}});
  } else if (wrong == nullptr || !MayCorrect(*wrong, fact)) {
    faults.Add("replaces", "FACT_OF_SOMETHING_ELSE"_reason);
  }
}

// Adds what is wrong with an attendance at `session`: one on demand, a subject that it does not
// teach, more minutes than it gives.
void CheckAttendance(const v1::Attendance& attendance, const v1::Session& session, Faults& faults);
// Whether two sessions share a minute.
bool AtTheSameTime(const v1::Session& a, const v1::Session& b);

// Adds what is wrong with a trial: an act that she does not learn, or not in this way.
void CheckTrial(const v1::Trial& trial, const std::vector<v1::Curriculum::ActRule>& acts, Faults& faults);
// Adds what is wrong with a result: no such test, more right answers than questions.
void CheckTestResult(const v1::TestResult& result, const v1::Curriculum& curriculum, Faults& faults);
// Adds what is wrong with a statement: no such subject, a curriculum that counts none.
void CheckStatement(const v1::Statement& statement, const v1::Curriculum& curriculum, Faults& faults);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_FACT_H_
