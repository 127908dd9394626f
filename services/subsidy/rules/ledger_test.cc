#include "services/subsidy/rules/ledger.h"

#include <deque>
#include <set>
#include <tuple>

#include "common/base/error.h"
#include "gtest/gtest.h"
#include "tsunagu/subsidy/v1/reason.pb.h"

namespace tsunagu::subsidy::rules {
namespace {

class LedgerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { Reason::Declare(v1::Reason_descriptor()); }
};

std::string Said(const absl::StatusOr<Posting>& posting) {
  if (posting.ok()) return "OK";
  const Fault fault = FaultOf(posting.status());
  const auto missing = fault.args().find("shortfall");
  return ReasonWord(fault) + (missing == fault.args().end() ? "" : " " + missing->second);
}

TEST_F(LedgerTest, AYearOfOneLine) {
  struct Row {
    const char* what;
    Phase phase;
    Act act;
    const char* decision;
    int64_t yen;
    const char* said;
    int64_t available, committed, paid;  // afterwards
  };
  constexpr Phase kOpen = Phase::kOpen, kSettling = Phase::kSettling, kOver = Phase::kOver, kClosed = Phase::kClosed;
  Balances balances;
  for (const Row& row : {
           Row{"the budget of April", kOpen, Act::kAllocate, "", 1000, "OK", 1000, 0, 0},
           Row{"nothing", kOpen, Act::kReserve, "a", 0, "AMOUNT_NOT_POSITIVE", 1000, 0, 0},
           Row{"less than nothing", kOpen, Act::kReserve, "a", -5, "AMOUNT_NOT_POSITIVE", 1000, 0, 0},
           Row{"the first decision", kOpen, Act::kReserve, "a", 700, "OK", 300, 700, 0},
           Row{"one yen over the budget", kOpen, Act::kReserve, "b", 301, "BUDGET_EXCEEDED 1", 300, 700, 0},
           Row{"the last yen of it", kOpen, Act::kReserve, "b", 300, "OK", 0, 1000, 0},
           Row{"a reduction of what is committed", kOpen, Act::kWithdraw, "", 1, "BUDGET_EXCEEDED 1", 0, 1000, 0},
           Row{"paid in advance", kOpen, Act::kPay, "a", 400, "OK", 0, 600, 400},
           Row{"more than was decided", kOpen, Act::kPay, "b", 301, "COMMITMENT_EXCEEDED 1", 0, 600, 400},
           Row{"for no decision", kOpen, Act::kPay, "c", 1, "COMMITMENT_EXCEEDED 1", 0, 600, 400},
           Row{"a supplement", kOpen, Act::kAllocate, "", 50, "OK", 50, 600, 400},
           Row{"after 31 March, a decision", kSettling, Act::kReserve, "c", 50, "YEAR_SETTLING", 50, 600, 400},
           Row{"after 31 March, budget", kSettling, Act::kAllocate, "", 50, "YEAR_SETTLING", 50, 600, 400},
           Row{"the amount is fixed lower", kSettling, Act::kRelease, "a", 200, "OK", 250, 400, 400},
           Row{"what is paid cannot be released", kSettling, Act::kRelease, "a", 101, "COMMITMENT_EXCEEDED 1", 250, 400,
               400},
           Row{"the rest is paid", kSettling, Act::kPay, "a", 100, "OK", 250, 300, 500},
           Row{"more comes back than went out", kSettling, Act::kTakeBack, "a", 501, "PAYMENT_EXCEEDED 1", 250, 300,
               500},
           Row{"a return", kSettling, Act::kTakeBack, "a", 20, "OK", 270, 300, 480},
           Row{"after 31 May", kOver, Act::kPay, "b", 300, "YEAR_CLOSED", 270, 300, 480},
           Row{"a return after it", kOver, Act::kTakeBack, "a", 20, "YEAR_CLOSED", 270, 300, 480},
           Row{"what is not paid is let go", kOver, Act::kRelease, "b", 300, "OK", 570, 0, 480},
           Row{"after it was closed", kClosed, Act::kRelease, "a", 1, "YEAR_CLOSED", 570, 0, 480},
       }) {
    const auto posting = Post(balances, row.phase, row.act, row.decision, row.yen);
    EXPECT_EQ(Said(posting), row.said) << row.what;
    if (posting.ok()) Apply(*posting, balances);
    EXPECT_EQ(balances.available, row.available) << row.what;
    EXPECT_EQ(balances.committed(), row.committed) << row.what;
    EXPECT_EQ(balances.paid(), row.paid) << row.what;
  }
}

// All possible acts on a line of at most 3 yen with two decisions, in any order and number: every reachable state is
// examined. A second model, which uses sums of acts instead of accounts, decides what is permitted.
struct Model {
  int64_t allocated = 0;
  int64_t reserved[2] = {0, 0}, paid[2] = {0, 0};  // less what was released, less what was returned
  int64_t spent() const { return reserved[0] + reserved[1]; }

