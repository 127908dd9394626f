#ifndef TSUNAGU_COMMON_WORK_OPERATION_LEASE_H_
#define TSUNAGU_COMMON_WORK_OPERATION_LEASE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/work/operations.h"

namespace tsunagu {

namespace store {
class Session;
}

// What one run of an operation holds: the row `id`, as long as the row has the epoch of this run. Every statement that
// a run writes to `operations` stands in this class and asks for that epoch, so that a run that another has followed
// changes nothing; it is told LEASE_LOST. Thread-safe; the store outlives it.
class OperationLease : public Progress {
 public:
  static constexpr absl::Duration kLength = absl::Seconds(30);

  // The operation becomes this run's when nobody has begun it, or when the lease of whoever did has ended. Null when
  // neither is so.
  static absl::StatusOr<std::shared_ptr<OperationLease>> Claim(store::Store& store, const std::string& id);

  OperationLease(store::Store& store, std::string id, int64_t epoch)
      : store_(store), id_(std::move(id)), epoch_(epoch) {}

  // From now on for another kLength.
  absl::Status Renew();
  absl::Status Report(int percent) override;
  absl::Status Fence(store::Tx& tx) override;
  // The operation is over: `state` is kSucceeded or kFailed, `result` is encrypted.
  absl::Status End(absl::string_view state, absl::string_view result);

  const std::string& id() const { return id_; }
  int64_t epoch() const { return epoch_; }

 private:
  absl::Status CheckCancel(store::Session& session) const;
  int64_t EndFromNow() const;

  store::Store& store_;
  const std::string id_;
  const int64_t epoch_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_WORK_OPERATION_LEASE_H_
