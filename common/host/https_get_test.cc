// Keys over HTTPS: from which servers they are accepted, and how long a server may take.
#include "common/host/https_get.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/deadline.h"
#include "gtest/gtest.h"

namespace tsunagu {
namespace {

struct Certificate {
  std::shared_ptr<X509> x509;
  std::shared_ptr<EVP_PKEY> key;
};

// Makes the certificate of a CA when `names` is empty; self-signed without `issuer`. Valid from `from` until `to`
// seconds from now.
Certificate MakeCertificate(const std::string& names, const Certificate* issuer, long from = -60, long to = 3600) {
  Certificate made{{X509_new(), &X509_free}, {EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), &EVP_PKEY_free}};
  const Certificate& by = issuer != nullptr ? *issuer : made;
  X509* x509 = made.x509.get();
  X509_set_version(x509, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), issuer != nullptr ? 2 : 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), from);
  X509_gmtime_adj(X509_getm_notAfter(x509), to);
  X509_set_pubkey(x509, made.key.get());
  const auto* name = reinterpret_cast<const unsigned char*>(issuer != nullptr ? "server" : "ca");
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC, name, -1, -1, 0);
  X509_set_issuer_name(x509, X509_get_subject_name(by.x509.get()));
  const auto add = [&](int what, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, by.x509.get(), x509, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, what, value);
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
  };
  add(NID_basic_constraints, names.empty() ? "critical,CA:TRUE" : "CA:FALSE");
  if (!names.empty()) add(NID_subject_alt_name, names.c_str());
  X509_sign(x509, by.key.get(), EVP_sha256());
  return made;
}

// Answers one connection after another with the same bytes.
class TlsServer {
 public:
  enum class End { kClose, kCutOff, kStay };

  TlsServer(const Certificate& certificate, std::string answer, End end = End::kClose)
      : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free), answer_(std::move(answer)), end_(end) {
    SSL_CTX_use_certificate(context_.get(), certificate.x509.get());
    SSL_CTX_use_PrivateKey(context_.get(), certificate.key.get());
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at = {};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(socket_, reinterpret_cast<sockaddr*>(&at), sizeof(at));
    listen(socket_, 4);
    socklen_t size = sizeof(at);
    getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~TlsServer() {
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    close(socket_);
    for (const int one : staying_) close(one);
  }
  HttpsAddress at(const std::string& host = "127.0.0.1") const { return {host, absl::StrCat(port_), "/jwks"}; }

 private:
  void Serve() {
    for (int one; (one = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context_.get()), &SSL_free);
      SSL_set_fd(ssl.get(), one);
      char request[1024];
      if (SSL_accept(ssl.get()) == 1 && SSL_read(ssl.get(), request, sizeof(request)) > 0) {
        SSL_write(ssl.get(), answer_.data(), static_cast<int>(answer_.size()));
        if (end_ == End::kClose) SSL_shutdown(ssl.get());
      }
      ERR_clear_error();
      if (end_ == End::kStay) {
        staying_.push_back(one);
      } else {
        close(one);
      }
    }
  }

  const std::shared_ptr<SSL_CTX> context_;
  const std::string answer_;
  const End end_;
  int socket_ = -1, port_ = 0;
  std::vector<int> staying_;
  std::thread thread_;
};

class HttpsGetTest : public ::testing::Test {
 protected:
  HttpsGetTest() {
    signal(SIGPIPE, SIG_IGN);
    ca_file_ = absl::StrCat(::testing::TempDir(), "/tsunagu-ca-", getpid(), ".pem");
    FILE* file = fopen(ca_file_.c_str(), "w");
    PEM_write_X509(file, ca_.x509.get());
    fclose(file);
  }
  ~HttpsGetTest() override { std::filesystem::remove(ca_file_); }
  // Returns the body, or the error.
  std::string Get(const HttpsAddress& address, absl::Duration patience = absl::Seconds(20)) {
    const auto body = HttpsGet(address, ca_file_, {.most_bytes = 1000, .patience = patience});
    return body.ok() ? *body : std::string(body.status().message());
  }
  std::string Get(const Certificate& certificate, const std::string& answer,
                  TlsServer::End end = TlsServer::End::kClose) {
    const TlsServer server(certificate, answer, end);
    return Get(server.at());
  }

  const Certificate ca_ = MakeCertificate("", nullptr);
  const Certificate good_ = MakeCertificate("IP:127.0.0.1,DNS:localhost", &ca_);
  std::string ca_file_;
};

constexpr char kOk[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}";

TEST_F(HttpsGetTest, TakesTheBody) {
  EXPECT_EQ(Get(good_, kOk), "{}");
  const TlsServer server(good_, kOk);
  EXPECT_EQ(Get(server.at("localhost")), "{}") << "by its name";
}

