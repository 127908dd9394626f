#ifndef TSUNAGU_SERVICES_SUITE_AUDIT_TABLES_H_
#define TSUNAGU_SERVICES_SUITE_AUDIT_TABLES_H_

#include <vector>

#include "services/suite/audit_checks.h"
#include "services/suite/audit_folder.h"
#include "services/suite/audit_records.h"

namespace tsunagu::suite {

// Returns a table for each kind of record, with all fields except the traces.
std::vector<AuditTable> RecordTables(const AuditRecords& records, Language language);
// Returns the history of each record: when, by whom, and the place in the journal.
AuditTable RevisionTable(const AuditRecords& records, Language language);
AuditTable CheckTable(const char* file, const char* ja, const char* en, const std::vector<AuditCheck>& checks,
                      Language language);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_AUDIT_TABLES_H_
