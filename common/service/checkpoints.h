#ifndef TSUNAGU_COMMON_SERVICE_CHECKPOINTS_H_
#define TSUNAGU_COMMON_SERVICE_CHECKPOINTS_H_

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/store/sealer.h"
#include "common/store/store.h"

namespace tsunagu {

// The file in which a service signs now and then how far its chain is. One task at a time.
class Checkpoints {
 public:
  explicit Checkpoints(store::Store& store) : store_(store) {}

  // CHECKPOINT_DIFFERS when the chain is not what the last line says. An empty path: nothing is ever written.
  absl::Status Open(const std::string& path);

  // A new line when the chain has grown since the last one, and a minute has passed.
  void WriteIfDue(const store::JournalHead& head);
  // The same without the minute.
  void WriteLast(const store::JournalHead& head);

  // For how long the chain has been ahead of the last line. Thread-safe, unlike the rest.
  absl::Duration age(const store::JournalHead& head) const;

 private:
  store::Store& store_;
  std::string path_;
  std::atomic<int64_t> place_{0};
  std::atomic<int64_t> written_micros_{0};
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_CHECKPOINTS_H_
