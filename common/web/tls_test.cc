// Who gets through TLS, and who the server then takes them for.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/web/ways_in.h"
#include "gmock/gmock.h"
#include "grpcpp/security/credentials.h"

namespace tsunagu::web {
namespace {

using namespace rpc;  // NOLINT: what is called is there
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr char kEcho[] = "tsunagu.testing.EchoService/Echo";

// A certificate with its key, made here.
struct Identity {
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
};

struct Wanted {
  std::string name;          // the common name
  std::string alternatives;  // "DNS:localhost,IP:127.0.0.1"
  int begins = -3600, ends = 3600;  // seconds from now
  bool authority = false;
};

Identity Make(const Wanted& wanted, const Identity* issuer = nullptr) {
  static int serial = 0;
  Identity made{EVP_EC_gen("P-256"), X509_new()};
  X509* x = made.certificate;
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(x), wanted.begins);
  X509_gmtime_adj(X509_getm_notAfter(x), wanted.ends);
  X509_set_pubkey(x, made.key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wanted.name.c_str()), -1, -1, 0);
  X509_set_issuer_name(x, X509_get_subject_name(issuer == nullptr ? x : issuer->certificate));
  const auto add = [&](int kind, const std::string& value) {
    if (X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str())) {
      X509_add_ext(x, extension, -1);
      X509_EXTENSION_free(extension);
    }
  };
  add(NID_basic_constraints, wanted.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!wanted.alternatives.empty()) add(NID_subject_alt_name, wanted.alternatives);
  X509_sign(x, issuer == nullptr ? made.key : issuer->key, EVP_sha256());
  return made;
}

std::string Pem(const Identity& identity, bool key) {
  BIO* out = BIO_new(BIO_s_mem());
  key ? PEM_write_bio_PrivateKey(out, identity.key, nullptr, nullptr, 0, nullptr, nullptr)
      : PEM_write_bio_X509(out, identity.certificate);
  char* bytes = nullptr;
  const auto size = static_cast<size_t>(BIO_get_mem_data(out, &bytes));
  std::string text(bytes, size);
  BIO_free(out);
  return text;
}

class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    signal(SIGPIPE, SIG_IGN);  // as a server's process does
    WriteServer(server_);
    Write("ca.pem", Pem(authority_, false));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void Write(const std::string& name, const std::string& text) { std::ofstream(folder_ + "/" + name) << text; }
  void WriteServer(const Identity& identity) {
    Write("cert.pem", Pem(identity, false));
    Write("key.pem", Pem(identity, true));
  }
  void Serve() {
    Server::Options options;
    options.listeners[0].tls = {{folder_ + "/cert.pem"}, {folder_ + "/key.pem"}, folder_ + "/ca.pem"};
    ways_ = std::make_unique<WaysIn>(Router::Options(), Executor::Limits{40, 200}, std::move(options));
  }
  // An echo over TLS, with that identity or none. `trusted` is whom the caller believes.
  absl::StatusOr<EchoResponse> Ask(const Identity* identity, const std::string& key, const Identity& trusted,
                                   const std::string& name = "localhost") {
    grpc::SslCredentialsOptions credentials;
    credentials.pem_root_certs = Pem(trusted, false);
    if (identity != nullptr) {
      credentials.pem_cert_chain = Pem(*identity, false);
      credentials.pem_private_key = Pem(*identity, true);
    }
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetSslTargetNameOverride(name);
    Peer peer("echo", grpc::CreateCustomChannel(ways_->web->address(), grpc::SslCredentials(credentials), arguments));
    CallOptions options = Key(key, absl::Seconds(5));
    return peer.Unary<EchoResponse>(kEcho, Saying("つなぐ"), options);
  }

  // Of its own, and gone with it.
  const std::string folder_ = [] {
    std::string name = ::testing::TempDir() + "/tls-XXXXXX";
    return std::string(mkdtemp(name.data()));
  }();
  const Identity authority_ = Make({"見本認証局", "", -3600, 3600, true});
  const Identity server_ = Make({"localhost", "DNS:localhost,IP:127.0.0.1"});
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
  const Identity good = Make({"client", "URI:spiffe://pref31/registry"}, &authority_);
  EXPECT_TRUE(Ask(&good, "good", server_).ok());
  const Identity stranger = Make({"見知らぬ認証局", "", -3600, 3600, true});
  const std::pair<const char*, Identity> refused[] = {
      {"self-signed", Make({"client", "URI:spiffe://pref31/registry"})},
      {"signed by a stranger", Make({"client", "URI:spiffe://pref31/registry"}, &stranger)},
      {"over", Make({"client", "URI:spiffe://pref31/registry", -7200, -1}, &authority_)},
      {"not begun", Make({"client", "URI:spiffe://pref31/registry", 600, 7200}, &authority_)},
  };
  for (const auto& [why, identity] : refused) {
    EXPECT_EQ(Ask(&identity, "good", server_).status().code(), absl::StatusCode::kUnavailable) << why;
  }
  EXPECT_TRUE(Ask(&good, "good", server_).ok()) << "others notice nothing";
}

TEST_F(TlsTest, NewFilesAreTakenWithoutARestart) {
  Serve();
  ASSERT_TRUE(Ask(nullptr, "good", server_).ok());
  const Identity next = Make({"localhost", "DNS:localhost"});
  WriteServer(next);
  SteadyTime::Advance(absl::Seconds(3));
  EXPECT_TRUE(Ask(nullptr, "good", next).ok());
  // A key that does not belong to the certificate is no reason to stop.
  Write("key.pem", Pem(server_, true));
  SteadyTime::Advance(absl::Seconds(3));
  EXPECT_TRUE(Ask(nullptr, "good", next).ok());
}

// The common name in the certificate that a caller is shown who asks for `name`, or for none.
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
    Write(name + ".pem", Pem(identity, false));
    Write(name + "-key.pem", Pem(identity, true));
  };
  const Identity registry = Make({"registry", "DNS:registry.example"});
  write("registry", registry);
  write("wild", Make({"wild", "DNS:*.pref.example"}));
  Server::Options options;
  options.listeners[0].tls = {
      {folder_ + "/cert.pem", folder_ + "/registry.pem", folder_ + "/wild.pem"},
      {folder_ + "/key.pem", folder_ + "/registry-key.pem", folder_ + "/wild-key.pem"},
      folder_ + "/ca.pem"};
  ways_ = std::make_unique<WaysIn>(Router::Options(), Executor::Limits{40, 200}, std::move(options));
  const std::string& address = ways_->web->address();
  const std::pair<const char*, const char*> cases[] = {
      {nullptr, "localhost"},          {"localhost", "localhost"},      {"registry.example", "registry"},
      {"REGISTRY.example", "registry"}, {"a.pref.example", "wild"},      {"a.b.pref.example", "localhost"},
      {"other.example", "localhost"},  {"registry.example.evil", "localhost"},
  };
  for (const auto& [name, shown] : cases) EXPECT_EQ(ShownTo(address, name), shown) << (name != nullptr ? name : "none");

  // Clients' certificates are asked for and judged whichever it was.
  const Identity good = Make({"client", "URI:spiffe://pref31/registry"}, &authority_);
  const Identity expired = Make({"client", "URI:spiffe://pref31/registry", -7200, -1}, &authority_);
  EXPECT_TRUE(Ask(&good, "good", registry, "registry.example").ok());
  EXPECT_FALSE(Ask(&expired, "good", registry, "registry.example").ok());

  write("registry", Make({"next", "DNS:registry.example"}));
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
  Write("other.pem", Pem(authority_, true));
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
