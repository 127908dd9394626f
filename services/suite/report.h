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
  enum class Form { kTable, kCsv, kJson, kWorkbook };

  std::string name;                 // "placement"; empty: all reports are listed
  std::string as_of;                // a day; empty: today
  std::string known_at;             // a day (its end) or an instant; empty: now
  std::string by;                   // the groups: "regions"; empty: totals only
  std::vector<std::string> fields;  // other fields of the request: "area=areas/310000"
  std::string key;                  // a figure whose records are listed; empty: the report itself
  Form form = Form::kTable;
  std::string file;  // of the workbook
};

// Writes a report, or the records behind one of its figures. Every method that returns tsunagu.platform.v1.Report is a
// report. Errors: REPORT_NOT_FOUND, with all reports; FILE_NOT_WRITABLE; those of the server.
absl::Status WriteReport(const Client& client, const ReportOptions& options, std::ostream& out);

// `tsunagu report`.
void AddReport(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_REPORT_H_
