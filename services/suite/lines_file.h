#ifndef TSUNAGU_SERVICES_SUITE_LINES_FILE_H_
#define TSUNAGU_SERVICES_SUITE_LINES_FILE_H_

#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "services/suite/report_lines.h"

namespace tsunagu::suite {

// Writes CSV with a heading; no cell can be interpreted as a formula.
void WriteCsv(const ReportLines& lines, std::ostream& out);
// Writes a new workbook at `path`, with a sheet of this name. Errors: FILE_NOT_WRITABLE.
absl::Status WriteWorkbook(ReportLines lines, const std::string& name, const std::string& path);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_LINES_FILE_H_
