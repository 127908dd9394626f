#include "common/text/json_values.h"

#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/contract/values.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::contract {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status Malformed() { return Fail("MALFORMED_VALUE"_reason); }

bool IsWrapper(const Descriptor& type) {
  return absl::StartsWith(type.full_name(), "google.protobuf.") && absl::EndsWith(type.full_name(), "Value") &&
         type.field_count() == 1 && type.field(0)->name() == "value";
}

// Sets or appends a value of any type: `suffix` is Int32, Bool, …
#define TSUNAGU_PUT(suffix, value)                                       \
  (field.is_repeated() ? reflection.Add##suffix(&message, &field, value) \
                       : reflection.Set##suffix(&message, &field, value))

bool IsInt32(int64_t value) {
  return value >= std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max();
}

// For a whole number that does not fit: names the limits of the contract, else those of the type.
absl::Status OutOfRange(const FieldDescriptor& field) {
  const FieldRule& rule = field.options().GetExtension(tsunagu::field);
  int64_t min = rule.min(), max = rule.max();
  if (min == 0 && max == 0) {
    const bool wide = field.cpp_type() == FieldDescriptor::CPPTYPE_INT64;
    min = wide ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int32_t>::min();
    max = wide ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int32_t>::max();
  }
  return Fail("OUT_OF_RANGE"_reason, {{"min", absl::StrCat(min)}, {"max", absl::StrCat(max)}});
}

// True for a number of more than 63 bits.
bool IsTooLarge(const JsonScalar& value) {
  const auto* number = absl::get_if<uint64_t>(&value);
  return number != nullptr && *number > static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
}

// 1.0 and 1e1, which ProtoJSON takes for integers. From 2^53 on, a double does not say which integer was written.
absl::optional<int64_t> WholeOf(const JsonScalar& value) {
  constexpr double kExactBelow = 9007199254740992;
  const auto* number = absl::get_if<double>(&value);
  if (number == nullptr || !(std::abs(*number) < kExactBelow) || *number != std::trunc(*number)) return absl::nullopt;
  return static_cast<int64_t>(*number);
}

absl::StatusOr<int64_t> Signed(const JsonScalar& value) {
  if (const auto whole = WholeOf(value)) return *whole;
  if (const auto* number = absl::get_if<int64_t>(&value)) return *number;
  if (const auto* text = absl::get_if<std::string>(&value)) return ParseInteger(*text);
  const auto* number = absl::get_if<uint64_t>(&value);
  if (number == nullptr || *number > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return Malformed();
  return static_cast<int64_t>(*number);
}

absl::StatusOr<uint64_t> Unsigned(const JsonScalar& value) {
  if (const auto whole = WholeOf(value); whole && *whole >= 0) return static_cast<uint64_t>(*whole);
  if (const auto* number = absl::get_if<uint64_t>(&value)) return *number;
  const auto* text = absl::get_if<std::string>(&value);
  uint64_t number = 0;
  if (text != nullptr && !text->empty() && absl::ascii_isdigit(text->front()) && absl::ascii_isdigit(text->back()) &&
      absl::SimpleAtoi(*text, &number)) {
    return number;
  }
  return Malformed();
}

absl::StatusOr<double> Real(const JsonScalar& value) {
  if (const auto* number = absl::get_if<double>(&value)) return *number;
  if (const auto* number = absl::get_if<int64_t>(&value)) return static_cast<double>(*number);
  if (const auto* number = absl::get_if<uint64_t>(&value)) return static_cast<double>(*number);
  const auto* text = absl::get_if<std::string>(&value);
  if (text == nullptr) return Malformed();
  if (*text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (*text == "Infinity") return std::numeric_limits<double>::infinity();
  if (*text == "-Infinity") return -std::numeric_limits<double>::infinity();
  double number = 0;
  const bool is_number = !text->empty() && text->find_first_not_of("0123456789+-.eE") == std::string::npos;
  if (!is_number || !absl::SimpleAtod(*text, &number)) return Malformed();
  return number;
}

absl::StatusOr<int> EnumNumber(const FieldDescriptor& field, const JsonScalar& value) {
  const auto* type = field.enum_type();
  const google::protobuf::EnumValueDescriptor* found = nullptr;
  if (const auto* name = absl::get_if<std::string>(&value)) {
    found = type->FindValueByName(*name);
  } else {
    ASSIGN_OR_RETURN(const int64_t number, Signed(value));
    found = IsInt32(number) ? type->FindValueByNumber(static_cast<int>(number)) : nullptr;
  }
  if (found == nullptr) return Fail("UNKNOWN_ENUM_VALUE"_reason, {{"allowed", EnumNames(*type)}});
  return found->number();
}

absl::StatusOr<std::string> StringOrBytes(const FieldDescriptor& field, const std::string& text) {
  if (field.type() != FieldDescriptor::TYPE_BYTES) return text;
  std::string bytes;
  if (absl::Base64Unescape(text, &bytes) || absl::WebSafeBase64Unescape(text, &bytes)) return bytes;
  return Malformed();
}

void SetPart(Message& message, int number, int64_t value) {
  const FieldDescriptor& field = *message.GetDescriptor()->FindFieldByNumber(number);
  const auto& reflection = *message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    reflection.SetInt64(&message, &field, value);
  } else {
    reflection.SetInt32(&message, &field, static_cast<int32_t>(value));
  }
}

absl::Status PutTimestamp(Message& message, absl::string_view text) {
  ASSIGN_OR_RETURN(const absl::Time time, ParseRfc3339(text));
  const int64_t seconds = absl::ToUnixSeconds(time);
  SetPart(message, 1, seconds);
  SetPart(message, 2, absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds)));
  return absl::OkStatus();
}

