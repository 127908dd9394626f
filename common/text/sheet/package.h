#ifndef TSUNAGU_COMMON_TEXT_SHEET_PACKAGE_H_
#define TSUNAGU_COMMON_TEXT_SHEET_PACKAGE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/text/sheet/limits.h"
#include "common/text/sheet/xml.h"

struct zip;

namespace tsunagu::sheet {

// The archive of a workbook, part by part. Everything unpacked counts against the limits. Not thread-safe.
class Package {
 public:
  // The caller owns `descriptor` and may close it after this call. Its file position moves when the package is read.
  // Errors: those of Sniff, and WORKBOOK_ENCRYPTED, WORKBOOK_DAMAGED, WORKBOOK_IS_ODS, WORKBOOK_HAS_MACROS.
  static absl::StatusOr<std::unique_ptr<Package>> Open(int descriptor, const Limits& limits);
  ~Package();

  Package(const Package&) = delete;
  Package& operator=(const Package&) = delete;

  // Names of parts are compared without case and do not begin with /.
  bool Has(absl::string_view name) const;
  // Returns the size of a part that the archive declares, which may be false; 0 when there is no such part.
  int64_t DeclaredSize(absl::string_view name) const;

  // Returns the part as XML; the package must outlive the reader. It is unpacked piece by piece. Errors while reading:
  // WORKBOOK_EXPANDS_TOO_MUCH over one of the limits, WORKBOOK_DAMAGED, also for a wrong checksum at the end.
  absl::StatusOr<XmlReader> Read(absl::string_view name, int64_t max_bytes);

 private:
  struct Entry {
    uint64_t index = 0;
    int64_t packed = 0;  // at most the size of the file, whatever the archive says
    int64_t declared = 0;
  };
  class Part;

  Package(struct zip* archive, int64_t file_bytes, const Limits& limits)
      : archive_(archive), file_bytes_(file_bytes), limits_(limits) {}
  absl::Status List();
  absl::Status ListEntry(uint64_t index);
  absl::Status JudgeKind();

  struct zip* const archive_;
  const int64_t file_bytes_;
  const Limits limits_;
  std::map<std::string, Entry, std::less<>> entries_;  // by name in small letters
  int64_t unpacked_ = 0;
};

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_PACKAGE_H_
