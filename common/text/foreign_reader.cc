#include "common/text/foreign_reader.h"

#include <algorithm>

namespace tsunagu {

ForeignReader::ForeignReader(const records::Schema& schema, absl::Span<const std::string> heading,
                             std::vector<std::pair<std::string, std::string>> columns)
    : columns_(std::move(columns)) {
  for (size_t i = 0; i < heading.size(); ++i) places_[TrimmedCell(heading[i])] = i;
  for (const auto& [field, column] : columns_) {
    if (places_.count(column) != 0) fields_.push_back(schema.Find(field));
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
  const auto place = places_.find(column);
  return place == places_.end() ? "" : TrimmedCell(cells[place->second]);
}

bool HasColumn(absl::Span<const std::string> heading, absl::string_view column) {
  return std::any_of(heading.begin(), heading.end(),
                     [&](const std::string& cell) { return TrimmedCell(cell) == column; });
}

}  // namespace tsunagu
