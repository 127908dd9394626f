#ifndef TSUNAGU_COMMON_JOURNAL_JOURNAL_H_
#define TSUNAGU_COMMON_JOURNAL_JOURNAL_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "common/base/entropy.h"
#include "common/db/database.h"
#include "common/db/table_definition.h"

namespace tsunagu::store {

// The tables of the journal and of its chain.
std::vector<TableDefinition> JournalTables(Dialect dialect);

// One change of one record as the journal stores it. Rows are only ever inserted.
struct JournalEntry {
  std::string name;
  int64_t revision = 0;
  int64_t stamp = 0;  // microseconds
  std::string actor, on_behalf_of, purpose, request_id, method;
  int64_t contract = 0;
  std::string keys_before, keys_after;  // access keys, separated by spaces
  bool deleted = false;
  std::string image;          // the record after the change, protobuf, without personal fields
  std::string private_image;  // the personal fields, encrypted (OpenPrivate)
};

// Returns a fresh id of 16 bytes that begins with the time, so that rows are stored in the order in which they were
// made.
std::string NewRowId(int64_t stamp_micros, Entropy& entropy);
// Returns the time in an id, in microseconds.
int64_t StampOf(absl::string_view row_id);

// An entry with the id of its row.
struct JournalRow {
  std::string id;
  JournalEntry entry;
};
// The journal rows of one transaction. They are adjacent in the chain and become known at the same time.
struct JournalGroup {
  std::string id;              // of its first row; empty when there is none yet
  int64_t now = 0;             // microseconds: the clock's time, set once
  int64_t known_time = 0;      // microseconds: set when the first place is assigned immediately
  int64_t place = 0;           // the last place that was assigned immediately
  absl::string_view key = {};  // signs the rows that wait; must outlive the group
};
// Writes `rows` within the session's transaction. On SQLite they get their places in the chain immediately, unless
// other rows are waiting. Otherwise they wait for the sealer.
absl::Status AppendToJournal(Session& session, JournalGroup& group, absl::Span<const JournalRow> rows);

// Whether a row with a place is compared with its seal. Errors: ROW_FORGED when it differs.
enum class SealCheck { kCompare, kLeave };

// Reads the revisions of one record below `before_revision`, newest first, at most `limit`. With `known_place`, only
// those sealed at that place or before.
absl::Status ReadJournal(Session& session, absl::string_view name, int64_t before_revision, int64_t limit,
                         absl::optional<int64_t> known_place, absl::FunctionRef<absl::Status(const JournalEntry&)> each,
                         SealCheck check = SealCheck::kCompare);

// Reads, by name, the newest revision of each record whose name lies between the two names, both exclusive; at most
// `limit`. With `known_place`, only those sealed at that place or before.
absl::Status ReadNewest(Session& session, absl::string_view after_name, absl::string_view before_name, int64_t limit,
                        absl::optional<int64_t> known_place, absl::FunctionRef<absl::Status(const JournalEntry&)> each,
                        SealCheck check = SealCheck::kCompare);

// Returns the place that the chain has reached, if the session sees no rows that wait for sealing. Tables and chain
// then agree at that place.
absl::StatusOr<absl::optional<int64_t>> SettledPlace(Session& session);

// A row of the journal with its place in the chain.
struct SealedEntry {
  int64_t place = 0;
  std::string hash;
  int64_t known_time = 0;  // microseconds
  JournalEntry entry;
};
// Reads the rows sealed after `place`, in order, at most `limit`; each is compared with its seal.
absl::Status ReadSealed(Session& session, int64_t place, int64_t limit,
                        absl::FunctionRef<absl::Status(const SealedEntry&)> each);

// The columns of a journal row, with alias j, in the order in which ContentOf reads them.
const std::string& JournalColumns();
inline constexpr int kJournalColumns = 16;
// Returns the row as the chain hashes it, from column `first` of `row` on.
std::string ContentOf(const Row& row, int first);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_JOURNAL_H_
