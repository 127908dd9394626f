#ifndef TSUNAGU_SERVICES_SUITE_AUDIT_CHECKS_H_
#define TSUNAGU_SERVICES_SUITE_AUDIT_CHECKS_H_

#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "services/suite/audit_records.h"

namespace tsunagu::suite {

// Something that was worked out again.
struct AuditCheck {
  std::string record;  // empty: the programme as a whole
  std::string ja, en;  // what of it
  int64_t stored = 0;
  absl::optional<int64_t> again;  // nothing: only whether it is the same is known
  absl::optional<bool> same;      // nothing: there is no rule to work it out by
  std::string rule_set;
};

// Each amount of a document by its rule, as the server did it; what applications are granted and were paid, by their
// documents; the balances of each line, by its postings.
std::vector<AuditCheck> CheckAmounts(const AuditRecords& records);
// The figures of the report, by the documents.
std::vector<AuditCheck> CheckReport(const AuditRecords& records);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_AUDIT_CHECKS_H_
