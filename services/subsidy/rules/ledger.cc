#include "services/subsidy/rules/ledger.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace tsunagu::subsidy::rules {
namespace {

struct Way {
  Account from, to;
  bool of_decision;
  bool is_new;  // new budget or a new commitment, which is not permitted while the year is settled
};

Way WayOf(Act act) {
  switch (act) {
    case Act::kAllocate:
      return {Account::kGranted, Account::kAvailable, false, true};
    case Act::kWithdraw:
      return {Account::kAvailable, Account::kGranted, false, true};
    case Act::kReserve:
      return {Account::kAvailable, Account::kCommitted, true, true};
    case Act::kRelease:
      return {Account::kCommitted, Account::kAvailable, true, false};
    case Act::kPay:
      return {Account::kCommitted, Account::kPaid, true, false};
    case Act::kTakeBack:
      return {Account::kPaid, Account::kAvailable, true, false};
  }
  return {};
}

int64_t& At(Account account, const std::string& decision, Balances& balances) {
  switch (account) {
    case Account::kGranted:
      return balances.granted;
    case Account::kAvailable:
      return balances.available;
    case Account::kCommitted:
      return balances.decisions[decision].committed;
    case Account::kPaid:
      return balances.decisions[decision].paid;
  }
  return balances.granted;
}

Reason ExceededOf(Account account) {
  return account == Account::kAvailable   ? "BUDGET_EXCEEDED"_reason
         : account == Account::kCommitted ? "COMMITMENT_EXCEEDED"_reason
                                          : "PAYMENT_EXCEEDED"_reason;
}

}  // namespace

int64_t Balances::committed() const {
  int64_t sum = 0;
  for (const auto& [name, decision] : decisions) sum += decision.committed;
  return sum;
}

int64_t Balances::paid() const {
  int64_t sum = 0;
  for (const auto& [name, decision] : decisions) sum += decision.paid;
  return sum;
}

absl::StatusOr<Posting> Post(const Balances& balances, Phase phase, Act act, const std::string& decision, int64_t yen) {
  const Way way = WayOf(act);
  if (yen <= 0 || yen > kMostYen) return Fail("AMOUNT_NOT_POSITIVE"_reason, {{"max", absl::StrCat(kMostYen)}});
  if (decision.empty() == way.of_decision) return absl::InternalError("a decision, or none");
  const bool moves_nothing = phase == Phase::kClosed || (phase == Phase::kOver && act != Act::kRelease);
  if (moves_nothing) return Fail("YEAR_CLOSED"_reason);
  if (phase == Phase::kSettling && way.is_new) return Fail("YEAR_SETTLING"_reason);
  if (act == Act::kAllocate) {
    const int64_t beyond = -balances.granted + yen - kMostYen;
    if (beyond > 0) return Fail("AMOUNT_NOT_POSITIVE"_reason, {{"max", absl::StrCat(kMostYen)}});
    return Posting{act, decision, yen, way.from, way.to};
  }
  Balances copy;  // of the balances from which the act takes
  copy.available = balances.available;
  if (const auto found = balances.decisions.find(decision); found != balances.decisions.end()) {
    copy.decisions.insert(*found);
  }
  const int64_t there = At(way.from, decision, copy);
  if (there < yen) return Fail(ExceededOf(way.from), {{"shortfall", absl::StrCat(yen - there)}});
  return Posting{act, decision, yen, way.from, way.to};
}

void Apply(const Posting& posting, Balances& balances) {
  At(posting.from, posting.decision, balances) -= posting.yen;
  At(posting.to, posting.decision, balances) += posting.yen;
}

Balances BalancesOf(const std::vector<Posting>& postings) {
  Balances balances;
  for (const Posting& posting : postings) Apply(posting, balances);
  return balances;
}

}  // namespace tsunagu::subsidy::rules
