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

// Constant text, and the values of its `?` in their order.
struct SqlText {
  std::string text;
  std::vector<Parameter> parameters;
};

// What stands behind WHERE. The SQL is put together from constant text and names of our own contracts only; everything
// a caller wrote is a parameter. It is true or false for every row, never NULL, so that it may be put under NOT.
// The main table has the alias t; column names stand in backquotes, which SQLite and MySQL read alike.
struct SqlCondition {
  std::string sql;
  std::vector<Parameter> parameters;
  // Whether the answer depends on a CONFIDENTIAL field: to be refused to callers who may not see such fields, or the
  // filter would tell them.
  bool confidential = false;
  // Queries for ids ("SELECT i.`id` FROM …"), each answered by one index. Each gives, perhaps several times and among
  // others, the id of every row for which the condition is true: where one gives few, the rows are best read by them.
  std::vector<SqlText> ways_in;
  // Where the answer depends on rows beside the main table: what every record that is found has to fit by itself
  // (Matches). The record is signed, what stands beside it is not.
  std::vector<FilterNode> claims;
};

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_CONDITION_H_
