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
  int64_t waiting = 0;                 // rows that have no place yet
  int64_t checkpoints = 0;             // that were compared
  std::set<std::string> keys;          // public ones, that signed those
};

// What there is to follow.
struct ChainSource {
  static constexpr int64_t kPage = 1000;

  std::string name;   // that its checkpoints bear
  std::string start;  // what stands in front of its first place
  JournalHead head;   // read before anything else: the chain may grow meanwhile, but what this says has to be there
  // The next places behind this one, at most kPage.
  std::function<absl::StatusOr<std::vector<ChainLink>>(int64_t place)> read;
  std::function<void(int64_t place)> progress;  // hears the place reached, now and then; may be empty
};

// Follows a chain from its start to its end. `checkpoints` are compared where they bear its name; their public key has
// to be `public_key`, where one is given.
absl::StatusOr<ChainReport> FollowChain(const ChainSource& source, const std::vector<Checkpoint>& checkpoints,
                                        absl::string_view public_key);

// The time limit is for one page; the whole takes as long as it takes.
inline Deadline PageDeadline() { return Deadline::After(absl::Minutes(1)); }

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_FOLLOW_CHAIN_H_
