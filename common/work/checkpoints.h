#ifndef TSUNAGU_COMMON_WORK_CHECKPOINTS_H_
#define TSUNAGU_COMMON_WORK_CHECKPOINTS_H_

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/journal/sealer.h"
#include "common/records/store.h"

namespace tsunagu {

// The file in which a service signs now and then how far one of its chains is. One task at a time.
class Checkpoints {
 public:
  enum class Chain { kJournal, kAccessLog };
  Checkpoints(store::Store& store, Chain chain);

  // CHECKPOINT_DIFFERS when the chain is not what its last line says, CHECKPOINTS_MISSING when all lines are of other
  // services (a file may be from before the access log was sealed), CHECKPOINT_MALFORMED when one is none. An empty
  // path: nothing is ever written.
  absl::Status Open(const std::string& path);

  // A new line when the chain has grown since the last one, and a minute has passed. Now and then, also for age.
  void WriteIfDue(const store::JournalHead& head);
  // The same without the minute.
  void WriteLast(const store::JournalHead& head);

  // For how long the oldest sealed row has been without a checkpoint; 0 when the last one covers `head`. Thread-safe,
  // unlike the rest.
  absl::Duration age(const store::JournalHead& head) const;

 private:
  void LookForUncovered(const store::JournalHead& head);

  store::Store& store_;
  const Chain chain_;
  const std::string name_;
  std::string path_;
  std::atomic<int64_t> place_{0};
  int64_t written_micros_ = 0;
  std::atomic<int64_t> uncovered_micros_{0};  // since when; 0 where that is not known
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_WORK_CHECKPOINTS_H_
