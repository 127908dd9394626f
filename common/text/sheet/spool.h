#ifndef TSUNAGU_COMMON_TEXT_SHEET_SPOOL_H_
#define TSUNAGU_COMMON_TEXT_SHEET_SPOOL_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace tsunagu::sheet {

// A temporary file without a name, for a workbook that arrives or leaves in pieces. The table of contents of an archive
// is at its end, so an upload must be complete before it can be read, and memory is too small for that. No other
// process can open the file. It is deleted with its last descriptor, also after a crash. Not thread-safe.
class Spool {
 public:
  // Creates the file in `folder` or, when that is empty, in $TMPDIR or /tmp. Errors: TEMPORARY_FILE_FAILED.
  static absl::StatusOr<Spool> Create(int64_t max_bytes, const std::string& folder = "");

  Spool(Spool&& other) noexcept;
  Spool& operator=(Spool&& other) noexcept;
  ~Spool();

  // Errors: WORKBOOK_TOO_LARGE when the file would grow over the limit; TEMPORARY_FILE_FAILED. After an error nothing
  // more should be appended.
  absl::Status Append(absl::string_view bytes);
  // Reads from `offset`. Returns the number of bytes read, which is less than the size of `into` only at the end of the
  // file.
  absl::StatusOr<size_t> Read(int64_t offset, absl::Span<char> into) const;
  // Returns the present size, also when something else has written through path().
  absl::StatusOr<int64_t> Size() const;

  // This object owns the descriptor.
  int descriptor() const { return descriptor_; }
  // Returns a path that opens this file in this process while this object lives.
  std::string path() const;

 private:
  Spool(int descriptor, int64_t max_bytes) : descriptor_(descriptor), max_bytes_(max_bytes) {}

  int descriptor_ = -1;
  int64_t max_bytes_ = 0;
  int64_t size_ = 0;
};

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_SPOOL_H_
