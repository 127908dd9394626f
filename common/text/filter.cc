#include "common/text/filter.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/contract/values.h"
#include "common/jp/civil_day.h"
#include "common/text/filter_parser.h"
#include "common/text/where.h"

namespace tsunagu::contract {
namespace {

using google::protobuf::FieldDescriptor;

constexpr absl::string_view kIdeographicSpace = "\xE3\x80\x80";

bool IsFilterable(const Field& field) {
  return field.rule.filterable() && field.rule.privacy() != PRIVACY_IDENTIFYING &&
         (field.kind != Kind::kJson || field.repeated);
}

// How one item of a repeated field compares.
Kind KindOfItem(const Field& field) {
  if (!field.repeated) return field.kind;
  switch (field.descriptor->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return Kind::kText;
    case FieldDescriptor::CPPTYPE_BOOL:
      return Kind::kBool;
    case FieldDescriptor::CPPTYPE_ENUM:
      return Kind::kEnum;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return field.descriptor->message_type()->full_name() == "google.type.Date"            ? Kind::kDate
             : field.descriptor->message_type()->full_name() == "google.protobuf.Timestamp" ? Kind::kTime
                                                                                            : Kind::kJson;
    default:
      return Kind::kInteger;
  }
}

absl::string_view TrimSpace(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  while (absl::ConsumePrefix(&text, kIdeographicSpace) || absl::ConsumeSuffix(&text, kIdeographicSpace)) {
    text = absl::StripAsciiWhitespace(text);
  }
  return text;
}

std::string Column(const Field& field) { return absl::StrCat("t.`", field.identifier ? "id" : field.name(), "`"); }

class Compiler {
 public:
  explicit Compiler(const Schema& schema) : schema_(schema) {}

  absl::StatusOr<SqlCondition> Compile(const FilterNode& root) {
    ASSIGN_OR_RETURN(condition_.sql, Node(root));
    FindWaysIn(root);
    if (looks_beside_) condition_.claims = {root};
    return std::move(condition_);
  }

 private:
  absl::StatusOr<std::string> Node(const FilterNode& node) {
    if (node.kind == FilterNode::Kind::kComparison) return Comparison(node);
    if (node.kind == FilterNode::Kind::kOverlaps) return Overlaps(node.period);
    if (node.kind == FilterNode::Kind::kUnder) return Under(node.value);
    if (node.children.empty()) return std::string(node.kind == FilterNode::Kind::kOr ? "1 = 0" : "1 = 1");
    const bool names_one = node.kind == FilterNode::Kind::kAnd &&
                           absl::c_any_of(node.children, [&](const FilterNode& child) { return NamesOne(child); });
    std::vector<std::string> parts;
    for (const FilterNode& child : node.children) {
      ASSIGN_OR_RETURN(std::string part, Node(child));
      // SQLite assumes that every index selects equally few rows, and would use the index of the state, which selects
      // thousands. A plus keeps SQLite from this index. It changes no value, and MariaDB and MySQL ignore it.
      const bool passes = names_one && IsOneOfFew(child);
      parts.push_back(passes ? absl::StrCat("+", part) : std::move(part));
    }
    if (node.kind == FilterNode::Kind::kNot) return absl::StrCat("NOT (", parts[0], ")");
    return absl::StrCat("(", absl::StrJoin(parts, node.kind == FilterNode::Kind::kOr ? " OR " : " AND "), ")");
  }

  // Returns the field of a comparison for equality whose SQL begins with the column; else null.
  const Field* EqualIn(const FilterNode& node) const {
    if (node.kind != FilterNode::Kind::kComparison || node.any || (node.comparator != "=" && node.comparator != ":")) {
      return nullptr;
    }
    const Field* field = schema_.Find(node.field);
    return field == nullptr || field->repeated || field->descriptor->has_presence() ? nullptr : field;
  }
  bool NamesOne(const FilterNode& node) const {
    const Field* field = EqualIn(node);
    return field != nullptr && field->kind == Kind::kText;
  }
  bool IsOneOfFew(const FilterNode& node) const {
    const Field* field = EqualIn(node);
    return field != nullptr && (field->kind == Kind::kEnum || field->kind == Kind::kBool);
  }

  absl::StatusOr<std::string> Overlaps(const jp::Period& period) {
    if (!schema_.has_period()) return absl::InternalError(absl::StrCat(schema_.type(), " has no period"));
    const std::string from = Column(*schema_.period_from()), to = Column(*schema_.period_to());
    condition_.parameters.push_back(jp::FormatIso(period.to));
    condition_.parameters.push_back(jp::FormatIso(period.from));
    return absl::StrCat("(", from, " IS NULL OR ", from, " <= ?) AND (", to, " IS NULL OR ", to, " >= ?)");
  }

