#include "tests/wire/model/chooser.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace tsunagu::wire::model {
namespace {

bool Compares(const std::string& left, const std::string& comparator, const std::string& right) {
  const int order = left.compare(right);
  if (comparator == "=") return order == 0;
  if (comparator == "!=") return order != 0;
  if (comparator == "<") return order < 0;
  if (comparator == "<=") return order <= 0;
  return comparator == ">" ? order > 0 : order >= 0;
}

}  // namespace

std::vector<std::string> Chooser::Values(const Field& field, bool may_be_bad) {
  std::vector<std::string> good, bad, chosen;
  for (const Candidate& candidate : field.candidates) (candidate.fault.empty() ? good : bad).push_back(candidate.text);
  if (!field.refers_to.empty() && field.refers_to != "areas") {
    for (const Record& record : world_.Of(field.refers_to)) good.push_back(record.name);
    if (good.size() > 6) good.erase(good.begin(), good.end() - 6);
    good.push_back(field.refers_to + "/absent");
  }
  if (may_be_bad && !bad.empty() && Percent(5)) return {OneOf(bad)};
  for (int i = field.repeated ? Below(3) : 1; i > 0; --i) {
    const std::string& value = OneOf(good);
    if (std::find(chosen.begin(), chosen.end(), value) == chosen.end()) chosen.push_back(value);
  }
  return chosen;
}

Row Chooser::ARow(const Resource& resource, bool may_be_bad) {
  Row row;
  for (const Field& field : resource.fields) {
    if (!Percent(field.required ? (may_be_bad ? 98 : 100) : 45)) continue;
    std::vector<std::string> values = Values(field, may_be_bad);
    if (!values.empty()) row[field.name] = std::move(values);
  }
  return row;
}

std::string Chooser::Name(const Resource& resource) {
  const std::vector<Record>& records = world_.Of(resource.collection);
  return records.empty() || Percent(4) ? resource.collection + "/absent" : OneOf(records).name;
}

Filter Chooser::Comparison(const Resource& resource) {
  std::vector<const Field*> fields;
  for (const Field& field : resource.fields) {
    if (field.filterable) fields.push_back(&field);
  }
  const Field& field = *OneOf(fields);
  const std::string name = field.name;
  if (Percent(20) && field.kind != Field::Kind::kBool) {
    return {name + ":*", [name](const Row& row) { return row.count(name) != 0; }};
  }
  std::string value;
  while (value.empty()) {  // a repeated field may choose none
    const std::vector<std::string> values = Values(field, false);
    if (!values.empty()) value = values[0];
  }
  const std::string quoted = absl::StrCat("\"", value, "\"");
  if (field.repeated) {
    return {absl::StrCat(name, ":", quoted), [name, value](const Row& row) {
              const auto found = row.find(name);
              return found != row.end() &&
                     std::find(found->second.begin(), found->second.end(), value) != found->second.end();
            }};
  }
  if (field.kind == Field::Kind::kBool || field.kind == Field::Kind::kEnum) {
    const bool same = Percent(50);
    return {absl::StrCat(name, same ? " = " : " != ", value),
            [name, value, same](const Row& row) { return (First(row, name) == value) == same; }};
  }
  const std::string comparator = OneOf(std::vector<std::string>{"=", "!=", "<", "<=", ">", ">="});
  const bool day = field.kind == Field::Kind::kDate;
  return {absl::StrCat(name, " ", comparator, " ", quoted), [=](const Row& row) {
            // A missing day is neither before nor after another day. Missing text counts as empty.
            if (day && row.count(name) == 0) return comparator == "!=";
            return Compares(First(row, name), comparator, value);
          }};
}

Filter Chooser::AFilter(const Resource& resource, int depth) {
  const int shape = depth == 0 ? 0 : Below(5);
  if (shape <= 1) return Comparison(resource);
  const Filter a = AFilter(resource, depth - 1), b = AFilter(resource, depth - 1);
  if (shape == 2) return {absl::StrCat("NOT (", a.text, ")"), [a](const Row& row) { return !a.holds(row); }};
  if (shape == 3) {
    return {absl::StrCat("(", a.text, ") AND (", b.text, ")"),
            [a, b](const Row& row) { return a.holds(row) && b.holds(row); }};
  }
  return {absl::StrCat("(", a.text, ") OR (", b.text, ")"),
          [a, b](const Row& row) { return a.holds(row) || b.holds(row); }};
}

Order Chooser::AnOrder(const Resource& resource) {
  std::vector<std::string> fields = {"name", "create_time", "update_time"};
  for (const Field& field : resource.fields) {
    if (field.sortable) fields.push_back(field.name);
  }
  Order order;
  std::shuffle(fields.begin(), fields.end(), random_);
  for (int i = Below(3); i > 0; --i) order.emplace_back(fields[static_cast<size_t>(i)], Percent(50));
  return order;
}

}  // namespace tsunagu::wire::model