absl::Status PutDuration(Message& message, absl::string_view text) {
  ASSIGN_OR_RETURN(absl::Duration duration, ParseSeconds(text));
  SetPart(message, 1, absl::IDivDuration(duration, absl::Seconds(1), &duration));
  SetPart(message, 2, absl::ToInt64Nanoseconds(duration));
  return absl::OkStatus();
}

absl::Status PutDate(Message& message, absl::string_view text) {
  ASSIGN_OR_RETURN(const absl::CivilDay day, ParseIsoDate(text));
  SetPart(message, 1, day.year());
  SetPart(message, 2, day.month());
  SetPart(message, 3, day.day());
  return absl::OkStatus();
}

// Reads "displayName,place.title"; contract names (display_name) are accepted too.
absl::Status PutFieldMask(Message& message, absl::string_view text) {
  const FieldDescriptor& paths = *message.GetDescriptor()->FindFieldByNumber(1);
  if (text.empty()) return absl::OkStatus();
  for (absl::string_view path : absl::StrSplit(text, ',')) {
    std::string snake;
    for (const char c : path) {
      if (!absl::ascii_isalnum(c) && c != '_' && c != '.' && c != '*') return Malformed();
      if (absl::ascii_isupper(c)) snake.push_back('_');
      snake.push_back(absl::ascii_tolower(c));
    }
    if (snake.empty()) return Malformed();
    message.GetReflection()->AddString(&message, &paths, snake);
  }
  return absl::OkStatus();
}

absl::Status PutMessage(Message& message, const JsonScalar& value) {
  const Descriptor& type = *message.GetDescriptor();
  if (IsWrapper(type)) return PutScalar(message, *type.field(0), value);
  const auto* text = absl::get_if<std::string>(&value);
  if (text == nullptr) return Malformed();
  if (type.full_name() == "google.protobuf.Timestamp") return PutTimestamp(message, *text);
  if (type.full_name() == "google.protobuf.Duration") return PutDuration(message, *text);
  if (type.full_name() == "google.protobuf.FieldMask") return PutFieldMask(message, *text);
  if (type.full_name() == "google.type.Date") return PutDate(message, *text);
  return Malformed();
}

absl::Status PutNumber(Message& message, const FieldDescriptor& field, const JsonScalar& value) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: {
      if (IsTooLarge(value)) return OutOfRange(field);
      ASSIGN_OR_RETURN(const int64_t number, Signed(value));
      if (!IsInt32(number)) return OutOfRange(field);
      TSUNAGU_PUT(Int32, static_cast<int32_t>(number));
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      if (IsTooLarge(value)) return OutOfRange(field);
      ASSIGN_OR_RETURN(const int64_t number, Signed(value));
      TSUNAGU_PUT(Int64, number);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_UINT32: {
      ASSIGN_OR_RETURN(const uint64_t number, Unsigned(value));
      if (number > std::numeric_limits<uint32_t>::max()) return Malformed();
      TSUNAGU_PUT(UInt32, static_cast<uint32_t>(number));
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_UINT64: {
      ASSIGN_OR_RETURN(const uint64_t number, Unsigned(value));
      TSUNAGU_PUT(UInt64, number);
      return absl::OkStatus();
    }
    // Plus zero makes -0 a 0: in JSON that is written "-0", which reads as an integer without a sign.
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      ASSIGN_OR_RETURN(const double number, Real(value));
      TSUNAGU_PUT(Double, number + 0.0);
      return absl::OkStatus();
    }
    default: {
      ASSIGN_OR_RETURN(const double number, Real(value));
      TSUNAGU_PUT(Float, static_cast<float>(number) + 0.0F);
      return absl::OkStatus();
    }
  }
}

}  // namespace

absl::Status PutScalar(Message& message, const FieldDescriptor& field, const JsonScalar& value) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL: {
      const bool* truth = absl::get_if<bool>(&value);
      if (truth == nullptr) return Malformed();
      TSUNAGU_PUT(Bool, *truth);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      ASSIGN_OR_RETURN(const int number, EnumNumber(field, value));
      TSUNAGU_PUT(EnumValue, number);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      const auto* text = absl::get_if<std::string>(&value);
      if (text == nullptr) return Malformed();
      ASSIGN_OR_RETURN(std::string bytes, StringOrBytes(field, *text));
      TSUNAGU_PUT(String, std::move(bytes));
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return PutMessage(
          field.is_repeated() ? *reflection.AddMessage(&message, &field) : *reflection.MutableMessage(&message, &field),
          value);
    default:
      return PutNumber(message, field, value);
  }
}

#undef TSUNAGU_PUT

absl::Status PutMapKey(Message& entry, const std::string& key) {
  const FieldDescriptor& field = *entry.GetDescriptor()->map_key();
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_BOOL) return PutScalar(entry, field, key);
  if (key != "true" && key != "false") return Malformed();
  return PutScalar(entry, field, key == "true");
}

const FieldDescriptor* FindJsonField(const Descriptor& type, const std::string& key) {
  if (const FieldDescriptor* field = type.FindFieldByName(key)) return field;
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->json_name() == key) return type.field(i);
  }
  return nullptr;
}

bool IsJsonObject(const Descriptor& type) {
  if (IsWrapper(type)) return false;
  for (absl::string_view name : {"Timestamp", "Duration", "FieldMask", "Struct", "Value", "ListValue", "Any"}) {
    if (type.full_name() == absl::StrCat("google.protobuf.", name)) return false;
  }
  return true;
}

}  // namespace tsunagu::contract
