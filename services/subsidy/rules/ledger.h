#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_LEDGER_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_LEDGER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace tsunagu::subsidy::rules {

// The ledger of one budget line (款項目節) in one fiscal year, in whole yen. Every posting moves an amount from one
// account to another, so the accounts always add up to 0. Postings never change; balances are computed from them.

// The accounts of a line.
enum class Account {
  kGranted,    // granted by the assembly (予算現額), as a debt: 0 or negative
  kAvailable,  // granted and not committed
  kCommitted,  // committed and not paid (支出負担行為)
  kPaid,       // paid (支出済額), less what came back (戻入)
};

// An act on a line. Each act posts in a fixed way.
enum class Act {
  kAllocate,  // budget is granted: the first budget, a supplement, a transfer from elsewhere
  kWithdraw,  // budget is taken away: a reduction, a transfer to elsewhere
  kReserve,   // a decision commits budget (交付決定)
  kRelease,   // a decision needs less budget (減額, 取下げ, 額の確定)
  kPay,       // money is paid for a decision
  kTakeBack,  // a payment for a decision is returned, and may be spent again
};

// The phase of the fiscal year.
enum class Phase {
  kOpen,      // up to 31 March
  kSettling,  // up to 31 May (出納整理期間): only cash and reductions
  kOver,      // until the accounts are closed: commitments are released, and no yen are moved
  kClosed,    // no acts at all
};

// The effect of a document on a line.
struct Movement {
  Act act;
  int64_t yen;
};

struct Posting {
  Act act;
  std::string decision;  // empty for kAllocate and kWithdraw
  int64_t yen = 0;       // above 0
  Account from, to;
};

struct Balances {
  // The balances of one decision.
  struct Decision {
    int64_t committed = 0;
    int64_t paid = 0;
  };
  int64_t granted = 0;
  int64_t available = 0;
  std::map<std::string, Decision> decisions;

  int64_t committed() const;
  int64_t paid() const;
};

constexpr int64_t kMostYen = 9'000'000'000'000;  // maximum of one posting and of one line

// Returns the posting of an act. Errors: AMOUNT_NOT_POSITIVE, BUDGET_EXCEEDED, COMMITMENT_EXCEEDED or PAYMENT_EXCEEDED
// (each with the missing yen); YEAR_SETTLING for new commitments and budget after 31 March; YEAR_CLOSED.
absl::StatusOr<Posting> Post(const Balances& balances, Phase phase, Act act, const std::string& decision, int64_t yen);

// Applies a posting to the balances.
void Apply(const Posting& posting, Balances& balances);
// Returns the balances after all postings.
Balances BalancesOf(const std::vector<Posting>& postings);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_LEDGER_H_
