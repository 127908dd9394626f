#ifndef TSUNAGU_COMMON_JOURNAL_SEALER_H_
#define TSUNAGU_COMMON_JOURNAL_SEALER_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/deadline.h"
#include "common/base/entropy.h"
#include "common/base/mutex.h"
#include "common/db/database.h"

namespace tsunagu::store {

// Where the chain of a service ends. Nothing will become known at or before known_time any more.
struct JournalHead {
  int64_t place = 0;
  int64_t known_time = 0;  // microseconds
  std::string hash;
  int64_t epoch = 0;  // grows with every sealer that takes over
  std::string holder;
  int64_t lease_time = 0;
  int64_t kept_from = 1;  // the change feed begins there

  static absl::StatusOr<JournalHead> Read(Session& session);
};

// Moves what was committed into the chain: places without gaps, known times that never decrease, the rows of one
// transaction together, revision n behind n - 1. Of several replicas one seals at a time; that lease only saves work:
// every sealing locks the head and compares and sets it, so that two can never fork the chain. Thread-safe.
class Sealer {
 public:
  // All of these outlive it.
  Sealer(Database& database, const Clock& clock, Entropy& entropy);
  ~Sealer();
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  // Seals from now on, in a thread of its own: soon after each commit of this process, and every second what others
  // have left. `sealed` runs on that thread, or on that of a caller, after the chain has grown. `key` is what rows that
  // wait are signed with: others get no place, are said in the log, and are what verify-journal calls never sealed.
  void Start(std::string key, std::function<void(const JournalHead&)> sealed);
  // A transaction that has journaled something was committed by this process. Does not block.
  void Committed();
  // Seals what is left, gives the lease back, and ends. Commits are no longer reported by then. No harm when called
  // twice.
  void Stop();

  // On return everything that was committed before the call is sealed.
  absl::Status SealWaiting(Deadline deadline);
  // The same, and nothing will become known at or before the time of the call any more.
  absl::Status SettleUntilNow(Deadline deadline);
  // Looks at the end of the chain, which another replica may have moved.
  absl::Status Look(Deadline deadline);

  // The end as this process has last seen it.
  JournalHead head() const;
  // For how long the oldest commit of this process has been waiting for its place.
  absl::Duration lag() const;

 private:
  enum class Duty {
    kOwn,     // unless another replica holds the lease
    kAny,     // whoever holds it
    kSettle,  // and move the known time on, even if nothing waits
  };
  struct Outcome {
    JournalHead head;
    int64_t sealed = 0;
  };
  void Loop();
  // One transaction.
  absl::StatusOr<Outcome> SealSome(Deadline deadline, Duty duty);
  absl::Status SealWithin(Session& session, Duty duty, Outcome& outcome);
  // The id of a waiting row that `sql` finds; empty where there is none.
  absl::StatusOr<std::string> FindWaiting(Deadline deadline, absl::string_view sql, absl::Span<const Value> parameters);
  absl::Status GiveUpLease(Deadline deadline);
  void Publish(const JournalHead& head);

  Database& database_;
  const Clock& clock_;
  const std::string holder_;
  std::string key_;
  std::function<void(const JournalHead&)> sealed_;
  mutable Mutex mutex_;
  CondVar wake_;
  JournalHead head_ ABSL_GUARDED_BY(mutex_);
  bool committed_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time waiting_since_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_SEALER_H_
