#include "common/text/where.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace tsunagu::contract {

Where Where::Compare(absl::string_view field, absl::string_view comparator, absl::string_view value) {
  Where where;
  where.node_.kind = FilterNode::Kind::kComparison;
  where.node_.field = std::string(field);
  where.node_.comparator = std::string(comparator);
  where.node_.value = std::string(value);
  return where;
}

Where::Where(absl::string_view field, absl::string_view value) : Where(Compare(field, ":", value)) {}
Where::Where(absl::string_view field, int64_t value) : Where(Compare(field, ":", absl::StrCat(value))) {}
Where::Where(absl::string_view field, bool value) : Where(Compare(field, ":", value ? "true" : "false")) {}

Where Where::IsSet(absl::string_view field) {
  Where where = Compare(field, ":", "");
  where.node_.any = true;
  return where;
}

Where Where::Overlapping(const jp::Period& period) {
  Where where;
  where.node_.kind = FilterNode::Kind::kOverlaps;
  where.node_.period = period;
  return where;
}

Where Where::Under(absl::string_view parent) {
  Where where;
  where.node_.kind = FilterNode::Kind::kUnder;
  where.node_.value = std::string(parent);
  return where;
}

Where Where::None() {
  Where where;
  where.node_.kind = FilterNode::Kind::kOr;
  return where;
}

Where Where::Join(FilterNode::Kind kind, Where a, Where b) {
  const auto everything = [](const Where& where) {
    return where.node_.kind == FilterNode::Kind::kAnd && where.node_.children.empty();
  };
  if (kind == FilterNode::Kind::kAnd && everything(a)) return b;
  if (kind == FilterNode::Kind::kAnd && everything(b)) return a;
  if (a.node_.kind == kind) {
    a.node_.children.push_back(std::move(b.node_));
    return a;
  }
  Where both;
  both.node_.kind = kind;
  both.node_.children.push_back(std::move(a.node_));
  both.node_.children.push_back(std::move(b.node_));
  return both;
}

Where operator!(Where a) {
  Where where;
  where.node_.kind = FilterNode::Kind::kNot;
  where.node_.children.push_back(std::move(a.node_));
  return where;
}

}  // namespace tsunagu::contract
