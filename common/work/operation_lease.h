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
class Parts;
class Session;
class Tx;
}  // namespace store

// The right of one run to work on an operation: valid while the row `id` has the epoch of this run. Every statement of
// a run that writes to `operations` is in this class and checks the epoch, so a run that was superseded changes nothing
// and gets LEASE_LOST. Thread-safe; the store must outlive it.
class OperationLease : public Progress {
 public:
  static constexpr absl::Duration kLength = absl::Seconds(30);

  // Claims the operation when no run has begun it, or when the lease of the last run has expired. Returns null
  // otherwise.
  static absl::StatusOr<std::shared_ptr<OperationLease>> Claim(store::Parts& parts, const std::string& id);

  OperationLease(store::Parts& parts, std::string id, int64_t epoch)
      : parts_(parts), id_(std::move(id)), epoch_(epoch) {}

  // Extends the lease: it lasts for kLength from now on.
  absl::Status Renew();
  absl::Status Report(int percent) override;
  absl::Status Fence(store::Tx& tx) override;
  // Ends the operation. `state` is kSucceeded or kFailed; `result` is encrypted.
  absl::Status End(absl::string_view state, absl::string_view result);

  const std::string& id() const { return id_; }
  int64_t epoch() const { return epoch_; }

 private:
  absl::Status CheckCancel(store::Session& session) const;
  int64_t EndFromNow() const;

  store::Parts& parts_;
  const std::string id_;
  const int64_t epoch_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_WORK_OPERATION_LEASE_H_
