#ifndef TSUNAGU_COMMON_JOURNAL_SEAL_H_
#define TSUNAGU_COMMON_JOURNAL_SEAL_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/db/database.h"

namespace tsunagu::store {

// The place of a journal row in the chain.
struct Seal {
  int64_t place = 0;
  absl::string_view id;  // of the row; outlives it
  std::string hash;
};

// Writes them within the session's transaction. The head is the caller's.
absl::Status WriteSeals(Session& session, absl::Span<const Seal> seals, int64_t known_time);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_SEAL_H_
