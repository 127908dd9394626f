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

// Adds `tsunagu export`. If the command line selects it, `chosen` runs it after parsing and returns the exit code. A
// file gets its name only when it is complete; until then it is FILE.part.
void AddExport(CLI::App& app, std::function<int()>& chosen);

struct ExportOptions {
  std::string collection;             // "areas"
  std::string service;                // "registry"; empty: the service that keeps the collection, by the contracts
  std::string encoding = "utf8-bom";  // of CSV: "utf8-bom", which Excel needs, "utf8" or "cp932"
  bool workbook = false;              // .xlsx instead of CSV
  std::string filter;                 // AIP-160; empty: everything in the caller's scope
};

// Receives a CSV file or a workbook from TransferService.ExportRows in pieces, and writes warnings about rows to
// `warnings`, one a line. Returns the number of rows. Errors: NOT_IMPORTABLE, those of `write`, those of the server.
absl::StatusOr<int64_t> ExportRows(const Client& client, const ExportOptions& options,
                                   const std::function<absl::Status(absl::string_view)>& write, std::ostream& warnings,
                                   Progress& progress);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_EXPORT_H_
