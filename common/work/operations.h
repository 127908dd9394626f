#ifndef TSUNAGU_COMMON_WORK_OPERATIONS_H_
#define TSUNAGU_COMMON_WORK_OPERATIONS_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/base/mutex.h"
#include "common/work/turns.h"
#include "common/work/watchers.h"
#include "google/longrunning/operations.pb.h"
#include "google/protobuf/message.h"

namespace tsunagu {

class Executor;
class OperationLease;
namespace access {
class Access;
}
namespace rpc {
struct Call;
}
namespace store {
class Store;
class Tx;
class View;
}  // namespace store

// One operation while its work runs. Both methods fail with CANCELLED when somebody asked the operation to stop, and
// with LEASE_LOST when another process has taken over the operation: the work returns that error and does nothing else.
class Progress {
 public:
  virtual ~Progress() = default;
  // Records the progress, 0 to 100. The write is durable, so call it now and then only; the lease does not depend on
  // it.
  virtual absl::Status Report(int percent) = 0;
  // For the transaction in which the work stores its result: call it first, within the function given to Store::Change.
  // When it succeeds, nobody takes over or cancels the operation before that transaction ends.
  virtual absl::Status Fence(store::Tx& tx) = 0;
};

// The long work of one service. An operation is a row with its frozen request. A run holds a lease of half a minute,
// and the row's epoch identifies the run. A thread of this class extends the leases of all work that runs in this
// process, whether or not the work reports progress. Work that hangs therefore keeps its operation as long as its
// process lives, so the work itself has to obey the deadline of its call, one hour.
//
// When the process dies or hangs, its leases expire, and another process takes over the work under the next epoch. A
// run whose epoch is over changes nothing any more and ends with a log line. Lease and epoch decide who works, not
// whether the effect happens once: the work makes its changes through Store::Change under the operation's id, so a
// second run finds what the first has stored. Thread-safe.
class Operations {
 public:
  static constexpr int64_t kMostOfCaller = 32;

  // Does the work of one method. `call` represents the caller who started it, with today's grants. Changes use its
  // request_id (that of the operation).
  using Work = std::function<absl::Status(rpc::Call& call, const google::protobuf::Message& request,
                                          const std::string& request_id, Progress& progress,
                                          google::protobuf::Message& response)>;

  // Adds its table. `store` and `access` must outlive it.
  Operations(store::Store& store, access::Access& access);
  ~Operations();

  // Call before Open. Adds the work of "tsunagu.matching.v1.RoundService/SolveRound".
  void Add(const std::string& method, const google::protobuf::Message& request,
           const google::protobuf::Message& response, Work work);
  // The same with typed messages: `work` takes a Call&, the Request, the request id and a Progress&, and returns
  // absl::StatusOr<Response>.
  template <typename Request, typename Response, typename Body>
  void Add(const std::string& method, Body work) {
    Add(method, Request::default_instance(), Response::default_instance(),
        [work = std::move(work)](rpc::Call& call, const google::protobuf::Message& request,
                                 const std::string& request_id, Progress& progress,
                                 google::protobuf::Message& response) -> absl::Status {
          absl::StatusOr<Response> done = work(call, static_cast<const Request&>(request), request_id, progress);
          if (done.ok()) static_cast<Response&>(response) = *std::move(done);
          return done.status();
        });
  }

  // Starts the threads. TakeUp then brings the operations that an earlier process has left.
  void Start();

  // The handler of a method that was added: stores the request and starts the work, unless `check` refuses (it does not
  // run for a repeated request). Errors: TOO_MANY_OPERATIONS when kMostOfCaller operations of the caller have not
  // ended.
  absl::StatusOr<google::longrunning::Operation> Begin(rpc::Call& call, const google::protobuf::Message& request,
                                                       absl::FunctionRef<absl::Status(store::View&)> check);

  // Returns the operations of `call`'s principal, newest first, with ids below `before` (empty: all), at most `limit`.
  absl::StatusOr<std::vector<google::longrunning::Operation>> List(const rpc::Call& call, const std::string& before,
                                                                   int64_t limit);
  // Only for operations of `call`'s principal. Errors: RESOURCE_NOT_FOUND.
  absl::StatusOr<google::longrunning::Operation> Get(const rpc::Call& call, const std::string& name);
  absl::Status RequestCancel(store::Tx& tx, const std::string& name);
  std::string NameOf(absl::string_view id) const;

  // Takes over operations whose lease has expired, except those that wait or run in this process. The keeper of the
  // service calls it at the start and every two seconds.
  void TakeUp();

  // Woken whenever an operation has ended here. Other replicas run operations too, so the keeper of the service also
  // wakes it regularly.
  Watchers& waiting() { return waiting_; }

 private:
  struct Kind {
    const google::protobuf::Message* request;
    const google::protobuf::Message* response;
    Work work;
  };
  struct Row;  // of the table
  using Lease = std::shared_ptr<OperationLease>;

  absl::Status CheckRoom(store::Tx& tx, const rpc::Call& call) const;
  // Runs the operation when it is its caller's turn, unless it waits or runs here already.
  void Post(const std::string& id, const std::string& caller);
  void RunNext();
  void Run(const std::string& id);
  void RunUnder(OperationLease& lease);
  absl::Status Finish(OperationLease& lease, const absl::Status& outcome, const google::protobuf::Message& response);
  void RenewLeases();
  absl::StatusOr<Row> Load(const std::string& id);
  absl::StatusOr<google::longrunning::Operation> ToOperation(const Row& row, Language language) const;

  store::Store& store_;
  access::Access& access_;
  std::map<std::string, Kind> kinds_;
  Watchers waiting_;
  Mutex mutex_;
  CondVar stopped_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, Lease> here_ ABSL_GUARDED_BY(mutex_);  // by id; null while it waits for a thread
  Turns turns_ ABSL_GUARDED_BY(mutex_);                        // for operations that wait for a thread
  std::unique_ptr<Executor> executor_;                         // its tasks use everything above
  std::thread renewing_;                                       // ends after the last task
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_WORK_OPERATIONS_H_