TEST_F(HttpsGetTest, OnlyFromWhomTheFileVouchesFor) {
  const Certificate other_ca = MakeCertificate("", nullptr);
  const struct {
    const char* name;
    Certificate certificate;
    const char* says;
  } cases[] = {
      {"another authority", MakeCertificate("IP:127.0.0.1", &other_ca), "verify failed"},
      {"signed by itself", MakeCertificate("IP:127.0.0.1", nullptr), "verify failed"},
      {"another address", MakeCertificate("IP:127.0.0.2", &ca_), "verify failed"},
      {"a name only", MakeCertificate("DNS:localhost", &ca_), "verify failed"},
      {"expired", MakeCertificate("IP:127.0.0.1", &ca_, -7200, -3600), "verify failed"},
      {"not yet", MakeCertificate("IP:127.0.0.1", &ca_, 3600, 7200), "verify failed"},
  };
  for (const auto& c : cases) {
    const std::string said = Get(c.certificate, kOk);
    EXPECT_TRUE(absl::StrContains(said, c.says)) << c.name << ": " << said;
  }
  const TlsServer server(good_, kOk);
  EXPECT_TRUE(
      absl::StrContains(HttpsGet(server.at(), "absent.pem", {}).status().message(), "no certificates in absent.pem"));
}

// Many servers close without a TLS notice; then only the stated length of the answer is accepted as its end.
TEST_F(HttpsGetTest, ALengthSaysWhereItEnds) {
  const auto answer = [](const std::string& length) {
    return absl::StrCat("HTTP/1.1 200 OK\r\ncontent-length:", length, "\r\n\r\n{}");
  };
  EXPECT_EQ(Get(good_, answer(" 2"), TlsServer::End::kCutOff), "{}");
  EXPECT_EQ(Get(good_, answer("2"), TlsServer::End::kStay), "{}");
  EXPECT_EQ(Get(good_, answer(" 1")), "{");
  EXPECT_TRUE(absl::StrContains(Get(good_, answer(" 3"), TlsServer::End::kCutOff), "the answer is cut off"));
  EXPECT_TRUE(absl::StrContains(Get(good_, answer(" two"), TlsServer::End::kCutOff), "the answer is cut off"));
  EXPECT_EQ(Get(good_, answer(" 4294967295")), "{}") << "that ended as it should";
}

TEST_F(HttpsGetTest, WhatIsNoAnswer) {
  EXPECT_EQ(Get(good_, "HTTP/1.1 302 Found\r\nLocation: https://thief.example/\r\n\r\n"),
            "the answer is not 200 but 302");
  EXPECT_EQ(Get(good_, "HTTP/1.1 404 Not Found\r\n\r\n{}"), "the answer is not 200 but 404");
  EXPECT_EQ(Get(good_, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            "the answer comes in pieces, which HTTP/1.0 does not have");
  EXPECT_EQ(Get(good_, "SSH-2.0"), "the answer is no HTTP");
  EXPECT_EQ(Get(good_, ""), "the answer is no HTTP");
  EXPECT_EQ(Get(good_, absl::StrCat(kOk, std::string(1000, ' '))), "the answer is too long");
  EXPECT_EQ(Get(good_, absl::StrCat(kOk, std::string(100'000, ' '))), "the answer is too long");
  EXPECT_TRUE(absl::StrContains(Get(good_, kOk, TlsServer::End::kCutOff), "the answer is cut off"));
}

TEST_F(HttpsGetTest, WaitsNoLongerThanItMay) {
  const TlsServer stays(good_, kOk, TlsServer::End::kStay);
  const Deadline begun = Deadline::After(absl::Seconds(15));
  EXPECT_EQ(Get(stays.at(), absl::Seconds(1)), "the answer did not come in time");
  // A server that sends nothing at all.
  const int silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at = {};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bind(silent, reinterpret_cast<sockaddr*>(&at), sizeof(at));
  listen(silent, 4);
  socklen_t size = sizeof(at);
  getsockname(silent, reinterpret_cast<sockaddr*>(&at), &size);
  EXPECT_TRUE(
      absl::StartsWith(Get({"127.0.0.1", absl::StrCat(ntohs(at.sin_port)), "/"}, absl::Seconds(1)), "no connection"));
  close(silent);
  EXPECT_TRUE(
      absl::StartsWith(Get({"127.0.0.1", absl::StrCat(ntohs(at.sin_port)), "/"}, absl::Seconds(1)), "no connection"));
  EXPECT_FALSE(begun.Over());
}

TEST(HttpsAddressTest, Parse) {
  const auto said = [](absl::string_view url) {
    const auto address = HttpsAddress::Parse(url);
    return address.ok() ? absl::StrCat(address->host, " ", address->port, " ", address->path) : "malformed";
  };
  EXPECT_EQ(said("https://id.example/jwks?a=b"), "id.example 443 /jwks?a=b");
  EXPECT_EQ(said("https://id.example"), "id.example 443 /");
  EXPECT_EQ(said("https://id.example:8443/"), "id.example 8443 /");
  EXPECT_EQ(said("https://[::1]:8443/x"), "::1 8443 /x");
  for (const char* bad :
       {"", "http://id.example/", "HTTPS://id.example/", "https://", "https:///x", "https://a@b/", "https://a:0/",
        "https://a:99999/", "https://a:b/", "https://a:/", "https://[::1/", "https://[::1]x/", "https://a/b c",
        "https://a/\r\nHost: b", "https://a?b", "https://a/#b", "ftp://a/"}) {
    EXPECT_EQ(said(bad), "malformed") << bad;
  }
}

}  // namespace
}  // namespace tsunagu
