#ifndef TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_COMMITMENT_H_
#define TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_COMMITMENT_H_

#include <map>
#include <string>
#include <utility>

#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/commitment_act.pb.h"

namespace tsunagu::faults {

// The state of a contract or own work, computed from its acts.
class CommitmentModel {
 public:
  explicit CommitmentModel(bool is_contract) : is_contract_(is_contract), state_(is_contract ? "PLANNED" : "RUNNING") {}

  // Returns false if the act is not permitted in this state.
  bool Take(const subsidy::v1::CommitmentAct& act);
  // Returns "PAY" for a payment; empty if the act moves no yen.
  static std::string MovementOf(const subsidy::v1::CommitmentAct& act);
  static bool MovesMoney(const subsidy::v1::CommitmentAct& act);

  // "RUNNING 440000/200000, budgetLines/l1 339999/100001": contracted and inspected; for each line committed and paid.
  std::string Text() const;
  static std::string Text(const subsidy::v1::Commitment& commitment);

 private:
  long Committed() const;
  long Paid() const;
  bool Contract(long yen, const char* from, const char* to);
  // Returns whether, from a day on, the line has at least as much committed as is paid on that day.
  bool IsCovered(const std::string& line, int day) const;

  const bool is_contract_;
  std::string state_;
  int last_day_ = 0;
  long contracted_ = 0, inspected_ = 0;
  std::map<std::string, std::pair<long, long>> lines_;  // committed, paid
  std::map<std::string, std::map<int, long>> open_;     // by line and day: committed less paid
};

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_COMMITMENT_H_
