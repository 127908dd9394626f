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
  std::string by;                   // what its groups are: "regions"; empty: all together only
  std::vector<std::string> fields;  // of the request besides: "area=areas/310000"
  std::string key;                  // of a figure whose records are listed; empty: the report
  Form form = Form::kTable;
  std::string file;  // of the workbook
};

// Writes a report, or the records behind one of its figures. A report is every method that answers with
// tsunagu.platform.v1.Report. REPORT_NOT_FOUND, with all that there are; FILE_NOT_WRITABLE; what the server refuses.
absl::Status WriteReport(const Client& client, const ReportOptions& options, std::ostream& out);

// `tsunagu report`.
void AddReport(CLI::App& app, std::function<int()>& chosen);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_REPORT_H_
