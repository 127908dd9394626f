#include "common/rpc/exchange.h"

#include <utility>

#include "common/base/failpoint.h"
#include "common/rpc/call_log.h"
#include "common/rpc/headers.h"
#include "common/rpc/status.h"
#include "common/rpc/wire.h"

namespace tsunagu::rpc {

grpc::ServerGenericBidiReactor* Exchange::Start(const Router& router, InFlight& in_flight, bool in_process,
                                                grpc::GenericCallbackServerContext& context) {
  std::shared_ptr<Exchange> exchange(new Exchange(router, in_flight, in_process, context));
  exchange->self_ = exchange;
  exchange->Begin();
  return exchange.get();
}

Exchange::Exchange(const Router& router, InFlight& in_flight, bool in_process,
                   grpc::GenericCallbackServerContext& context)
    : router_(router), in_flight_(in_flight), in_process_(in_process), context_(context), pipeline_(router, in_flight),
      link_(std::make_shared<Link<Exchange>>(*this)) {}

Exchange::~Exchange() {
  if (attended_) in_flight_.Forget(this);
}

void Exchange::Begin() {
  Call& call = pipeline_.call();
  call.wake = [link = link_] { link->Do(&Exchange::Wake); };
  context_.AddInitialMetadata(kCorrelationHeader, call.correlation_id);
  const auto& metadata = context_.client_metadata();
  const absl::Duration timeout = absl::FromChrono(context_.deadline()) - Clock::System().Now();
  const absl::Status admitted = pipeline_.Admit(
      {context_.method(), SizeOf(metadata), metadata.size(), ReadHeaders(metadata), timeout});
  if (!admitted.ok()) return Answer(admitted);
  SetDeadline(timeout);
  if (!pipeline_.answers_once()) SetPatrol();
  Read();
}

// Where the client allows more time than we do; otherwise gRPC keeps the time.
void Exchange::SetDeadline(absl::Duration timeout) {
  const absl::Duration allowed = pipeline_.call().deadline.Left();
  if (allowed >= timeout) return;
  deadline_ = in_flight_.deadlines().Add(allowed, link_, &Exchange::Expire);
}

void Exchange::OnReadDone(bool ok) {
  {
    MutexLock lock(mutex_);
    if (state_ == State::kAnswered) return;
    state_ = State::kRunning;
    if (ok) ++outcome_.received;
  }
  // A client that has gone has not finished: what it sent must not be taken for the whole.
  if (!ok && context_.IsCancelled()) return OnCancel();
  if (pipeline_.candidate() == nullptr) {
    const absl::Status chosen =
        ok ? pipeline_.Choose([this](auto& message) { return Unpack(message); })
           : Fail("MALFORMED_MESSAGE"_reason);
    if (!chosen.ok()) return Answer(chosen);
  }
  Schedule(ok ? Step::kTake : Step::kClose);
}

void Exchange::OnWriteDone(bool ok) {
  absl::Status end;
  {
    MutexLock lock(mutex_);
    state_ = State::kRunning;
    end = cut_off_;
  }
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
    if (!cut_off_.ok()) why = cut_off_;  // it was us, and this may come before OnWriteDone's answer
  }
  Answer(why);
}

void Exchange::OnDone() {
  link_->Cut();
  if (deadline_.has_value()) in_flight_.deadlines().Remove(*deadline_);
  patrol_.reset();
  Outcome outcome;
  {
    MutexLock lock(mutex_);
    outcome = outcome_;
  }
  pipeline_.Count(outcome);
  const std::shared_ptr<Exchange> self = std::move(self_);  // the last one, unless a task still runs
}

void Exchange::Schedule(Step step) {
  if (!pipeline_.candidate()->binding->never_blocks) return Post(step);
  pipeline_.call().on_grpc_thread = true;
  Run(step);
}

void Exchange::Post(Step step) {
  Executor& executor = pipeline_.candidate()->module->executor();
  auto task = [self = shared_from_this(), step, queued = Stopwatch()] { self->RunLate(step, queued.Elapsed()); };
  if (executor.TryPost(std::move(task), pipeline_.route().lane)) return;
  Answer(Fail("TOO_BUSY"_reason));
}

void Exchange::RunLate(Step step, absl::Duration waited) {
  pipeline_.call().on_grpc_thread = false;
  if (!pipeline_.Waited(waited)) return Answer(Fail("DEADLINE_EXCEEDED"_reason));
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
  const absl::StatusOr<Stream::Pull> pulled = Do(step);
  if (!pulled.ok()) {
    pipeline_.GiveUpPlace();
    return Answer(pulled.status());
  }
  switch (*pulled) {
    case Stream::Pull::kMessage:
      return Send();
    case Stream::Pull::kEnd:
      return pipeline_.closed() ? Answer(absl::OkStatus()) : Read();
    case Stream::Pull::kLater:
      return Wait();
  }
}

