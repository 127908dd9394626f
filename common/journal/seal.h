#ifndef TSUNAGU_COMMON_JOURNAL_SEAL_H_
#define TSUNAGU_COMMON_JOURNAL_SEAL_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/db/database.h"

namespace tsunagu::store {

// The place of a journal row in the chain.
struct Seal {
  int64_t place = 0;
  absl::string_view id;  // of the row; its owner must outlive the seal
  std::string hash;
};

// Returns the hash at a place of the chain whose seals are in `table` (journal_seal, access_log_seal); empty when the
// chain has no such place.
absl::StatusOr<std::string> HashAt(Database& database, absl::string_view table, int64_t place);

// Writes seals within the session's transaction. The caller updates the head.
absl::Status WriteSeals(Session& session, absl::Span<const Seal> seals, int64_t known_time);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_SEAL_H_
