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

// The tables of one resource:
//   <table>                    id, revision, contract, create_time, update_time, [identity], a column per field, mac
//   <table>_access             (key, id): who may see which row
//   <table>_<repeated field>   (value, id): filterable repeated fields
//   <table>_search             (token, id): blind index of searchable fields
// The id of a record with ancestors begins with their ids: "c1/s1".
class TableShape {
 public:
  TableShape(const contract::Schema& schema, Dialect dialect);

  const contract::Schema& schema() const { return schema_; }
  const std::string& table() const { return schema_.table(); }
  std::vector<TableDefinition> Tables() const;

  // A column of the table; `field` is null for columns that are no field (id, revision, identity).
  struct Column {
    std::string name;
    const contract::Field* field = nullptr;
  };
  const std::vector<Column>& all_columns() const { return all_columns_; }
  // "`id`, `revision`, …" in the order in which ReadRow and BindRow use them.
  const std::string& columns() const { return columns_; }
  // The same with the alias t.
  const std::string& select_columns() const { return select_columns_; }
  const std::string& insert_sql() const { return insert_sql_; }
  // Compare-and-set: the last two parameters are the id and the revision that was read.
  const std::string& update_sql() const { return update_sql_; }

  // The values of a row that are not fields. `identity` holds the identifying fields, encrypted; empty when there are
  // none.
  struct RowMarks {
    int64_t revision = 0, create_time = 0, update_time = 0;
    std::string identity;
    absl::string_view key = {};  // the key that signs the row; empty: the row is not signed
  };
  // Binds all columns of `record`, including id and revision.
  void BindRow(const google::protobuf::Message& record, absl::string_view id, const RowMarks& marks,
               Parameters& parameters) const;
  // Binds the columns after the id, for update_sql.
  void BindUpdate(const google::protobuf::Message& record, absl::string_view id, const RowMarks& marks,
                  int64_t revision_read, Parameters& parameters) const;
  // Fills `record` (its name with `parent` in front) except its identifying fields; the columns begin at 0.
  absl::Status ReadRow(const Row& row, absl::string_view parent, google::protobuf::Message& record) const;
  // For a row whose columns begin at 0: returns whether the program has written it and nobody has changed it since.
  bool IsGenuine(absl::string_view key, const Row& row) const;
  // Returns the MAC that such a row must have: over all its other columns.
  std::string MacOf(absl::string_view key, const Row& row) const;
  // Returns the identifying fields of a row, encrypted; empty when there are none.
  std::string IdentityIn(const Row& row) const { return has_identity_ ? row.Bytes(kIdentityColumn) : ""; }

  // Repeated fields with a separate table.
  const std::vector<const contract::Field*>& side_fields() const { return side_fields_; }
  bool has_identity() const { return has_identity_; }
  bool has_access() const { return has_access_; }
  // Whether access is limited to days.
  bool has_dated_access() const { return has_dated_access_; }
  bool has_search() const { return has_search_; }

 private:
  static constexpr int kIdentityColumn = 5;
  void BindColumns(const google::protobuf::Message& record, absl::string_view id, const RowMarks& marks,
                   Parameters& parameters) const;
  // `columns`: all columns after the id except the MAC itself.
  std::string Mac(absl::string_view key, absl::string_view id, absl::Span<const Value> columns) const;

  const contract::Schema& schema_;
  const Dialect dialect_;
  std::vector<const contract::Field*> column_fields_, side_fields_;
  bool has_identity_ = false, has_search_ = false;
  const bool has_access_, has_dated_access_;
  std::vector<Column> all_columns_;
  std::string signed_start_;               // the beginning of a MAC's input: the table
  std::vector<std::string> signed_names_;  // of each column, as written before its value in a MAC
  std::vector<bool> numbers_;              // which columns are numbers
  std::vector<std::string>
      unsaid_;  // the text of an enum's default value, which counts as unset; empty for other columns
  std::string columns_, select_columns_, insert_sql_, update_sql_;
};

// Returns the value of a string field that is not repeated.
std::string TextOf(const google::protobuf::Message& record, const contract::Field& field);

// Returns the values of a filterable repeated field or a key, as text.
std::vector<std::string> TextValues(const google::protobuf::Message& record, const contract::Field& field);

// Returns the value of a single field in the form of filters; empty when it is absent.
std::string ColumnText(const google::protobuf::Message& record, const contract::Field& field);

// Returns a copy with only the fields of the given privacy or stronger (`kept`), or with only the others (not `kept`).
std::unique_ptr<google::protobuf::Message> Part(const contract::Schema& schema, const google::protobuf::Message& record,
                                                Privacy at_least, bool kept);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_TABLE_SHAPE_H_
