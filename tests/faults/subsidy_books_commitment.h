#ifndef TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_COMMITMENT_H_
#define TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_COMMITMENT_H_

#include <map>
#include <string>
#include <utility>

#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/commitment_act.pb.h"

namespace tsunagu::faults {

// What a contract, or own work, comes to by its acts.
class CommitmentModel {
 public:
  explicit CommitmentModel(bool is_contract) : is_contract_(is_contract), state_(is_contract ? "PLANNED" : "RUNNING") {}

  // False where the act has no place here.
  bool Take(const subsidy::v1::CommitmentAct& act);
  // "PAY" of a payment; empty where the act moves no yen.
  static std::string MovementOf(const subsidy::v1::CommitmentAct& act);
  static bool MovesMoney(const subsidy::v1::CommitmentAct& act);

  // "RUNNING 440000/200000, budgetLines/l1 339999/100001": contracted, inspected; of each line committed, paid.
  std::string Text() const;
  static std::string Text(const subsidy::v1::Commitment& commitment);

 private:
  long Committed() const;
  long Paid() const;
  bool Contract(long yen, const char* from, const char* to);
  // Whether a line has as much from a day on as is paid on it.
  bool IsCovered(const std::string& line, int day) const;

  const bool is_contract_;
  std::string state_;
  int last_day_ = 0;
  long contracted_ = 0, inspected_ = 0;
  std::map<std::string, std::pair<long, long>> lines_;  // committed, paid
  std::map<std::string, std::map<int, long>> open_;     // by line and day: what is committed less what is paid of it
};

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_COMMITMENT_H_
