// The web listener of the shipped binary.
#include <signal.h>

#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "tests/process/http.h"
#include "tests/process/server.h"
#include "tsunagu/platform/v1/access.pb.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"

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

// A caller with a client certificate and no key: unknown until the certificate is registered as an identity, then
// exactly that caller.
TEST(WebListenerTest, ACertificateIsACaller) {
  const Folder folder;
  const auto openssl = [&](std::vector<std::string> what) {
    what.insert(what.begin(), "/usr/bin/openssl");
    const Outcome outcome = RunToEnd(what);
    ASSERT_EQ(outcome.code, 0) << outcome.errors;
  };
  const auto self_signed = [&](const std::string& name, const std::string& alternative) {
    openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "1", "-subj",
             "/CN=test", "-addext", "subjectAltName=" + alternative, "-keyout", folder / (name + ".key"), "-out",
             folder / (name + ".crt")});
  };
  self_signed("server", "DNS:localhost");
  self_signed("client", "URI:spiffe://pref31/hr");  // its own authority
  ServerProcess::Options options = WithWeb();
  options.flags = {"--web-tls-cert",      folder / "server.crt", "--web-tls-key",
                   folder / "server.key", "--web-client-ca",     folder / "client.crt"};
  ServerProcess server(folder / "data", std::move(options));

  grpc::SslCredentialsOptions credentials;
  credentials.pem_root_certs = ReadFile(folder / "server.crt");
  credentials.pem_cert_chain = ReadFile(folder / "client.crt");
  credentials.pem_private_key = ReadFile(folder / "client.key");
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("localhost");
  rpc::Peer peer("web", grpc::CreateCustomChannel(server.web_address(), grpc::SslCredentials(credentials), arguments));
  const auto list = [&] {
    rpc::CallOptions call = server.call_options();
    call.api_key.clear();
    return RefusalOf(
        peer.Unary<registry::v1::ListFacilitiesResponse>("tsunagu.registry.v1.FacilityService/ListFacilities",
                                                         registry::v1::ListFacilitiesRequest(), call)
            .status());
  };
  EXPECT_EQ(list(), Refusal(absl::StatusCode::kUnauthenticated, "CERTIFICATE_UNKNOWN"));

  platform::v1::SetPrincipalRequest principal;
  principal.set_parent("services/registry");
  principal.set_principal_id("hr");
  platform::v1::Grant& grant = *principal.mutable_principal()->add_grants();
  grant.set_role("prefecture-officer");
  grant.set_scope("*");
  principal.mutable_principal()->add_identities()->set_certificate("uri:spiffe://pref31/hr");
  ASSERT_TRUE(server.Call<platform::v1::Principal>("platform.v1.AccessService/SetPrincipal", principal).ok());
  EXPECT_EQ(list(), Refusal(absl::StatusCode::kOk, ""));
}

TEST(WebListenerTest, WhatItCannotOpenIsToldBeforeAnythingIsServed) {
  const Folder folder;
  const auto why = [&](std::vector<std::string> flags) {
    std::vector<std::string> command = {Binary("tsunagu"), "serve",       "--data-dir", folder.path(),
                                        "--listen",        "127.0.0.1:0", "--lang",     "en"};
    command.insert(command.end(), flags.begin(), flags.end());
    const Outcome outcome = RunToEnd(command);
    EXPECT_EQ(outcome.code, 1);
    return outcome.errors;
  };
  EXPECT_THAT(why({"--web-listen", "0.0.0.0:0"}), HasSubstr("without TLS"));
  EXPECT_THAT(why({"--web-listen", "127.0.0.1:0", "--web-tls-cert", "cert.pem"}), HasSubstr("--web-tls-key"));
  EXPECT_THAT(why({"--web-origins", "*"}), HasSubstr("is no origin"));
  EXPECT_THAT(why({"--web-listen", "127.0.0.1:none"}), HasSubstr("cannot listen on 127.0.0.1:none"));
}

}  // namespace
}  // namespace tsunagu::process
