#ifndef TSUNAGU_COMMON_TEXT_SHEET_LIMITS_H_
#define TSUNAGU_COMMON_TEXT_SHEET_LIMITS_H_

#include <cstdint>

namespace tsunagu::sheet {

// What a workbook may cost. All are counted on what is really read: what a file says of itself is not believed.
struct Limits {
  int64_t entries = 200;                    // files in the archive
  int64_t part_bytes = 64 * 1024 * 1024;    // of one unpacked part that is no sheet
  int64_t sheet_bytes = 256 * 1024 * 1024;  // of one unpacked sheet, which is never in memory as a whole
  int64_t total_bytes =
      512 * 1024 * 1024;             // of all that is unpacked from one Workbook; a sheet read twice counts twice
  int64_t ratio = 200;               // unpacked to packed size of a part, from its second MiB on
  int64_t rows = 1'048'576;          // with content, of a sheet
  bool counts_blank_rows = false;    // rows without content count too
  int64_t columns = 200;             // up to the last one with content
  int64_t cell_characters = 32'767;  // of one cell, as Excel counts them (UTF-16 units)
  int64_t strings = 1'000'000;       // shared strings
  int64_t string_bytes = 64 * 1024 * 1024;  // of all shared strings, which are kept in memory
};

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_LIMITS_H_
