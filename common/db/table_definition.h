#ifndef TSUNAGU_COMMON_DB_TABLE_DEFINITION_H_
#define TSUNAGU_COMMON_DB_TABLE_DEFINITION_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/db/database.h"

namespace tsunagu::store {

// A table as it has to be. Identifiers stand in backquotes, which both engines read.
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
};

// Types of columns, as each engine spells them. None has NOT NULL.
class ColumnTypes {
 public:
  explicit ColumnTypes(Dialect dialect) : mysql_(dialect == Dialect::kMysql) {}

  // Letters, digits and signs of ASCII, compared byte by byte.
  std::string Ascii(int length) const {
    return absl::StrCat("VARCHAR(", length, ")", mysql_ ? " CHARACTER SET ascii COLLATE ascii_bin" : "");
  }
  // Up to 16 MiB of bytes, of text.
  std::string Blob() const { return mysql_ ? "MEDIUMBLOB" : "BLOB"; }
  std::string Text() const { return mysql_ ? "MEDIUMTEXT" : "TEXT"; }
  // Exactly `bytes` bytes, which may be a key.
  std::string Bytes(int bytes) const { return mysql_ ? absl::StrCat("BINARY(", bytes, ")") : "BLOB"; }

 private:
  const bool mysql_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_TABLE_DEFINITION_H_
