// Contracts and own work as state machines.
#include "services/subsidy/rules/commitment.h"

#include <deque>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gtest/gtest.h"
#include "tsunagu/subsidy/v1/reason.pb.h"

namespace tsunagu::subsidy::rules {
namespace {

using v1::Commitment;
using v1::CommitmentAct;

class CommitmentTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { Reason::Declare(v1::Reason_descriptor()); }

  static std::string Said(const absl::Status& status) {
    if (status.ok()) return "OK";
    const Fault fault = FaultOf(status);
    std::string said(ReasonWord(fault));
    for (const char* arg : {"shortfall", "least"}) {
      if (fault.args().count(arg) != 0) absl::StrAppend(&said, " ", fault.args().at(arg));
    }
    return said;
  }
};

struct Row {
  const char* what;
  CommitmentAct::Kind kind;
  const char* line;
  int64_t yen;
  const char* said;
  int64_t contracted, committed, inspected, paid;  // afterwards
};

void Play(Commitment::Kind kind, const std::vector<Row>& rows, std::string (*said)(const absl::Status&)) {
  CommitmentStanding standing;
  standing.kind = kind;
  if (kind == Commitment::KIND_DIRECT) standing.state = Commitment::STATE_RUNNING;
  for (const Row& row : rows) {
    const auto step = TakeAct(standing, row.kind, row.line, row.yen);
    EXPECT_EQ(said(step.status()), row.said) << row.what;
    if (step.ok()) standing = step->after;
    EXPECT_EQ(standing.contracted, row.contracted) << row.what;
    EXPECT_EQ(standing.committed(), row.committed) << row.what;
    EXPECT_EQ(standing.inspected, row.inspected) << row.what;
    EXPECT_EQ(standing.paid(), row.paid) << row.what;
  }
}

TEST_F(CommitmentTest, AContractOfTwoYears) {
  Play(Commitment::KIND_CONTRACT,
       {
           {"before the contract", CommitmentAct::KIND_COMMITMENT, "2026", 100, "STEP_OUT_OF_ORDER", 0, 0, 0, 0},
           {"a contract of nothing", CommitmentAct::KIND_CONCLUSION, "", 0, "AMOUNT_NOT_POSITIVE", 0, 0, 0, 0},
           {"the contract", CommitmentAct::KIND_CONCLUSION, "", 1000, "OK", 1000, 0, 0, 0},
           {"a second one", CommitmentAct::KIND_CONCLUSION, "", 1000, "STEP_OUT_OF_ORDER", 1000, 0, 0, 0},
           {"the first year", CommitmentAct::KIND_COMMITMENT, "2026", 600, "OK", 1000, 600, 0, 0},
           {"more than the contract", CommitmentAct::KIND_COMMITMENT, "2027", 401, "CONTRACT_EXCEEDED 1", 1000, 600, 0,
            0},
           {"paid before it is delivered", CommitmentAct::KIND_PAYMENT, "2026", 1, "NOT_INSPECTED 1", 1000, 600, 0, 0},
           {"in advance", CommitmentAct::KIND_ADVANCE, "2026", 200, "OK", 1000, 400, 0, 200},
           {"accepted", CommitmentAct::KIND_INSPECTION, "", 500, "OK", 1000, 400, 500, 200},
           {"the advance counts", CommitmentAct::KIND_PAYMENT, "2026", 301, "NOT_INSPECTED 1", 1000, 400, 500, 200},
           {"the rest of it", CommitmentAct::KIND_PAYMENT, "2026", 300, "OK", 1000, 100, 500, 500},
           {"the second year", CommitmentAct::KIND_COMMITMENT, "2027", 400, "OK", 1000, 500, 500, 500},
           {"another line's yen", CommitmentAct::KIND_RELEASE, "2026", 101, "COMMITMENT_EXCEEDED 1", 1000, 500, 500,
            500},
           {"a smaller contract", CommitmentAct::KIND_CHANGE, "", 999, "CONTRACT_BELOW_ACTS 1000", 1000, 500, 500, 500},
           {"let go first", CommitmentAct::KIND_RELEASE, "2026", 100, "OK", 1000, 400, 500, 500},
           {"then smaller", CommitmentAct::KIND_CHANGE, "", 900, "OK", 900, 400, 500, 500},
           {"more accepted than agreed", CommitmentAct::KIND_INSPECTION, "", 401, "CONTRACT_EXCEEDED 1", 900, 400, 500,
            500},
           {"it ends early", CommitmentAct::KIND_TERMINATION, "", 900, "OK", 900, 400, 500, 500},
           {"no advance after that", CommitmentAct::KIND_ADVANCE, "2027", 1, "STEP_OUT_OF_ORDER", 900, 400, 500, 500},
           {"nor a change", CommitmentAct::KIND_CHANGE, "", 950, "STEP_OUT_OF_ORDER", 900, 400, 500, 500},
           {"what was delivered", CommitmentAct::KIND_INSPECTION, "", 400, "OK", 900, 400, 900, 500},
           {"is paid", CommitmentAct::KIND_PAYMENT, "2027", 400, "OK", 900, 0, 900, 900},
           {"too much comes back", CommitmentAct::KIND_RETURN, "2027", 401, "PAYMENT_EXCEEDED 1", 900, 0, 900, 900},
           {"some comes back", CommitmentAct::KIND_RETURN, "2027", 50, "OK", 900, 0, 900, 850},
       },
       Said);
}

TEST_F(CommitmentTest, OwnWork) {
  Play(Commitment::KIND_DIRECT,
       {
           {"it is no contract", CommitmentAct::KIND_CONCLUSION, "", 100, "ACT_NOT_OF_OWN_WORK", 0, 0, 0, 0},
           {"committed", CommitmentAct::KIND_COMMITMENT, "2026", 100, "OK", 0, 100, 0, 0},
           {"more delivered than ordered", CommitmentAct::KIND_INSPECTION, "", 101, "COMMITMENT_EXCEEDED 1", 0, 100, 0,
            0},
           {"delivered", CommitmentAct::KIND_INSPECTION, "", 80, "OK", 0, 100, 80, 0},
           {"paid", CommitmentAct::KIND_PAYMENT, "2026", 80, "OK", 0, 20, 80, 80},
           {"the rest is not needed", CommitmentAct::KIND_RELEASE, "2026", 20, "OK", 0, 0, 80, 80},
           {"and more is", CommitmentAct::KIND_COMMITMENT, "2026", 5, "OK", 0, 5, 80, 80},
           {"nothing", CommitmentAct::KIND_COMMITMENT, "2026", 0, "AMOUNT_NOT_POSITIVE", 0, 5, 80, 80},
       },
       Said);
}

TEST_F(CommitmentTest, WhatIsCommittedFromWhichDayOn) {
  struct Dated {
    CommitmentAct::Kind kind;
    int day, yen;
  };
  constexpr auto kCommit = CommitmentAct::KIND_COMMITMENT, kRelease = CommitmentAct::KIND_RELEASE,
                 kAdvance = CommitmentAct::KIND_ADVANCE, kPay = CommitmentAct::KIND_PAYMENT,
                 kReturn = CommitmentAct::KIND_RETURN;
  struct Row {
    const char* what;
    std::vector<Dated> acts;
    int yen, from;  // 0: never
  };
  for (const Row& row : {
           Row{"nothing was", {}, 1, 0},
           Row{"the day itself", {{kCommit, 2, 100}}, 100, 2},
           Row{"more than ever", {{kCommit, 2, 100}}, 101, 0},
           Row{"with the second one", {{kCommit, 2, 100}, {kCommit, 5, 50}}, 101, 5},
           Row{"two of one day", {{kCommit, 2, 100}, {kCommit, 2, 50}}, 150, 2},
           Row{"what is paid already", {{kCommit, 2, 100}, {kAdvance, 3, 60}, {kCommit, 5, 50}}, 41, 5},
           Row{"what was paid later lacks earlier", {{kCommit, 2, 100}, {kPay, 4, 60}, {kCommit, 5, 50}}, 90, 5},
           Row{"what was let go", {{kCommit, 2, 100}, {kRelease, 3, 60}, {kCommit, 5, 60}}, 100, 5},
           Row{"what came back is not committed", {{kCommit, 2, 100}, {kPay, 3, 100}, {kReturn, 4, 100}}, 1, 0},
           Row{"in any order", {{kCommit, 5, 50}, {kCommit, 2, 100}}, 100, 2},
       }) {
    std::vector<CommitmentAct> acts;
    for (const Dated& one : row.acts) {
      CommitmentAct& act = acts.emplace_back();
      act.set_kind(one.kind);
      act.set_yen(one.yen);
      *act.mutable_act_date() = jp::ToDate(jp::CivilDay(2026, 4, one.day));
    }
    const auto from = CommittedFrom(acts, row.yen);
    EXPECT_EQ(from ? from->day() : 0, row.from) << row.what;
  }
}

// For all sequences of acts of a contract of at most 3 yen on two lines: every reachable state is examined, and the
// effects of acts on the lines add up to it.
TEST_F(CommitmentTest, EveryStateOfASmallContractIsSound) {
  constexpr int64_t kMost = 3;
  const std::string lines[] = {"a", "b"};
  const auto key = [&](const CommitmentStanding& s) {
    const auto share = [&](const std::string& line) {
      const auto found = s.shares.find(line);
      return found == s.shares.end() ? Balances::Decision() : found->second;
    };
    return std::make_tuple(s.state, s.contracted, s.inspected, share("a").committed, share("a").paid,
                           share("b").committed, share("b").paid);
  };
  std::set<decltype(key(CommitmentStanding()))> seen = {key(CommitmentStanding())};
  std::deque<CommitmentStanding> open = {CommitmentStanding()};
  int refused = 0;
  for (; !open.empty(); open.pop_front()) {
    const CommitmentStanding& standing = open.front();
    for (const auto& [line, share] : standing.shares) {
      ASSERT_GE(share.committed, 0);
      ASSERT_GE(share.paid, 0);
    }
    ASSERT_LE(standing.committed() + standing.paid(), standing.contracted);
    ASSERT_LE(standing.inspected, standing.contracted);
    for (int kind = CommitmentAct::KIND_CONCLUSION; kind <= CommitmentAct::KIND_RETURN; ++kind) {
      const auto act = static_cast<CommitmentAct::Kind>(kind);
      for (const std::string& line : lines) {
        for (int64_t yen = 0; yen <= kMost; ++yen) {
          const auto step = TakeAct(standing, act, IsCharged(act) ? line : "", yen);
          refused += !step.ok();
          if (!step.ok()) continue;
          // The movements alone determine the state of the line.
          int64_t committed = standing.committed(), paid = standing.paid();
          for (const auto& [moved, much] : step->movements) {
            if (moved == Act::kReserve) committed += much;
            if (moved == Act::kRelease || moved == Act::kPay) committed -= much;
            if (moved == Act::kPay) paid += much;
            if (moved == Act::kTakeBack) paid -= much;
          }
          ASSERT_EQ(committed, step->after.committed());
          ASSERT_EQ(paid, step->after.paid());
          ASSERT_EQ(step->movements.empty(), !IsCharged(act));
          if (act == CommitmentAct::KIND_PAYMENT) {
            ASSERT_LE(step->after.paid(), step->after.inspected);
          }
          if (seen.insert(key(step->after)).second) open.push_back(step->after);
        }
      }
    }
  }
  // Any part of the contracted amount is accepted, and any part of that is on four accounts; running or ended.
  size_t sound = 2;  // planned, and ended without anything
  for (int64_t c = 1; c <= kMost; ++c)
    sound += static_cast<size_t>(2 * (c + 1) * ((c + 1) * (c + 2) * (c + 3) * (c + 4) / 24));
  EXPECT_EQ(seen.size(), sound) << "all that are sound, and no other";
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace tsunagu::subsidy::rules
