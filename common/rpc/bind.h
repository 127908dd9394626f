#ifndef TSUNAGU_COMMON_RPC_BIND_H_
#define TSUNAGU_COMMON_RPC_BIND_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/rpc/router.h"
#include "common/rpc/typed_stream.h"
#include "google/protobuf/message.h"

namespace tsunagu::rpc {

// Binds the methods of one gRPC service to handlers. The handlers' types give the request and response types;
// Router::Create checks them. Handlers are called from many threads at once.
class Binder {
 public:
  using UntypedHandler =
      std::function<absl::Status(Call&, const google::protobuf::Message& request, google::protobuf::Message& response)>;

  // `service` is "tsunagu.registry.v1.AreaService".
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

  // Binds a method of any kind to a Stream, which may use kLater.
  template <class Q, class R>
  Binder& Raw(absl::string_view method, StreamFactory open) {
    return Bind(method, {std::move(open), &Q::default_instance(), &R::default_instance()});
  }

  // Bind a handler, or a Stream, for many types. Router::Create reports a method that is in no contract.
  Binder& UnaryUntyped(absl::string_view method, UntypedHandler handler);
  Binder& RawUntyped(absl::string_view method, StreamFactory open);

  // Marks the last bound method as taking only microseconds, so that it may run on gRPC's thread. Neither it nor what
  // the module wraps around it may wait. An untyped handler waits no longer than Call::patience, and runs again on the
  // executor when that was too short.
  Binder& NeverBlocks() {
    last_->never_blocks = true;
    return *this;
  }
  // Sets the permission of the last bound method, for contracts of others, which name none.
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
