#ifndef TSUNAGU_COMMON_STORE_JOURNAL_H_
#define TSUNAGU_COMMON_STORE_JOURNAL_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/store/store.h"

namespace tsunagu::store {

// Tables of the journal, the requests and the secrets.
std::vector<TableDefinition> PlatformTables(Dialect dialect);

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

// A fresh 16-byte key, time first, so that rows lie in the order in which they were made.
std::string NewKey(int64_t stamp_micros, Entropy& entropy);

// Writes it within `tx`, to be sealed later.
absl::Status AppendToJournal(Tx& tx, const JournalEntry& entry);

// Revisions of one record below `before_revision`, newest first, at most `limit`.
absl::Status ReadJournal(View& view, absl::string_view name, int64_t before_revision, int64_t limit,
                         absl::FunctionRef<absl::Status(const JournalEntry&)> each);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_STORE_JOURNAL_H_
