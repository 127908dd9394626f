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

// The end of a service's chain. No change will become known at or before known_time any more.
struct JournalHead {
  int64_t place = 0;
  int64_t known_time = 0;  // microseconds
  std::string hash;
  int64_t epoch = 0;  // grows with every sealer that takes the lease
  std::string holder;
  int64_t lease_time = 0;
  int64_t kept_from = 1;  // the first place of the change feed

  static absl::StatusOr<JournalHead> Read(Session& session);
};

// Puts committed rows into the chain: places without gaps, known times that never decrease, the rows of one transaction
// together, revision n after n - 1. One replica at a time holds the lease for sealing. The lease only saves work: every
// sealing locks the head and updates it by compare-and-set, so that two sealers can never fork the chain. Thread-safe.
class Sealer {
 public:
  // All arguments must outlive the sealer.
  Sealer(Database& database, const Clock& clock, Entropy& entropy);
  ~Sealer();
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  // Starts a thread that seals: soon after each commit of this process, and every second the rows that others have
  // left. `sealed` is called on that thread, or on a caller's, after the chain has grown. `key` is the signing key of
  // waiting rows: rows signed otherwise get no place, are logged, and verify-journal reports them as never sealed.
  void Start(std::string key, std::function<void(const JournalHead&)> sealed);
  // Call after this process has committed a transaction with journal rows. Does not block.
  void Committed();
  // Seals the remaining rows, releases the lease, and ends the thread. Committed must not be called any more. May be
  // called twice.
  void Stop();

  // On return, everything committed before the call is sealed.
  absl::Status SealWaiting(Deadline deadline);
  // As SealWaiting; also, no change will become known at or before the time of the call any more.
  absl::Status SettleUntilNow(Deadline deadline);
  // Reads the end of the chain, which another replica may have moved.
  absl::Status Look(Deadline deadline);

  // The end of the chain as this process last saw it.
  JournalHead head() const;
  // For how long the oldest commit of this process has been waiting for its place.
  absl::Duration lag() const;

 private:
  enum class Duty {
    kOwn,     // seal unless another replica holds the lease
    kAny,     // seal whoever holds the lease
    kSettle,  // as kAny, and advance the known time even if no row waits
  };
  struct Outcome {
    JournalHead head;
    int64_t sealed = 0;
  };
  void Loop();
  // Seals some rows in one transaction.
  absl::StatusOr<Outcome> SealSome(Deadline deadline, Duty duty);
  absl::Status SealWithin(Session& session, Duty duty, Outcome& outcome);
  // Returns the id of a waiting row that `sql` finds; empty when there is none.
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
