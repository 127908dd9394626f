#include "common/host/https_get.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include <memory>
#include <optional>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/deadline.h"
#include "common/base/status_macros.h"

namespace tsunagu {
namespace {

constexpr size_t kMostHeaderBytes = 16 * 1024;

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Context = std::unique_ptr<SSL_CTX, Free>;
using Connection = std::unique_ptr<BIO, Free>;

absl::Status Failed(absl::string_view what) {
  char text[200] = "";
  if (const unsigned long error = ERR_peek_last_error(); error != 0) ERR_error_string_n(error, text, sizeof(text));
  ERR_clear_error();
  return absl::UnavailableError(absl::StrCat(what, *text != '\0' ? ": " : "", text));
}

// Waits until the connection can continue; returns false at the deadline.
bool Await(BIO* bio, Deadline deadline) {
  if (!BIO_should_retry(bio) || deadline.Over()) return false;
  pollfd socket = {};
  socket.fd = static_cast<int>(BIO_get_fd(bio, nullptr));
  socket.events = BIO_should_write(bio) ? POLLOUT : POLLIN;
  return poll(&socket, 1, static_cast<int>(absl::ToInt64Milliseconds(deadline.Left())) + 1) >= 0;
}

std::string InUrl(const std::string& host) {
  return absl::StrContains(host, ':') ? absl::StrCat("[", host, "]") : host;
}

absl::StatusOr<Context> Trusting(const std::string& ca_file) {
  Context context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_load_verify_file(context.get(), ca_file.c_str()) != 1)
    return Failed(absl::StrCat("no certificates in ", ca_file));
  return context;
}

absl::StatusOr<Connection> Connect(SSL_CTX* context, const HttpsAddress& address, Deadline deadline) {
  Connection connection(BIO_new_ssl_connect(context));
  SSL* ssl = nullptr;
  BIO_get_ssl(connection.get(), &ssl);
  BIO_set_conn_hostname(connection.get(), InUrl(address.host).c_str());
  BIO_set_conn_port(connection.get(), address.port.c_str());
  X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl);
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, address.host.c_str()) != 1) {
    SSL_set_tlsext_host_name(ssl, address.host.c_str());
    SSL_set1_host(ssl, address.host.c_str());
  }
  ERR_clear_error();  // from checking whether the name is an address
  const int seconds = static_cast<int>(absl::ToInt64Seconds(deadline.Left())) + 1;
  if (BIO_do_connect_retry(connection.get(), seconds, 20) == 1) return connection;
  const long verdict = SSL_get_verify_result(ssl);
  return verdict == X509_V_OK ? Failed("no connection") : Failed(X509_verify_cert_error_string(verdict));
}

absl::Status Send(BIO* bio, absl::string_view text, Deadline deadline) {
  while (!text.empty()) {
    const int sent = BIO_write(bio, text.data(), static_cast<int>(text.size()));
    if (sent > 0) {
      text.remove_prefix(static_cast<size_t>(sent));
    } else if (!Await(bio, deadline)) {
      return Failed("the request could not be sent in time");
    }
  }
  return absl::OkStatus();
}

// Returns the length of the whole answer, if its head states it.
std::optional<size_t> LengthOf(absl::string_view answer) {
  const size_t end = answer.find("\r\n\r\n");
  if (end == absl::string_view::npos) return std::nullopt;
  for (absl::string_view line : absl::StrSplit(answer.substr(0, end), "\r\n")) {
    uint32_t length = 0;
    if (!absl::StartsWithIgnoreCase(line, "content-length:")) continue;
    if (absl::SimpleAtoi(line.substr(line.find(':') + 1), &length)) return end + 4 + length;
  }
  return std::nullopt;
}

