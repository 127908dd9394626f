#ifndef TSUNAGU_COMMON_RECORDS_LIST_QUERY_H_
#define TSUNAGU_COMMON_RECORDS_LIST_QUERY_H_

#include <cstdint>
#include <vector>

#include "absl/types/optional.h"
#include "common/text/condition.h"
#include "common/text/order.h"

namespace tsunagu::store {

// Which rows of a table are read, and in which order.
struct ListQuery {
  contract::SqlCondition where;  // no SQL: all
  // Ends with the id, so that the order is total.
  std::vector<contract::OrderTerm> order = {contract::OrderTerm{.column = "id", .text = true}};
  // What the terms of `order` hold in the row after which reading begins; empty: begins with the first row.
  std::vector<contract::OrderValue> after;
  int64_t limit = 0;
  // A page of something longer, so that it pays to count first which way in is the smallest. A list under a scope
  // always counts.
  bool page = false;
  // Of a signed table, passes over the rows that the program has not written instead of failing (ROW_FORGED).
  bool skips_forged = false;
  // A way in that leads to no more rows than this is taken: they are all read, and sorted. Absent: as many as cost
  // about as much as a page in the order asked for; tests say it to choose the way.
  absl::optional<int64_t> few;

  // Only rows for which `condition` holds as well.
  void Narrow(const contract::SqlCondition& condition);
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_LIST_QUERY_H_
