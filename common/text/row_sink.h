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

// A file that is made of rows, whatever its format, and goes out in pieces. Not thread-safe.
class RowSink {
 public:
  virtual ~RowSink() = default;
  // The next row. Returns the warning that there is about it.
  virtual absl::StatusOr<absl::optional<Fault>> Add(std::vector<std::string> cells) = 0;
  // There are no more rows.
  virtual absl::Status Finish() = 0;
  // The next piece of the file; empty where more rows have to come first, and behind the last piece.
  virtual absl::StatusOr<std::string> Take() = 0;
};

// The whole of a small file: finishes it and takes all its pieces.
absl::StatusOr<std::string> TakeWhole(RowSink& file);

enum class CsvText { kUtf8, kUtf8WithMark, kCp932 };

// CSV; the first row is the heading, and MarkFormula is put on every cell. CANNOT_ENCODE {characters} warns of what
// CP932 does not have: 〓 stands in its place.
std::unique_ptr<RowSink> CsvFile(CsvText text);

// A workbook, in constant memory: rows go to temporary files, and pieces come when it is complete. The heading is the
// layout's. Errors as sheet::Writer.
absl::StatusOr<std::unique_ptr<RowSink>> WorkbookFile(sheet::Layout layout);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_ROW_SINK_H_
