#ifndef TSUNAGU_COMMON_RPC_EXCHANGE_H_
#define TSUNAGU_COMMON_RPC_EXCHANGE_H_

#include <functional>
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

// One call of any kind on any transport. It moves messages between the transport and the Pipeline, and decides what
// comes next. It holds at most one message per direction, and reads nothing while a message is being written or
// handled. The derived class is the transport's side of the call. The transport and every running task own the object.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  virtual ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

 protected:
  struct Habits {
    bool sends_together = true;           // sends the last message and the status together
    bool keeps_callers_deadline = false;  // the transport itself ends a call whose caller's deadline is over
  };
  // `router` and `in_flight` must outlive the call.
  Exchange(const Router& router, InFlight& in_flight, Habits habits);

  // Events of the transport. They come on its own threads, never from within the requests below. Begin comes first;
  // OnDone comes last, after End, and then the transport gets no more requests.
  void Begin(Arrival arrival);
  // A message has arrived. If not `ok`, there will be none: the caller has sent all messages, or has `gone`.
  void OnReadDone(bool ok, bool gone);
  void OnWriteDone(bool ok);
  void OnCancel();
  void OnDone();
  // The requested message cannot be read.
  void Refuse(const absl::Status& why) { Answer(why); }

  // Requests to the transport. It must not call back from within, because locks are held.
  virtual void Read() = 0;   // reads a message; completed by OnReadDone
  virtual void Write() = 0;  // writes the encoded message; completed by OnWriteDone
  // Writes the encoded message, the notes of the call and OK; there is no OnWriteDone.
  virtual void WriteAndEnd() = 0;
  virtual void End(grpc::Status told) = 0;  // with the notes of the call
  // Runs `task` soon on the thread that brings the events. Returns false when there is no such single thread. May be
  // called from any thread, with locks held.
  virtual bool RunSoon(std::function<void()> /*task*/) { return false; }
  virtual void CutOff() = 0;  // aborts now: open requests complete, then OnCancel comes
  // For the message that has arrived; its bytes stay until it is decoded.
  virtual size_t MessageBytes() = 0;
  virtual absl::StatusOr<int64_t> Weigh(const google::protobuf::Descriptor& type) = 0;
  virtual absl::Status Decode(google::protobuf::Message& message) = 0;
  // Keeps the bytes for Write, and returns their number.
  virtual absl::StatusOr<size_t> Encode(const google::protobuf::Message& message) = 0;

  Pipeline& pipeline() { return pipeline_; }
  Call& call() { return pipeline_.call(); }

 private:
  // Who acts next. Requests to the transport are made only with mutex_ held and in the matching state, so that none is
  // made after the answer.
  enum class State {
    kRunning,   // a task, queued or running
    kReading,   // the client, by sending
    kWriting,   // the client, by taking a message
    kWaiting,   // the handler, by calling wake
    kSoon,      // the same, certainly and soon
    kAnswered,  // nobody: the call is answered
  };
  enum class Step { kTake, kClose, kNext };

  absl::Status Receive();
  absl::Status Missing() const;

  // Runs the step on the transport's thread if the binding allows it, else on the module's executor.
  void Schedule(Step step);
  void Post(Step step);
  // Runs on the executor, after `waited` in its queue.
  void RunLate(Step step, absl::Duration waited);
  void Run(Step step);
  absl::StatusOr<Stream::Pull> Do(Step step);

  void Await();
  void Send();
  void Wait(bool soon);
  // Calls Next after a wake-up.
  void GoOn(bool soon);
  // Ends the call. A message that is being written is cut off.
  void Answer(const absl::Status& status);

  void Wake();
  // Runs now and then. Checks whether the call's deadline is over, and whether the client has taken too long to send
  // its first message or to take an answer.
  void Look();
  void LookLater() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Returns why the client is not waited for any longer; OK while it still is.
  absl::Status Overdue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Stop();

  const Router& router_;
  InFlight& in_flight_;
  const Habits habits_;
  Pipeline pipeline_;
  std::shared_ptr<Link<Exchange>> link_;
  Deadline deadline_;      // never, when the transport keeps an earlier one
  bool attended_ = false;  // used by tasks only
  bool begun_ = false;     // something that cannot be taken back; used by tasks only

  Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kRunning;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;     // since the last Next began
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;  // the server drains: do not wait for anything
  Deadline patience_ ABSL_GUARDED_BY(mutex_);      // for the client's first message, then for its taking of each answer
  std::optional<Deadlines::Key> look_ ABSL_GUARDED_BY(mutex_);
  absl::Status cut_off_ ABSL_GUARDED_BY(mutex_);  // why a write was cut off
  Outcome outcome_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_EXCHANGE_H_
