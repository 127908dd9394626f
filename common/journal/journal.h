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

// Tables of the journal and of its chain.
std::vector<TableDefinition> JournalTables(Dialect dialect);

// One change of one record as the journal keeps it. Rows are only ever inserted.
struct JournalEntry {
  std::string name;
  int64_t revision = 0;
  int64_t stamp = 0;  // microseconds
  std::string actor, on_behalf_of, purpose, request_id, method;
  int64_t contract = 0;
  std::string keys_before, keys_after;  // access keys, with spaces between
  bool deleted = false;
  std::string image;          // the record after the change, protobuf, without what is personal
  std::string private_image;  // what is personal, sealed (OpenPrivate)
};

// A fresh id of 16 bytes, time first, so that rows lie in the order in which they were made.
std::string NewRowId(int64_t stamp_micros, Entropy& entropy);
// The time in it, in microseconds.
int64_t StampOf(absl::string_view row_id);

// An entry with the id of its row.
struct JournalRow {
  std::string id;
  JournalEntry entry;
};
// The rows that one transaction journals. They stand together in the chain and become known at one time.
struct JournalGroup {
  std::string id;              // of its first row; empty where there is none yet
  int64_t now = 0;             // microseconds: the clock's time, set once
  int64_t known_time = 0;      // microseconds: set with the first place that is given at once
  int64_t place = 0;           // the last one that was given at once
  absl::string_view key = {};  // what signs the rows that wait; outlives it
};
// Writes `rows` within the session's transaction. On SQLite they get their places in the chain at once; elsewhere, and
// behind rows that wait, they wait for the sealer.
absl::Status AppendToJournal(Session& session, JournalGroup& group, absl::Span<const JournalRow> rows);

// Whether a row that has its place is compared with what was sealed there. Where it is another: ROW_FORGED.
enum class SealCheck { kCompare, kLeave };

// Revisions of one record below `before_revision`, newest first, at most `limit`; of those sealed at `known_place` or
// before, where one is given.
absl::Status ReadJournal(Session& session, absl::string_view name, int64_t before_revision, int64_t limit,
                         absl::optional<int64_t> known_place, absl::FunctionRef<absl::Status(const JournalEntry&)> each,
                         SealCheck check = SealCheck::kCompare);

// The newest revision of each record whose name lies between these two, both exclusive, by name; at most `limit`. Of
// those sealed at `known_place` or before, where one is given.
absl::Status ReadNewest(Session& session, absl::string_view after_name, absl::string_view before_name, int64_t limit,
                        absl::optional<int64_t> known_place, absl::FunctionRef<absl::Status(const JournalEntry&)> each,
                        SealCheck check = SealCheck::kCompare);

// The place that the chain has reached, where the session sees nothing that still waits to be sealed: then the tables
// say what the chain says there.
absl::StatusOr<absl::optional<int64_t>> SettledPlace(Session& session);

// A row of the journal with its place in the chain.
struct SealedEntry {
  int64_t place = 0;
  std::string hash;
  int64_t known_time = 0;  // microseconds
  JournalEntry entry;
};
// What was sealed behind `place`, in that order, at most `limit` rows; each compared.
absl::Status ReadSealed(Session& session, int64_t place, int64_t limit,
                        absl::FunctionRef<absl::Status(const SealedEntry&)> each);

// The columns of a journal row, as alias j, in the order in which ContentOf reads them.
const std::string& JournalColumns();
inline constexpr int kJournalColumns = 16;
// The row as the chain hashes it, from the `first` column of `row` on.
std::string ContentOf(const Row& row, int first);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_JOURNAL_H_
