#ifndef TSUNAGU_COMMON_RPC_EXCHANGE_H_
#define TSUNAGU_COMMON_RPC_EXCHANGE_H_

#include <memory>
#include <optional>

#include "common/base/mutex.h"
#include "common/rpc/deadlines.h"
#include "common/rpc/in_flight.h"
#include "common/rpc/link.h"
#include "common/rpc/pipeline.h"
#include "grpcpp/generic/async_generic_service.h"

namespace tsunagu::rpc {

// One gRPC call of any kind: moves messages between gRPC and the Pipeline, and decides what comes next.
// At most one message of either direction is held. Nothing is read while something is being written or handled.
class Exchange final : public grpc::ServerGenericBidiReactor, public std::enable_shared_from_this<Exchange> {
 public:
  // Owned by gRPC until OnDone, and by every task that runs. `router` and `in_flight` outlive in_flight's calls.
  // Without a socket, gRPC 1.51 may lose a message that is sent together with the status: `in_process` sends it alone.
  static grpc::ServerGenericBidiReactor* Start(const Router& router, InFlight& in_flight, bool in_process,
                                               grpc::GenericCallbackServerContext& context);
  ~Exchange() override;

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // Who has the next move. A gRPC operation is started only with mutex_ held and the state it belongs to, so that
  // none is started after the answer.
  enum class State {
    kRunning,   // a task, queued or running
    kReading,   // the client
    kWriting,   // the client, to take a message
    kWaiting,   // the handler, to wake us
    kAnswered,  // nobody
  };
  enum class Step { kTake, kClose, kNext };

  Exchange(const Router& router, InFlight& in_flight, bool in_process, grpc::GenericCallbackServerContext& context);
  void Begin();
  absl::Status Receive();
  absl::Status Missing() const;

  // On gRPC's thread where the binding allows it, else on its executor.
  void Schedule(Step step);
  void Post(Step step);
  // On the executor, after so long in its queue.
  void RunLate(Step step, absl::Duration waited);
  void Run(Step step);
  absl::StatusOr<Stream::Pull> Do(Step step);
  absl::Status Unpack(google::protobuf::Message& message);

  void Read();
  void Send();
  void Wait();
  // Ends the call. A message that is just being written is cut off.
  void Answer(const absl::Status& status);

  void AddNotes();

  void Wake();
  // Now and then: is its time over, or has the client too long neither sent its first message nor taken an answer?
  void Look();
  void LookLater() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Why the client is not waited for any longer; OK while it is.
  absl::Status Overdue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Stop();

  const Router& router_;
  InFlight& in_flight_;
  const bool in_process_;
  grpc::GenericCallbackServerContext& context_;  // valid until OnDone
  Pipeline pipeline_;
  grpc::ByteBuffer in_;
  grpc::ByteBuffer out_;
  std::shared_ptr<Exchange> self_;  // until OnDone
  std::shared_ptr<Link<Exchange>> link_;
  Deadline deadline_;  // never, where the client's is sooner: gRPC keeps that
  bool attended_ = false;  // tasks only

  Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kRunning;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;     // since the last Next began
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;  // the server drains: wait for nothing
  Deadline patience_ ABSL_GUARDED_BY(mutex_);  // with the client's first message, then with its taking of each answer
  std::optional<Deadlines::Key> look_ ABSL_GUARDED_BY(mutex_);
  absl::Status cut_off_ ABSL_GUARDED_BY(mutex_);   // why a write was cut off
  Outcome outcome_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_EXCHANGE_H_
