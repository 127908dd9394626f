#ifndef TSUNAGU_COMMON_TEXT_JSON_VALUES_H_
#define TSUNAGU_COMMON_TEXT_JSON_VALUES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/variant.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

// The single values of the JSON form of messages.
namespace tsunagu::contract {

// A JSON value other than null, an object or a list.
using JsonScalar = absl::variant<bool, int64_t, uint64_t, double, std::string>;

// Sets `field` of `message` from `value`, or appends to a repeated field. Timestamp, Duration, FieldMask, Date and the
// wrappers are scalars here. Errors: MALFORMED_VALUE, OUT_OF_RANGE {min, max}, UNKNOWN_ENUM_VALUE {allowed},
// DATE_DOES_NOT_EXIST; `message` is then undefined.
absl::Status PutScalar(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
                       const JsonScalar& value);

// Sets the key of a map entry. Errors: MALFORMED_VALUE.
absl::Status PutMapKey(google::protobuf::Message& entry, const std::string& key);

// Returns the field of that name, as in the contract (display_name) or as in JSON (displayName); null when there is
// none.
const google::protobuf::FieldDescriptor* FindJsonField(const google::protobuf::Descriptor& type,
                                                       const std::string& key);

// Whether messages of this type are written as JSON objects of their fields.
bool IsJsonObject(const google::protobuf::Descriptor& type);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_JSON_VALUES_H_
