// Who may connect over TLS, and as whom the server sees them.
#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/testing/identity.h"
#include "common/web/ways_in.h"
#include "gmock/gmock.h"
#include "grpcpp/security/credentials.h"

namespace tsunagu::web {
namespace {

using namespace rpc;  // NOLINT: what is called is there
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr char kEcho[] = "tsunagu.testing.EchoService/Echo";

class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    signal(SIGPIPE, SIG_IGN);  // as the process of a server does
    WriteServer(server_);
    Write("ca.pem", CertificatePem(authority_));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void Write(const std::string& name, const std::string& text) { std::ofstream(folder_ + "/" + name) << text; }
  void WriteServer(const Identity& identity) {
    Write("cert.pem", CertificatePem(identity));
    Write("key.pem", KeyPem(identity));
  }
  void Serve() {
    Server::Options options;
    options.listeners[0].tls = {{folder_ + "/cert.pem"}, {folder_ + "/key.pem"}, folder_ + "/ca.pem"};
    ways_ = std::make_unique<WaysIn>(Router::Options(), Executor::Limits{40, 200}, std::move(options));
  }
  // Calls Echo over TLS, with that identity or none. The caller trusts `trusted`.
  absl::StatusOr<EchoResponse> Ask(const Identity* identity, const std::string& key, const Identity& trusted,
                                   const std::string& name = "localhost") {
    grpc::SslCredentialsOptions credentials;
    credentials.pem_root_certs = CertificatePem(trusted);
    if (identity != nullptr) {
      credentials.pem_cert_chain = CertificatePem(*identity);
      credentials.pem_private_key = KeyPem(*identity);
    }
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetSslTargetNameOverride(name);
    Peer peer("echo", grpc::CreateCustomChannel(ways_->web->address(), grpc::SslCredentials(credentials), arguments));
    CallOptions options = Key(key, absl::Seconds(5));
    return peer.Unary<EchoResponse>(kEcho, Saying("つなぐ"), options);
  }

  // A separate folder, deleted at the end.
  const std::string folder_ = [] {
    std::string name = ::testing::TempDir() + "/tls-XXXXXX";
    return std::string(mkdtemp(name.data()));
  }();
  const Identity authority_ = MakeIdentity({"見本認証局", "", -3600, 3600, true});
  const Identity server_ = MakeIdentity({"localhost", "DNS:localhost,IP:127.0.0.1"});
  std::unique_ptr<WaysIn> ways_;
};

TEST_F(TlsTest, AKeyIsEnough) {
  Serve();
  const auto answer = Ask(nullptr, "good", server_);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->text(), "つなぐ");
}

TEST_F(TlsTest, WhoShowsACertificateMustShowAGoodOne) {
  Serve();
  const Identity good = MakeIdentity({"client", "URI:spiffe://pref31/registry"}, &authority_);
  EXPECT_TRUE(Ask(&good, "good", server_).ok());
  const Identity stranger = MakeIdentity({"見知らぬ認証局", "", -3600, 3600, true});
  const std::pair<const char*, Identity> refused[] = {
      {"self-signed", MakeIdentity({"client", "URI:spiffe://pref31/registry"})},
      {"signed by a stranger", MakeIdentity({"client", "URI:spiffe://pref31/registry"}, &stranger)},
      {"over", MakeIdentity({"client", "URI:spiffe://pref31/registry", -7200, -1}, &authority_)},
      {"not begun", MakeIdentity({"client", "URI:spiffe://pref31/registry", 600, 7200}, &authority_)},
  };
  for (const auto& [why, identity] : refused) {
    EXPECT_EQ(Ask(&identity, "good", server_).status().code(), absl::StatusCode::kUnavailable) << why;
  }
  EXPECT_TRUE(Ask(&good, "good", server_).ok()) << "others notice nothing";
}

