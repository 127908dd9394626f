#include "services/matching/rules/round.h"

#include "common/base/error.h"

namespace tsunagu::matching::rules {

absl::Status CheckMove(v1::Round::State state, Move move) {
  switch (state) {
    case v1::Round::STATE_FROZEN:
      if (move == Move::kFreeze) return Fail("ROUND_FROZEN"_reason);
      [[fallthrough]];
    case v1::Round::STATE_DRAFT:
      return move == Move::kPublish || move == Move::kApplyEvents ? Fail("ROUND_NOT_SOLVED"_reason) : absl::OkStatus();
    case v1::Round::STATE_SUCCEEDED:
      return move == Move::kFreeze || move == Move::kSolve ? Fail("ROUND_NOT_DRAFT"_reason) : absl::OkStatus();
    case v1::Round::STATE_PUBLISHED:
      return move == Move::kApplyEvents ? absl::OkStatus() : Fail("ROUND_PUBLISHED"_reason);
    case v1::Round::STATE_SUPERSEDED:
      return Fail("ROUND_SUPERSEDED"_reason);
    case v1::Round::STATE_CANCELLED:
      return Fail("ROUND_CANCELLED"_reason);
    default:
      return absl::InternalError("a round without a state");
  }
}

}  // namespace tsunagu::matching::rules
