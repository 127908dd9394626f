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

// A temporary file without a name, for a workbook that comes or goes in pieces: the table of contents of an archive is
// at its end, so that an upload must be complete before it can be read, and memory is too small for that. Nobody else
// can open the file, and it is gone with the last descriptor of it, also after a crash. Not thread-safe.
class Spool {
 public:
  // `folder` takes the file; where it is empty, $TMPDIR or /tmp does. TEMPORARY_FILE_FAILED.
  static absl::StatusOr<Spool> Create(int64_t max_bytes, const std::string& folder = "");

  Spool(Spool&& other) noexcept;
  Spool& operator=(Spool&& other) noexcept;
  ~Spool();

  // WORKBOOK_TOO_LARGE where the file would grow over the limit; TEMPORARY_FILE_FAILED. Nothing more should be appended
  // after an error.
  absl::Status Append(absl::string_view bytes);
  // Reads from `offset` on: how many bytes there were, fewer than `into` holds only at the end of the file.
  absl::StatusOr<size_t> Read(int64_t offset, absl::Span<char> into) const;
  // The present size, also where something else has written through path().
  absl::StatusOr<int64_t> Size() const;

  // Stays owned by this object.
  int descriptor() const { return descriptor_; }
  // A path that opens this file in this process while this object lives.
  std::string path() const;

 private:
  Spool(int descriptor, int64_t max_bytes) : descriptor_(descriptor), max_bytes_(max_bytes) {}

  int descriptor_ = -1;
  int64_t max_bytes_ = 0;
  int64_t size_ = 0;
};

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_SPOOL_H_
