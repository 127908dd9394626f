#ifndef TSUNAGU_COMMON_RECORDS_PENDING_CHANGE_H_
#define TSUNAGU_COMMON_RECORDS_PENDING_CHANGE_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/deadline.h"
#include "common/identity/actor.h"
#include "common/journal/reached.h"
#include "common/records/store.h"
#include "google/protobuf/message.h"

namespace tsunagu::store {

// A change on its way from the request to the answer (see Store::Change): Start, the transaction, Finish. Used by one
// thread at a time; the transaction runs on the thread that writes.
class PendingChange {
 public:
  // `store` and `response` must outlive it.
  PendingChange(Store& store, identity::Actor actor, Deadline deadline, ChangeRequest request,
                google::protobuf::Message& response, std::function<absl::Status(Tx&)> body);
  // When the caller has left, does of what follows the commit only what cannot wait, since this may run on the thread
  // that writes: a service looks every few seconds for places and callers that have changed.
  ~PendingChange();
  PendingChange(const PendingChange&) = delete;
  PendingChange& operator=(const PendingChange&) = delete;

  // Errors: CLOCK_JUMPED, REQUEST_IN_FLIGHT; then nothing else may be called.
  absl::Status Start();
  // Begins the transaction and returns at once. `done` is called when the transaction has ended, on the thread that
  // writes, so it must not wait; the change must live until then. Returns false when the database cannot do this: then
  // Finish does everything. Only for changes without fresh keys.
  bool WriteLater(std::function<void()> done);
  // Call when the transaction has ended. Returns whether Finish will wait for nothing.
  bool FinishesAtOnce() const;
  // Returns the outcome of Store::Change.
  absl::Status Finish();

 private:
  absl::Status Outcome();
  absl::Status Write();
  absl::Status RunIn(Session& session);
  // Does what has to follow the commit, or finds the answer of a repeated request.
  absl::Status Settle(const absl::Status& written);
  void DropUsedKeys();
  // Gives back keys that were not used; the same request may come again.
  void Leave();
  void Follow(bool may_wait);
  // Returns whether the error may come from an earlier run of the same request: RESOURCE_EXISTS, ETAG_MISMATCH.
  bool MayBeRepetition(const absl::Status& status) const;

  Store& store_;
  identity::Actor actor_;
  const Deadline deadline_;
  const ChangeRequest request_;
  google::protobuf::Message& response_;
  const std::function<absl::Status(Tx&)> body_;
  std::string digest_;
  std::string key_;            // of Store::in_flight_
  bool may_be_known_ = false;  // an earlier run may have succeeded

  // Set anew by each run of the transaction.
  std::vector<std::function<void()>> on_commit_;
  bool journaled_ = false, places_change_ = false;
  Reached::Point point_;
  size_t keys_used_ = 0;

  std::vector<std::string> reserved_;    // fresh keys
  std::optional<absl::Status> written_;  // the result of WriteLater, until it is settled
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_PENDING_CHANGE_H_
