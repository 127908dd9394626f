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

// A row that is not what its record's newest revision in the journal says.
struct TableFinding {
  enum class Kind {
    kRowDiffers,      // `parts` are the columns, or the identifying fields
    kRowRemoved,      // the journal has it, the table has not
    kRowAdded,        // no revision of it is in the journal
    kRowSetBack,      // its revision is not the newest
    kSideDiffers,     // `parts` is the side table whose rows are not those that the record yields
    kRowForged,       // of a table without a contract (`parts`): not written by the program; `name` is the row's key
    kCounterDiffers,  // `name` is the counter's: it says another number than there are records
  };
  Kind kind = Kind::kRowDiffers;
  std::string name;      // of the record
  int64_t revision = 0;  // of the row; 0 where there is none
  std::vector<std::string> parts;

  friend bool operator==(const TableFinding& a, const TableFinding& b) {
    return a.kind == b.kind && a.name == b.name && a.revision == b.revision && a.parts == b.parts;
  }
};

struct TablesReport {
  static constexpr size_t kMostKept = 10'000;
  std::vector<TableFinding> findings;  // the first ones
  int64_t found = 0;                   // all of them
  int64_t rows = 0;                    // that were looked at
  int64_t closed = 0;                  // of those: what is personal in them could not be opened, and was not compared
  int64_t newer = 0;                   // of those: not compared, since a newer contract wrote them
  int64_t busy = 0;                    // of those: not compared, since they were changed again and again meanwhile

  void Add(TableFinding finding);
};

// A counter (Tx::Count) that says how many records there are of a collection of which none is ever removed: of those
// whose `field` begins with the counter's key and a hyphen ("2026-00012-4"), or where `field` is empty of all.
struct RecordCounter {
  std::string service;
  std::string kind;
  std::string collection;
  std::string field;

  // As findings and refusals call it.
  static std::string NameOf(const std::string& kind, const std::string& key) {
    return key.empty() ? kind : kind + " " + key;
  }
};

// Compares the counters of this store's service with the records. May run beside servers.
absl::Status VerifyCounters(Store& store, absl::Span<const RecordCounter> counters, TablesReport& report);

// Compares every row of the store's tables, and of the tables beside them, with the newest revision in the journal; who
// follows the chain knows that the journal is what was written. `has_keys`: the store has its keys and secrets
// (Store::ReadSecrets). May run beside servers: what differs is looked at again, until nobody wrote it meanwhile.
// Memory: a page of rows.
absl::StatusOr<TablesReport> VerifyTables(Store& store, bool has_keys);

// The same of one record. ETAG_MISMATCH where somebody is changing it.
absl::StatusOr<std::vector<TableFinding>> VerifyRecord(Session& session, Table& table, Store& store,
                                                       absl::string_view id);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_VERIFY_TABLES_H_
