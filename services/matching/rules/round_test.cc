#include "services/matching/rules/round.h"

#include <string>

#include "common/base/error.h"
#include "gtest/gtest.h"
#include "tsunagu/matching/v1/reason.pb.h"

namespace tsunagu::matching::rules {
namespace {

TEST(CheckMove, EveryStateAndMove) {
  Reason::Declare(v1::Reason_descriptor());
  struct Row {
    v1::Round::State state;
    const char *freeze, *solve, *publish, *cancel, *events;
  };
  const Row rows[] = {
      {v1::Round::STATE_DRAFT, "", "", "ROUND_NOT_SOLVED", "", "ROUND_NOT_SOLVED"},
      {v1::Round::STATE_FROZEN, "ROUND_FROZEN", "", "ROUND_NOT_SOLVED", "", "ROUND_NOT_SOLVED"},
      {v1::Round::STATE_SUCCEEDED, "ROUND_NOT_DRAFT", "ROUND_NOT_DRAFT", "", "", ""},
      {v1::Round::STATE_PUBLISHED, "ROUND_PUBLISHED", "ROUND_PUBLISHED", "ROUND_PUBLISHED", "ROUND_PUBLISHED", ""},
      {v1::Round::STATE_SUPERSEDED, "ROUND_SUPERSEDED", "ROUND_SUPERSEDED", "ROUND_SUPERSEDED", "ROUND_SUPERSEDED",
       "ROUND_SUPERSEDED"},
      {v1::Round::STATE_CANCELLED, "ROUND_CANCELLED", "ROUND_CANCELLED", "ROUND_CANCELLED", "ROUND_CANCELLED",
       "ROUND_CANCELLED"},
  };
  EXPECT_EQ(std::size(rows), v1::Round::State_descriptor()->value_count() - 1) << "a state without a row";
  for (const Row& row : rows) {
    const auto said = [&](Move move) {
      const absl::Status status = CheckMove(row.state, move);
      return status.ok() ? std::string() : std::string(ReasonOf(status).word());
    };
    EXPECT_EQ(said(Move::kFreeze), row.freeze) << row.state;
    EXPECT_EQ(said(Move::kSolve), row.solve) << row.state;
    EXPECT_EQ(said(Move::kPublish), row.publish) << row.state;
    EXPECT_EQ(said(Move::kCancel), row.cancel) << row.state;
    EXPECT_EQ(said(Move::kApplyEvents), row.events) << row.state;
  }
}

}  // namespace
}  // namespace tsunagu::matching::rules