  bool Takes(Phase phase, Act act, int decision, int64_t yen) const {
    if (phase == Phase::kClosed || (phase == Phase::kOver && act != Act::kRelease)) return false;
    switch (act) {
      case Act::kAllocate:
        return phase == Phase::kOpen;
      case Act::kWithdraw:
      case Act::kReserve:
        return phase == Phase::kOpen && spent() + yen <= allocated;
      case Act::kRelease:
      case Act::kPay:
        return paid[decision] + yen <= reserved[decision];
      case Act::kTakeBack:
        return yen <= paid[decision];
    }
    return false;
  }
  void Take(Act act, int decision, int64_t yen) {
    switch (act) {
      case Act::kAllocate:
        allocated += yen;
        break;
      case Act::kWithdraw:
        allocated -= yen;
        break;
      case Act::kReserve:
        reserved[decision] += yen;
        break;
      case Act::kRelease:
        reserved[decision] -= yen;
        break;
      case Act::kPay:
        paid[decision] += yen;
        break;
      case Act::kTakeBack:  // it may be spent again, and this decision no longer needs it
        paid[decision] -= yen;
        reserved[decision] -= yen;
        break;
    }
  }
  auto Key() const { return std::make_tuple(allocated, reserved[0], reserved[1], paid[0], paid[1]); }
};

TEST_F(LedgerTest, EveryStateOfASmallLineIsSoundAndNoOtherCanBeReached) {
  constexpr int64_t kMost = 3;
  const std::string names[] = {"a", "b"};
  struct State {
    Model model;
    std::vector<Posting> postings;
  };
  std::set<decltype(Model().Key())> seen = {Model().Key()};
  std::deque<State> open = {{}};
  int64_t acts = 0, refused = 0;
  for (; !open.empty(); open.pop_front()) {
    const State& state = open.front();
    const Balances balances = BalancesOf(state.postings);
    ASSERT_EQ(balances.granted + balances.available + balances.committed() + balances.paid(), 0);
    ASSERT_EQ(-balances.granted, state.model.allocated);
    ASSERT_EQ(balances.available, state.model.allocated - state.model.spent());
    ASSERT_GE(balances.available, 0);
    for (int d = 0; d < 2; ++d) {
      const auto found = balances.decisions.find(names[d]);
      const Balances::Decision decision = found == balances.decisions.end() ? Balances::Decision() : found->second;
      ASSERT_EQ(decision.paid, state.model.paid[d]);
      ASSERT_EQ(decision.committed, state.model.reserved[d] - state.model.paid[d]);
      ASSERT_GE(decision.paid, 0);
      ASSERT_GE(decision.committed, 0);
    }
    for (const Phase phase : {Phase::kOpen, Phase::kSettling, Phase::kOver, Phase::kClosed}) {
      for (const Act act : {Act::kAllocate, Act::kWithdraw, Act::kReserve, Act::kRelease, Act::kPay, Act::kTakeBack}) {
        const bool of_decision = act != Act::kAllocate && act != Act::kWithdraw;
        for (int d = 0; d < (of_decision ? 2 : 1); ++d) {
          for (int64_t yen = 1; yen <= kMost; ++yen) {
            ++acts;
            const auto posting = Post(balances, phase, act, of_decision ? names[d] : "", yen);
            ASSERT_EQ(posting.ok(), state.model.Takes(phase, act, d, yen)) << static_cast<int>(act) << " " << yen;
            refused += !posting.ok();
            if (!posting.ok()) continue;
            State next = state;
            next.model.Take(act, d, yen);
            if (next.model.allocated > kMost || !seen.insert(next.model.Key()).second) continue;
            next.postings.push_back(*posting);
            open.push_back(std::move(next));
          }
        }
      }
    }
  }
  size_t sound = 0;
  for (int64_t allocated = 0; allocated <= kMost; ++allocated) {
    for (int64_t a = 0; a <= allocated; ++a) {
      for (int64_t b = 0; a + b <= allocated; ++b)
        sound += static_cast<size_t>((a + 1) * (b + 1));  // of each any part paid
    }
  }
  EXPECT_EQ(seen.size(), sound) << "all that are sound, and no other";
  EXPECT_GT(refused, acts / 2);
}

}  // namespace
}  // namespace tsunagu::subsidy::rules
