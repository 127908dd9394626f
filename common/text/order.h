#ifndef TSUNAGU_COMMON_TEXT_ORDER_H_
#define TSUNAGU_COMMON_TEXT_ORDER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/contract/column_value.h"
#include "common/contract/schema.h"
#include "common/text/condition.h"

namespace tsunagu::contract {

// One column to sort by.
struct OrderTerm {
  std::string column;  // "id", "update_time", a field's name
  bool descending = false;
  bool nullable = false;
  bool text = false;  // else int64
};

using OrderValue = ColumnValue;

// Reads "update_time desc, code": fields whose contract says `sortable` and, always, name, create_time and
// update_time; "asc" may be written too. Neither identifying nor confidential fields are ever among them, because a
// page token carries their values. The last term is always the id, so that the order is total; it runs the way of the
// term before it, so that one index serves both. Blank text is by id. At most 5 terms.
//
// Text is sorted by code point, enums by name, absent values first (last when descending).
//
// Errors, all at the field "order_by": FIELD_NOT_SORTABLE {field, allowed}, MALFORMED_ORDER_BY (also a field twice).
absl::StatusOr<std::vector<OrderTerm>> ParseOrderBy(const Schema& schema, absl::string_view order_by);

// "ORDER BY t.`update_time` DESC, t.`id` DESC".
std::string OrderSql(absl::Span<const OrderTerm> terms);

// The rows that come after the row whose columns hold `position`, one value per term. INVALID_PAGE_TOKEN when the
// values do not fit the terms: the token was made under another contract.
absl::StatusOr<SqlCondition> After(absl::Span<const OrderTerm> terms, absl::Span<const OrderValue> position);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_ORDER_H_
