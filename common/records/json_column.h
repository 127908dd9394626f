#ifndef TSUNAGU_COMMON_RECORDS_JSON_COLUMN_H_
#define TSUNAGU_COMMON_RECORDS_JSON_COLUMN_H_

#include <string>

#include "absl/status/status.h"
#include "common/contract/schema.h"
#include "google/protobuf/message.h"

namespace tsunagu::store {

// Returns a repeated or message field as the text of one column: the JSON of a record with only this field,
// {"skills":["…"]}. Empty when the field is not set.
std::string ToJsonColumn(const google::protobuf::Message& record, const contract::Field& field);

// Merges such a text into `record`; unknown fields are ignored. Errors: DATA_LOSS.
absl::Status FromJsonColumn(const std::string& json, google::protobuf::Message& record);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_JSON_COLUMN_H_
