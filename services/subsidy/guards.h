#ifndef TSUNAGU_SERVICES_SUBSIDY_GUARDS_H_
#define TSUNAGU_SERVICES_SUBSIDY_GUARDS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/records/tx.h"

namespace tsunagu::subsidy {

// What is held while rules over several rows look at them (Tx::Guard), taken in this order.

// Whether an application or a claim of hours is asked for by a batch of payments.
inline store::GuardKey RequestGuard(const std::string& name) { return {"payment request", name}; }
// An application and its documents. Whoever makes one takes it by itself, as for records under any parent
// (common/records/table_parent.cc); who makes documents of several applications takes those of all of them first.
inline store::GuardKey DocumentsGuard(const std::string& application) { return {"applications children", application}; }
// Whether anything was filed under a rule set.
inline absl::Status GuardRuleSet(store::Tx& tx, absl::string_view rule_set) { return tx.Guard("rule set", rule_set); }
// What a body is granted in a programme, and its allotment there.
inline absl::Status GuardAllotment(store::Tx& tx, absl::string_view programme, absl::string_view body) {
  return tx.Guard("allotment", absl::StrCat(programme, "\n", body));
}
// The applications of a programme that are forwarded together.
inline absl::Status GuardForwarding(store::Tx& tx, absl::string_view programme) {
  return tx.Guard("forwarding", programme);
}
// Budget lines are guarded last, by Charge (charge.h).

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_GUARDS_H_
