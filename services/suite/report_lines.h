#ifndef TSUNAGU_SERVICES_SUITE_REPORT_LINES_H_
#define TSUNAGU_SERVICES_SUITE_REPORT_LINES_H_

#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/text/sheet/writer.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu::suite {

// The output form of a report: columns and cells.
struct ReportLines {
  std::vector<sheet::Column> columns;
  std::vector<std::vector<std::string>> rows;
};

// Returns one line for each figure, with all of its components.
ReportLines FigureLines(const platform::v1::Report& report, Language language);
// Returns one line for each record behind a figure.
ReportLines RowLines(const std::vector<platform::v1::FigureRow>& rows, Language language);

// Returns the report for a terminal: populations down, measures across, followed by what was counted.
std::string DrawReport(const platform::v1::Report& report, Language language);
std::string DrawRows(const std::vector<platform::v1::FigureRow>& rows, Language language);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_REPORT_LINES_H_
