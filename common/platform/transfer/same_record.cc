#include "common/platform/transfer/same_record.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/jp/place_name.h"

namespace tsunagu {
namespace {

using contract::Field;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Returns the values of a field, normalized so that equal values have equal text.
std::vector<std::string> ValuesOf(const Field& field, const Message& record) {
  const auto& reflection = *record.GetReflection();
  const FieldDescriptor* descriptor = field.descriptor;
  std::vector<std::string> values;
  if (field.repeated) {
    if (descriptor->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return values;
    for (int i = 0; i < reflection.FieldSize(record, descriptor); ++i) {
      values.push_back(reflection.GetRepeatedString(record, descriptor, i));
    }
    return values;
  }
  if (!reflection.HasField(record, descriptor)) return values;
  switch (descriptor->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      values.push_back(reflection.GetString(record, descriptor));
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      values.push_back(absl::StrCat(reflection.GetEnumValue(record, descriptor)));
      break;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      values.push_back(reflection.GetMessage(record, descriptor).SerializeAsString());
      break;
    default:
      break;
  }
  return values;
}

bool SaysTheSame(const std::string& row, const std::string& before) {
  return row == before || jp::FoldPlace(row) == jp::FoldPlace(before) || jp::IsDamagedCopy(row, before);
}

bool Agrees(const std::vector<std::string>& row, const std::vector<std::string>& before) {
  return std::any_of(row.begin(), row.end(), [&](const std::string& one) {
    return std::any_of(before.begin(), before.end(), [&](const std::string& other) { return SaysTheSame(one, other); });
  });
}

// Returns a field in which both differ; null when one field is equal, or when a side has no values.
const Field* Difference(const contract::Schema& schema, const Recognition& recognition, const Message& before,
                        const Message& row, GivenFields given) {
  const Field* first = nullptr;
  bool row_says = false, before_says = false;
  for (const std::string& name : recognition.fields()) {
    const Field* field = schema.Find(name);
    if (std::find(given.begin(), given.end(), field) == given.end()) continue;
    const std::vector<std::string> of_row = ValuesOf(*field, row), of_before = ValuesOf(*field, before);
    if (Agrees(of_row, of_before)) return nullptr;
    row_says = row_says || !of_row.empty();
    before_says = before_says || !of_before.empty();
    if (first == nullptr && !of_row.empty()) first = field;
  }
  return row_says && before_says ? first : nullptr;
}

// Returns the values by which the record is recognised, for people.
std::string Shown(const contract::Schema& schema, const Recognition& recognition, const Message& record) {
  for (const std::string& name : recognition.fields()) {
    const Field* field = schema.Find(name);
    const std::vector<std::string> values = ValuesOf(*field, record);
    if (values.empty()) continue;
    if (field->descriptor->cpp_type() != FieldDescriptor::CPPTYPE_ENUM) return values.front();
    return record.GetReflection()->GetEnum(record, field->descriptor)->options().GetExtension(tsunagu::ja);
  }
  return "";
}

}  // namespace

absl::optional<Fault> KeyOfAnother(const contract::Schema& schema, const Message& before, const Message& row,
                                   GivenFields given, const std::string& key) {
  for (const Recognition& recognition : schema.rule().recognised_by()) {
    const Field* field = Difference(schema, recognition, before, row, given);
    if (field == nullptr) continue;
    if (schema.rule().personal()) return MakeFault(field->name(), "KEY_OF_ANOTHER_PERSON"_reason, {{"key", key}});
    return MakeFault(
        field->name(), "KEY_OF_ANOTHER"_reason,
        {{"key", key}, {"before", Shown(schema, recognition, before)}, {"after", Shown(schema, recognition, row)}});
  }
  return absl::nullopt;
}

std::vector<const Field*> LostTexts(const contract::Schema& schema, const Message& before, const Message& row,
                                    GivenFields given) {
  std::vector<const Field*> lost;
  for (const Field* field : given) {
    if (field->repeated || field->descriptor->cpp_type() != FieldDescriptor::CPPTYPE_STRING) continue;
    const std::string text = row.GetReflection()->GetString(row, field->descriptor);
    const std::string stored = before.GetReflection()->GetString(before, field->descriptor);
    const bool seen = !schema.rule().personal() || field->rule.privacy() == PRIVACY_UNSPECIFIED || !stored.empty();
    if (seen ? jp::IsDamagedCopy(text, stored) : jp::HasLostCharacter(text)) lost.push_back(field);
  }
  return lost;
}

}  // namespace tsunagu