  // The ids under one parent are one range of the primary key, and of every index that ends in the id.
  absl::StatusOr<std::string> Under(const std::string& parent) {
    ASSIGN_OR_RETURN(const std::string ids, schema_.IdsUnder(parent));
    if (ids.empty()) return std::string("1 = 1");
    for (std::string& end : EndsOf(ids)) condition_.parameters.push_back(std::move(end));
    return std::string("t.`id` > ? AND t.`id` < ?");
  }

  // Returns the bounds between which all ids lie that begin with `ids`, "c1/".
  static std::array<std::string, 2> EndsOf(const std::string& ids) {
    std::string last = ids;
    last.back() = '0';  // the character after the slash
    return {ids, std::move(last)};
  }

  absl::StatusOr<std::string> Comparison(const FilterNode& node) {
    const Field* field = schema_.Find(node.field);
    if (field == nullptr || !IsFilterable(*field)) return NotFilterable(node.field);
    if (field->rule.privacy() == PRIVACY_CONFIDENTIAL) condition_.confidential = true;
    if (field->repeated) return Has(*field, node);
    if (node.any) return IsSet(*field);
    const bool ordered = field->kind != Kind::kEnum && field->kind != Kind::kBool;
    if (!ordered && node.comparator != "=" && node.comparator != "!=" && node.comparator != ":") {
      return MalformedFilter(node.position, absl::StrCat(field->name(), " compares with = and != only"));
    }
    RETURN_IF_ERROR(Bind(*field, node));
    return Compare(*field, node.comparator);
  }

  std::string Compare(const Field& field, absl::string_view comparator) const {
    const std::string column = Column(field);
    const bool nullable = field.descriptor->has_presence();
    if (comparator == "!=") {
      return nullable ? absl::StrCat("(", column, " IS NULL OR ", column, " <> ?)") : absl::StrCat(column, " <> ?");
    }
    const absl::string_view same = comparator == ":" ? "=" : comparator;
    return nullable ? absl::StrCat("(", column, " IS NOT NULL AND ", column, " ", same, " ?)")
                    : absl::StrCat(column, " ", same, " ?");
  }

  absl::StatusOr<std::string> Has(const Field& field, const FilterNode& node) {
    if (node.comparator != ":") {
      return MalformedFilter(node.position, absl::StrCat(field.name(), " is repeated: write ", field.name(), ":value"));
    }
    looks_beside_ = true;
    if (!node.any) RETURN_IF_ERROR(Bind(field, node));
    return absl::StrCat("EXISTS (SELECT 1 FROM ", schema_.table(), "_", field.name(), " s WHERE s.id = t.`id`",
                        node.any ? ")" : " AND s.value = ?)");
  }

  std::string IsSet(const Field& field) {
    const std::string column = Column(field);
    if (field.descriptor->has_presence()) return absl::StrCat(column, " IS NOT NULL");
    if (field.kind == Kind::kText) return absl::StrCat(column, " > ''");  // uses an index, unlike <>
    if (field.kind != Kind::kEnum) return absl::StrCat(column, " <> 0");
    condition_.parameters.push_back(field.descriptor->default_value_enum()->name());
    return absl::StrCat(column, " <> ?");
  }

  // A condition that must hold in any case is a way in when an index answers it.
  void FindWaysIn(const FilterNode& node) {
    if (node.kind == FilterNode::Kind::kAnd) {
      for (const FilterNode& child : node.children) FindWaysIn(child);
    } else if (absl::optional<SqlText> ids = IdsOf(node)) {
      condition_.ways_in.push_back(*std::move(ids));
    }
  }

  absl::optional<SqlText> IdsOf(const FilterNode& node) const {
    if (node.kind == FilterNode::Kind::kOr) return IdsOfAny(node.children);
    if (node.kind == FilterNode::Kind::kUnder) return IdsUnder(node.value);
    if (node.kind != FilterNode::Kind::kComparison || node.any || node.comparator == "!=") return absl::nullopt;
    const Field& field = *schema_.Find(node.field);
    SqlText ids{"", {*FilterValue(schema_, field, node.value)}};  // Node has parsed the value before
    if (field.repeated) {
      ids.text = absl::StrCat("SELECT i.`id` FROM `", schema_.table(), "_", field.name(), "` i WHERE i.`value` = ?");
    } else {
      ids.text =
          absl::StrCat("SELECT i.`id` FROM `", schema_.table(), "` i WHERE i.`", field.identifier ? "id" : field.name(),
                       "` ", node.comparator == ":" ? "=" : node.comparator, " ?");
    }
    return ids;
  }