// Otherwise a certificate would be valid as long as its session is resumed.
TEST_F(TlsTest, NoSessionIsTakenUpAgain) {
  Serve();
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT);
  static int offered;
  offered = 0;
  SSL_CTX_sess_set_new_cb(context, [](SSL*, SSL_SESSION*) { return ++offered, 0; });
  BIO* connection = BIO_new_ssl_connect(context);
  BIO_set_conn_hostname(connection, ways_->web->address().c_str());
  ASSERT_EQ(BIO_do_connect(connection), 1);
  BIO_puts(connection, "GET /docs HTTP/1.1\r\nHost: x\r\n\r\n");
  char heard[64];
  EXPECT_GT(BIO_read(connection, heard, sizeof(heard)), 0);
  EXPECT_EQ(offered, 0);
  BIO_free_all(connection);
  SSL_CTX_free(context);
}

TEST_F(TlsTest, WhyACertificateIsRefusedIsHeard) {
  Serve();
  const Identity expired = MakeIdentity({"client", "URI:spiffe://pref31/registry", -7200, -1}, &authority_);
  Write("client.pem", CertificatePem(expired));
  Write("client-key.pem", KeyPem(expired));
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_use_certificate_file(context, (folder_ + "/client.pem").c_str(), SSL_FILETYPE_PEM);
  SSL_CTX_use_PrivateKey_file(context, (folder_ + "/client-key.pem").c_str(), SSL_FILETYPE_PEM);
  BIO* connection = BIO_new_ssl_connect(context);
  BIO_set_conn_hostname(connection, ways_->web->address().c_str());
  ASSERT_EQ(BIO_do_connect(connection), 1);
  // More than one read of the server: it closes while bytes are unread.
  const std::string request = "GET /docs HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(200'000, 'x');
  BIO_write(connection, request.data(), static_cast<int>(request.size()));
  char heard = 0;
  ERR_clear_error();
  EXPECT_LE(BIO_read(connection, &heard, 1), 0);
  EXPECT_EQ(ERR_GET_REASON(ERR_peek_error()), SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED);
  BIO_free_all(connection);
  SSL_CTX_free(context);
}

TEST_F(TlsTest, WhoForgetsItIsTold) {
  Serve();
  BIO* connection = BIO_new_connect(ways_->web->address().c_str());
  ASSERT_EQ(BIO_do_connect(connection), 1);
  BIO_puts(connection, "GET /docs HTTP/1.1\r\nHost: x\r\n\r\n");
  std::string heard(1'000, '\0');
  int size = 0;
  for (int piece = 1; piece > 0; size += std::max(piece, 0)) {
    piece = BIO_read(connection, heard.data() + size, static_cast<int>(heard.size()) - size);
  }
  heard.resize(static_cast<size_t>(size));
  EXPECT_THAT(heard, ::testing::StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(heard, ::testing::EndsWith(
                         "\r\n\r\nこのアドレスには https:// で接続してください。\nUse https:// for this address.\n"));
  BIO_free_all(connection);
}

TEST_F(TlsTest, NewFilesAreTakenWithoutARestart) {
  Serve();
  ASSERT_TRUE(Ask(nullptr, "good", server_).ok());
  const Identity next = MakeIdentity({"localhost", "DNS:localhost"});
  WriteServer(next);
  SteadyTime::Advance(absl::Seconds(3));
  EXPECT_TRUE(Ask(nullptr, "good", next).ok());
  // A key that does not belong to the certificate must not stop the server.
  Write("key.pem", KeyPem(server_));
  SteadyTime::Advance(absl::Seconds(3));
  EXPECT_TRUE(Ask(nullptr, "good", next).ok());
}

// Returns the common name of the certificate that a caller gets who requests `name`, or no name.
std::string ShownTo(const std::string& address, const char* name) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  BIO* connection = BIO_new_ssl_connect(context);
  SSL* session = nullptr;
  BIO_get_ssl(connection, &session);
  if (name != nullptr) SSL_set_tlsext_host_name(session, name);
  BIO_set_conn_hostname(connection, address.c_str());
  char shown[64] = "";
  if (BIO_do_connect(connection) == 1) {
    X509* certificate = SSL_get1_peer_certificate(session);
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, shown, sizeof(shown));
    X509_free(certificate);
  }
  BIO_free_all(connection);
  SSL_CTX_free(context);
  return shown;
}

