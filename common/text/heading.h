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

// A heading as it is compared with others: without spaces, line ends and middle dots, in one width and case (jp::Fold).
// Empty for a blank cell and for over 1,000 bytes, which no heading has.
std::string FoldedHeading(absl::string_view cell);

// How many cells a heading has: those behind its last one with text are no columns.
size_t WidthOf(absl::Span<const std::string> heading);

// What some cells of a row say, for an error: the first 20 with text, each cut behind 30 characters.
std::string ShownCells(absl::Span<const std::string> cells);

// Looks for the heading of a file among its first rows with content: the first one that a layout takes. Titles above it
// are passed over. Not thread-safe.
class HeadingSearch {
 public:
  static constexpr int kMostRows = 20;

  // `formats` come before the contract's own layout. `strict`: columns that are not known refuse the file.
  HeadingSearch(const contract::Schema& schema, const std::vector<FileFormatFactory>& formats, bool strict)
      : schema_(schema), formats_(formats), strict_(strict) {}

  // The reader, where `row` is the heading; null where it has to be looked for further down. UNKNOWN_COLUMNS; behind
  // kMostRows rows as NotFound; errors of a format.
  absl::StatusOr<std::unique_ptr<RowReader>> Take(const FileRow& row);
  // Why the file cannot be read, whose last row has been taken: what the row lacks that comes nearest to a heading
  // (MISSING_COLUMNS, DUPLICATE_FIELD, and HEADING_TAKEN {row, cells}); or why its first row is unreadable.
  absl::Status NotFound() const;
  // What there is to say about a file whose heading was found: ROWS_ABOVE_HEADING, COLUMNS_LEFT_OUT.
  const Faults& warnings() const { return warnings_; }

 private:
  absl::StatusOr<std::unique_ptr<RowReader>> Found(const FileRow& row, std::unique_ptr<RowReader> reader);

  const contract::Schema& schema_;
  const std::vector<FileFormatFactory>& formats_;
  const bool strict_;
  int rows_ = 0;
  absl::Status unreadable_;  // of the first row with a fault
  // Of the row that comes nearest:
  int known_ = -1;
  int64_t line_ = 0;
  std::string cells_;
  absl::Status lacks_;
  Faults warnings_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_HEADING_H_