// Receives up to that length, or to the end of the connection. Not every server ends TLS before it closes.
absl::StatusOr<std::string> Receive(BIO* bio, size_t most_bytes, Deadline deadline) {
  std::string answer;
  char buffer[8192];
  SSL* ssl = nullptr;
  BIO_get_ssl(bio, &ssl);
  while (!deadline.Over()) {
    const int got = BIO_read(bio, buffer, sizeof(buffer));
    if (got > 0) {
      answer.append(buffer, static_cast<size_t>(got));
      if (answer.size() > most_bytes) return absl::ResourceExhaustedError("the answer is too long");
      if (const auto length = LengthOf(answer); length.has_value() && answer.size() >= *length) {
        return answer.substr(0, *length);
      }
    } else if (!BIO_should_retry(bio)) {
      const bool whole = (SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
      return whole ? absl::StatusOr<std::string>(answer) : Failed("the answer is cut off");
    } else {
      (void)Await(bio, deadline);  // the loop checks the deadline
    }
  }
  return absl::DeadlineExceededError("the answer did not come in time");
}

absl::StatusOr<std::string> BodyOf(absl::string_view answer) {
  const size_t end = answer.find("\r\n\r\n");
  if (end == absl::string_view::npos) return absl::UnavailableError("the answer is no HTTP");
  const std::vector<absl::string_view> lines = absl::StrSplit(answer.substr(0, end), "\r\n");
  const std::vector<absl::string_view> status = absl::StrSplit(lines[0], absl::MaxSplits(' ', 2));
  if (status.size() < 2 || !absl::StartsWith(status[0], "HTTP/1.") || status[1] != "200") {
    return absl::UnavailableError(
        absl::StrCat("the answer is not 200 but ", status.size() > 1 ? status[1].substr(0, 3) : "?"));
  }
  if (absl::c_any_of(lines,
                     [](absl::string_view line) { return absl::StartsWithIgnoreCase(line, "transfer-encoding:"); })) {
    return absl::UnavailableError("the answer comes in pieces, which HTTP/1.0 does not have");
  }
  return std::string(answer.substr(end + 4));
}

}  // namespace

absl::StatusOr<HttpsAddress> HttpsAddress::Parse(absl::string_view url) {
  const absl::Status malformed = absl::InvalidArgumentError("write it as https://host/path or https://host:port/path");
  const bool graphic = absl::c_all_of(url, [](unsigned char c) { return absl::ascii_isgraph(c); });
  if (!graphic || !absl::ConsumePrefix(&url, "https://")) return malformed;
  HttpsAddress address;
  const size_t slash = url.find('/');
  if (slash != absl::string_view::npos) address.path = std::string(url.substr(slash));
  absl::string_view authority = url.substr(0, slash);
  absl::string_view host = authority, port;
  if (absl::ConsumePrefix(&host, "[")) {
    const size_t bracket = host.find(']');
    if (bracket == absl::string_view::npos) return malformed;
    port = host.substr(bracket + 1);
    host = host.substr(0, bracket);
  } else if (const size_t colon = host.find(':'); colon != absl::string_view::npos) {
    port = host.substr(colon);
    host = host.substr(0, colon);
  }
  int number = 443;
  if (!port.empty() && (!absl::ConsumePrefix(&port, ":") || !absl::SimpleAtoi(port, &number))) return malformed;
  const bool plain = authority.find_first_of("@?") == absl::string_view::npos && !absl::StrContains(url, '#');
  if (host.empty() || !plain || number < 1 || number > 65535) return malformed;
  address.host = std::string(host);
  address.port = absl::StrCat(number);
  return address;
}

absl::StatusOr<std::string> HttpsGet(const HttpsAddress& address, const std::string& ca_file,
                                     const HttpsLimits& limits) {
  const Deadline deadline = Deadline::After(limits.patience);
  ASSIGN_OR_RETURN(const Context context, Trusting(ca_file));
  ASSIGN_OR_RETURN(const Connection connection, Connect(context.get(), address, deadline));
  // HTTP/1.0, because its answers end with the connection.
  RETURN_IF_ERROR(
      Send(connection.get(),
           absl::StrCat("GET ", address.path, " HTTP/1.0\r\nHost: ", InUrl(address.host), ":", address.port,
                        "\r\nAccept: application/json, application/jwk-set+json\r\nConnection: close\r\n\r\n"),
           deadline));
  ASSIGN_OR_RETURN(const std::string answer, Receive(connection.get(), limits.most_bytes + kMostHeaderBytes, deadline));
  ASSIGN_OR_RETURN(std::string body, BodyOf(answer));
  if (body.size() > limits.most_bytes) return absl::ResourceExhaustedError("the answer is too long");
  return body;
}

}  // namespace tsunagu
