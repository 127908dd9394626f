#ifndef TSUNAGU_COMMON_RECORDS_EXPECTED_ROW_H_
#define TSUNAGU_COMMON_RECORDS_EXPECTED_ROW_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "common/journal/journal.h"
#include "common/records/table.h"

namespace tsunagu::store {

// A table beside that of the records: <table>_<suffix> (<key>, id).
struct SideTable {
  std::string suffix;  // "access", "search", or the field
  std::string key;
  const contract::Field* field = nullptr;
  bool dated = false;  // valid_from and valid_to belong to the value
};
// Returns the value of a row of such a table; an absent day is given as empty.
std::string DatedKey(absl::string_view key, absl::string_view from, absl::string_view to);
std::vector<SideTable> SideTablesOf(const TableShape& shape);

// The row of a record, and its rows in the side tables, as the record's newest revision requires them.
class ExpectedRow {
 public:
  // Decrypts personal fields when the store has keys (`has_keys`). Errors occur only when a database is unavailable.
  static absl::StatusOr<ExpectedRow> Of(Table& table, const JournalEntry& entry, bool has_keys);

  int64_t revision() const { return revision_; }
  // No row may exist.
  bool deleted() const { return deleted_; }
  // A newer contract wrote the record, so this binary cannot know what its columns have to be.
  bool newer() const { return contract_ > table_->schema().contract(); }
  // The personal fields were not decrypted: the keys are missing or were erased.
  bool closed() const { return closed_; }

  // Returns the columns in which `row` (the shape's columns, from 0 on) differs; for identifying fields their names.
  absl::StatusOr<std::vector<std::string>> Differences(const Row& row) const;

  // Sets who may see the record, when that follows from the newest revision `above` of an ancestor.
  void Inherit(const JournalEntry& above);
  // Whether SideValues can be computed.
  bool KnowsSide(const SideTable& side) const;
  std::vector<std::string> SideValues(const SideTable& side) const;  // each once

 private:
  ExpectedRow(Table& table, const JournalEntry& entry);
  absl::Status ReadImage(const JournalEntry& entry, bool has_keys);
  bool KnowsKeys() const;  // its own access keys, while personal fields are not decrypted
  bool Fits(const Row& row, int column, const Value& wanted) const;
  absl::Status CompareIdentity(const std::string& encrypted, std::vector<std::string>& differing) const;

  Table* table_;
  int64_t revision_, contract_;
  bool deleted_, closed_ = false, damaged_ = false;
  bool has_personal_;  // the journal contains personal fields of the record
  Record record_;
  absl::optional<std::vector<AccessKey>> access_;  // absent when it cannot be computed
  Parameters wanted_;                              // a value for each column
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_EXPECTED_ROW_H_
