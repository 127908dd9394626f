#ifndef TSUNAGU_COMMON_RPC_EXCHANGE_H_
#define TSUNAGU_COMMON_RPC_EXCHANGE_H_

#include <memory>
#include <optional>

#include "common/base/mutex.h"
#include "common/rpc/deadlines.h"
#include "common/rpc/in_flight.h"
#include "common/rpc/link.h"
#include "common/rpc/pipeline.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/status.h"

namespace tsunagu::rpc {

// One call of any kind on any transport: moves messages between the transport and the Pipeline, and decides what comes
// next. At most one message of either direction is held. Nothing is read while something is being written or handled.
// Whoever derives from it is the transport's side of the call, and is owned by it and by every task that runs.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  virtual ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

 protected:
  struct Habits {
    bool sends_together = true;           // the last message and the status in one go
    bool keeps_callers_deadline = false;  // the transport itself ends a call whose caller waits no longer
  };
  // `router` and `in_flight` outlive in_flight's calls.
  Exchange(const Router& router, InFlight& in_flight, Habits habits);

  // What the transport tells, on threads of its own and never from within what it is asked below. Begin comes first and
  // OnDone last, after End: then the transport is not asked for anything any more.
  void Begin(Arrival arrival);
  // A message has come; or, not `ok`, there will be none: the caller has sent everything, or has `gone`.
  void OnReadDone(bool ok, bool gone);
  void OnWriteDone(bool ok);
  void OnCancel();
  void OnDone();
  // The message that was asked for cannot be read.
  void Refuse(const absl::Status& why) { Answer(why); }

  // What the transport is asked for. It must not call back from within: locks are held.
  virtual void Read() = 0;   // a message; OnReadDone answers
  virtual void Write() = 0;  // what was encoded; OnWriteDone answers
  // What was encoded, the notes of the call and OK; there is no OnWriteDone.
  virtual void WriteAndEnd() = 0;
  virtual void End(grpc::Status told) = 0;  // with the notes of the call
  virtual void CutOff() = 0;                // now; what was asked for is answered, then OnCancel
  // Of the message that has come; its bytes stay until it is decoded.
  virtual size_t MessageBytes() = 0;
  virtual absl::StatusOr<int64_t> Weigh(const google::protobuf::Descriptor& type) = 0;
  virtual absl::Status Decode(google::protobuf::Message& message) = 0;
  // Keeps the bytes for Write, and says how many they are.
  virtual absl::StatusOr<size_t> Encode(const google::protobuf::Message& message) = 0;

  Pipeline& pipeline() { return pipeline_; }
  Call& call() { return pipeline_.call(); }

 private:
  // Who has the next move. The transport is asked for something only with mutex_ held and the state it belongs to, so
  // that it is asked for nothing after the answer.
  enum class State {
    kRunning,   // a task, queued or running
    kReading,   // the client
    kWriting,   // the client, to take a message
    kWaiting,   // the handler, to wake us
    kAnswered,  // nobody
  };
  enum class Step { kTake, kClose, kNext };

  absl::Status Receive();
  absl::Status Missing() const;

  // On the transport's thread where the binding allows it, else on its executor.
  void Schedule(Step step);
  void Post(Step step);
  // On the executor, after so long in its queue.
  void RunLate(Step step, absl::Duration waited);
  void Run(Step step);
  absl::StatusOr<Stream::Pull> Do(Step step);

  void Await();
  void Send();
  void Wait();
  // Ends the call. A message that is just being written is cut off.
  void Answer(const absl::Status& status);

  void Wake();
  // Now and then: is its time over, or has the client too long neither sent its first message nor taken an answer?
  void Look();
  void LookLater() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Why the client is not waited for any longer; OK while it is.
  absl::Status Overdue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Stop();

  const Router& router_;
  InFlight& in_flight_;
  const Habits habits_;
  Pipeline pipeline_;
  std::shared_ptr<Link<Exchange>> link_;
  Deadline deadline_;      // never, where the transport keeps a sooner one
  bool attended_ = false;  // tasks only

  Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kRunning;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;     // since the last Next began
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;  // the server drains: wait for nothing
  Deadline patience_ ABSL_GUARDED_BY(mutex_);  // with the client's first message, then with its taking of each answer
  std::optional<Deadlines::Key> look_ ABSL_GUARDED_BY(mutex_);
  absl::Status cut_off_ ABSL_GUARDED_BY(mutex_);  // why a write was cut off
  Outcome outcome_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_EXCHANGE_H_
