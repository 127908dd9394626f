#ifndef TSUNAGU_SERVICES_SUBSIDY_RULES_LEDGER_H_
#define TSUNAGU_SERVICES_SUBSIDY_RULES_LEDGER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace tsunagu::subsidy::rules {

// The ledger of one budget line (款項目節) in one fiscal year, in whole yen. Every posting takes an amount from one
// account and puts it into another, so that nothing comes from nowhere: the accounts always add up to 0. Postings are
// never changed; balances follow from them.

// Where yen are.
enum class Account {
  kGranted,    // what the assembly has granted (予算現額), as a debt: at or below 0
  kAvailable,  // granted and not committed
  kCommitted,  // decided to be spent, and not paid (支出負担行為)
  kPaid,       // paid (支出済額), less what came back (戻入)
};

// What happens to a line. Each posts in one way.
enum class Act {
  kAllocate,  // budget is granted: the first budget, a supplement, a transfer from elsewhere
  kWithdraw,  // budget is taken away: a reduction, a transfer to elsewhere
  kReserve,   // a decision commits budget (交付決定)
  kRelease,   // a decision needs less (減額, 取下げ, 額の確定)
  kPay,       // money goes out for a decision
  kTakeBack,  // money that was paid for a decision comes back, and may be spent again
};

// How far the year is.
enum class Phase {
  kOpen,      // to 31 March
  kSettling,  // to 31 May (出納整理期間): cash and reductions only
  kOver,      // until its accounts are closed: what is committed is let go, and no yen moves
  kClosed,    // nothing any more
};

// What a document does on a line.
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
  // Of one decision.
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

constexpr int64_t kMostYen = 9'000'000'000'000;  // of one posting and of one line

// What the act posts. Refused with AMOUNT_NOT_POSITIVE, BUDGET_EXCEEDED, COMMITMENT_EXCEEDED or PAYMENT_EXCEEDED (each
// with how many yen are missing), YEAR_SETTLING for new commitments and budget after 31 March, YEAR_CLOSED.
absl::StatusOr<Posting> Post(const Balances& balances, Phase phase, Act act, const std::string& decision, int64_t yen);

// What a posting makes of the balances.
void Apply(const Posting& posting, Balances& balances);
// The balances from the first posting on.
Balances BalancesOf(const std::vector<Posting>& postings);

}  // namespace tsunagu::subsidy::rules

#endif  // TSUNAGU_SERVICES_SUBSIDY_RULES_LEDGER_H_
