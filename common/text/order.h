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

// Reads "update_time desc, code": fields that the contract marks `sortable` and, always, name, create_time and
// update_time; "asc" may be written too. Identifying and confidential fields are never sortable, because a page token
// carries their values. The last term is always the id, so that the order is total; it has the direction of the term
// before it, so that one index serves both. Blank text sorts by id. At most 5 terms.
//
// Text sorts by code point, enums sort by name, absent values come first (last when descending).
//
// Errors, all at the field "order_by": FIELD_NOT_SORTABLE {field, allowed}, MALFORMED_ORDER_BY (also a field twice).
absl::StatusOr<std::vector<OrderTerm>> ParseOrderBy(const Schema& schema, absl::string_view order_by);

// Returns "ORDER BY t.`update_time` DESC, t.`id` DESC".
std::string OrderSql(absl::Span<const OrderTerm> terms);

// Returns the condition for the rows after the row whose columns hold `last_row`, one value per term. Errors:
// INVALID_PAGE_TOKEN when the values do not fit the terms: the token was made under another contract.
absl::StatusOr<SqlCondition> After(absl::Span<const OrderTerm> terms, absl::Span<const OrderValue> last_row);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_ORDER_H_
