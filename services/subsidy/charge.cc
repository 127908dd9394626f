#include "services/subsidy/charge.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/records/records.h"

namespace tsunagu::subsidy {
namespace {

v1::Posting::Act ActOf(rules::Act act) {
  switch (act) {
    case rules::Act::kAllocate:
      return v1::Posting::ACT_ALLOCATE;
    case rules::Act::kWithdraw:
      return v1::Posting::ACT_WITHDRAW;
    case rules::Act::kReserve:
      return v1::Posting::ACT_RESERVE;
    case rules::Act::kRelease:
      return v1::Posting::ACT_RELEASE;
    case rules::Act::kPay:
      return v1::Posting::ACT_PAY;
    case rules::Act::kTakeBack:
      return v1::Posting::ACT_TAKE_BACK;
  }
  return v1::Posting::ACT_UNSPECIFIED;
}

v1::Posting::Account AccountOf(rules::Account account) {
  switch (account) {
    case rules::Account::kGranted:
      return v1::Posting::ACCOUNT_GRANTED;
    case rules::Account::kAvailable:
      return v1::Posting::ACCOUNT_AVAILABLE;
    case rules::Account::kCommitted:
      return v1::Posting::ACCOUNT_COMMITTED;
    case rules::Account::kPaid:
      return v1::Posting::ACCOUNT_PAID;
  }
  return v1::Posting::ACCOUNT_UNSPECIFIED;
}

void Move(rules::Account account, int64_t yen, v1::BudgetLine& line) {
  switch (account) {
    case rules::Account::kGranted:  // a debt
      return line.set_granted_yen(line.granted_yen() - yen);
    case rules::Account::kAvailable:
      return line.set_available_yen(line.available_yen() + yen);
    case rules::Account::kCommitted:
      return line.set_committed_yen(line.committed_yen() + yen);
    case rules::Account::kPaid:
      return line.set_paid_yen(line.paid_yen() + yen);
  }
}

}  // namespace

absl::StatusOr<absl::optional<v1::BudgetLine>> ReadLineOf(store::Tx& tx, const std::string& line,
                                                          const std::string& body, Faults& faults) {
  auto read = store::Records<v1::BudgetLine>::All(tx).Get(line);
  if (absl::IsNotFound(read.status())) return absl::nullopt;
  RETURN_IF_ERROR(read.status());
  if (read->body() != body) faults.Add("budget_line", "LINE_OF_ANOTHER_BODY"_reason, {{"body", body}});
  return *std::move(read);
}

jp::CivilDay AccountsCloseOn(jp::FiscalYear year) { return jp::CivilDay(year.last_day().year(), 5, 31); }

absl::Status GuardLines(store::Tx& tx, const std::vector<std::string>& lines) {
  std::vector<store::GuardKey> keys;
  for (const std::string& line : lines) keys.push_back({"budget line", line});
  return tx.Guard(std::move(keys));
}

Charge::Charge(v1::BudgetLine line) : before_(line), after_(std::move(line)) {
  balances_.granted = -before_.granted_yen();
  balances_.available = before_.available_yen();
}

absl::StatusOr<Charge> Charge::On(store::Tx& tx, const std::string& line) {
  RETURN_IF_ERROR(GuardLines(tx, {line}));
  ASSIGN_OR_RETURN(v1::BudgetLine read, store::Records<v1::BudgetLine>::All(tx).Get(line));
  return Charge(std::move(read));
}

absl::StatusOr<rules::Phase> Charge::PhaseOn(jp::CivilDay day) const {
  const jp::FiscalYear year(before_.fiscal_year());
  if (day < year.first_day()) {
    return Fail("OUTSIDE_FISCAL_YEAR"_reason, {{"year", absl::StrCat(year.year())}});
  }
  if (before_.has_closing_date()) return rules::Phase::kClosed;
  return day <= year.last_day()         ? rules::Phase::kOpen
         : day <= AccountsCloseOn(year) ? rules::Phase::kSettling
                                        : rules::Phase::kOver;
}

absl::Status Charge::Post(rules::Act act, const std::string& owner, int64_t yen, jp::CivilDay day) {
  ASSIGN_OR_RETURN(const rules::Phase phase, PhaseOn(day));
  ASSIGN_OR_RETURN(const rules::Posting posted, rules::Post(balances_, phase, act, owner, yen));
  rules::Apply(posted, balances_);
  Move(posted.from, -yen, after_);
  Move(posted.to, yen, after_);
  after_.set_posting_count(after_.posting_count() + 1);
  v1::Posting& posting = postings_.emplace_back();
  posting.set_act(ActOf(act));
  posting.set_yen(yen);
  posting.set_from_account(AccountOf(posted.from));
  posting.set_to_account(AccountOf(posted.to));
  if (absl::StartsWith(owner, "commitments/")) {
    posting.set_commitment(owner);
  } else if (absl::StartsWith(owner, "providers/")) {
    posting.set_usage_claim(owner);
  } else {
    posting.set_application(owner);
  }
  *posting.mutable_posting_date() = jp::ToDate(day);
  posting.set_available_yen(after_.available_yen());
  return absl::OkStatus();
}

absl::Status Charge::PostBudget(rules::Act act, int64_t yen, jp::CivilDay day) { return Post(act, "", yen, day); }

absl::Status Charge::PostDocument(const std::string& owner, const rules::Balances::Decision& before,
                                  const std::vector<rules::Movement>& movements, jp::CivilDay day) {
  balances_.decisions[owner] = before;
  for (const auto& [act, yen] : movements) RETURN_IF_ERROR(Post(act, owner, yen, day));
  return absl::OkStatus();
}

absl::Status Charge::Write(store::Tx& tx, const std::string& cause) const {
  if (postings_.empty()) return absl::OkStatus();
  Failpoint("charge.before_postings");
  int64_t number = before_.posting_count();
  for (v1::Posting posting : postings_) {
    posting.set_cause(cause);
    const std::string id = absl::StrFormat("%09d", ++number);
    const std::string line = contract::OwnId(before_.name());
    RETURN_IF_ERROR(store::Records<v1::Posting>::Insert(tx, absl::StrCat(line, "/", id), posting));
  }
  Failpoint("charge.before_balance");
  v1::BudgetLine after = after_;
  return store::Records<v1::BudgetLine>::Update(tx, before_, after);
}

}  // namespace tsunagu::subsidy
