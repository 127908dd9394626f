#ifndef TSUNAGU_COMMON_RECORDS_LIST_QUERY_H_
#define TSUNAGU_COMMON_RECORDS_LIST_QUERY_H_

#include <cstdint>
#include <vector>

#include "absl/types/optional.h"
#include "common/text/condition.h"
#include "common/text/order.h"

namespace tsunagu::store {

// Selects rows of a table, and their order.
struct ListQuery {
  contract::SqlCondition where;  // no SQL: all rows
  // Ends with the id, so that the order is total.
  std::vector<contract::OrderTerm> order = {contract::OrderTerm{.column = "id", .text = true}};
  // The values of the terms of `order` in the row after which reading begins; empty: reading begins with the first row.
  std::vector<contract::OrderValue> after;
  int64_t limit = 0;
  // The list is one page of a longer list, so it is worth counting first which way in is the smallest. A list under a
  // scope always counts.
  bool page = false;
  // For a signed table: skips rows that the program has not written instead of failing with ROW_FORGED.
  bool skips_forged = false;
  // A way in that leads to at most this many rows is used: all of them are read and sorted. Absent: as many rows as
  // cost about the same as a page in the requested order. Tests set it to choose the way.
  absl::optional<int64_t> few;

  // Adds `condition`: rows must fulfil it as well.
  void Narrow(const contract::SqlCondition& condition);
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_LIST_QUERY_H_
