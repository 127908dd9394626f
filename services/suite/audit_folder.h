#ifndef TSUNAGU_SERVICES_SUITE_AUDIT_FOLDER_H_
#define TSUNAGU_SERVICES_SUITE_AUDIT_FOLDER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/host/new_folder.h"
#include "services/suite/report_lines.h"

namespace tsunagu::suite {

// A table of the pack: a CSV file, and a sheet of the workbook.
struct AuditTable {
  std::string file;  // "payments.csv"
  std::string ja, en;
  ReportLines lines;
  std::string total_of;  // heading of the column with a total; empty: none
};

// The folder of a pack, with a list of its files. It gets its final name only when it is complete.
class AuditFolder {
 public:
  // Errors: FOLDER_NOT_EMPTY, FILE_NOT_WRITABLE.
  static absl::StatusOr<AuditFolder> Create(const std::string& path, Language language);

  // `path` may have one parent folder. Errors: FILE_NOT_WRITABLE.
  absl::Status Add(const std::string& path, absl::string_view ja, absl::string_view en, absl::string_view bytes);
  absl::Status Add(const AuditTable& table);
  // Writes all tables as sheets of one workbook.
  absl::Status AddWorkbook(const std::string& path, const std::vector<AuditTable>& tables, absl::Time created);
  // Writes index.csv and SHA256SUMS, which `sha256sum -c` reads. Returns the hash of SHA256SUMS in hexadecimal.
  absl::StatusOr<std::string> Finish();

 private:
  struct Entry {
    std::string path, contents, total_of, rows, total, bytes, hash;
  };
  AuditFolder(std::unique_ptr<NewFolder> folder, Language language) : folder_(std::move(folder)), language_(language) {}
  absl::Status Write(Entry entry, absl::string_view bytes);

  std::unique_ptr<NewFolder> folder_;
  Language language_;
  std::vector<Entry> entries_;
};

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_AUDIT_FOLDER_H_
