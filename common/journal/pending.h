#ifndef TSUNAGU_COMMON_JOURNAL_PENDING_H_
#define TSUNAGU_COMMON_JOURNAL_PENDING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/database.h"

namespace tsunagu::store {

// A journal row that waits for its place.
struct PendingRow {
  std::string id;
  std::string tx;                   // shared by the rows of one transaction
  std::string predecessor;          // id of the row with the previous revision; empty when there is none
  bool predecessor_sealed = false;  // or it is not waiting either, so that no row has to wait for it
  std::string content;              // as the chain hashes it
  std::string mac;                  // its WaitingMac, if the program has written the row
};

// Reads at least one complete transaction, and more up to about `limit` rows, the oldest first. Transactions are never
// split. Empty when no row waits.
absl::StatusOr<std::vector<PendingRow>> ReadPending(Session& session, int64_t limit);

// Removes from `rows` those that the program has not written, and returns their ids. `key` is the program's signing
// key.
std::vector<std::string> RemoveForged(absl::string_view key, std::vector<PendingRow>& rows);
// Signs the waiting rows without a MAC, in a database from before there were MACs.
absl::Status SignPending(Database& database, absl::string_view key);

// Returns the rows in an order in which the chain can take them: rows of one transaction together, the revisions of
// each record in sequence. Leaves out transactions that must come after one which is not in `rows`.
std::vector<PendingRow> OrderForSealing(std::vector<PendingRow> rows);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_PENDING_H_
