#include "common/rpc/exchange.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/base/thread_time.h"
#include "common/rpc/call_log.h"
#include "common/rpc/exceptions.h"

namespace tsunagu::rpc {

Exchange::Exchange(const Router& router, InFlight& in_flight, Habits habits)
    : router_(router),
      in_flight_(in_flight),
      habits_(habits),
      pipeline_(router, in_flight),
      link_(std::make_shared<Link<Exchange>>(*this)) {}

Exchange::~Exchange() {
  if (attended_) in_flight_.Forget(this);
}

void Exchange::Begin(Arrival arrival) {
  Call& call = pipeline_.call();
  call.wake = [link = link_] { link->Do(&Exchange::Wake); };
  call.hold = [this] { return shared_from_this(); };
  const absl::Duration timeout = arrival.timeout;
  if (const absl::Status admitted = pipeline_.Admit(std::move(arrival)); !admitted.ok()) return Answer(admitted);
  const absl::Duration allowed = call.deadline.Left();
  if (!habits_.keeps_callers_deadline || allowed < timeout) deadline_ = Deadline::After(allowed);
  {
    MutexLock lock(mutex_);
    patience_ = Deadline::After(router_.options().first_message);
    LookLater();
  }
  Await();
}

void Exchange::OnReadDone(bool ok, bool gone) {
  {
    MutexLock lock(mutex_);
    if (state_ == State::kAnswered) return;
    state_ = State::kRunning;
    patience_ = Deadline::Never();
    if (ok) ++outcome_.received;
  }
  // A client that has gone has not finished: its messages must not be taken for the complete request.
  if (!ok && gone) return OnCancel();
  if (const absl::Status received = ok ? Receive() : Missing(); !received.ok()) return Answer(received);
  Schedule(ok ? Step::kTake : Step::kClose);
}

// The client has sent all messages. If the first message has to select the module, it is missing.
absl::Status Exchange::Missing() const {
  return pipeline_.candidate() == nullptr ? Fail("ONE_MESSAGE_EXPECTED"_reason) : absl::OkStatus();
}

// Runs on the transport's thread: a message that is not small is weighed before it is decoded.
absl::Status Exchange::Receive() {
  const auto weigh = [this] {
    return CatchExceptions([this] { return Weigh(*pipeline_.route().method->input_type()); });
  };
  RETURN_IF_ERROR(pipeline_.Arrived(MessageBytes(), weigh));
  if (pipeline_.candidate() != nullptr) return absl::OkStatus();
  return pipeline_.Choose([this](auto& message) { return Decode(message); });
}

void Exchange::OnWriteDone(bool ok) {
  absl::Status end;
  {
    MutexLock lock(mutex_);
    state_ = State::kRunning;
    patience_ = Deadline::Never();
    end = cut_off_;
  }
  pipeline_.Sent();
  if (end.ok() && (!ok || pipeline_.call().cancelled)) end = Fail("CANCELLED"_reason);
  if (!end.ok() || pipeline_.answers_once()) {
    pipeline_.GiveUpPlace();
    return Answer(end);
  }
  Schedule(Step::kNext);
}

void Exchange::OnCancel() {
  pipeline_.call().cancelled = true;
  absl::Status why = Fail("CANCELLED"_reason);
  {
    MutexLock lock(mutex_);
    if (!cut_off_.ok()) why = cut_off_;  // we cut it off, and this may come before OnWriteDone
  }
  Answer(why);
}

void Exchange::OnDone() {
  link_->Cut();
  Outcome outcome;
  std::optional<Deadlines::Key> look;
  {
    MutexLock lock(mutex_);
    outcome = outcome_;
    look = look_;
  }
  if (look.has_value()) in_flight_.deadlines().Remove(*look);
  pipeline_.Count(outcome);
}

void Exchange::Schedule(Step step) {
  // Reading a large request takes long enough to hold up the other calls of the transport's thread.
  const bool is_large = step == Step::kTake && MessageBytes() > Pipeline::kSmallMessage;
  if (is_large || !pipeline_.candidate()->binding->never_blocks) return Post(step);
  pipeline_.call().on_grpc_thread = true;
  Run(step);
}

void Exchange::Post(Step step) {
  Executor& executor = pipeline_.candidate()->module->executor();
  auto task = [self = shared_from_this(), step, queued = Stopwatch()] { self->RunLate(step, queued.Elapsed()); };
  if (executor.TryPost(std::move(task), pipeline_.route().lane, pipeline_.owner(), begun_)) return;
  Answer(begun_ ? Fail("COMMIT_UNKNOWN"_reason) : Fail("TOO_BUSY"_reason));
}

void Exchange::RunLate(Step step, absl::Duration waited) {
  pipeline_.call().on_grpc_thread = false;
  if (!pipeline_.Waited(waited)) return Answer(Fail("DEADLINE_EXCEEDED"_reason));
  if (step == Step::kTake && pipeline_.answers_once()) {
    if (const absl::Status taken = pipeline_.CheckAnswersTaken(); !taken.ok()) return Answer(taken);
  }
  Run(step);
}

void Exchange::Run(Step step) {
  {
    MutexLock lock(mutex_);
    if (state_ == State::kAnswered) return;  // cancelled while it was queued
    woken_ = false;
  }
  const CallSubject subject(pipeline_.call(), pipeline_.service());
  const log::Scope scope(subject);
  const bool on_executor = !pipeline_.call().on_grpc_thread;
  const absl::Duration before = on_executor ? ThreadTime() : absl::ZeroDuration();  // costs a system call
  const absl::StatusOr<Stream::Pull> pulled = Do(step);
  if (on_executor) pipeline_.Used(ThreadTime() - before);
  if (!pulled.ok()) {
    pipeline_.GiveUpPlace();
    return Answer(pulled.status());
  }
  switch (*pulled) {
    case Stream::Pull::kMessage:
      return Send();
    case Stream::Pull::kEnd:
      return pipeline_.closed() ? Answer(absl::OkStatus()) : Await();
    case Stream::Pull::kLater:
      return Wait(false);
    case Stream::Pull::kSoon:
      return Wait(true);
  }
}

absl::StatusOr<Stream::Pull> Exchange::Do(Step step) {
  switch (step) {
    case Step::kTake:
      return pipeline_.Take([this](auto& message) { return Decode(message); });
    case Step::kClose:
      return pipeline_.Close();
    case Step::kNext:
      break;
  }
  return pipeline_.Next();
}

void Exchange::Await() {
  MutexLock lock(mutex_);
  if (state_ == State::kAnswered) return;
  state_ = State::kReading;
  Read();
}

void Exchange::Send() {
  const absl::StatusOr<size_t> bytes = CatchExceptions([this] { return Encode(pipeline_.response()); });
  Failpoint("rpc.before_answer");
  if (!bytes.ok()) return Answer(bytes.status());
  if (pipeline_.answers_once()) pipeline_.Release();
  pipeline_.HoldAnswer(*bytes);
  MutexLock lock(mutex_);
  if (state_ == State::kAnswered) return;
  ++outcome_.sent;
  patience_ = Deadline::After(router_.options().slow_client);
  if (!pipeline_.answers_once() || !habits_.sends_together) {
    state_ = State::kWriting;
    return Write();
  }
  state_ = State::kAnswered;
  outcome_.elapsed = pipeline_.Elapsed();
  pipeline_.GiveUpPlace();
  WriteAndEnd();
}

void Exchange::Wait(bool soon) {
  begun_ |= soon;
  if (!soon && !std::exchange(attended_, true)) {
    in_flight_.Attend(this, [link = link_] { link->Do(&Exchange::Stop); });
  }
  bool stop = false;
  {
    MutexLock lock(mutex_);
    if (state_ == State::kAnswered) return;
    stop = stopping_ && !soon;
    if (!woken_ && !stop) {
      state_ = soon ? State::kSoon : State::kWaiting;
      return;
    }
    stop = !woken_;
  }
  if (stop) return Answer(Fail("SHUTTING_DOWN"_reason));
  GoOn(soon);
}

void Exchange::GoOn(bool soon) {
  const bool here = soon && pipeline_.call().on_grpc_thread;
  if (here && RunSoon([self = shared_from_this()] { self->Run(Step::kNext); })) return;
  Post(Step::kNext);
}

void Exchange::Answer(const absl::Status& status) {
  const Call& call = pipeline_.call();
  grpc::Status told = router_.options().tell(status, call.headers.language, call.correlation_id);
  MutexLock lock(mutex_);
  if (state_ == State::kAnswered) return;
  if (state_ == State::kWriting) {         // OnWriteDone calls this function again
    if (cut_off_.ok()) cut_off_ = status;  // the cancellation that follows calls it again too
    return CutOff();
  }
  state_ = State::kAnswered;
  patience_ = Deadline::Never();
  pipeline_.Over();
  outcome_.code = static_cast<absl::StatusCode>(told.error_code());
  outcome_.reason = status.ok() ? Reason() : ReasonOf(status);
  outcome_.elapsed = pipeline_.Elapsed();
  End(std::move(told));
}

void Exchange::Wake() {
  bool soon = false;
  {
    MutexLock lock(mutex_);
    woken_ = true;
    soon = state_ == State::kSoon;
    if (state_ != State::kWaiting && !soon) return;
    state_ = State::kRunning;
  }
  GoOn(soon);  // never runs it here: the caller of wake may hold locks
}

void Exchange::LookLater() {
  const Router::Options& options = router_.options();
  const absl::Duration pause = std::min(options.first_message, options.slow_client) / 4;
  look_ = in_flight_.deadlines().Add(std::min(pause, deadline_.Left()), link_, &Exchange::Look);
}

absl::Status Exchange::Overdue() {
  if (deadline_.Over()) return Fail("DEADLINE_EXCEEDED"_reason);
  if (!patience_.Over()) return absl::OkStatus();
  const Router::Options& options = router_.options();
  const bool silent = state_ == State::kReading;
  const absl::Duration patience = silent ? options.first_message : options.slow_client;
  return Fail(silent ? "FIRST_MESSAGE_MISSING"_reason : "CLIENT_TOO_SLOW"_reason,
              {{"seconds", absl::StrCat(absl::ToInt64Seconds(patience))}});
}

void Exchange::Look() {
  absl::Status why;
  {
    MutexLock lock(mutex_);
    why = Overdue();
    if (why.ok()) return LookLater();
    const bool answered = state_ == State::kAnswered;
    if (answered && outcome_.code == absl::StatusCode::kOk) {
      outcome_.code = why.code();
      outcome_.reason = ReasonOf(why);
    }
    if (state_ == State::kWriting && cut_off_.ok()) cut_off_ = why;
    // Under one lock: a write that ended in between would look like a cancellation by the client.
    if (answered || state_ == State::kWriting) return CutOff();  // OnWriteDone gives the answer
    pipeline_.call().cancelled = true;
  }
  Answer(why);
}

void Exchange::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    if (state_ != State::kWaiting) return;
    state_ = State::kRunning;
  }
  Answer(Fail("SHUTTING_DOWN"_reason));
}

}  // namespace tsunagu::rpc
