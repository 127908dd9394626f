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

// Returns whether two facts of one learner record the same thing, so that one of them is sufficient.
bool SaySame(const v1::Attendance& a, const v1::Attendance& b);
bool SaySame(const v1::Trial& a, const v1::Trial& b);
bool SaySame(const v1::TestResult& a, const v1::TestResult& b);
bool SaySame(const v1::Statement& a, const v1::Statement& b);
// Never: a log may contain a viewing twice, and it is credited once.
bool SaySame(const v1::Viewing& a, const v1::Viewing& b);
bool SaySame(const v1::WorkerFiling& a, const v1::WorkerFiling& b);

// Returns whether `correction` may replace `wrong`: both are about the same, though the day or the number may be wrong.
bool MayCorrect(const v1::Attendance& wrong, const v1::Attendance& correction);
bool MayCorrect(const v1::Trial& wrong, const v1::Trial& correction);
bool MayCorrect(const v1::TestResult& wrong, const v1::TestResult& correction);
bool MayCorrect(const v1::Statement& wrong, const v1::Statement& correction);
bool MayCorrect(const v1::Viewing& wrong, const v1::Viewing& correction);
bool MayCorrect(const v1::WorkerFiling& wrong, const v1::WorkerFiling& correction);

// Adds the faults in a new fact among the `others` of its kind, of which those named in `replaced` are no longer valid:
// it is recorded already; the fact that it replaces is missing, is about something else, or is no longer valid.
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

// Adds the faults in an attendance at `session`: a session on demand, a subject that it does not teach, more minutes
// than it gives.
void CheckAttendance(const v1::Attendance& attendance, const v1::Session& session, Faults& faults);
// Returns whether two sessions overlap.
bool AtTheSameTime(const v1::Session& a, const v1::Session& b);

// Adds the faults in a trial: an act that she does not learn, or not in this way.
void CheckTrial(const v1::Trial& trial, const std::vector<v1::Curriculum::ActRule>& acts, Faults& faults);
// Adds the faults in a result: an unknown test, more right answers than questions.
void CheckTestResult(const v1::TestResult& result, const v1::Curriculum& curriculum, Faults& faults);
// Adds the faults in a statement: an unknown subject, a curriculum that accepts no statements.
void CheckStatement(const v1::Statement& statement, const v1::Curriculum& curriculum, Faults& faults);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_FACT_H_
