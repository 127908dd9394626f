#ifndef TSUNAGU_COMMON_RECORDS_TABLE_SHAPE_H_
#define TSUNAGU_COMMON_RECORDS_TABLE_SHAPE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/contract/schema.h"
#include "common/db/parameters.h"
#include "common/db/table_definition.h"
#include "google/protobuf/message.h"

namespace tsunagu::store {

// How one resource lies in tables:
//   <table>                    id, revision, contract, create_time, update_time, [identity], a column per field, mac
//   <table>_access             (key, id): who may see which row
//   <table>_<repeated field>   (value, id): filterable repeated fields
//   <table>_search             (token, id): blind index of searchable fields
// The id of a record that lies under others begins with their ids: "c1/s1".
class TableShape {
 public:
  TableShape(const contract::Schema& schema, Dialect dialect);

  const contract::Schema& schema() const { return schema_; }
  const std::string& table() const { return schema_.table(); }
  std::vector<TableDefinition> Tables() const;

  // A column of the table; `field` is null where none is behind it (id, revision, identity).
  struct Column {
    std::string name;
    const contract::Field* field = nullptr;
  };
  const std::vector<Column>& all_columns() const { return all_columns_; }
  // "`id`, `revision`, …" in the order in which ReadRow and BindRow take them.
  const std::string& columns() const { return columns_; }
  // The same with the alias t.
  const std::string& select_columns() const { return select_columns_; }
  const std::string& insert_sql() const { return insert_sql_; }
  // Compare-and-set: the last two parameters are id and the revision read.
  const std::string& update_sql() const { return update_sql_; }

  // What a row says besides its record. `identity` holds the identifying fields, sealed; empty where there are none.
  struct RowMarks {
    int64_t revision = 0, create_time = 0, update_time = 0;
    std::string identity;
    absl::string_view key = {};  // what the row is signed with; empty: it is not
  };
  // All columns of `record`, id and revision among them.
  void BindRow(const google::protobuf::Message& record, absl::string_view id, const RowMarks& marks,
               Parameters& parameters) const;
  // Columns after the id, for update_sql.
  void BindUpdate(const google::protobuf::Message& record, absl::string_view id, const RowMarks& marks,
                  int64_t revision_read, Parameters& parameters) const;
  // Fills `record` (its name with `parent` in front) but for what is identifying; the columns begin at 0.
  absl::Status ReadRow(const Row& row, absl::string_view parent, google::protobuf::Message& record) const;
  // Of a row whose columns begin at 0: whether the program has written it, and nobody and nothing has changed it since.
  bool IsGenuine(absl::string_view key, const Row& row) const;
  // The MAC that such a row has to have: over all its other columns.
  std::string MacOf(absl::string_view key, const Row& row) const;
  // The identifying fields of a row, sealed; empty where there are none.
  std::string IdentityIn(const Row& row) const { return has_identity_ ? row.Bytes(kIdentityColumn) : ""; }

  // Repeated fields that have a table of their own.
  const std::vector<const contract::Field*>& side_fields() const { return side_fields_; }
  bool has_identity() const { return has_identity_; }
  bool has_access() const { return has_access_; }
  // Whether access begins and ends with days.
  bool has_dated_access() const { return has_dated_access_; }
  bool has_search() const { return has_search_; }

 private:
  static constexpr int kIdentityColumn = 5;
  void BindColumns(const google::protobuf::Message& record, absl::string_view id, const RowMarks& marks,
                   Parameters& parameters) const;
  // `columns`: all behind the id but the MAC itself.
  std::string Mac(absl::string_view key, absl::string_view id, absl::Span<const Value> columns) const;

  const contract::Schema& schema_;
  const Dialect dialect_;
  std::vector<const contract::Field*> column_fields_, side_fields_;
  bool has_identity_ = false, has_search_ = false;
  const bool has_access_, has_dated_access_;
  std::vector<Column> all_columns_;
  std::string signed_start_;               // what a MAC begins with: the table
  std::vector<std::string> signed_names_;  // of each column, as it stands in front of its value
  std::vector<bool> numbers_;              // which columns are
  std::vector<std::string> unsaid_;        // the text of an enumeration that says nothing; empty for all others
  std::string columns_, select_columns_, insert_sql_, update_sql_;
};

// The value of a string field that is not repeated.
std::string TextOf(const google::protobuf::Message& record, const contract::Field& field);

// Values of a filterable repeated field or a key, as text.
std::vector<std::string> TextValues(const google::protobuf::Message& record, const contract::Field& field);

// The value of a single field as a filter spells it; empty where it is absent.
std::string ColumnText(const google::protobuf::Message& record, const contract::Field& field);

// A copy that holds only the fields of the given privacy or stronger (kept) or only the others (not kept).
std::unique_ptr<google::protobuf::Message> Part(const contract::Schema& schema, const google::protobuf::Message& record,
                                                Privacy at_least, bool kept);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_TABLE_SHAPE_H_
