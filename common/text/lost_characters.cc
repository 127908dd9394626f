#include "common/text/lost_characters.h"

#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/jp/cp932.h"
#include "common/text/json.h"

namespace tsunagu {
namespace {

using contract::Field;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr absl::string_view kGetaMark = "〓", kReplacement = "\uFFFD";

std::string ItemOf(const Message& record, const FieldDescriptor& field, int index) {
  const auto& reflection = *record.GetReflection();
  const bool repeated = index >= 0;
  if (field.type() == FieldDescriptor::TYPE_STRING) {
    return repeated ? reflection.GetRepeatedString(record, &field, index) : reflection.GetString(record, &field);
  }
  const Message& message =
      repeated ? reflection.GetRepeatedMessage(record, &field, index) : reflection.GetMessage(record, &field);
  return contract::MessageToJson(message, false).value_or("");
}

// Returns all text of a field of any kind; empty for fields without text.
std::string TextOf(const Message& record, const Field& field) {
  const FieldDescriptor& descriptor = *field.descriptor;
  const bool holds_text = descriptor.type() == FieldDescriptor::TYPE_STRING || field.kind == contract::Kind::kJson;
  if (!holds_text || (descriptor.type() != FieldDescriptor::TYPE_STRING &&
                      descriptor.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)) {
    return "";
  }
  const auto& reflection = *record.GetReflection();
  if (!descriptor.is_repeated()) {
    const bool absent = descriptor.has_presence() && !reflection.HasField(record, &descriptor);
    return absent ? "" : ItemOf(record, descriptor, -1);
  }
  std::string text;
  for (int i = 0; i < reflection.FieldSize(record, &descriptor); ++i) {
    absl::StrAppend(&text, ItemOf(record, descriptor, i), "\n");
  }
  return text;
}

bool IsToBeKept(const std::string& stored, const std::string& text, bool is_cp932) {
  if (stored.empty() || stored == text) return false;
  if (absl::StrContains(text, kGetaMark) || absl::StrContains(text, kReplacement)) return true;
  return is_cp932 && jp::ToCp932(stored).bytes == jp::ToCp932(text).bytes;
}

}  // namespace

bool HasGetaMark(const Message& record, const Field& field) {
  return absl::StrContains(TextOf(record, field), kGetaMark);
}

void KeepStored(const Message& stored, const std::vector<const Field*>& fields, bool is_cp932, Message& record) {
  for (const Field* field : fields) {
    if (!IsToBeKept(TextOf(stored, *field), TextOf(record, *field), is_cp932)) continue;
    const std::unique_ptr<Message> copy(stored.New());
    copy->CopyFrom(stored);
    record.GetReflection()->SwapFields(copy.get(), &record, {field->descriptor});
  }
}

}  // namespace tsunagu