absl::StatusOr<Stream::Pull> Exchange::Do(Step step) {
  switch (step) {
    case Step::kTake:
      return pipeline_.Take([this](auto& message) { return Unpack(message); });
    case Step::kClose:
      return pipeline_.Close();
    case Step::kNext:
      break;
  }
  return pipeline_.Next();
}

absl::Status Exchange::Unpack(google::protobuf::Message& message) {
  const absl::Status decoded = Decode(in_, message);
  in_.Clear();
  return decoded;
}

void Exchange::Read() {
  MutexLock lock(mutex_);
  if (state_ == State::kAnswered) return;
  state_ = State::kReading;
  StartRead(&in_);
}

void Exchange::Send() {
  absl::StatusOr<grpc::ByteBuffer> bytes = Encode(pipeline_.response());
  Failpoint("rpc.before_answer");
  if (!bytes.ok()) return Answer(bytes.status());
  if (pipeline_.answers_once()) pipeline_.Release();
  MutexLock lock(mutex_);
  if (state_ == State::kAnswered) return;
  out_ = *std::move(bytes);
  ++outcome_.sent;
  if (!pipeline_.answers_once() || in_process_) {
    state_ = State::kWriting;
    writing_ = Stopwatch();
    return StartWrite(&out_);
  }
  state_ = State::kAnswered;
  outcome_.elapsed = pipeline_.Elapsed();
  AddNotes();
  pipeline_.GiveUpPlace();
  StartWriteAndFinish(&out_, grpc::WriteOptions(), grpc::Status::OK);
}

void Exchange::Wait() {
  if (!std::exchange(attended_, true)) {
    in_flight_.Attend(this, [link = link_] { link->Do(&Exchange::Stop); });
  }
  bool stop = false;
  {
    MutexLock lock(mutex_);
    if (state_ == State::kAnswered) return;
    stop = stopping_;
    if (!woken_ && !stop) {
      state_ = State::kWaiting;
      return;
    }
    stop = !woken_;
  }
  if (stop) return Answer(Fail("SHUTTING_DOWN"_reason));
  Post(Step::kNext);
}

void Exchange::Answer(const absl::Status& status) {
  const Call& call = pipeline_.call();
  grpc::Status told = ToGrpc(status, call.headers.language, call.correlation_id);
  MutexLock lock(mutex_);
  if (state_ == State::kAnswered) return;
  if (state_ == State::kWriting) {  // OnWriteDone comes back here
    if (cut_off_.ok()) cut_off_ = status;  // cancelling comes back here, as a cancellation
    return context_.TryCancel();
  }
  state_ = State::kAnswered;
  outcome_.code = static_cast<absl::StatusCode>(told.error_code());
  outcome_.reason = status.ok() ? Reason() : ReasonOf(status);
  outcome_.elapsed = pipeline_.Elapsed();
  AddNotes();
  Finish(std::move(told));
}

void Exchange::AddNotes() {
  for (const auto& [name, value] : pipeline_.call().notes) context_.AddTrailingMetadata(name, value);
}

void Exchange::Wake() {
  {
    MutexLock lock(mutex_);
    woken_ = true;
    if (state_ != State::kWaiting) return;
    state_ = State::kRunning;
  }
  Post(Step::kNext);  // never here: whoever wakes may hold locks
}

void Exchange::Expire() {
  pipeline_.call().cancelled = true;
  {
    MutexLock lock(mutex_);
    if (state_ == State::kAnswered) return context_.TryCancel();  // the client does not take the answer
  }
  Answer(Fail("DEADLINE_EXCEEDED"_reason));
}

void Exchange::SetPatrol() {
  patrol_.emplace();  // of the one that has just rung, gRPC keeps what it still needs
  patrol_->Set(absl::ToChronoTime(Clock::System().Now() + router_.options().slow_client / 4),
               [link = link_](bool rung) {
                 if (rung) link->Do(&Exchange::Patrol);
               });
}

void Exchange::Patrol() {
  const absl::Duration patience = router_.options().slow_client;
  {
    MutexLock lock(mutex_);
    // In one go: were the write to end in between, it would be taken for a cancellation by the client.
    if (state_ == State::kWriting && writing_.Elapsed() > patience) {
      if (cut_off_.ok()) {
        cut_off_ = Fail("CLIENT_TOO_SLOW"_reason, {{"seconds", std::to_string(absl::ToInt64Seconds(patience))}});
      }
      return context_.TryCancel();  // OnWriteDone answers
    }
  }
  SetPatrol();
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
