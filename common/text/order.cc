#include "common/text/order.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/contract/values.h"

namespace tsunagu::contract {
namespace {

constexpr size_t kMaxTerms = 5;
constexpr size_t kMaxBytes = 1000;

absl::Status Malformed() { return FailAt("order_by", "MALFORMED_ORDER_BY"_reason); }

bool IsSortable(const Field& field) {
  return field.rule.sortable() && field.rule.privacy() == PRIVACY_UNSPECIFIED && !field.repeated &&
         field.kind != Kind::kJson;
}

absl::Status NotSortable(const Schema& schema, absl::string_view name) {
  std::vector<std::string> allowed = {"name", "create_time", "update_time"};
  for (const Field& field : schema.fields()) {
    if (IsSortable(field) && std::find(allowed.begin(), allowed.end(), field.name()) == allowed.end()) {
      allowed.push_back(field.name());
    }
  }
  return FailAt("order_by", "FIELD_NOT_SORTABLE"_reason,
                {{"field", Clip(name)}, {"allowed", absl::StrJoin(allowed, ", ")}});
}

absl::StatusOr<OrderTerm> ColumnOf(const Schema& schema, absl::string_view name) {
  if (name == "name") return OrderTerm{.column = "id", .text = true};
  if (name == "create_time" || name == "update_time") return OrderTerm{.column = std::string(name)};
  const Field* field = schema.Find(name);
  if (field == nullptr || !IsSortable(*field)) return NotSortable(schema, name);
  return OrderTerm{.column = field->name(),
                   .nullable = field->descriptor->has_presence(),
                   .text = field->kind == Kind::kText || field->kind == Kind::kEnum || field->kind == Kind::kDate};
}

absl::StatusOr<OrderTerm> ParseTerm(const Schema& schema, absl::string_view text) {
  const std::vector<absl::string_view> words = absl::StrSplit(text, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty());
  if (words.empty() || words.size() > 2) return Malformed();
  if (words.size() == 2 && words[1] != "desc" && words[1] != "asc") return Malformed();
  ASSIGN_OR_RETURN(OrderTerm term, ColumnOf(schema, words[0]));
  term.descending = words.size() == 2 && words[1] == "desc";
  return term;
}

bool IsNull(const OrderValue& value) { return absl::holds_alternative<absl::monostate>(value); }

bool Fits(const OrderTerm& term, const OrderValue& value) {
  if (IsNull(value)) return term.nullable;
  return absl::holds_alternative<std::string>(value) == term.text;
}

// Builds "after" from the last term to the first; parameters are collected in the order of their `?`.
class Keyset {
 public:
  Keyset(absl::Span<const OrderTerm> terms, absl::Span<const OrderValue> last_row)
      : terms_(terms), last_row_(last_row) {}

  SqlCondition Build() {
    condition_.sql = From(0);
    return std::move(condition_);
  }

 private:
  // The condition for rows that equal the last row before term i and come after it from there.
  std::string From(size_t i) {
    const OrderTerm& term = terms_[i];
    if (i + 1 == terms_.size()) return Beyond(term, last_row_[i]);
    std::string sql = "(";
    // Redundant, but lets both engines start their scan of the index here.
    const bool bounded = i == 0 && (!term.nullable || (!term.descending && !IsNull(last_row_[i])));
    if (bounded) {
      absl::StrAppend(&sql, Column(term), term.descending ? " <= ?" : " >= ?", " AND (");
      Bind(last_row_[i]);
    }
    absl::StrAppend(&sql, Beyond(term, last_row_[i]));
    absl::StrAppend(&sql, " OR (", Same(term, last_row_[i]));
    absl::StrAppend(&sql, " AND ", From(i + 1), "))");
    if (bounded) absl::StrAppend(&sql, ")");
    return sql;
  }

  std::string Beyond(const OrderTerm& term, const OrderValue& value) {
    const std::string column = Column(term);
    if (IsNull(value)) {
      return term.descending ? "1 = 0" : absl::StrCat(column, " IS NOT NULL");
    }
    Bind(value);
    const std::string compare = absl::StrCat(column, term.descending ? " < ?" : " > ?");
    if (!term.nullable) return compare;
    return absl::StrCat("(", column, term.descending ? " IS NULL OR " : " IS NOT NULL AND ", compare, ")");
  }

  std::string Same(const OrderTerm& term, const OrderValue& value) {
    const std::string column = Column(term);
    if (IsNull(value)) return absl::StrCat(column, " IS NULL");
    Bind(value);
    return term.nullable ? absl::StrCat(column, " IS NOT NULL AND ", column, " = ?") : absl::StrCat(column, " = ?");
  }

  void Bind(const OrderValue& value) {
    if (const int64_t* number = absl::get_if<int64_t>(&value)) {
      condition_.parameters.push_back(*number);
    } else {
      condition_.parameters.push_back(absl::get<std::string>(value));
    }
  }

  static std::string Column(const OrderTerm& term) { return absl::StrCat("t.`", term.column, "`"); }

  const absl::Span<const OrderTerm> terms_;
  const absl::Span<const OrderValue> last_row_;
  SqlCondition condition_;
};

}  // namespace

absl::StatusOr<std::vector<OrderTerm>> ParseOrderBy(const Schema& schema, absl::string_view order_by) {
  std::vector<OrderTerm> terms;
  if (order_by.size() > kMaxBytes) return Malformed();
  if (!absl::StripAsciiWhitespace(order_by).empty()) {
    for (absl::string_view part : absl::StrSplit(order_by, ',')) {
      ASSIGN_OR_RETURN(OrderTerm term, ParseTerm(schema, part));
      const bool twice =
          std::any_of(terms.begin(), terms.end(), [&](const OrderTerm& other) { return other.column == term.column; });
      if (twice || terms.size() == kMaxTerms) return Malformed();
      terms.push_back(std::move(term));
    }
  }
  // Terms after the id would have no effect.
  const auto id = std::find_if(terms.begin(), terms.end(), [](const OrderTerm& term) { return term.column == "id"; });
  if (id == terms.end()) {
    const bool descending = !terms.empty() && terms.back().descending;
    terms.push_back(OrderTerm{.column = "id", .descending = descending, .text = true});
  } else {
    terms.erase(id + 1, terms.end());
  }
  return terms;
}

std::string OrderSql(absl::Span<const OrderTerm> terms) {
  return absl::StrCat("ORDER BY ", absl::StrJoin(terms, ", ", [](std::string* out, const OrderTerm& term) {
                        absl::StrAppend(out, "t.`", term.column, term.descending ? "` DESC" : "`");
                      }));
}

absl::StatusOr<SqlCondition> After(absl::Span<const OrderTerm> terms, absl::Span<const OrderValue> last_row) {
  if (terms.empty() || !std::equal(terms.begin(), terms.end(), last_row.begin(), last_row.end(), Fits)) {
    return FailAt("page_token", "INVALID_PAGE_TOKEN"_reason);
  }
  return Keyset(terms, last_row).Build();
}

}  // namespace tsunagu::contract
