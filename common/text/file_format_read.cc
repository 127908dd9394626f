#include "common/text/file_format.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/jp/area_code.h"
#include "common/jp/civil_day.h"
#include "common/text/json.h"
#include "common/text/columns.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "google/type/date.pb.h"

namespace tsunagu {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using records::Field;
using records::Kind;
using records::Schema;

// A bare id or code is taken for the name of what the field refers to.
std::string ReadReference(const std::string& text, const Field& field) {
  const Schema* target = Schema::OfType(field.reference);
  return target == nullptr || absl::StrContains(text, '/') ? text : target->NameOf(text);
}

std::string ReadText(const std::string& text, const Field& field, absl::string_view column, Faults& faults) {
  if (!field.reference.empty()) return ReadReference(text, field);
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

absl::StatusOr<bool> ReadBool(const std::string& text) {
  const std::string lower = absl::AsciiStrToLower(text);
  if (lower == "true" || lower == "1" || text == "はい" || text == "○") return true;
  if (lower == "false" || lower == "0" || text == "いいえ" || text == "×") return false;
  return Fail("MALFORMED_VALUE"_reason);
}

absl::Status ReadNumber(const std::string& text, const FieldDescriptor* field, bool add, Message& record) {
  const auto& reflection = *record.GetReflection();
  int64_t number = 0;
  if (!absl::SimpleAtoi(absl::StrReplaceAll(text, {{",", ""}}), &number)) return Fail("MALFORMED_VALUE"_reason);
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
    if (number != static_cast<int32_t>(number)) return Fail("MALFORMED_VALUE"_reason);
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
      ASSIGN_OR_RETURN(const bool value, ReadBool(text));
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
    ASSIGN_OR_RETURN(const jp::CivilDay day, jp::ParseDay(text));
    static_cast<google::type::Date&>(*reflection.MutableMessage(&record, d)) = jp::ToDate(day);
    return absl::OkStatus();
  }
  if (field.kind == Kind::kTime) {
    auto& time = static_cast<google::protobuf::Timestamp&>(*reflection.MutableMessage(&record, d));
    return google::protobuf::util::TimeUtil::FromString(text, &time) ? absl::OkStatus()
                                                                     : Fail("MALFORMED_VALUE"_reason);
  }
  return records::JsonToMessage(text, add ? *reflection.AddMessage(&record, d) : *reflection.MutableMessage(&record, d));
}

void ReadCell(const std::string& cell, const Field& field, absl::string_view column, Message& record, Faults& faults) {
  const bool json = field.kind == Kind::kJson && field.descriptor->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  if (!field.repeated || json) {
    if (!cell.empty()) faults.Add(column, ReadItem(cell, field, column, record, faults));
    return;
  }
  for (const absl::string_view item : absl::StrSplit(absl::StrReplaceAll(cell, {{"；", ";"}}), ';')) {
    const std::string text = TrimmedCell(item);
    if (!text.empty()) faults.Add(column, ReadItem(text, field, column, record, faults));
  }
}

class Reader : public RowReader {
 public:
  enum class Part { kField, kId, kParent };
  struct Column {
    std::string heading;
    Part part = Part::kField;
    const Field* field = nullptr;  // of kField
  };
  Reader(const Schema& schema, std::vector<Column> columns) : schema_(schema), columns_(std::move(columns)) {
    for (const Column& column : columns_) {
      if (column.field != nullptr) fields_.push_back(column.field);
    }
  }
  std::string layout() const override { return "contract"; }
  const std::vector<const Field*>& fields() const override { return fields_; }
  void Read(absl::Span<const std::string> cells, Message& record, std::string& id, Faults& faults) override {
    std::string own, above;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = columns_[i];
      const std::string cell = TrimmedCell(cells[i]);
      switch (column.part) {
        case Part::kField:
          ReadCell(cell, *column.field, column.heading, record, faults);
          break;
        case Part::kId:
          own = cell.substr(cell.rfind('/') + 1);
          break;
        case Part::kParent:
          above = ReadParent(cell, column.heading, faults);
          break;
      }
    }
    id = schema_.has_parent() && above.empty() ? "" : above + own;
  }
  std::string ColumnOf(absl::string_view field) const override {
    const absl::string_view top = field.substr(0, field.find_first_of(".["));
    for (const Column& column : columns_) {
      if (top == NameOf(column)) return column.heading;
    }
    return std::string(field);
  }

