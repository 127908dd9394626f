#ifndef TSUNAGU_COMMON_WORK_OUTBOX_H_
#define TSUNAGU_COMMON_WORK_OUTBOX_H_

#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/deadline.h"
#include "common/base/mutex.h"
#include "common/rpc/peer_access.h"
#include "tsunagu/platform/v1/delivery.pb.h"

namespace tsunagu {

namespace store {
class Store;
class Tx;
}  // namespace store

// Calls to other services that changes ask for. Each is a row in the transaction of the change, and is made when the
// change is sealed: in the order of the chain for each record, with the row's id as request_id, in the name of whoever
// made the change and in the trace of that call, again with growing pauses until the other side answers. Several
// replicas may deliver at the same time: each claims a call before it makes it, and concludes it only while the claim
// is its own. A call may still be made twice; the other side keeps request ids, so its effect exists once. Thread-safe.
class Outbox {
 public:
  // Adds its table to `store`, which outlives it.
  explicit Outbox(store::Store& store);
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // Before Start; without it everything waits.
  void SetPeers(PeerFinder find_peer) { find_peer_ = std::move(find_peer); }
  void Start();
  // Ends after the call that is being made.
  void Stop();
  // Something was sealed.
  void Wake();

  // Within the change of the record `resource`, after it was written. `request` has a field request_id.
  absl::Status Add(store::Tx& tx, absl::string_view resource, absl::string_view service, absl::string_view method,
                   const google::protobuf::Message& request);

  // Of rows behind `after`, oldest first.
  absl::StatusOr<std::vector<platform::v1::Delivery>> List(Deadline deadline, const std::string& after, int64_t limit);
  // RESOURCE_NOT_FOUND; no harm where it waits anyway.
  absl::StatusOr<platform::v1::Delivery> Retry(store::Tx& tx, const std::string& name);

 private:
  struct Row;  // of the table
  void Loop();
  // Makes the calls that are due; true when there may be more.
  bool DeliverDue();
  absl::StatusOr<std::vector<Row>> ReadDue();
  // True when the next attempt is this replica's. It is until another claims the row, which takes the pause at least.
  absl::StatusOr<bool> Claim(const Row& row);
  absl::Status Call(const Row& row);
  // Changes the row only if the claim of `row` is still the last one.
  absl::Status Conclude(const Row& row, const absl::Status& outcome);
  platform::v1::Delivery ToDelivery(const Row& row) const;

  store::Store& store_;
  PeerFinder find_peer_;
  Mutex mutex_;
  CondVar wake_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_WORK_OUTBOX_H_
