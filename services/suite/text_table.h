#ifndef TSUNAGU_SERVICES_SUITE_TEXT_TABLE_H_
#define TSUNAGU_SERVICES_SUITE_TEXT_TABLE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace tsunagu::suite {

// Returns the number of terminal columns: 2 for a character of East Asian width W or F, 0 for a combining character.
int DisplayWidth(absl::string_view utf8);

// Returns the text if it fits into `width` columns, else a shortened text with … at the end.
std::string FitWidth(absl::string_view utf8, int width);

// A table for a terminal: a heading, a rule, rows; numbers are right-aligned.
class TextTable {
 public:
  struct Column {
    std::string heading;
    bool number = false;
    int widest = 60;  // longer cells are shortened
  };
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // `cells` must have one cell for each column.
  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  // Each line begins with `indent`, has no space at its end, and ends with a line feed.
  std::string Draw(absl::string_view indent) const;

 private:
  const std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_TEXT_TABLE_H_
