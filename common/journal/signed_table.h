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

// A table without a contract on whose rows the program acts: whose key a hash is, what is owed to another service. Each
// row carries a MAC over the columns that matter (HMAC-SHA256), made with a key that the database holds only encrypted.
// What somebody writes into the database by hand is known by it, and not acted upon.
class SignedTable {
 public:
  enum class Kind { kText, kNumber, kBytes };
  struct Column {
    const char* name;
    Kind kind = Kind::kText;
  };

  // The first `keys` of `columns` are the primary key. `label` is the column by which a finding names a row.
  SignedTable(const char* table, size_t keys, std::vector<Column> columns, absl::string_view label);

  const std::string& table() const { return table_; }
  // The table with a column for the MAC.
  TableDefinition WithMac(TableDefinition definition, Dialect dialect) const;

  // Of a row with these values, in the order of the columns.
  std::string Mac(absl::string_view key, absl::Span<const Value> values) const;

  // The columns and the MAC, for queries: "`id`, `hash`, `mac`", or "o.`id`, …".
  std::string columns(absl::string_view alias = "") const;
  int width() const { return static_cast<int>(columns_.size()) + 1; }
  // Of a row that has these columns from `first` on.
  bool IsGenuine(absl::string_view key, const Row& row, int first = 0) const;

  // Signs the rows that have no MAC, of a database from before there were any.
  absl::Status SignAll(Database& database, absl::string_view key) const;
  // The labels of rows that the program has not written; at most `most`.
  absl::StatusOr<std::vector<std::string>> FindForged(Database& database, absl::string_view key, size_t most) const;

 private:
  // The first `count` columns of a row.
  void Bind(const Row& row, size_t count, Parameters& parameters) const;

  const std::string table_;
  const size_t keys_;
  const std::vector<Column> columns_;
  absl::InlinedVector<bool, 8> numbers_;
  int label_ = 0;
};

// The MAC of a row that waits for its place in the chain of `table`, with the row's content as the chain hashes it.
std::string WaitingMac(absl::string_view key, absl::string_view table, absl::string_view content);

// Says in the log that a row of `table` was not written by the program, and gives the error for who needs it:
// ROW_FORGED.
absl::Status ForgedRow(absl::string_view table);
inline absl::Status ForgedRow(const SignedTable& table) { return ForgedRow(table.table()); }

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_SIGNED_TABLE_H_
