#ifndef TSUNAGU_COMMON_TEXT_SHEET_LIMITS_H_
#define TSUNAGU_COMMON_TEXT_SHEET_LIMITS_H_

#include <cstdint>

namespace tsunagu::sheet {

// The limits of a workbook. All of them count what is really read, not the sizes that the file declares.
struct Limits {
  int64_t entries = 200;                    // files in the archive
  int64_t part_bytes = 64 * 1024 * 1024;    // one unpacked part that is not a sheet
  int64_t sheet_bytes = 256 * 1024 * 1024;  // one unpacked sheet, which is never in memory as a whole
  int64_t total_bytes = 512 * 1024 * 1024;  // everything unpacked from one Workbook; a sheet read twice counts twice
  int64_t ratio = 200;                      // unpacked to packed size of a part, after its first MiB
  int64_t rows = 1'048'576;                 // with content, per sheet
  bool counts_blank_rows = false;           // rows without content count too
  int64_t columns = 200;                    // up to the last column with content
  int64_t cell_characters = 32'767;         // per cell, as Excel counts them (UTF-16 units)
  int64_t strings = 1'000'000;              // shared strings
  int64_t string_bytes = 64 * 1024 * 1024;  // all shared strings, which are kept in memory
};

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_LIMITS_H_
