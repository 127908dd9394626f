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

// Postings to one budget line: computed while its guard is locked, and written later in the same transaction.
class Charge {
 public:
  // Locks the guard of the line and reads it. For several lines, lock all guards first (GuardLines).
  static absl::StatusOr<Charge> On(store::Tx& tx, const std::string& line);

  const v1::BudgetLine& line() const { return before_; }
  // Returns the phase of the line's year on that day. Errors: OUTSIDE_FISCAL_YEAR before the year begins.
  absl::StatusOr<rules::Phase> PhaseOn(jp::CivilDay day) const;

  // Posts to the line itself. Errors: BUDGET_EXCEEDED, YEAR_SETTLING, YEAR_CLOSED and the others of rules::Post.
  absl::Status PostBudget(rules::Act act, int64_t yen, jp::CivilDay day);
  // Posts the movements of a document about an application, a commitment or a claim of hours. `before`: the balances of
  // the line for `owner` before the document.
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

// Reads the line that a document names, regardless of scope; adds LINE_OF_ANOTHER_BODY at budget_line if it is not a
// line of `body`. Absent if there is no such line, which the contract reports.
absl::StatusOr<absl::optional<v1::BudgetLine>> ReadLineOf(store::Tx& tx, const std::string& line,
                                                          const std::string& body, Faults& faults);

// Returns 31 May after the year (出納閉鎖): 地方自治法235条の5.
jp::CivilDay AccountsCloseOn(jp::FiscalYear year);

// Locks the guards of several lines, always in the same order.
absl::Status GuardLines(store::Tx& tx, const std::vector<std::string>& lines);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_CHARGE_H_
