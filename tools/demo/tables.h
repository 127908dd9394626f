#ifndef TSUNAGU_TOOLS_DEMO_TABLES_H_
#define TSUNAGU_TOOLS_DEMO_TABLES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace tsunagu::demo {

// Columns of a terminal that the text takes: 2 for a character of East Asian width W or F, 0 for one that combines.
int DisplayWidth(absl::string_view utf8);

// The text if it fits into `width` columns, else as much of it as does, with … at the end.
std::string FitWidth(absl::string_view utf8, int width);

// A table for a terminal: a heading, a rule, rows; numbers to the right.
class TextTable {
 public:
  struct Column {
    std::string heading;
    bool number = false;
    int widest = 60;  // longer cells are cut
  };
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns.
  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  // Each line begins with `indent`, has no space at its end, and ends with a line feed.
  std::string Draw(absl::string_view indent) const;

 private:
  const std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// A share with one decimal, rounded: "62.5 %"; "–" of nothing.
std::string Share(int64_t part, int64_t whole);
// Metres as kilometres with one decimal, rounded: "3.4".
std::string Kilometres(int64_t metres);
// Milliseconds as seconds with two decimals: "1.23".
std::string Seconds(int64_t millis);

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_TABLES_H_
