#ifndef TSUNAGU_SERVICES_SUITE_IMPORT_H_
#define TSUNAGU_SERVICES_SUITE_IMPORT_H_

#include <functional>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "services/suite/client.h"
#include "services/suite/input.h"
#include "services/suite/progress.h"
#include "tsunagu/platform/v1/transfer.pb.h"

namespace tsunagu::suite {

// `tsunagu import`. A chosen command is left in `chosen`, to be run after parsing. It returns 0 when every row was
// taken, 1 when some were refused or the import failed.
void AddImport(CLI::App& app, std::function<int()>& chosen);

struct ImportOptions {
  std::string collection;         // "areas"
  std::string service;            // "registry"; empty: the contracts say who keeps the collection
  std::string encoding = "auto";  // of CSV; or "utf8", "cp932"
  bool workbook = false;          // it is .xlsx; otherwise the server finds out what it is
  std::string sheet;              // of a workbook; empty: the first one
  std::string request_id;         // empty: a new one
  bool dry_run = false;
  bool atomic = false;
  bool rename = false;  // rows may give a record another name
  bool full = false;    // it is the whole list: who is not in it is told
  bool strict = false;  // columns that are not known refuse the file
  bool json = false;
};

// Streams a CSV file or a workbook to TransferService.ImportRows and writes to `out`, as they come, a line for each
// fault of a row: "row 12  refused  団体コード  WRONG_CHECK_DIGIT  text", where a workbook has the name of the cell for
// "row 12"; for each record that a whole list no longer has one "missing  areas/312011  鳥取市"; and the summary. As
// JSON one object a line: {"row", "refused", "faults": [{"cell" (of a workbook), "column", "reason", "text"}]},
// {"missing": {"name", "display_name"}}, at last {"summary": {}, "request_id"}.
//
// Errors: NOT_IMPORTABLE; the file's; the server's (also after the summary: ATOMIC_IMPORT_REFUSED). Where the same
// import may be sent again, metadata has its request_id and the rows that were reported on.
absl::StatusOr<platform::v1::ImportSummary> ImportRows(const Client& client, ImportOptions options, Input& input,
                                                       std::ostream& out, Progress& progress);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_IMPORT_H_
