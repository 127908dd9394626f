#ifndef TSUNAGU_SERVICES_SUBSIDY_CHARGE_H_
#define TSUNAGU_SERVICES_SUBSIDY_CHARGE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "common/jp/fiscal_year.h"
#include "common/records/tx.h"
#include "services/subsidy/rules/ledger.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/posting.pb.h"

namespace tsunagu::subsidy {

// What postings make of one budget line: worked out while its guard is held, written later in the same transaction.
class Charge {
 public:
  // Takes the guard of the line and reads it. Several lines: guard them together first (GuardLines).
  static absl::StatusOr<Charge> On(store::Tx& tx, const std::string& line);

  const v1::BudgetLine& line() const { return before_; }
  // Where the line's year stands on that day. OUTSIDE_FISCAL_YEAR before it begins.
  absl::StatusOr<rules::Phase> PhaseOn(jp::CivilDay day) const;

  // Posts to the line itself. BUDGET_EXCEEDED, YEAR_SETTLING, YEAR_CLOSED and what else rules::Post refuses.
  absl::Status PostBudget(rules::Act act, int64_t yen, jp::CivilDay day);
  // Posts what a document does about an application, a commitment or a claim of hours, of which the line has so much
  // before it.
  absl::Status PostDocument(const std::string& owner, const rules::Balances::Decision& before,
                            const std::vector<rules::Movement>& movements, jp::CivilDay day);

  // Writes the postings, each with the record that caused it, and the line's new balances.
  absl::Status Write(store::Tx& tx, const std::string& cause) const;

 private:
  explicit Charge(v1::BudgetLine line);
  absl::Status Post(rules::Act act, const std::string& owner, int64_t yen, jp::CivilDay day);

  v1::BudgetLine before_, after_;
  rules::Balances balances_;
  std::vector<v1::Posting> postings_;
};

// The line that a document names, through no scope; adds LINE_OF_ANOTHER_BODY at budget_line where it is not of `body`.
// Absent where there is none, which the contract tells.
absl::StatusOr<absl::optional<v1::BudgetLine>> ReadLineOf(store::Tx& tx, const std::string& line,
                                                          const std::string& body, Faults& faults);

// 31 May after the year (出納閉鎖): 地方自治法235条の5.
jp::CivilDay AccountsCloseOn(jp::FiscalYear year);

// Takes the guards of several lines, in one order whoever takes them.
absl::Status GuardLines(store::Tx& tx, const std::vector<std::string>& lines);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_CHARGE_H_
