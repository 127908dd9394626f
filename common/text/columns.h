#ifndef TSUNAGU_COMMON_TEXT_COLUMNS_H_
#define TSUNAGU_COMMON_TEXT_COLUMNS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/contract/schema.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

// The columns that a contract gives to its files, in and out.
namespace tsunagu {

bool IsColumn(const contract::Field& field);
// <resource>_id, for ids that a caller may choose and those that the server makes; codes that are ids stand in their
// field.
bool HasIdColumn(const contract::Schema& schema);
std::string IdColumn(const contract::Schema& schema);
// What a resource that lies under another has as its first column: "course", or the Japanese name of the course.
std::string ParentColumn(const contract::Schema& schema, Language language);
// SUCTION of SKILL_SUCTION.
std::string ShortName(const google::protobuf::EnumValueDescriptor& value);
// What stands in a cell for it: its Japanese name, or the short one.
std::string EnumWord(const google::protobuf::EnumValueDescriptor& value, Language language);
// The value that is called so: by its Japanese name, its short one, or that of the contract, in any width.
// UNKNOWN_ENUM_VALUE.
absl::StatusOr<const google::protobuf::EnumValueDescriptor*> ReadEnumWord(const std::string& text,
                                                                          const google::protobuf::EnumDescriptor& type);

// What stands in a cell for a field of a record: days as 2026-04-01, other messages as JSON, several values with ;
// between.
std::string CellOf(const google::protobuf::Message& record, const contract::Field& field, Language language);

// Puts a cell into the field that its column stands for; an empty one leaves the field alone. Faults and warnings are
// told of `column`.
void ReadCell(const std::string& cell, const contract::Field& field, absl::string_view column,
              google::protobuf::Message& record, Faults& faults);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_COLUMNS_H_
