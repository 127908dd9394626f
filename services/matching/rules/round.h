#ifndef TSUNAGU_SERVICES_MATCHING_RULES_ROUND_H_
#define TSUNAGU_SERVICES_MATCHING_RULES_ROUND_H_

#include "absl/status/status.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching::rules {

enum class Move { kFreeze, kSolve, kPublish, kCancel, kApplyEvents };

// Whether a round in this state may be moved so. Each refusal says what the round is.
absl::Status CheckMove(v1::Round::State state, Move move);

}  // namespace tsunagu::matching::rules

#endif  // TSUNAGU_SERVICES_MATCHING_RULES_ROUND_H_
