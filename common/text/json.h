#ifndef TSUNAGU_COMMON_TEXT_JSON_H_
#define TSUNAGU_COMMON_TEXT_JSON_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

// The JSON form of messages (proto3 JSON mapping), for generated and dynamic messages alike.
namespace tsunagu::contract {

// Replaces `message` by the content of `json`. On errors, `message` is unchanged and all faults are returned.
//
// Stricter than protobuf: no field twice (nor under both its names, display_name and displayName), no unknown fields or
// enum values, integers without fraction or exponent, no null inside lists, no list inside a list, at most 32 levels
// and 4 MiB. A google.type.Date may also be written "2025-04-01". Struct, Value, ListValue and Any are refused.
//
// JsonToMessageAsInCells also accepts the words that cells of a file have for enum values: MON_AM, 月午前.
//
// Errors: MALFORMED_JSON {detail: "line:column" and what is wrong there}, INVALID_UTF8, MESSAGE_TOO_LARGE. Faults of
// fields are returned all at once with their paths ("area.tags[2]"; up to 100): UNKNOWN_FIELD, DUPLICATE_FIELD,
// MALFORMED_VALUE, OUT_OF_RANGE {min, max} for a whole number that the field cannot hold, UNKNOWN_ENUM_VALUE {allowed},
// DATE_DOES_NOT_EXIST.
absl::Status JsonToMessage(absl::string_view json, google::protobuf::Message& message);
absl::Status JsonToMessageAsInCells(absl::string_view json, google::protobuf::Message& message);

// Returns the fields of `type` that the outermost object of `json` contains, in its order and by their names in the
// contract. JsonToMessage must have accepted `json`.
std::vector<std::string> FieldsNamed(absl::string_view json, const google::protobuf::Descriptor& type);

// Returns canonical JSON: fields by number, map keys sorted, names as in the contract (display_name), no field with its
// default value; 64-bit integers, times and enums as strings. Equal messages give equal bytes. Errors: INTERNAL when
// JSON cannot represent the message (a time after the year 9999, an Any of an unknown type).
absl::StatusOr<std::string> MessageToJson(const google::protobuf::Message& message, bool pretty);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_JSON_H_