TEST_F(TlsTest, EachNameHasItsCertificate) {
  const auto write = [&](const std::string& name, const Identity& identity) {
    Write(name + ".pem", CertificatePem(identity));
    Write(name + "-key.pem", KeyPem(identity));
  };
  const Identity registry = MakeIdentity({"registry", "DNS:registry.example"});
  write("registry", registry);
  write("wild", MakeIdentity({"wild", "DNS:*.pref.example"}));
  Server::Options options;
  options.listeners[0].tls = {{folder_ + "/cert.pem", folder_ + "/registry.pem", folder_ + "/wild.pem"},
                              {folder_ + "/key.pem", folder_ + "/registry-key.pem", folder_ + "/wild-key.pem"},
                              folder_ + "/ca.pem"};
  ways_ = std::make_unique<WaysIn>(Router::Options(), Executor::Limits{40, 200}, std::move(options));
  const std::string& address = ways_->web->address();
  const std::pair<const char*, const char*> cases[] = {
      {nullptr, "localhost"},           {"localhost", "localhost"},
      {"registry.example", "registry"}, {"REGISTRY.example", "registry"},
      {"a.pref.example", "wild"},       {"a.b.pref.example", "localhost"},
      {"other.example", "localhost"},   {"registry.example.evil", "localhost"},
  };
  for (const auto& [name, shown] : cases) EXPECT_EQ(ShownTo(address, name), shown) << (name != nullptr ? name : "none");

  // Clients' certificates are requested and checked whichever certificate it was.
  const Identity good = MakeIdentity({"client", "URI:spiffe://pref31/registry"}, &authority_);
  const Identity expired = MakeIdentity({"client", "URI:spiffe://pref31/registry", -7200, -1}, &authority_);
  EXPECT_TRUE(Ask(&good, "good", registry, "registry.example").ok());
  EXPECT_FALSE(Ask(&expired, "good", registry, "registry.example").ok());

  write("registry", MakeIdentity({"next", "DNS:registry.example"}));
  SteadyTime::Advance(absl::Seconds(3));
  const Deadline patience = Deadline::After(absl::Seconds(20));
  while (ShownTo(address, "registry.example") != "next" && !patience.Over()) {
  }
  EXPECT_EQ(ShownTo(address, "registry.example"), "next");
  EXPECT_EQ(ShownTo(address, "a.pref.example"), "wild");
}

TEST_F(TlsTest, OlderVersionsAreNotSpoken) {
  Serve();
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
  BIO* connection = BIO_new_ssl_connect(context);
  BIO_set_conn_hostname(connection, ways_->web->address().c_str());
  EXPECT_NE(BIO_do_connect(connection), 1);
  BIO_free_all(connection);
  SSL_CTX_free(context);
}

TEST_F(TlsTest, WhatCannotBeServedWithIsTold) {
  const auto why = [&](Server::Options options) {
    rpc::EchoServer echo;
    return std::string(Server::Start(*echo.router, std::move(options)).status().message());
  };
  const auto with = [&](const std::string& certificate, const std::string& key, std::string authority = "") {
    Server::Options options;
    TlsFiles& files = options.listeners[0].tls;
    if (!certificate.empty()) files.certificates = {certificate};
    if (!key.empty()) files.keys = {key};
    files.client_ca = std::move(authority);
    return options;
  };
  Write("other.pem", KeyPem(authority_));
  Write("empty.pem", "");
  EXPECT_THAT(why(with(folder_ + "/cert.pem", "")), HasSubstr("--web-tls-key together"));
  EXPECT_THAT(why(with("", "", folder_ + "/ca.pem")), HasSubstr("--web-client-ca only with both"));
  EXPECT_THAT(why(with(folder_ + "/none.pem", folder_ + "/key.pem")), HasSubstr("none.pem"));
  EXPECT_THAT(why(with(folder_ + "/empty.pem", folder_ + "/key.pem")), HasSubstr("no server certificate"));
  EXPECT_THAT(why(with(folder_ + "/cert.pem", folder_ + "/other.pem")), HasSubstr("not the private key"));
  EXPECT_THAT(why(with(folder_ + "/cert.pem", folder_ + "/key.pem", folder_ + "/empty.pem")),
              HasSubstr("no certificate authority"));
  Server::Options plain;
  plain.listeners[0].address = "0.0.0.0:0";
  EXPECT_THAT(why(plain), HasSubstr("will not listen on 0.0.0.0:0 without TLS"));
}

}  // namespace
}  // namespace tsunagu::web
