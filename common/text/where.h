#ifndef TSUNAGU_COMMON_TEXT_WHERE_H_
#define TSUNAGU_COMMON_TEXT_WHERE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/contract/schema.h"
#include "common/jp/civil_day.h"
#include "common/text/condition.h"
#include "common/text/filter_parser.h"

namespace tsunagu::contract {

// A condition built by code: Where("person", name) && Where::ActiveOn(today). Only fields that the contract marks
// filterable may be used; any other name is our mistake, and gives FIELD_NOT_FILTERABLE.
class Where {
 public:
  // Every record.
  Where() = default;

  // The field equals the value; a repeated field contains it.
  Where(absl::string_view field, absl::string_view value);
  Where(absl::string_view field, int64_t value);
  Where(absl::string_view field, bool value);
  // An enum value, by its name.
  template <typename Enum, typename = std::enable_if_t<std::is_enum_v<Enum>>>
  Where(absl::string_view field, Enum value)
      : Where(field, absl::string_view(google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(value)->name())) {
  }
  // Without this constructor, a literal would be taken for a bool.
  Where(absl::string_view field, const char* value) : Where(field, absl::string_view(value)) {}

  static Where AtLeast(absl::string_view field, absl::string_view value) { return Compare(field, ">=", value); }
  static Where AtMost(absl::string_view field, absl::string_view value) { return Compare(field, "<=", value); }
  static Where IsSet(absl::string_view field);
  // The field equals one of `values`; no record matches when `values` is empty.
  template <typename Values>
  static Where OneOf(absl::string_view field, const Values& values) {
    Where any = None();
    for (const auto& value : values) any = any || Where(field, value);
    return any;
  }
  // The record's period contains `day`.
  static Where ActiveOn(jp::CivilDay day) { return Overlapping({day, day}); }
  // The record's period shares a day with `period`.
  static Where Overlapping(const jp::Period& period);
  // The record lies under `parent`: "courses/c1", or "courses/-" for any. Errors: MALFORMED_NAME at the field parent.
  static Where Under(absl::string_view parent);
  static Where None();

  friend Where operator&&(Where a, Where b) { return Join(FilterNode::Kind::kAnd, std::move(a), std::move(b)); }
  friend Where operator||(Where a, Where b) { return Join(FilterNode::Kind::kOr, std::move(a), std::move(b)); }
  friend Where operator!(Where a);

  const FilterNode& node() const { return node_; }

 private:
  static Where Compare(absl::string_view field, absl::string_view comparator, absl::string_view value);
  static Where Join(FilterNode::Kind kind, Where a, Where b);

  FilterNode node_;
};

// Compiles a condition to SQL. Errors as CompileFilter.
absl::StatusOr<SqlCondition> Compile(const Schema& schema, const FilterNode& condition);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_WHERE_H_
