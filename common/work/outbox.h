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
class Parts;
class Store;
class Tx;
}  // namespace store

// Calls to other services that changes require. Each is a row in the transaction of the change, and is made once the
// change is sealed: for each record in the order of the chain, with the row's id as request_id, on behalf of the person
// who made the change and in the trace of that call. It is retried with growing pauses until the other side answers.
// Several replicas may deliver at once: each claims a call before it makes it, and concludes it only while it holds the
// claim. A call may still be made twice; the other side stores request ids, so its effect happens once. Thread-safe.
class Outbox {
 public:
  // Adds its table to `store`, which must outlive it.
  explicit Outbox(store::Store& store);
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // Call before Start; without peers every call waits.
  void SetPeers(PeerFinder find_peer) { find_peer_ = std::move(find_peer); }
  void Start();
  // Ends after the call that is being made.
  void Stop();
  // Call after rows were sealed.
  void Wake();

  // Call within the change of the record `resource`, after it was written. `request` must have a field request_id.
  absl::Status Add(store::Tx& tx, absl::string_view resource, absl::string_view service, absl::string_view method,
                   const google::protobuf::Message& request);

  // Returns the deliveries after the id `after`, oldest first.
  absl::StatusOr<std::vector<platform::v1::Delivery>> List(Deadline deadline, const std::string& after, int64_t limit);
  // Errors: RESOURCE_NOT_FOUND. Does nothing when the delivery is waiting anyway.
  absl::StatusOr<platform::v1::Delivery> Retry(store::Tx& tx, const std::string& name);

 private:
  struct Row;  // of the table
  void Loop();
  // Makes the calls that are due; returns true when there may be more.
  bool DeliverDue();
  absl::StatusOr<std::vector<Row>> ReadDue();
  // Returns true when this replica may make the next attempt: until another claims the row, which takes at least the
  // pause.
  absl::StatusOr<bool> Claim(const Row& row);
  absl::Status Call(const Row& row);
  // Changes the row only while the claim of `row` is still the last one.
  absl::Status Conclude(const Row& row, const absl::Status& outcome);
  platform::v1::Delivery ToDelivery(const Row& row) const;

  store::Parts& parts_;
  PeerFinder find_peer_;
  Mutex mutex_;
  CondVar wake_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_WORK_OUTBOX_H_
