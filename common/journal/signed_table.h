#ifndef TSUNAGU_COMMON_JOURNAL_SIGNED_TABLE_H_
#define TSUNAGU_COMMON_JOURNAL_SIGNED_TABLE_H_

#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/db/database.h"
#include "common/db/table_definition.h"

namespace tsunagu::store {

class Parameters;

// A table without a contract on whose rows the program acts: hashes of keys, messages owed to other services. Each row
// carries a MAC (HMAC-SHA256) over the columns that matter, made with a key that the database holds only encrypted. The
// MAC reveals rows that somebody wrote into the database by hand; the program does not act on them.
class SignedTable {
 public:
  enum class Kind { kText, kNumber, kBytes };
  struct Column {
    const char* name;
    Kind kind = Kind::kText;
  };

  // The first `keys` of `columns` are the primary key. `label` is the column that names a row in findings.
  SignedTable(const char* table, size_t keys, std::vector<Column> columns, absl::string_view label);

  const std::string& table() const { return table_; }
  // Returns the definition with an additional column for the MAC.
  TableDefinition WithMac(TableDefinition definition, Dialect dialect) const;

  // Returns the MAC of a row with these values, in the order of the columns.
  std::string Mac(absl::string_view key, absl::Span<const Value> values) const;

  // Returns the columns and the MAC, for queries: "`id`, `hash`, `mac`", or "o.`id`, …".
  std::string columns(absl::string_view alias = "") const;
  int width() const { return static_cast<int>(columns_.size()) + 1; }
  // Checks the MAC of a row that has these columns from `first` on.
  bool IsGenuine(absl::string_view key, const Row& row, int first = 0) const;

  // Signs the rows without a MAC, in a database from before there were MACs.
  absl::Status SignAll(Database& database, absl::string_view key) const;
  // Returns the labels of rows that the program has not written; at most `most`.
  absl::StatusOr<std::vector<std::string>> FindForged(Database& database, absl::string_view key, size_t most) const;

 private:
  // Binds the first `count` columns of a row.
  void Bind(const Row& row, size_t count, Parameters& parameters) const;

  const std::string table_;
  const size_t keys_;
  const std::vector<Column> columns_;
  absl::InlinedVector<bool, 8> numbers_;
  int label_ = 0;
};

// Returns the MAC of a row that waits for its place in the chain of `table`. `content` is the row as the chain hashes
// it.
std::string WaitingMac(absl::string_view key, absl::string_view table, absl::string_view content);

// Logs that the program did not write a row of `table`, and returns the error for callers that need one: ROW_FORGED.
absl::Status ForgedRow(absl::string_view table);
inline absl::Status ForgedRow(const SignedTable& table) { return ForgedRow(table.table()); }

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_SIGNED_TABLE_H_
