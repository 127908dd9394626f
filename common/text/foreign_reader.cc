#include "common/text/foreign_reader.h"

#include <algorithm>

#include "common/text/cell_values.h"
#include "common/text/heading.h"

namespace tsunagu {
namespace {

constexpr size_t kNowhere = static_cast<size_t>(-1);

}  // namespace

ForeignReader::ForeignReader(const contract::Schema& schema, absl::Span<const std::string> heading,
                             std::vector<std::pair<std::string, std::string>> columns)
    : columns_(std::move(columns)) {
  for (size_t i = 0; i < heading.size(); ++i) indexes_.try_emplace(FoldedHeading(heading[i]), i);
  for (const auto& [field, column] : columns_) {
    if (IndexOf(column) != kNowhere) fields_.push_back(schema.Find(field));
  }
}

std::string ForeignReader::ColumnOf(absl::string_view field) const {
  const absl::string_view top = field.substr(0, field.find_first_of(".["));
  for (const auto& [ours, column] : columns_) {
    if (ours == top) return column;
  }
  return std::string(field);
}

std::string ForeignReader::Cell(absl::Span<const std::string> cells, const std::string& column) const {
  const size_t index = IndexOf(column);
  return index == kNowhere ? "" : TrimmedCell(cells[index]);
}

// Caches the index: folding a heading for every cell would cost more than reading the cell.
size_t ForeignReader::IndexOf(const std::string& column) const {
  const auto [asked, is_new] = asked_indexes_.try_emplace(column, kNowhere);
  if (!is_new) return asked->second;
  const auto found = indexes_.find(FoldedHeading(column));
  if (found != indexes_.end()) asked->second = found->second;
  return asked->second;
}

bool HasColumn(absl::Span<const std::string> heading, absl::string_view column) {
  const std::string folded = FoldedHeading(column);
  return std::any_of(heading.begin(), heading.end(),
                     [&](const std::string& cell) { return FoldedHeading(cell) == folded; });
}

}  // namespace tsunagu
