#ifndef TSUNAGU_COMMON_RECORDS_JSON_COLUMN_H_
#define TSUNAGU_COMMON_RECORDS_JSON_COLUMN_H_

#include <string>

#include "absl/status/status.h"
#include "common/contract/schema.h"
#include "google/protobuf/message.h"

namespace tsunagu::store {

// A repeated or message field as the text of one column: the JSON of a record that holds only this field,
// {"skills":["…"]}. Empty where it is not set.
std::string ToJsonColumn(const google::protobuf::Message& record, const contract::Field& field);

// Adds to `record` what such a text holds; what this binary does not know is passed over. DATA_LOSS.
absl::Status FromJsonColumn(const std::string& json, google::protobuf::Message& record);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_JSON_COLUMN_H_
