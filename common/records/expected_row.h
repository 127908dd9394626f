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
  bool dated = false;  // valid_from and valid_to count as well
};
// The value of a row of such a table; a day is empty where it is absent.
std::string DatedKey(absl::string_view key, absl::string_view from, absl::string_view to);
std::vector<SideTable> SideTablesOf(const TableShape& shape);

// What the row of a record, and its rows in the side tables, have to be as the record's newest revision says.
class ExpectedRow {
 public:
  // Opens what is personal where the store has keys (`has_keys`). Errors are those of databases that are away.
  static absl::StatusOr<ExpectedRow> Of(Table& table, const JournalEntry& entry, bool has_keys);

  int64_t revision() const { return revision_; }
  // No row has to be there.
  bool deleted() const { return deleted_; }
  // A newer contract wrote it: this binary cannot say what its columns have to be.
  bool newer() const { return contract_ > table_->schema().contract(); }
  // What is personal in it was not opened: there are no keys, or none any more.
  bool closed() const { return closed_; }

  // The columns in which `row` (the shape's columns, from 0 on) differs; of identifying fields their names.
  absl::StatusOr<std::vector<std::string>> Differences(const Row& row) const;

  // Who may see it, where that follows from the newest revision of a record above it.
  void Inherit(const JournalEntry& above);
  // Whether SideValues can be told.
  bool KnowsSide(const SideTable& side) const;
  std::vector<std::string> SideValues(const SideTable& side) const;  // each once

 private:
  ExpectedRow(Table& table, const JournalEntry& entry);
  absl::Status ReadImage(const JournalEntry& entry, bool has_keys);
  bool KnowsKeys() const;  // of its own, when what is personal stays closed
  bool Fits(const Row& row, int column, const Value& wanted) const;
  absl::Status CompareIdentity(const std::string& sealed, std::vector<std::string>& differing) const;

  Table* table_;
  int64_t revision_, contract_;
  bool deleted_, closed_ = false, damaged_ = false;
  bool has_personal_;  // the journal holds something personal of it
  Record record_;
  absl::optional<std::vector<AccessKey>> access_;  // absent where it cannot be told
  Parameters wanted_;                              // a value for each column
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_EXPECTED_ROW_H_