  absl::optional<SqlText> IdsUnder(const std::string& parent) const {
    const std::string ids = *schema_.IdsUnder(parent);  // Node has parsed the value before
    if (ids.empty()) return absl::nullopt;
    auto [first, last] = EndsOf(ids);
    return SqlText{absl::StrCat("SELECT i.`id` FROM `", schema_.table(), "` i WHERE i.`id` > ? AND i.`id` < ?"),
                   {std::move(first), std::move(last)}};
  }

  absl::optional<SqlText> IdsOfAny(const std::vector<FilterNode>& nodes) const {
    SqlText all;
    for (const FilterNode& node : nodes) {
      absl::optional<SqlText> ids = IdsOf(node);
      if (!ids.has_value()) return absl::nullopt;
      absl::StrAppend(&all.text, all.text.empty() ? "" : " UNION ALL ", ids->text);
      all.parameters.insert(all.parameters.end(), ids->parameters.begin(), ids->parameters.end());
    }
    if (all.text.empty()) return absl::nullopt;
    return all;
  }

  absl::Status Bind(const Field& field, const FilterNode& node) {
    absl::StatusOr<Parameter> parameter = FilterValue(schema_, field, node.value);
    if (!parameter.ok()) return At(field, node, FaultOf(parameter.status()));
    condition_.parameters.push_back(*std::move(parameter));
    return absl::OkStatus();
  }

  // Returns the fault at the field "filter", with its position in the filter.
  static absl::Status At(const Field& field, const FilterNode& node, Fault fault) {
    if (fault.faults_size() == 1) fault = Fault(fault.faults(0));
    fault.clear_field();
    (*fault.mutable_args())["field"] = field.name();
    (*fault.mutable_args())["position"] = absl::StrCat(node.position);
    Faults faults;
    faults.Add("filter", ToStatus(fault));
    return faults.ToStatus();
  }

  absl::Status NotFilterable(absl::string_view name) const {
    std::vector<std::string> allowed;
    for (const Field& field : schema_.fields()) {
      if (IsFilterable(field)) allowed.push_back(field.name());
    }
    return FailAt("filter", "FIELD_NOT_FILTERABLE"_reason,
                  {{"field", Clip(name)}, {"allowed", absl::StrJoin(allowed, ", ")}});
  }

  const Schema& schema_;
  SqlCondition condition_;
  bool looks_beside_ = false;  // uses the table of a repeated field
};

}  // namespace

absl::StatusOr<Parameter> FilterValue(const Schema& schema, const Field& field, const std::string& value) {
  switch (KindOfItem(field)) {
    case Kind::kInteger:
      return ParseInteger(value);
    case Kind::kBool:
      if (value != "true" && value != "false") break;
      return Parameter(int64_t{value == "true"});
    case Kind::kEnum:
      if (field.descriptor->enum_type()->FindValueByName(value) == nullptr) {
        return Fail("UNKNOWN_ENUM_VALUE"_reason, {{"allowed", EnumNames(*field.descriptor->enum_type())}});
      }
      return Parameter(value);
    case Kind::kDate: {
      ASSIGN_OR_RETURN(const jp::CivilDay day, jp::ParseDay(value));
      return Parameter(jp::FormatIso(day));
    }
    case Kind::kTime: {
      ASSIGN_OR_RETURN(const absl::Time time, ParseRfc3339(value));
      if (absl::FromUnixMicros(absl::ToUnixMicros(time)) != time) return Fail("TIMESTAMP_TOO_FINE"_reason);
      return Parameter(absl::ToUnixMicros(time));
    }
    case Kind::kText: {
      const absl::string_view text = TrimSpace(value);
      if (field.identifier) return schema.IdOf(text);
      return Parameter(std::string(text));
    }
    case Kind::kJson:
      break;
  }
  return Fail("MALFORMED_VALUE"_reason);
}

absl::StatusOr<SqlCondition> Compile(const Schema& schema, const FilterNode& condition) {
  return Compiler(schema).Compile(condition);
}

absl::StatusOr<SqlCondition> CompileFilter(const Schema& schema, absl::string_view filter) {
  ASSIGN_OR_RETURN(const FilterNode root, ParseFilter(filter));
  return Compiler(schema).Compile(root);
}

}  // namespace tsunagu::contract