 private:
  static absl::string_view NameOf(const Column& column) {
    return column.part == Part::kField ? absl::string_view(column.field->name())
                                       : column.part == Part::kId ? "name" : "parent";
  }

  // "c1/" of "courses/c1" or "c1".
  std::string ReadParent(const std::string& cell, absl::string_view heading, Faults& faults) const {
    if (cell.empty()) {
      faults.Add(heading, "FIELD_REQUIRED"_reason);
      return "";
    }
    const auto above = schema_.IdUnder(absl::StrContains(cell, '/') ? cell : schema_.parent()->NameOf(cell), "");
    if (above.ok()) return *above;
    faults.Add(heading, "MALFORMED_NAME"_reason, {{"pattern", schema_.parent()->pattern()}});
    return "";
  }

  const Schema& schema_;
  const std::vector<Column> columns_;
  std::vector<const Field*> fields_;
};

}  // namespace

absl::StatusOr<const EnumValueDescriptor*> ReadEnumWord(const std::string& text,
                                                        const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> allowed;
  for (int i = 0; i < type.value_count(); ++i) {
    const EnumValueDescriptor& value = *type.value(i);
    if (text == value.name() || text == ShortName(value) || text == value.options().GetExtension(tsunagu::ja)) {
      return &value;
    }
    if (i > 0) allowed.push_back(ShortName(value));
  }
  return Fail("UNKNOWN_ENUM_VALUE"_reason, {{"allowed", absl::StrJoin(allowed, ", ")}});
}

std::string TrimmedCell(absl::string_view cell) {
  cell = absl::StripAsciiWhitespace(cell);
  while (absl::ConsumePrefix(&cell, "\u3000")) cell = absl::StripLeadingAsciiWhitespace(cell);
  while (absl::ConsumeSuffix(&cell, "\u3000")) cell = absl::StripTrailingAsciiWhitespace(cell);
  return std::string(cell);
}

absl::StatusOr<std::unique_ptr<RowReader>> ContractReader(const Schema& schema,
                                                          absl::Span<const std::string> heading) {
  std::map<std::string, Reader::Column> known;
  if (HasIdColumn(schema)) known[IdColumn(schema)].part = Reader::Part::kId;
  for (const Language language : {Language::kJapanese, Language::kEnglish}) {
    if (schema.has_parent()) known[ParentColumn(schema, language)].part = Reader::Part::kParent;
  }
  for (const Field& field : schema.fields()) {
    if (!IsColumn(field)) continue;
    known[field.name()].field = &field;
    if (!field.rule.ja().empty()) known[field.rule.ja()].field = &field;
  }
  std::vector<Reader::Column> columns;
  std::vector<std::string> unknown, missing;
  Faults faults;
  for (const std::string& cell : heading) {
    const auto found = known.find(TrimmedCell(cell));
    if (found == known.end()) {
      unknown.push_back(cell);
      continue;
    }
    for (const Reader::Column& column : columns) {
      const bool twice = column.part == found->second.part && column.field == found->second.field;
      if (twice) faults.Add(cell, "DUPLICATE_FIELD"_reason);
    }
    columns.push_back(found->second);
    columns.back().heading = cell;
  }
  const bool names_parent = std::any_of(columns.begin(), columns.end(), [](const Reader::Column& column) {
    return column.part == Reader::Part::kParent;
  });
  if (schema.has_parent() && !names_parent) missing.push_back(ParentColumn(schema, Language::kEnglish));
  for (const Field& field : schema.fields()) {
    bool there = !IsColumn(field) || !field.required;
    for (const Reader::Column& column : columns) there = there || column.field == &field;
    if (!there) missing.push_back(field.name());
  }
  if (!unknown.empty()) faults.Add("", "UNKNOWN_COLUMNS"_reason, {{"columns", absl::StrJoin(unknown, ", ")}});
  if (!missing.empty()) faults.Add("", "MISSING_COLUMNS"_reason, {{"columns", absl::StrJoin(missing, ", ")}});
  RETURN_IF_ERROR(faults.ToStatus());
  return std::make_unique<Reader>(schema, std::move(columns));
}

}  // namespace tsunagu
