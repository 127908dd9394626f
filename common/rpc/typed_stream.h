#ifndef TSUNAGU_COMMON_RPC_TYPED_STREAM_H_
#define TSUNAGU_COMMON_RPC_TYPED_STREAM_H_

#include <memory>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "google/protobuf/message.h"

// The interfaces for handlers of streams, and the adapters that turn typed handlers into Streams (for bind.h).
namespace tsunagu::rpc {

// The messages that a server stream sends.
template <class R>
class Source {
 public:
  using Response = R;
  virtual ~Source() = default;
  // Fills the next message; returns false when there is none.
  virtual absl::StatusOr<bool> Next(R& response) = 0;
};

// Receives a client stream.
template <class Q, class R>
class Sink {
 public:
  using Request = Q;
  using Response = R;
  virtual ~Sink() = default;
  virtual absl::Status Push(const Q& request) = 0;
  // The client has sent all messages: returns the answer.
  virtual absl::StatusOr<R> Finish() = 0;
};

// Receives and sends. After every Push, and after Close, Next is called until it returns false.
template <class Q, class R>
class Duplex {
 public:
  using Request = Q;
  using Response = R;
  virtual ~Duplex() = default;
  virtual absl::Status Push(const Q& request) = 0;
  virtual absl::Status Close() { return absl::OkStatus(); }
  virtual absl::StatusOr<bool> Next(R& response) = 0;
};

namespace internal {

template <class T>
struct Pointee;
template <class T>
struct Pointee<std::unique_ptr<T>> {
  using Type = T;
};
template <class T>
struct Pointee<absl::StatusOr<std::unique_ptr<T>>> {
  using Type = T;
};

// The request and result types of a handler: a function, or a lambda without `auto`.
template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class F, class R, class Q>
struct Signature<R (F::*)(Call&, const Q&) const> : Signature<R (*)(Call&, const Q&)> {};
template <class F, class R>
struct Signature<R (F::*)(Call&) const> : Signature<R (*)(Call&)> {};
template <class R, class Q>
struct Signature<R (*)(Call&, const Q&)> {
  using Request = Q;
  using Result = R;
};
template <class R>
struct Signature<R (*)(Call&)> {
  using Result = R;
};

inline absl::StatusOr<Stream::Pull> PullOf(const absl::StatusOr<bool>& more) {
  if (!more.ok()) return more.status();
  return *more ? Stream::Pull::kMessage : Stream::Pull::kEnd;
}

template <class Q, class R, class F>
class UnaryStream : public Stream {
 public:
  UnaryStream(Call& call, const F& handler) : call_(call), handler_(handler) {}
  absl::Status Push(const google::protobuf::Message& request) override {
    absl::StatusOr<R> answer = handler_(call_, static_cast<const Q&>(request));
    if (!answer.ok()) return std::move(answer).status();
    answer_ = *std::move(answer);
    return absl::OkStatus();
  }
  absl::StatusOr<Pull> Next(google::protobuf::Message& response) override {
    if (!answer_) return Pull::kEnd;
    static_cast<R&>(response).Swap(&*answer_);
    answer_.reset();
    return Pull::kMessage;
  }

 private:
  Call& call_;
  const F& handler_;
  std::optional<R> answer_;
};

template <class F>
class UntypedStream : public Stream {
 public:
  UntypedStream(Call& call, const F& handler) : call_(call), handler_(handler) {}
  // The handler runs in Next and writes directly into the message that is sent.
  absl::Status Push(const google::protobuf::Message& request) override {
    request_ = &request;
    return absl::OkStatus();
  }
  absl::StatusOr<Pull> Next(google::protobuf::Message& response) override {
    const absl::Status status = handler_(call_, *request_, response);
    if (status.ok()) return Pull::kMessage;
    if (!call_.on_grpc_thread || !(absl::IsDeadlineExceeded(status) || absl::IsUnavailable(status))) return status;
    call_.wake();  // on the executor
    return Pull::kLater;
  }

 private:
  Call& call_;
  const F& handler_;
  const google::protobuf::Message* request_ = nullptr;
};

template <class Q, class R, class F>
class SourceStream : public Stream {
 public:
  SourceStream(Call& call, const F& handler) : call_(call), handler_(handler) {}
  absl::Status Push(const google::protobuf::Message& request) override {
    auto source = handler_(call_, static_cast<const Q&>(request));
    if (!source.ok()) return std::move(source).status();
    source_ = *std::move(source);
    return absl::OkStatus();
  }
  absl::StatusOr<Pull> Next(google::protobuf::Message& response) override {
    return PullOf(source_->Next(static_cast<R&>(response)));
  }

 private:
  Call& call_;
  const F& handler_;
  std::unique_ptr<Source<R>> source_;
};

template <class Q, class R>
class SinkStream : public Stream {
 public:
  explicit SinkStream(std::unique_ptr<Sink<Q, R>> sink) : sink_(std::move(sink)) {}
  absl::Status Push(const google::protobuf::Message& request) override {
    return sink_->Push(static_cast<const Q&>(request));
  }
  absl::StatusOr<Pull> Next(google::protobuf::Message& response) override {
    absl::StatusOr<R> answer = sink_->Finish();
    if (!answer.ok()) return std::move(answer).status();
    static_cast<R&>(response).Swap(&*answer);
    return Pull::kMessage;
  }

 private:
  const std::unique_ptr<Sink<Q, R>> sink_;
};

template <class Q, class R>
class DuplexStream : public Stream {
 public:
  explicit DuplexStream(std::unique_ptr<Duplex<Q, R>> duplex) : duplex_(std::move(duplex)) {}
  absl::Status Push(const google::protobuf::Message& request) override {
    return duplex_->Push(static_cast<const Q&>(request));
  }
  absl::Status Close() override { return duplex_->Close(); }
  absl::StatusOr<Pull> Next(google::protobuf::Message& response) override {
    return PullOf(duplex_->Next(static_cast<R&>(response)));
  }

 private:
  const std::unique_ptr<Duplex<Q, R>> duplex_;
};

}  // namespace internal

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_TYPED_STREAM_H_
