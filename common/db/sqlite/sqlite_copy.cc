#include "common/db/sqlite/sqlite_copy.h"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/file.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

struct Closer {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Connection = std::unique_ptr<sqlite3, Closer>;

// Returns an error with a text for the operator; the caller adds the path.
absl::Status Why(sqlite3* database) {
  return absl::UnavailableError(database == nullptr ? "no memory" : sqlite3_errmsg(database));
}

absl::StatusOr<Connection> Connect(const std::string& path, int flags) {
  sqlite3* database = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &database, flags | SQLITE_OPEN_EXRESCODE, nullptr);
  Connection connection(database);
  if (result != SQLITE_OK) return Why(database);
  sqlite3_busy_timeout(database, 5000);
  return connection;
}

absl::Status Run(sqlite3* database, const char* sql) {
  return sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK ? absl::OkStatus() : Why(database);
}

absl::Status Fill(sqlite3* from, const std::string& path) {
  ASSIGN_OR_RETURN(const Connection to, Connect(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
  sqlite3_backup* backup = sqlite3_backup_init(to.get(), "main", from, "main");
  if (backup == nullptr) return Why(to.get());
  // A step that reads only a part starts again whenever another process has written, so beside writers it might never
  // end.
  constexpr int kAllPages = -1;
  sqlite3_backup_step(backup, kAllPages);
  if (sqlite3_backup_finish(backup) != SQLITE_OK) return Why(to.get());
  // Makes the copy a single file that needs no log.
  return Run(to.get(), "PRAGMA journal_mode=DELETE");
}

absl::Status Verify(const std::string& path) {
  ASSIGN_OR_RETURN(const Connection copy, Connect(path, SQLITE_OPEN_READONLY));
  std::string answer;
  auto keep = [](void* out, int, char** values, char**) {
    *static_cast<std::string*>(out) += values[0] == nullptr ? "" : values[0];
    return 0;
  };
  if (sqlite3_exec(copy.get(), "PRAGMA quick_check(1)", keep, &answer, nullptr) != SQLITE_OK) return Why(copy.get());
  return answer == "ok" ? absl::OkStatus() : absl::DataLossError(answer);
}

absl::Status Copy(const std::string& path, const std::string& part, const std::string& copy) {
  ASSIGN_OR_RETURN(const Connection from, Connect(path, SQLITE_OPEN_READWRITE));
  RETURN_IF_ERROR(Fill(from.get(), part));
  RETURN_IF_ERROR(Verify(part));
  const bool durable = SyncPath(part) && rename(part.c_str(), copy.c_str()) == 0 && SyncFolderOf(copy);
  return durable ? absl::OkStatus() : absl::UnavailableError(std::strerror(errno));
}

}  // namespace

absl::Status CopySqlite(const std::string& path, const std::string& copy) {
  const std::string part = copy + ".part";
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(copy).parent_path(), error);
  const absl::Status copied = error ? absl::UnavailableError(error.message()) : Copy(path, part, copy);
  if (copied.ok()) return copied;
  for (const char* end : {"", "-journal", "-wal", "-shm"}) std::filesystem::remove(part + end, error);
  return copied;
}

void KeepNewest(const std::string& folder, const std::string& prefix, const std::string& suffix, int kept) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (absl::StartsWith(name, prefix) && absl::EndsWith(name, suffix)) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());  // the name contains the time, so the oldest is first
  for (int i = 0; i + kept < static_cast<int>(found.size()); ++i) std::filesystem::remove(found[i], error);
}

}  // namespace tsunagu::store
