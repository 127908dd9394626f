#ifndef TSUNAGU_COMMON_TEXT_ROW_SINK_H_
#define TSUNAGU_COMMON_TEXT_ROW_SINK_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "common/base/error.h"
#include "common/text/sheet/writer.h"

namespace tsunagu {

// Builds a file from rows, in any format, and delivers it in pieces. Not thread-safe.
class RowSink {
 public:
  virtual ~RowSink() = default;
  // Adds the next row. Returns the warning about it, if any.
  virtual absl::StatusOr<absl::optional<Fault>> Add(std::vector<std::string> cells) = 0;
  // Call after the last row.
  virtual absl::Status Finish() = 0;
  // Returns the next piece of the file; empty when more rows are needed first, and after the last piece.
  virtual absl::StatusOr<std::string> Take() = 0;
};

// Finishes a small file and returns all of it.
absl::StatusOr<std::string> TakeWhole(RowSink& file);

enum class CsvText { kUtf8, kUtf8WithMark, kCp932 };

// Writes CSV. The first row is the heading, and MarkFormula is applied to every cell. Warning: CANNOT_ENCODE
// {characters} for characters that CP932 lacks; 〓 replaces them.
std::unique_ptr<RowSink> CsvFile(CsvText text);

// Writes a workbook in constant memory: rows go to temporary files, and pieces are available once it is complete. The
// heading comes from the layout. Errors as sheet::Writer.
absl::StatusOr<std::unique_ptr<RowSink>> WorkbookFile(sheet::Layout layout);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_ROW_SINK_H_
