#include "common/text/matches.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/column_value.h"
#include "common/text/condition.h"
#include "common/text/filter.h"

namespace tsunagu::contract {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

template <typename T>
bool Compares(const T& a, absl::string_view comparator, const T& b) {
  if (comparator == "=" || comparator == ":") return a == b;
  if (comparator == "<") return a < b;
  if (comparator == "<=") return a <= b;
  if (comparator == ">") return a > b;
  return a >= b;
}

bool IsDefault(const ColumnValue& value, const Field& field) {
  if (field.descriptor->has_presence()) return false;
  if (const auto* number = absl::get_if<int64_t>(&value)) return *number == 0;
  const std::string& text = absl::get<std::string>(value);
  return field.kind == Kind::kEnum ? text == field.descriptor->default_value_enum()->name() : text.empty();
}

// Returns an item of a repeated field as its side table stores it.
std::string ItemText(const Message& record, const FieldDescriptor* field, int i) {
  const auto& reflection = *record.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.GetRepeatedEnum(record, field, i)->name();
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetRepeatedString(record, field, i);
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection.GetRepeatedInt32(record, field, i));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection.GetRepeatedInt64(record, field, i));
    case FieldDescriptor::CPPTYPE_BOOL:
      return absl::StrCat(reflection.GetRepeatedBool(record, field, i) ? 1 : 0);
    default:
      return "";
  }
}

absl::StatusOr<bool> Has(const Schema& schema, const Field& field, const FilterNode& node, const Message& record) {
  const int size = record.GetReflection()->FieldSize(record, field.descriptor);
  if (node.any) return size > 0;
  ASSIGN_OR_RETURN(const Parameter wanted, FilterValue(schema, field, node.value));
  const auto* number = absl::get_if<int64_t>(&wanted);
  const std::string text = number != nullptr ? absl::StrCat(*number) : absl::get<std::string>(wanted);
  for (int i = 0; i < size; ++i) {
    if (ItemText(record, field.descriptor, i) == text) return true;
  }
  return false;
}

absl::StatusOr<bool> Comparison(const Schema& schema, const FilterNode& node, const Message& record) {
  const Field* field = schema.Find(node.field);
  if (field == nullptr) return absl::InternalError(absl::StrCat("no field ", node.field));
  if (field->repeated) return Has(schema, *field, node, record);
  const ColumnValue value = ColumnValueOf(record, *field);
  const bool absent = absl::holds_alternative<absl::monostate>(value);
  if (node.any) return !absent && !IsDefault(value, *field);
  ASSIGN_OR_RETURN(const Parameter wanted, FilterValue(schema, *field, node.value));
  const bool differs = node.comparator == "!=";
  if (absent) return differs;
  const absl::string_view comparator = differs ? "=" : absl::string_view(node.comparator);
  const auto* number = absl::get_if<int64_t>(&wanted);
  const bool holds = number != nullptr
                         ? Compares(absl::get<int64_t>(value), comparator, *number)
                         : Compares(absl::get<std::string>(value), comparator, absl::get<std::string>(wanted));
  return holds != differs;
}

}  // namespace

absl::StatusOr<bool> Matches(const Schema& schema, const FilterNode& condition, const Message& record) {
  switch (condition.kind) {
    case FilterNode::Kind::kComparison:
      return Comparison(schema, condition, record);
    case FilterNode::Kind::kOverlaps:
      return schema.PeriodOf(record).Overlaps(condition.period);
    case FilterNode::Kind::kUnder: {
      ASSIGN_OR_RETURN(const std::string ids, schema.IdsUnder(condition.value));
      const absl::StatusOr<std::string> id = schema.IdOf(schema.NameIn(record));
      return id.ok() && absl::StartsWith(*id, ids);
    }
    case FilterNode::Kind::kNot: {
      ASSIGN_OR_RETURN(const bool holds, Matches(schema, condition.children[0], record));
      return !holds;
    }
    case FilterNode::Kind::kAnd:
    case FilterNode::Kind::kOr:
      break;
  }
  const bool one_is_enough = condition.kind == FilterNode::Kind::kOr;
  for (const FilterNode& child : condition.children) {
    ASSIGN_OR_RETURN(const bool holds, Matches(schema, child, record));
    if (holds == one_is_enough) return one_is_enough;
  }
  return !one_is_enough;
}

}  // namespace tsunagu::contract
