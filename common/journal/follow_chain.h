#ifndef TSUNAGU_COMMON_JOURNAL_FOLLOW_CHAIN_H_
#define TSUNAGU_COMMON_JOURNAL_FOLLOW_CHAIN_H_

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/deadline.h"
#include "common/journal/chain.h"
#include "common/journal/checkpoint.h"
#include "common/journal/sealer.h"

namespace tsunagu::store {

struct ChainReport {
  std::vector<ChainFinding> findings;  // empty: nothing was changed, removed or reordered
  int64_t sealed = 0;                  // rows in the chain
  int64_t waiting = 0;                 // rows without a place
  int64_t checkpoints = 0;             // that were compared
  std::set<std::string> keys;          // the public keys that signed them
};

// A chain to follow.
struct ChainSource {
  static constexpr int64_t kPage = 1000;

  std::string name;   // the name in its checkpoints
  std::string start;  // the hash before its first place
  JournalHead head;   // read before anything else: the chain may grow meanwhile, but must contain this place
  // Returns the next places after `place`, at most kPage.
  std::function<absl::StatusOr<std::vector<ChainLink>>(int64_t place)> read;
  std::function<void(int64_t place)> progress;  // called now and then with the place reached; may be empty
};

// Follows a chain from its start to its end. Compares the `checkpoints` with its name; they must be signed by
// `public_key`, if one is given.
absl::StatusOr<ChainReport> FollowChain(const ChainSource& source, const std::vector<Checkpoint>& checkpoints,
                                        absl::string_view public_key);

// The time limit for one page; the total time is not limited.
inline Deadline PageDeadline() { return Deadline::After(absl::Minutes(1)); }

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_FOLLOW_CHAIN_H_
