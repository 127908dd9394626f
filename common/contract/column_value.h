#ifndef TSUNAGU_COMMON_CONTRACT_COLUMN_VALUE_H_
#define TSUNAGU_COMMON_CONTRACT_COLUMN_VALUE_H_

#include <cstdint>
#include <string>

#include "absl/types/variant.h"
#include "common/contract/schema.h"
#include "google/protobuf/message.h"

namespace tsunagu::contract {

// What the column of a field holds: NULL, int64 or text.
using ColumnValue = absl::variant<absl::monostate, int64_t, std::string>;

// Returns the column value of a field of `record` that is not repeated: the id for the name; numbers, true as 1 and
// times in microseconds; enums by name and days as 2019-08-01. NULL when the field has presence and is absent. Other
// messages have no such value.
ColumnValue ColumnValueOf(const google::protobuf::Message& record, const Field& field);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_CONTRACT_COLUMN_VALUE_H_
