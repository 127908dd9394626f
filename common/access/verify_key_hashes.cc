#include "common/access/verify_key_hashes.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "common/base/status_macros.h"
#include "common/journal/follow_chain.h"
#include "common/records/parts.h"
#include "common/records/table.h"

namespace tsunagu::access {
namespace {

// Returns the ids of keys and hashes that do not match. A key that is made meanwhile may be seen without its hash.
absl::StatusOr<std::set<std::string>> LookOnce(store::Database& database) {
  std::map<std::string, int> hashes;
  std::set<std::string> differing;
  RETURN_IF_ERROR(database.Read(store::PageDeadline(), [&](store::Session& session) -> absl::Status {
    hashes.clear();
    differing.clear();
    RETURN_IF_ERROR(session.Query("SELECT `id` FROM `api_key_hashes`", {}, [&](const store::Row& row) {
      ++hashes[row.Bytes(0)];
      return absl::OkStatus();
    }));
    return session.Query("SELECT `id` FROM `api_keys`", {}, [&](const store::Row& row) {
      const auto found = hashes.find(row.Bytes(0));
      if (found == hashes.end() || found->second != 1) differing.insert(row.Bytes(0));
      if (found != hashes.end()) hashes.erase(found);
      return absl::OkStatus();
    });
  }));
  for (const auto& [id, count] : hashes) differing.insert(id);
  return differing;
}

}  // namespace

absl::Status VerifyKeyHashes(store::Parts& parts, store::TablesReport& report) {
  store::Table* keys = parts.FindTable("apiKeys");
  if (keys == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::set<std::string> first, LookOnce(parts.database()));
  if (first.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::set<std::string> second, LookOnce(parts.database()));
  std::set<std::string> both;
  std::set_intersection(first.begin(), first.end(), second.begin(), second.end(), std::inserter(both, both.end()));
  for (const std::string& id : both) {
    report.Add({store::TableFinding::Kind::kSideDiffers, keys->NameOf(id), 0, {"api_key_hashes"}});
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::access
