#ifndef TSUNAGU_COMMON_RPC_BIND_H_
#define TSUNAGU_COMMON_RPC_BIND_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/rpc/router.h"
#include "google/protobuf/message.h"

namespace tsunagu::rpc {

// What a server stream sends.
template <class R>
class Source {
 public:
  using Response = R;
  virtual ~Source() = default;
  // Fills the next message; false when there is none.
  virtual absl::StatusOr<bool> Next(R& response) = 0;
};

// What takes a client stream.
template <class Q, class R>
class Sink {
 public:
  using Request = Q;
  using Response = R;
  virtual ~Sink() = default;
  virtual absl::Status Push(const Q& request) = 0;
  // The client has sent everything: the answer.
  virtual absl::StatusOr<R> Finish() = 0;
};

// Both at once. After every Push, and after Close, Next until it says false.
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
struct Pointee<std::unique_ptr<T>> { using Type = T; };
template <class T>
struct Pointee<absl::StatusOr<std::unique_ptr<T>>> { using Type = T; };

// What a handler takes and gives: a function, or a lambda without `auto`.
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
  UntypedStream(Call& call, const F& handler, const google::protobuf::Message& response)
      : call_(call), handler_(handler), answer_(response.New()) {}
  absl::Status Push(const google::protobuf::Message& request) override { return handler_(call_, request, *answer_); }
  absl::StatusOr<Pull> Next(google::protobuf::Message& response) override {
    response.GetReflection()->Swap(&response, answer_.get());
    return Pull::kMessage;
  }

 private:
  Call& call_;
  const F& handler_;
  const std::unique_ptr<google::protobuf::Message> answer_;
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

// Binds the methods of one gRPC service to handlers whose types say what they take and give; Router::Create checks
// them. Handlers are called from many threads at once.
class Binder {
 public:
  using UntypedHandler =
      std::function<absl::Status(Call&, const google::protobuf::Message& request, google::protobuf::Message& response)>;

  // "tsunagu.registry.v1.AreaService"
  Binder(Module& module, absl::string_view service) : module_(module), service_(service) {}

  // absl::StatusOr<Response> (Call&, const Request&)
  template <class F>
  Binder& Unary(absl::string_view method, F handler) {
    using Q = typename internal::Signature<F>::Request;
    using R = typename internal::Signature<F>::Result::value_type;
    return Raw<Q, R>(method, [handler = std::move(handler)](Call& call) -> std::unique_ptr<Stream> {
      return std::make_unique<internal::UnaryStream<Q, R, F>>(call, handler);
    });
  }

  // absl::StatusOr<std::unique_ptr<Source<Response>>> (Call&, const Request&)
  template <class F>
  Binder& ServerStream(absl::string_view method, F handler) {
    using Q = typename internal::Signature<F>::Request;
    using R = typename internal::Pointee<typename internal::Signature<F>::Result>::Type::Response;
    return Raw<Q, R>(method, [handler = std::move(handler)](Call& call) -> std::unique_ptr<Stream> {
      return std::make_unique<internal::SourceStream<Q, R, F>>(call, handler);
    });
  }

  // std::unique_ptr<Sink<Request, Response>> (Call&)
  template <class F>
  Binder& ClientStream(absl::string_view method, F handler) {
    using S = typename internal::Pointee<typename internal::Signature<F>::Result>::Type;
    using Q = typename S::Request;
    using R = typename S::Response;
    return Raw<Q, R>(method, [handler = std::move(handler)](Call& call) -> std::unique_ptr<Stream> {
      return std::make_unique<internal::SinkStream<Q, R>>(handler(call));
    });
  }

  // std::unique_ptr<Duplex<Request, Response>> (Call&)
  template <class F>
  Binder& Bidi(absl::string_view method, F handler) {
    using D = typename internal::Pointee<typename internal::Signature<F>::Result>::Type;
    using Q = typename D::Request;
    using R = typename D::Response;
    return Raw<Q, R>(method, [handler = std::move(handler)](Call& call) -> std::unique_ptr<Stream> {
      return std::make_unique<internal::DuplexStream<Q, R>>(handler(call));
    });
  }

  // Any kind, with the whole of Stream (kLater).
  template <class Q, class R>
  Binder& Raw(absl::string_view method, StreamFactory open) {
    return Bind(method, {std::move(open), &Q::default_instance(), &R::default_instance()});
  }

  // A handler for many types; a method that is in no contract is left to Router::Create.
  Binder& UnaryUntyped(absl::string_view method, UntypedHandler handler);

  // Of the last one bound: it waits for nothing and takes microseconds, so it may run on gRPC's thread.
  Binder& NeverBlocks() {
    last_->never_blocks = true;
    return *this;
  }
  // Of the last one bound, where its contract is not ours and names none.
  Binder& Permission(std::string permission) {
    last_->permission = std::move(permission);
    return *this;
  }

 private:
  Binder& Bind(absl::string_view method, Module::Binding binding) {
    last_ = &module_.Bind(absl::StrCat(service_, "/", method), std::move(binding));
    return *this;
  }

  Module& module_;
  const std::string service_;
  Module::Binding* last_ = nullptr;
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_BIND_H_
