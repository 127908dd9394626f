#ifndef TSUNAGU_COMMON_RECORDS_TX_H_
#define TSUNAGU_COMMON_RECORDS_TX_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/db/parameters.h"
#include "common/journal/journal.h"
#include "common/records/side_rows.h"
#include "common/records/view.h"

namespace tsunagu::store {

// What a guard protects: "placements coordinator,body" and the values.
struct GuardKey {
  std::string kind;  // at most 96 characters of ASCII
  std::string key;   // any text; a long one is hashed

  friend bool operator<(const GuardKey& a, const GuardKey& b) {
    return a.kind != b.kind ? a.kind < b.kind : a.key < b.key;
  }
};

// A transaction: its changes become durable together, or not at all.
class Tx : public View {
 public:
  Tx(Parts& parts, Session& session, const Actor& actor) : View(parts, session, actor, true) {}

  // Serializes transactions that take the same guard, so that what a rule has read after taking it stays true until its
  // transaction ends. Take it before reading. Take several guards in one call where possible; they are taken in a fixed
  // order, so that two transactions cannot wait for each other.
  absl::Status Guard(absl::string_view kind, absl::string_view key);
  absl::Status Guard(std::vector<GuardKey> keys);

  // Adds `by`, which may be negative, to a counter that stays between 0 and `most`: posts, places, lines of a budget.
  // Returns the new count. Errors: LIMIT_REACHED {most} when it would leave that range. The counter is also a guard.
  absl::StatusOr<int64_t> Count(absl::string_view kind, absl::string_view key, int64_t by, int64_t most);

  // Returns the time of this change in microseconds: the clock's, but never before anything this transaction has read.
  int64_t Stamp();
  // Returns a new id; ids sort by the time at which they were made.
  std::string NewId();
  // Inserts rows that cannot conflict with others, because their record is new or its old ones were deleted. A server
  // gets them together with others, before anything is read. `into` and `width` as in SideRows.
  absl::Status InsertSide(absl::string_view into, size_t width, const Parameters& parameters);
  // Runs once, after the commit.
  void OnCommit(std::function<void()> action) { on_commit_.push_back(std::move(action)); }
  // Call when the hierarchy of places may change: who may see what is computed again after the commit.
  void PlacesChange() { places_change_ = true; }

  // Collects `entry` for the journal; it is written with others, before the transaction ends.
  absl::Status AddToJournal(JournalEntry entry);
  // The id of the first journal row of this transaction, which keeps its rows together in the chain; empty when there
  // is none yet.
  const std::string& first_row_id() const { return journaled_.id; }

  // Returns the id of a key that nobody uses yet. When this transaction is rolled back, somebody else gets it.
  absl::StatusOr<std::string> FreshKeyId();
  // Call when the answer contains a secret: a repeated request is then told that it was done, but not the answer.
  void KeepNoAnswer() { keeps_answer_ = false; }

 private:
  friend class PendingChange;
  friend class Store;
  friend class Table;
  absl::Status WriteJournal();

  std::vector<std::function<void()>> on_commit_;
  std::vector<std::pair<std::string, int64_t>> written_;  // names and revisions
  SideRows collected_;
  JournalGroup journaled_;
  std::vector<JournalRow> unwritten_;    // journal rows
  std::vector<std::string> fresh_keys_;  // used, or reserved before the transaction began
  size_t keys_used_ = 0;
  bool keeps_answer_ = true;
  bool places_change_ = false;
};

// The table of guards and counters.
TableDefinition GuardTable(Dialect dialect);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_TX_H_
