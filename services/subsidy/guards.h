#ifndef TSUNAGU_SERVICES_SUBSIDY_GUARDS_H_
#define TSUNAGU_SERVICES_SUBSIDY_GUARDS_H_

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/records/tx.h"

namespace tsunagu::subsidy {

// What is held while rules over several rows look at them (Tx::Guard). They are taken in this order, so that no two
// transactions wait for each other.

// An application, and all documents below it.
inline absl::Status GuardApplication(store::Tx& tx, absl::string_view application) {
  return tx.Guard("application", application);
}
// Whether anything was filed under a rule set.
inline absl::Status GuardRuleSet(store::Tx& tx, absl::string_view rule_set) { return tx.Guard("rule set", rule_set); }
// What a body is granted in a programme, and its allotment there.
inline absl::Status GuardAllotment(store::Tx& tx, absl::string_view programme, absl::string_view body) {
  return tx.Guard("allotment", absl::StrCat(programme, "\n", body));
}
// Budget lines are guarded last, by Charge (charge.h).

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_GUARDS_H_
