#ifndef TSUNAGU_SERVICES_SUITE_EXPORT_H_
#define TSUNAGU_SERVICES_SUITE_EXPORT_H_

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/suite/client.h"
#include "services/suite/progress.h"

namespace tsunagu::suite {

// `tsunagu export`. A chosen command is left in `chosen`, to be run after parsing; it returns the exit code. A file
// appears under its name only when it is complete; until then it is FILE.part.
void AddExport(CLI::App& app, std::function<int()>& chosen);

struct ExportOptions {
  std::string collection;             // "areas"
  std::string service;                // "registry"; empty: the contracts say who keeps the collection
  std::string encoding = "utf8-bom";  // of CSV; which Excel needs; or "utf8", "cp932"
  bool workbook = false;              // .xlsx instead of CSV
  std::string filter;                 // AIP-160; empty: everything within the caller's scope
};

// Takes a CSV file or a workbook from TransferService.ExportRows piece by piece, warnings about rows to `warnings`, one
// a line. Returns the number of rows. Errors: NOT_IMPORTABLE, those of `write`, the server's.
absl::StatusOr<int64_t> ExportRows(const Client& client, const ExportOptions& options,
                                   const std::function<absl::Status(absl::string_view)>& write, std::ostream& warnings,
                                   Progress& progress);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_EXPORT_H_
