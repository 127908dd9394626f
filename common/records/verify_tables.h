#ifndef TSUNAGU_COMMON_RECORDS_VERIFY_TABLES_H_
#define TSUNAGU_COMMON_RECORDS_VERIFY_TABLES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace tsunagu::store {

class Session;
class Store;
class Table;

// A row that differs from its record's newest revision in the journal.
struct TableFinding {
  enum class Kind {
    kRowDiffers,      // `parts` are the columns, or the identifying fields
    kRowRemoved,      // the row is in the journal but not in the table
    kRowAdded,        // the journal has no revision of the row
    kRowSetBack,      // its revision is not the newest
    kSideDiffers,     // `parts` is the side table whose rows differ from those of the record
    kRowForged,       // in a table without a contract (`parts`): not written by the program; `name` is the row's key
    kCounterDiffers,  // `name` is the counter's: it differs from the number of records
  };
  Kind kind = Kind::kRowDiffers;
  std::string name;      // of the record
  int64_t revision = 0;  // of the row; 0 when there is none
  std::vector<std::string> parts;

  friend bool operator==(const TableFinding& a, const TableFinding& b) {
    return a.kind == b.kind && a.name == b.name && a.revision == b.revision && a.parts == b.parts;
  }
};

struct TablesReport {
  static constexpr size_t kMostKept = 10'000;
  std::vector<TableFinding> findings;  // the first kMostKept
  int64_t found = 0;                   // the number of all findings
  int64_t rows = 0;                    // that were checked
  int64_t closed = 0;                  // of `rows`: their personal fields could not be decrypted and were not compared
  int64_t newer = 0;                   // of `rows`: not compared, because a newer contract wrote them
  int64_t busy = 0;                    // of `rows`: not compared, because they kept changing

  void Add(TableFinding finding);
};

// A counter (Tx::Count) of the records of a collection from which no record is ever removed. It counts those whose
// `field` begins with the counter's key and a hyphen ("2026-00012-4"); when `field` is empty, it counts all records.
struct RecordCounter {
  std::string service;
  std::string kind;
  std::string collection;
  std::string field;

  // Returns the name of the counter in findings and refusals.
  static std::string NameOf(const std::string& kind, const std::string& key) {
    return key.empty() ? kind : kind + " " + key;
  }
};

// Compares the counters of this store's service with the records. May run beside servers.
absl::Status VerifyCounters(Store& store, absl::Span<const RecordCounter> counters, TablesReport& report);

// Compares every row of the store's tables, and of the side tables, with the newest revision in the journal. (Following
// the chain proves that the journal is what was written.) `has_keys`: the store has its keys and secrets
// (Store::ReadSecrets). May run beside servers: a row that differs is read again until nobody has written it meanwhile.
// Memory: a page of rows.
absl::StatusOr<TablesReport> VerifyTables(Store& store, bool has_keys);

// Verifies one record in the same way. Errors: ETAG_MISMATCH when somebody is changing it.
absl::StatusOr<std::vector<TableFinding>> VerifyRecord(Session& session, Table& table, Store& store,
                                                       absl::string_view id);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_VERIFY_TABLES_H_
