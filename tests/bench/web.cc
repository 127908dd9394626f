#include "tests/bench/web.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/web/envelope.h"
#include "tests/bench/registry.h"
#include "tests/process/process.h"
#include "tsunagu/registry/v1/facility.pb.h"

namespace tsunagu::bench {
namespace {

constexpr char kGet[] = "/tsunagu.registry.v1.FacilityService/GetFacility";
const int kConnections = Sized(10'000, 20);
constexpr char kPreface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

// One way to request the same facility.
struct Way {
  const char* what;
  const char* wanted;
  std::string url;  // without the host
  std::vector<std::string> fields;
  std::string body;  // a file; empty for GET
};

// The address and the settings of both.
struct Server {
  std::string ours;
  std::string bare;
  const char* how;
};

std::string AddressOf(process::Process& echo) {
  const auto listening = echo.ReadLine();
  Require(listening.ok(), "bench-echo does not start");
  return listening->substr(listening->rfind(' ') + 1);
}

// Returns requests a second over four connections, 32 at once. Ends the program at the first answer other than 200.
double Rate(const std::string& server, const Way& way, const std::string& key, absl::Duration duration) {
  std::vector<std::string> command = {"/usr/bin/h2load", "-c", "4", "-m", "8"};
  if (IsTrial()) {
    command.insert(command.end(), {"-n", "64"});
  } else {
    command.insert(command.end(), {"-D", absl::StrCat(std::max<int64_t>(1, absl::ToInt64Seconds(duration)))});
  }
  for (const std::string& field : way.fields) command.insert(command.end(), {"-H", field});
  command.insert(command.end(), {"-H", absl::StrCat("authorization: Bearer ", key)});
  if (!way.body.empty()) command.insert(command.end(), {"-d", way.body});
  command.push_back(absl::StrCat(server, way.url));
  const process::Outcome outcome = process::RunToEnd(command);
  if (outcome.code != 0) GiveUp(absl::StrCat("h2load: ", outcome.errors));
  double rate = 0;
  for (absl::string_view line : absl::StrSplit(outcome.output, '\n')) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() > 3 && words[0] == "finished") Require(absl::SimpleAtod(words[3], &rate), line);
    if (words.size() > 8 && words[0] == "status") Require(words[4] == "0" && words[6] == "0" && words[8] == "0", line);
  }
  Require(rate > 0, outcome.output);
  return rate;
}

// The client's side of one connection that only sends the handshake.
class Idle {
 public:
  // `tls`: null for plain text.
  Idle(const sockaddr_in& server, SSL_CTX* tls) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    Require(::connect(fd_, reinterpret_cast<const sockaddr*>(&server), sizeof(server)) == 0, "a connection is refused");
    char settings[64];
    if (tls == nullptr) {
      Require(
          ::send(fd_, kPreface, sizeof(kPreface) - 1, MSG_NOSIGNAL) > 0 && ::read(fd_, settings, sizeof(settings)) > 0,
          "a connection is refused");
      return;
    }
    session_ = SSL_new(tls);
    SSL_set_fd(session_, fd_);
    Require(SSL_connect(session_) == 1 && SSL_write(session_, kPreface, sizeof(kPreface) - 1) > 0 &&
                SSL_read(session_, settings, sizeof(settings)) > 0,
            "a TLS connection is refused");
  }
  ~Idle() {
    SSL_free(session_);
    ::close(fd_);
  }
  Idle(const Idle&) = delete;

 private:
  const int fd_;
  SSL* session_ = nullptr;
};

// Returns the KiB for each of many idle connections.
double IdleConnections(Registry& registry, const std::string& address, bool tls) {
  rlimit files = {};
  getrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur < kConnections + 100) GiveUp("too few file descriptors: ulimit -n 12000");
  const std::vector<std::string> parts = absl::StrSplit(address, ':');
  sockaddr_in name = {};
  name.sin_family = AF_INET;
  name.sin_port = htons(static_cast<uint16_t>(std::stoi(parts[1])));
  inet_pton(AF_INET, parts[0].c_str(), &name.sin_addr);
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(tls ? SSL_CTX_new(TLS_client_method()) : nullptr,
                                                                  &SSL_CTX_free);
  if (tls) SSL_CTX_set_alpn_protos(context.get(), reinterpret_cast<const unsigned char*>("\x02h2"), 3);
  const double before = registry.Memory("VmRSS");
  std::vector<std::unique_ptr<Idle>> held;
  for (int i = 0; i < kConnections; ++i) held.push_back(std::make_unique<Idle>(name, context.get()));
  const double after = registry.Memory("VmRSS");
  return (after - before) * 1024 / kConnections;
}

// A certificate for 127.0.0.1 with its key, in that folder.
std::vector<std::string> TlsFlags(const process::Folder& folder) {
  const std::string certificate = folder / "web.crt", key = folder / "web.key";
  const process::Outcome made = process::RunToEnd(
      {"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
       "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate});
  if (made.code != 0) GiveUp(made.errors);
  return {"--web-connections", "20000", "--web-tls-cert", certificate, "--web-tls-key", key};
}

}  // namespace

std::vector<Line> MeasureWeb(absl::Duration duration) {
  const process::Folder files;
  Registry registry("", TlsFlags(files));
  registry.Import("facilities", FacilitiesCsv(10), 10);
  registry::v1::GetFacilityRequest request;
  request.set_name("facilities/bench-000000");
  process::WriteFile(files / "answer",
                     absl::StrCat(kGet, "\n", registry.Call("registry.v1.FacilityService/GetFacility", request)));
  process::WriteFile(files / "grpc", web::Envelope(0, request.SerializeAsString()));
  process::WriteFile(files / "json", R"({"name": "facilities/bench-000000"})");
  process::Process echo({process::Binary("bench-echo"), files / "answer"});
  process::Process tls_echo(
      {process::Binary("bench-echo"), "--tls", files / "web.crt", files / "web.key", files / "answer"});
  const Server plain = {absl::StrCat("http://", registry.server().address()), absl::StrCat("http://", AddressOf(echo)),
                        ""};
  const Server secure = {absl::StrCat("https://", registry.server().web_address()),
                         absl::StrCat("https://", AddressOf(tls_echo)), " over TLS"};

  const Way grpc = {
      "Get over the gRPC wire", "1.2", kGet, {"content-type: application/grpc", "te: trailers"}, files / "grpc"};
  const Way ways[] = {grpc,
                      {"Get by Connect in JSON", "0.6", kGet, {"content-type: application/json"}, files / "json"},
                      {"Get by REST", "0.5", "/registry/v1/facilities/bench-000000", {}, ""}};
  std::vector<Line> lines;
  for (const Way& way : ways) {
    for (const Server& server : {plain, secure}) {
      const std::string what =
          absl::StrCat(way.what, server.how, ", by h2load, 32 in flight ÷ bare gRPC echo", server.how);
      lines.push_back({what, "SQLite",
                       Alternate(
                           what, [&] { return Rate(server.ours, way, registry.key(), duration); },
                           [&] { return Rate(server.bare, grpc, registry.key(), duration); }),
                       "×", way.wanted});
    }
  }
  for (const bool tls : {true, false}) {
    Registry fresh("", TlsFlags(files));
    const double idle = IdleConnections(fresh, tls ? fresh.server().web_address() : fresh.server().address(), tls);
    lines.push_back({absl::StrCat("memory of an idle HTTP/2 connection", tls ? " over TLS" : "", ", of ", kConnections),
                     "-",
                     {idle, idle, idle},
                     "KiB",
                     "-"});
  }
  return lines;
}

}  // namespace tsunagu::bench
