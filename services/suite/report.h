#ifndef TSUNAGU_SERVICES_SUITE_REPORT_H_
#define TSUNAGU_SERVICES_SUITE_REPORT_H_

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/suite/client.h"

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

struct ReportOptions {
  enum class Form { kTable, kCsv, kJson };

  std::string name;                 // "placement"; empty: all reports are listed
  std::string as_of;                // a day; empty: today
  std::string known_at;             // a day (its end) or an instant; empty: now
  std::vector<std::string> fields;  // of the request besides: "area=areas/310000"
  std::string key;                  // of a figure whose records are listed; empty: the report
  Form form = Form::kTable;
};

// Writes a report, or the records behind one of its figures. A report is every method that answers with
// tsunagu.platform.v1.Report. REPORT_NOT_FOUND, with all that there are; what the server refuses.
absl::Status WriteReport(const Client& client, const ReportOptions& options, std::ostream& out);
// The same into a workbook. FILE_NOT_WRITABLE.
absl::Status WriteReportAsWorkbook(const Client& client, const ReportOptions& options, const std::string& path);

// `tsunagu report`.
void AddReport(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_REPORT_H_
