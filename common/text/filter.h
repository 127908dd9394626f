#ifndef TSUNAGU_COMMON_TEXT_FILTER_H_
#define TSUNAGU_COMMON_TEXT_FILTER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/contract/schema.h"
#include "common/text/condition.h"

namespace tsunagu::contract {

// Compiles a List filter (grammar and limits: filter_parser.h) over the fields that the contract marks `filterable`;
// blank text selects everything. Identifying fields are never filterable.
//
// - Text, integers, days and times compare with = != < <= > >=; enums (by name) and booleans with = and != only.
//   Text compares by code point, as stored: no folding, no wildcards.
// - `field:value` is equality. On a repeated field it means that one item equals the value, and no other operator
//   works.
// - `field:*` is true when a value is set: a field with presence is present, any other differs from its default
//   (0, false, "", no items).
// - An absent value is unequal to every value, and neither before nor after any.
// - Space (ASCII and U+3000) at either end of a text value is dropped: stored text has none there, and MariaDB would
//   ignore it at the end while SQLite would not.
// - Days have any form that jp::ParseDay reads (2019-08-01, R1.8.1, 令和元年8月1日), times are RFC 3339 with at most
//   microseconds. The name field compares by the id of the given name.
//
// A repeated field is stored in the table <table>_<field> with the columns `id` and `value`.
//
// Errors, all at the field "filter": MALFORMED_FILTER {position, detail}, FIELD_NOT_FILTERABLE {field, allowed},
// UNKNOWN_ENUM_VALUE {allowed}, MALFORMED_VALUE, MALFORMED_DATE, DATE_DOES_NOT_EXIST, DATE_OUTSIDE_ERA,
// TIMESTAMP_TOO_FINE, MALFORMED_NAME, INVALID_UTF8; those about a value have the arguments field and position as well.
absl::StatusOr<SqlCondition> CompileFilter(const Schema& schema, absl::string_view filter);

// Returns the value of a filter as `field` compares it, or as one item of a repeated field. Errors as above, without a
// field.
absl::StatusOr<Parameter> FilterValue(const Schema& schema, const Field& field, const std::string& value);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_FILTER_H_
