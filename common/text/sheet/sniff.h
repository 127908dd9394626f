#ifndef TSUNAGU_COMMON_TEXT_SHEET_SNIFF_H_
#define TSUNAGU_COMMON_TEXT_SHEET_SNIFF_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/text/sheet/limits.h"

namespace tsunagu::sheet {

// Checks the beginning and the end of a file before anything unpacks it. Returns OK for a possible zip archive whose
// list of parts is not too long. Errors: WORKBOOK_IS_PDF, WORKBOOK_IS_XLS, WORKBOOK_ENCRYPTED (both are compound files,
// which only their directory distinguishes), WORKBOOK_IS_TEXT, NOT_A_WORKBOOK, WORKBOOK_TOO_MANY_PARTS {max},
// WORKBOOK_DAMAGED, TEMPORARY_FILE_FAILED.
absl::Status Sniff(int descriptor, const Limits& limits);

// Returns WORKBOOK_DAMAGED when no part can be named. `detail` is for developers: no text shows it.
absl::Status ArchiveDamaged(absl::string_view detail);

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_SNIFF_H_
