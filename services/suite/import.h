#ifndef TSUNAGU_SERVICES_SUITE_IMPORT_H_
#define TSUNAGU_SERVICES_SUITE_IMPORT_H_

#include <functional>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/suite/client.h"
#include "services/suite/input.h"
#include "services/suite/progress.h"
#include "tsunagu/platform/v1/transfer.pb.h"

namespace tsunagu::suite {

// Adds `tsunagu import`. If the command line selects it, `chosen` runs it after parsing. It returns 0 if every row was
// accepted, 1 if some were refused or the import failed.
void AddImport(CLI::App& app, std::function<int()>& chosen);

struct ImportOptions {
  std::string collection;         // "areas"
  std::string service;            // "registry"; empty: the service that keeps the collection, by the contracts
  std::string encoding = "auto";  // of CSV: "auto", "utf8" or "cp932"
  bool workbook = false;          // true: the file is .xlsx; false: the server detects the format
  std::string sheet;              // of a workbook; empty: the first sheet
  std::string request_id;         // empty: a new id
  bool dry_run = false;
  bool atomic = false;
  bool rename = false;  // rows may rename a record
  bool full = false;    // the file is the whole list: records that are not in it are reported
  bool strict = false;  // unknown columns make the file invalid
  bool json = false;
};

// Streams a CSV file or a workbook to TransferService.ImportRows and writes to `out`, as the results arrive: a line for
// each fault of a row, "row 12  refused  団体コード  WRONG_CHECK_DIGIT  text", where a workbook has the name of the
// cell instead of "row 12"; a line for each record that is missing from a whole list, "missing  areas/312011  鳥取市";
// and the summary. As JSON one object a line: {"row", "refused", "faults": [{"cell" (of a workbook), "column",
// "reason", "text"}]}, {"missing": {"name", "display_name"}}, and last {"summary": {}, "request_id"}.
//
// Errors: NOT_IMPORTABLE; those of the file; those of the server (also after the summary: ATOMIC_IMPORT_REFUSED). If
// the same import can be retried, the metadata has its request_id and the number of reported rows.
absl::StatusOr<platform::v1::ImportSummary> ImportRows(const Client& client, ImportOptions options, Input& input,
                                                       std::ostream& out, Progress& progress);

// Returns what --encoding names. Unspecified: an export is UTF-8 with byte order mark, an import is recognised.
platform::v1::TextEncoding EncodingOf(absl::string_view word);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_IMPORT_H_
