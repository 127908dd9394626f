#ifndef TSUNAGU_SERVICES_SUBSIDY_GUARDS_H_
#define TSUNAGU_SERVICES_SUBSIDY_GUARDS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/records/tx.h"

namespace tsunagu::subsidy {

// Guards that rules over several rows lock (Tx::Guard), in this order.

// Protects whether a batch of payments requests an application or a claim of hours.
inline store::GuardKey RequestGuard(const std::string& name) { return {"payment request", name}; }
// Protects an application and its documents. The writer of one document locks it by itself, as for records under any
// parent (common/records/table_parent.cc); a writer of documents of several applications locks all of them first.
inline store::GuardKey DocumentsGuard(const std::string& application) { return {"applications children", application}; }
// Protects whether anything was filed under a rule set.
inline absl::Status GuardRuleSet(store::Tx& tx, absl::string_view rule_set) { return tx.Guard("rule set", rule_set); }
// Protects what a body is granted in a programme, and its allotment there.
inline absl::Status GuardAllotment(store::Tx& tx, absl::string_view programme, absl::string_view body) {
  return tx.Guard("allotment", absl::StrCat(programme, "\n", body));
}
// Protects the applications of a programme that are forwarded together.
inline absl::Status GuardForwarding(store::Tx& tx, absl::string_view programme) {
  return tx.Guard("forwarding", programme);
}
// Charge (charge.h) locks budget lines last.

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_GUARDS_H_
