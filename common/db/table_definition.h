#ifndef TSUNAGU_COMMON_DB_TABLE_DEFINITION_H_
#define TSUNAGU_COMMON_DB_TABLE_DEFINITION_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/db/database.h"

namespace tsunagu::store {

// The required form of a table. Identifiers are in backquotes, which both engines accept.
struct TableDefinition {
  struct Column {
    std::string name;
    std::string type;  // with NOT NULL, DEFAULT
  };
  struct Index {
    std::string name;
    bool unique;
    std::string columns;  // "`area`, `id`"
  };
  std::string name;
  std::vector<Column> columns;
  std::string primary_key;  // "`id`"
  std::vector<Index> indexes;
  // SQLite keeps the rows in the tree of the primary key, without another tree by row number, as MySQL does with every
  // table. For small rows.
  bool one_tree = false;
};

// Column types in the syntax of each engine, without NOT NULL.
class ColumnTypes {
 public:
  explicit ColumnTypes(Dialect dialect) : mysql_(dialect == Dialect::kMysql) {}

  // ASCII letters, digits and signs, compared byte by byte.
  std::string Ascii(int length) const {
    return absl::StrCat("VARCHAR(", length, ")", mysql_ ? " CHARACTER SET ascii COLLATE ascii_bin" : "");
  }
  // Up to 16 MiB of bytes, or of text.
  std::string Blob() const { return mysql_ ? "MEDIUMBLOB" : "BLOB"; }
  std::string Text() const { return mysql_ ? "MEDIUMTEXT" : "TEXT"; }
  // Exactly `bytes` bytes, which may be a key.
  std::string Bytes(int bytes) const { return mysql_ ? absl::StrCat("BINARY(", bytes, ")") : "BLOB"; }

 private:
  const bool mysql_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_TABLE_DEFINITION_H_
