#ifndef TSUNAGU_COMMON_WORK_OPERATIONS_H_
#define TSUNAGU_COMMON_WORK_OPERATIONS_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/access/access.h"
#include "common/base/executor.h"
#include "common/rpc/call.h"
#include "common/work/watchers.h"
#include "common/records/store.h"
#include "google/longrunning/operations.pb.h"
#include "google/protobuf/message.h"

namespace tsunagu {

// One operation while its work runs.
class Progress {
 public:
  virtual ~Progress() = default;
  // 0 to 100; durable, so call it now and then. CANCELLED when somebody asked the operation to stop.
  virtual absl::Status Report(int percent) = 0;
};

// The long work of one service. An operation is a row with its frozen request; whoever holds the row's lease works on
// it, and after a crash another takes it up. A lease only saves work: what the work changes goes through
// Store::Change under the operation's id, so its effect and its answer exist once. Thread-safe.
class Operations {
 public:
  // Does the work of one method. `call` stands for the caller who started it, with today's grants; changes use its
  // request_id (that of the operation).
  using Work = std::function<absl::Status(rpc::Call& call, const google::protobuf::Message& request,
                                          const std::string& request_id, Progress& progress,
                                          google::protobuf::Message& response)>;

  // Adds its table. `store` and `access` outlive it.
  Operations(store::Store& store, access::Access& access);
  ~Operations();

  // Before Open: what "tsunagu.matching.v1.RoundService/SolveRound" does.
  void Add(const std::string& method, const google::protobuf::Message& request,
           const google::protobuf::Message& response, Work work);

  // Ready to work; TakeUp brings what an earlier process left.
  void Open();

  // The handler of a method that was added: keeps the request and begins, unless `check` refuses (which a repeated
  // request is not asked again).
  absl::StatusOr<google::longrunning::Operation> Start(rpc::Call& call, const google::protobuf::Message& request,
                                                       absl::FunctionRef<absl::Status(store::View&)> check);

  // Those of `call`'s principal, newest first, with ids below `before` (empty: all), at most `limit`.
  absl::StatusOr<std::vector<google::longrunning::Operation>> List(const rpc::Call& call, const std::string& before,
                                                                   int64_t limit);
  // Only those of `call`'s principal; RESOURCE_NOT_FOUND otherwise.
  absl::StatusOr<google::longrunning::Operation> Get(const rpc::Call& call, const std::string& name);
  absl::Status RequestCancel(store::Tx& tx, const std::string& name);
  std::string NameOf(absl::string_view id) const;

  // Takes up rows whose lease has ended. Called at the beginning, and now and then.
  void TakeUp();

  // Woken whenever an operation has ended here. Another replica may be at it, so whoever looks for others now and then
  // wakes them too.
  Watchers& waiting() { return waiting_; }

 private:
  struct Kind {
    const google::protobuf::Message* request;
    const google::protobuf::Message* response;
    Work work;
  };
  struct Row;  // of the table
  class RowProgress;

  void Run(const std::string& id);
  absl::StatusOr<bool> Claim(const std::string& id, int64_t& epoch);
  absl::StatusOr<Row> Load(const std::string& id);
  absl::Status Finish(const Row& row, const absl::Status& outcome, const google::protobuf::Message& response);
  absl::StatusOr<google::longrunning::Operation> ToOperation(const Row& row, Language language) const;

  store::Store& store_;
  access::Access& access_;
  std::map<std::string, Kind> kinds_;
  Watchers waiting_;
  std::unique_ptr<Executor> executor_;  // last: its tasks use everything above
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_WORK_OPERATIONS_H_
