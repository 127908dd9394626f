#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_COMMITMENT_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_COMMITMENT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "common/jp/civil_day.h"
#include "services/subsidy/rules/ledger.h"
#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/commitment_act.pb.h"

namespace tsunagu::subsidy::rules {

// A contract or own work as a state machine: which act is permitted in which state, and its effect on the yen of each
// line.

struct CommitmentStanding {
  v1::Commitment::Kind kind = v1::Commitment::KIND_CONTRACT;
  v1::Commitment::State state = v1::Commitment::STATE_PLANNED;
  int64_t contracted = 0;  // 0 for own work
  int64_t inspected = 0;
  std::map<std::string, Balances::Decision> shares;  // by budget line

  int64_t committed() const;
  int64_t paid() const;
};

struct CommitmentStep {
  CommitmentStanding after;
  std::vector<Movement> movements;  // on the line of the act
};

// Returns whether acts of a kind pay, or concern a payment. A person who may do such acts may not do the others, and
// vice versa.
bool MovesMoney(v1::CommitmentAct::Kind kind);

// Returns the first day from which on `yen` are committed and not paid, by the acts of one line so far; absent if there
// is none. No payment may be before that day.
absl::optional<jp::CivilDay> CommittedFrom(const std::vector<v1::CommitmentAct>& of_line, int64_t yen);

// Returns whether acts of a kind concern a budget line.
bool IsCharged(v1::CommitmentAct::Kind kind);

// `line` is empty unless IsCharged. Errors: STEP_OUT_OF_ORDER, ACT_NOT_OF_OWN_WORK; CONTRACT_EXCEEDED,
// CONTRACT_BELOW_ACTS, COMMITMENT_EXCEEDED, NOT_INSPECTED, PAYMENT_EXCEEDED, each with the missing yen;
// AMOUNT_NOT_POSITIVE.
absl::StatusOr<CommitmentStep> TakeAct(const CommitmentStanding& standing, v1::CommitmentAct::Kind kind,
                                       const std::string& line, int64_t yen);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_COMMITMENT_H_
