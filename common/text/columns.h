#ifndef TSUNAGU_COMMON_TEXT_COLUMNS_H_
#define TSUNAGU_COMMON_TEXT_COLUMNS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/contract/schema.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

// The columns of a resource's files, for import and export, as its contract defines them.
namespace tsunagu {

bool IsColumn(const contract::Field& field);
// Returns whether files have a column <resource>_id, for ids that callers may choose and ids that the server makes. A
// code that is the id has its own field instead.
bool HasIdColumn(const contract::Schema& schema);
std::string IdColumn(const contract::Schema& schema);
// The first column of a resource under a parent: "course", or the Japanese name of the course.
std::string ParentColumn(const contract::Schema& schema, Language language);
// Returns SUCTION for SKILL_SUCTION.
std::string ShortName(const google::protobuf::EnumValueDescriptor& value);
// Returns the text of an enum value in a cell: its Japanese name, or the short one.
std::string EnumWord(const google::protobuf::EnumValueDescriptor& value, Language language);
// Returns the enum value that a cell names: by its Japanese name, its short name, or its name in the contract, in any
// width. Errors: UNKNOWN_ENUM_VALUE.
absl::StatusOr<const google::protobuf::EnumValueDescriptor*> ReadEnumWord(const std::string& text,
                                                                          const google::protobuf::EnumDescriptor& type);

// Returns the cell for a field of a record: days as 2026-04-01, other messages as JSON, several values separated by ;.
std::string CellOf(const google::protobuf::Message& record, const contract::Field& field, Language language);

// Sets `field` of `record` from a cell; an empty cell leaves the field unchanged. Faults and warnings carry the name
// `column`.
void ReadCell(const std::string& cell, const contract::Field& field, absl::string_view column,
              google::protobuf::Message& record, Faults& faults);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_COLUMNS_H_
