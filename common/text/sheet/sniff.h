#ifndef TSUNAGU_COMMON_TEXT_SHEET_SNIFF_H_
#define TSUNAGU_COMMON_TEXT_SHEET_SNIFF_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/text/sheet/limits.h"

namespace tsunagu::sheet {

// Looks at the beginning and the end of a file before anything unpacks it. OK for what may be a zip archive that is not
// too long to list; WORKBOOK_IS_PDF, WORKBOOK_IS_XLS, WORKBOOK_ENCRYPTED (both are compound files, which only their own
// directory tells apart), WORKBOOK_IS_TEXT, NOT_A_WORKBOOK, WORKBOOK_TOO_MANY_PARTS {max}, WORKBOOK_DAMAGED,
// TEMPORARY_FILE_FAILED.
absl::Status Sniff(int descriptor, const Limits& limits);

// WORKBOOK_DAMAGED, where no part of it can be named. `detail` is for whoever mends programs: no text shows it.
absl::Status ArchiveDamaged(absl::string_view detail);

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_SNIFF_H_
