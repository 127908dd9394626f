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
  std::string predecessor;          // id of the row with the revision before; empty where there is none
  bool predecessor_sealed = false;  // or it is not waiting either, and nobody has to wait for it
  std::string content;              // as the chain hashes it
  std::string mac;                  // WaitingMac of it, if the program has written the row
};

// At least one whole transaction, and more up to about `limit` rows, those begun first in front. Transactions are
// never cut. Empty when nothing waits.
absl::StatusOr<std::vector<PendingRow>> ReadPending(Session& session, int64_t limit);

// Takes out of `rows` those that the program has not written, and gives their ids. `key` is what it signs with.
std::vector<std::string> RemoveForged(absl::string_view key, std::vector<PendingRow>& rows);
// Signs the rows that wait without a MAC, of a database from before there were any.
absl::Status SignPending(Database& database, absl::string_view key);

// The rows in an order in which the chain can take them: rows of one transaction together, each record's revisions
// one after the other. Leaves out transactions that stand behind one which is not among `rows`.
std::vector<PendingRow> OrderForSealing(std::vector<PendingRow> rows);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_PENDING_H_
