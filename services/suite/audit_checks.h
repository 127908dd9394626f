#ifndef TSUNAGU_SERVICES_SUITE_AUDIT_CHECKS_H_
#define TSUNAGU_SERVICES_SUITE_AUDIT_CHECKS_H_

#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "services/suite/audit_records.h"

namespace tsunagu::suite {

// A value that was computed again.
struct AuditCheck {
  std::string record;  // empty: the whole programme
  std::string ja, en;  // what was computed
  int64_t stored = 0;
  absl::optional<int64_t> again;  // nothing: only equality is known
  absl::optional<bool> same;      // nothing: there is no rule for the computation
  std::string rule_set;
};

// Computes again: each amount of a document by its rule, as the server did; what applications are granted and were
// paid, by their documents; the balances of each line, by its postings.
std::vector<AuditCheck> CheckAmounts(const AuditRecords& records);
// Computes the figures of the report again, by the documents.
std::vector<AuditCheck> CheckReport(const AuditRecords& records);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_AUDIT_CHECKS_H_
