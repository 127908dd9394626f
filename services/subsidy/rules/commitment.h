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

// A contract or own work as a state machine: which act may come where, and what it does to the yen of each line.

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
  std::vector<Movement> movements;  // of the act's line
};

// Whether acts of a kind pay, or are about what was paid. Who may do them may do no others, and the other way round.
bool MovesMoney(v1::CommitmentAct::Kind kind);

// The first day from which on `yen` are committed and not paid, by the acts of one line so far; absent where they never
// are. Nothing is paid before that.
absl::optional<jp::CivilDay> CommittedFrom(const std::vector<v1::CommitmentAct>& of_line, int64_t yen);

// Whether acts of a kind are about a budget line.
bool IsCharged(v1::CommitmentAct::Kind kind);

// `line`: empty unless IsCharged. STEP_OUT_OF_ORDER, ACT_NOT_OF_OWN_WORK; CONTRACT_EXCEEDED, CONTRACT_BELOW_ACTS,
// COMMITMENT_EXCEEDED, NOT_INSPECTED, PAYMENT_EXCEEDED, each with how many yen are missing; AMOUNT_NOT_POSITIVE.
absl::StatusOr<CommitmentStep> TakeAct(const CommitmentStanding& standing, v1::CommitmentAct::Kind kind,
                                       const std::string& line, int64_t yen);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_COMMITMENT_H_
