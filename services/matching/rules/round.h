#ifndef TSUNAGU_SERVICES_MATCHING_RULES_ROUND_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_ROUND_H_

#include "absl/status/status.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching::rules {

enum class Move { kFreeze, kSolve, kPublish, kCancel, kApplyEvents };

// Checks whether a round in this state permits the move. The error states the state of the round.
absl::Status CheckMove(v1::Round::State state, Move move);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_ROUND_H_
