#ifndef TSUNAGU_COMMON_WEB_WAYS_IN_H_
#define TSUNAGU_COMMON_WEB_WAYS_IN_H_

#include <memory>
#include <string>
#include <utility>

#include "common/rpc/echo_fixture.h"
#include "common/web/server.h"
#include "grpcpp/create_channel.h"

// For tests: the same calls over every transport.
namespace tsunagu::web {

enum class Way { kInProcess, kWeb };

inline std::string NameOf(Way way) { return way == Way::kInProcess ? "InProcess" : "Web"; }

struct WaysIn : rpc::EchoServer {
  explicit WaysIn(rpc::Router::Options options = {}, Executor::Limits limits = {40, 200},
                  Server::Options web_options = {})
      : EchoServer(std::move(options), limits) {
    web_options.health = &health;
    web = *Server::Start(*router, std::move(web_options));
  }

  std::shared_ptr<grpc::Channel> Channel(Way way) {
    return way == Way::kInProcess ? server->Channel() : rpc::Connect(web->address());
  }
  // Over the web listener.
  std::shared_ptr<grpc::Channel> Channel(const grpc::ChannelArguments& arguments) {
    return grpc::CreateCustomChannel(web->address(), grpc::InsecureChannelCredentials(), arguments);
  }
  int in_flight() const { return server->in_flight() + web->in_flight(); }
  // Stops in the order of a host: calls from the web may still need other calls in process.
  void Stop(absl::Duration grace) {
    const Deadline deadline = Deadline::After(grace);
    web->Stop(grace);
    server->Stop(deadline.Left());
  }

  std::unique_ptr<Server> web;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_WAYS_IN_H_
