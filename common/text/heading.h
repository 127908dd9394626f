#ifndef TSUNAGU_COMMON_TEXT_HEADING_H_
#define TSUNAGU_COMMON_TEXT_HEADING_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "common/text/file_format.h"
#include "common/text/row_source.h"

namespace tsunagu {

// Returns a heading in the form that is compared: without spaces, line ends and middle dots, in one width and case
// (jp::Fold). Empty for a blank cell and for more than 1,000 bytes, which no heading has.
std::string FoldedHeading(absl::string_view cell);

// Returns the number of columns: empty cells after the last heading do not count.
size_t WidthOf(absl::Span<const std::string> heading);

// Returns some cells of a row for an error text: the first 20 with text, each cut after 30 characters.
std::string ShownCells(absl::Span<const std::string> cells);

// Searches the first rows with content for the heading of the file: the first row that a layout accepts. Titles above
// it are skipped. Not thread-safe.
class HeadingSearch {
 public:
  static constexpr int kMostRows = 20;

  // `formats` are tried before the contract's own layout. `strict`: unknown columns refuse the file.
  HeadingSearch(const contract::Schema& schema, const std::vector<FileFormatFactory>& formats, bool strict)
      : schema_(schema), formats_(formats), strict_(strict) {}

  // Returns the reader when `row` is the heading, and null when the search continues below. Errors: UNKNOWN_COLUMNS;
  // those of NotFound after kMostRows rows; those of a format.
  absl::StatusOr<std::unique_ptr<RowReader>> Take(const FileRow& row);
  // Call after the last row when there was no heading. Returns the error: what the row most similar to a heading lacks
  // (MISSING_COLUMNS, DUPLICATE_FIELD, with HEADING_TAKEN {row, cells}), or why the first row is unreadable.
  absl::Status NotFound() const;
  // The warnings about a file whose heading was found: ROWS_ABOVE_HEADING, COLUMNS_LEFT_OUT.
  const Faults& warnings() const { return warnings_; }

 private:
  absl::StatusOr<std::unique_ptr<RowReader>> Found(const FileRow& row, std::unique_ptr<RowReader> reader);

  const contract::Schema& schema_;
  const std::vector<FileFormatFactory>& formats_;
  const bool strict_;
  int rows_ = 0;
  absl::Status unreadable_;  // of the first row with a fault
  // Of the most similar row:
  int known_ = -1;
  int64_t line_ = 0;
  std::string cells_;
  absl::Status lacks_;
  Faults warnings_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_HEADING_H_
