// Sets a field from the cell of its column.
#include <limits>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/jp/area_code.h"
#include "common/jp/fold.h"
#include "common/jp/mesh.h"
#include "common/text/cell_values.h"
#include "common/text/columns.h"
#include "common/text/json.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "google/type/date.pb.h"

namespace tsunagu {
namespace {

using contract::Field;
using contract::Kind;
using contract::Schema;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A bare id or code is taken as the id of the resource that the field refers to.
std::string ReadReference(const std::string& text, const Field& field) {
  const Schema* target = Schema::OfType(field.reference);
  return target == nullptr || absl::StrContains(text, '/') ? text : target->NameOf(text);
}

std::string ReadText(const std::string& text, const Field& field, absl::string_view column, Faults& faults) {
  if (!field.reference.empty()) return ReadReference(text, field);
  if (field.rule.format() == FORMAT_MESH_CODE) return jp::MeshCodeAsWritten(text);
  if (field.rule.format() != FORMAT_AREA_CODE) return text;
  const auto reading = jp::ReadAreaCode(text);
  if (!reading.ok()) {
    faults.Add(column, reading.status());
    return text;
  }
  if (reading->warning != Reason()) {
    faults.Add(column, reading->warning, {{"code", std::string(reading->code.six())}});
  }
  return std::string(reading->code.six());
}

absl::Status ReadNumber(const std::string& text, const FieldDescriptor* field, bool add, Message& record) {
  const auto& reflection = *record.GetReflection();
  ASSIGN_OR_RETURN(const int64_t number, ReadWholeNumber(text));
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
    if (number != static_cast<int32_t>(number)) {
      const FieldRule& rule = field->options().GetExtension(tsunagu::field);
      const bool any = rule.min() == 0 && rule.max() == 0;
      return Fail("OUT_OF_RANGE"_reason,
                  {{"min", absl::StrCat(any ? std::numeric_limits<int32_t>::min() : rule.min())},
                   {"max", absl::StrCat(any ? std::numeric_limits<int32_t>::max() : rule.max())}});
    }
    add ? reflection.AddInt32(&record, field, static_cast<int32_t>(number))
        : reflection.SetInt32(&record, field, static_cast<int32_t>(number));
  } else {
    add ? reflection.AddInt64(&record, field, number) : reflection.SetInt64(&record, field, number);
  }
  return absl::OkStatus();
}

absl::Status ReadItem(const std::string& text, const Field& field, absl::string_view column, Message& record,
                      Faults& faults) {
  const auto& reflection = *record.GetReflection();
  const FieldDescriptor* d = field.descriptor;
  const bool add = d->is_repeated();
  switch (d->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string value = ReadText(text, field, column, faults);
      add ? reflection.AddString(&record, d, std::move(value)) : reflection.SetString(&record, d, std::move(value));
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      ASSIGN_OR_RETURN(const EnumValueDescriptor* value, ReadEnumWord(text, *d->enum_type()));
      add ? reflection.AddEnum(&record, d, value) : reflection.SetEnum(&record, d, value);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_BOOL: {
      ASSIGN_OR_RETURN(const bool value, ReadYesOrNo(text));
      reflection.SetBool(&record, d, value);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
      return ReadNumber(text, d, add, record);
    default:
      break;
  }
  if (field.kind == Kind::kDate) {
    Reason warning;
    ASSIGN_OR_RETURN(const jp::CivilDay day, ReadDay(text, warning));
    if (!warning.none()) faults.Add(column, warning);
    static_cast<google::type::Date&>(*reflection.MutableMessage(&record, d)) = jp::ToDate(day);
    return absl::OkStatus();
  }
  if (field.kind == Kind::kTime) {
    auto& time = static_cast<google::protobuf::Timestamp&>(*reflection.MutableMessage(&record, d));
    return google::protobuf::util::TimeUtil::FromString(text, &time) ? absl::OkStatus()
                                                                     : Fail("MALFORMED_VALUE"_reason);
  }
  const absl::Status read = contract::JsonToMessageAsInCells(
      text, add ? *reflection.AddMessage(&record, d) : *reflection.MutableMessage(&record, d));
  if (!read.ok())
    add ? reflection.RemoveLast(&record, d)
        : reflection.ClearField(&record, d);  // otherwise its fields would be reported as missing
  return read;
}

// Splits several JSON objects that are separated by ;. A ; inside a text or an object does not separate.
std::vector<absl::string_view> SplitObjects(absl::string_view cell) {
  std::vector<absl::string_view> objects;
  size_t begin = 0;
  int depth = 0;
  bool in_text = false;
  for (size_t i = 0; i < cell.size(); ++i) {
    const char c = cell[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == ';' && depth == 0) {
      objects.push_back(cell.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  objects.push_back(cell.substr(begin));
  return objects;
}

std::vector<absl::string_view> SplitItems(const std::string& cell, bool json) {
  if (json) return SplitObjects(cell);
  return absl::StrSplit(cell, ';');
}

}  // namespace

void ReadCell(const std::string& cell, const Field& field, absl::string_view column, Message& record, Faults& faults) {
  const bool json = field.kind == Kind::kJson && field.descriptor->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  if (!field.repeated) {
    if (!cell.empty()) faults.Add(column, ReadItem(cell, field, column, record, faults));
    return;
  }
  int bad = 0;
  const std::string whole = json ? cell : absl::StrReplaceAll(cell, {{"；", ";"}});
  for (const absl::string_view item : SplitItems(whole, json)) {
    const std::string text = TrimmedCell(item);
    if (text.empty()) continue;
    const absl::Status read = ReadItem(text, field, column, record, faults);
    if (!read.ok() && ++bad > Faults::kMost) return faults.Omit(1);  // nobody reads more of one cell
    faults.Add(column, read);
  }
}

absl::StatusOr<const EnumValueDescriptor*> ReadEnumWord(const std::string& text,
                                                        const google::protobuf::EnumDescriptor& type) {
  for (int i = 0; i < type.value_count(); ++i) {
    const EnumValueDescriptor& value = *type.value(i);
    if (text == value.name() || text == ShortName(value) || text == value.options().GetExtension(tsunagu::ja)) {
      return &value;
    }
  }
  std::vector<std::string> allowed, allowed_ja;
  const std::string folded = jp::Fold(text);
  for (int i = 1; i < type.value_count(); ++i) {
    const EnumValueDescriptor& value = *type.value(i);
    allowed.push_back(EnumWord(value, Language::kEnglish));
    allowed_ja.push_back(EnumWord(value, Language::kJapanese));
    if (folded == jp::Fold(allowed.back()) || folded == jp::Fold(allowed_ja.back())) return &value;
  }
  return Fail("UNKNOWN_ENUM_VALUE"_reason,
              {{"allowed", absl::StrJoin(allowed, ", ")}, {"allowed_ja", absl::StrJoin(allowed_ja, ", ")}});
}

}  // namespace tsunagu
