#ifndef TSUNAGU_COMMON_TEXT_CONDITION_H_
#define TSUNAGU_COMMON_TEXT_CONDITION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/variant.h"
#include "common/text/filter_parser.h"

namespace tsunagu::contract {

// A value bound to a `?`. Owns its text.
using Parameter = absl::variant<int64_t, std::string>;

// Constant SQL text, and the values of its `?` in their order.
struct SqlText {
  std::string text;
  std::vector<Parameter> parameters;
};

// A condition for WHERE. The SQL consists of constant text and names from our own contracts only; everything that a
// caller wrote is a parameter. It is true or false for every row, never NULL, so that NOT may be applied to it. The
// main table has the alias t; column names are in backquotes, which SQLite and MySQL both accept.
struct SqlCondition {
  std::string sql;
  std::vector<Parameter> parameters;
  // Whether the result depends on a CONFIDENTIAL field. Such a filter must be refused to callers who may not see these
  // fields, because it would disclose them.
  bool confidential = false;
  // Queries for ids ("SELECT i.`id` FROM …"), each answered by one index. Each returns at least the id of every row for
  // which the condition is true; it may return other ids and duplicates. When a query returns few ids, it is best to
  // read the rows by them.
  std::vector<SqlText> ways_in;
  // When the result depends on rows outside the main table: conditions that every record found must fulfil by itself
  // (Matches). The record is signed, the other rows are not.
  std::vector<FilterNode> claims;
};

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_CONDITION_H_
