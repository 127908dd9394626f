// The web listener of the shipped binary.
#include <signal.h>

#include "gmock/gmock.h"
#include "tests/process/http.h"
#include "tests/process/server.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu::process {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

ServerProcess::Options WithWeb() {
  ServerProcess::Options options;
  options.web_listener = true;
  return options;
}

std::string Get(const ServerProcess& server, const std::string& path) {
  return *HttpExchange(server.web_address(), "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
}

TEST(WebListenerTest, CarriesTheSameCalls) {
  const Folder folder;
  ServerProcess server(folder.path(), WithWeb());
  EXPECT_THAT(Get(server, "/healthz"), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(Get(server, "/readyz"), StartsWith("HTTP/1.1 200 OK"));
  rpc::Peer peer("web", rpc::Connect(server.web_address()));
  registry::v1::ListAreasRequest request;
  EXPECT_TRUE(peer.Unary<registry::v1::ListAreasResponse>("tsunagu.registry.v1.AreaService/ListAreas", request,
                                                          server.call_options())
                  .ok());
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Wait(), 0);
}

TEST(WebListenerTest, WhatItCannotOpenIsToldBeforeAnythingIsServed) {
  const Folder folder;
  const auto why = [&](std::vector<std::string> flags) {
    std::vector<std::string> command = {Binary("tsunagu"), "serve", "--data-dir", folder.path(), "--listen",
                                        "127.0.0.1:0", "--lang", "en"};
    command.insert(command.end(), flags.begin(), flags.end());
    const Outcome outcome = RunToEnd(command);
    EXPECT_EQ(outcome.code, 1);
    return outcome.errors;
  };
  EXPECT_THAT(why({"--web-listen", "0.0.0.0:0"}), HasSubstr("without TLS"));
  EXPECT_THAT(why({"--web-listen", "127.0.0.1:0", "--web-tls-cert", "cert.pem"}), HasSubstr("--web-tls-key"));
  EXPECT_THAT(why({"--web-listen", "127.0.0.1:none"}), HasSubstr("cannot listen on 127.0.0.1:none"));
}

}  // namespace
}  // namespace tsunagu::process
