#include "tests/bench/web.h"

#include <arpa/inet.h>
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
constexpr int kConnections = 10'000;
constexpr char kPreface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

// One way to ask for the same facility.
struct Way {
  const char* what;
  const char* wanted;
  std::string url;  // without the host
  std::vector<std::string> fields;
  std::string body;  // a file; empty for GET
};

// Requests a second over four connections, 32 at once. Ends the program at the first that is not answered with 200.
double Rate(const std::string& address, const Way& way, const std::string& key, absl::Duration duration) {
  std::vector<std::string> command = {"/usr/bin/h2load", "-c", "4", "-m", "8", "-D",
                                      absl::StrCat(std::max<int64_t>(1, absl::ToInt64Seconds(duration)))};
  for (const std::string& field : way.fields) command.insert(command.end(), {"-H", field});
  command.insert(command.end(), {"-H", absl::StrCat("authorization: Bearer ", key)});
  if (!way.body.empty()) command.insert(command.end(), {"-d", way.body});
  command.push_back(absl::StrCat(address, way.url));
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

// In KiB for each connection that has said hello and nothing else.
double IdleConnections(Registry& registry) {
  rlimit files = {};
  getrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur < kConnections + 100) GiveUp("too few file descriptors: ulimit -n 12000");
  const std::vector<std::string> parts = absl::StrSplit(registry.server().web_address(), ':');
  sockaddr_in name = {};
  name.sin_family = AF_INET;
  name.sin_port = htons(static_cast<uint16_t>(std::stoi(parts[1])));
  inet_pton(AF_INET, parts[0].c_str(), &name.sin_addr);
  const double before = registry.Memory("VmRSS");
  std::vector<int> held;
  for (int i = 0; i < kConnections; ++i) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool greeted = ::connect(fd, reinterpret_cast<sockaddr*>(&name), sizeof(name)) == 0 &&
                         ::send(fd, kPreface, sizeof(kPreface) - 1, MSG_NOSIGNAL) > 0;
    char settings[64];
    Require(greeted && ::read(fd, settings, sizeof(settings)) > 0, "a connection is refused");
    held.push_back(fd);
  }
  const double after = registry.Memory("VmRSS");
  for (const int fd : held) ::close(fd);
  return (after - before) * 1024 / kConnections;
}

}  // namespace

std::vector<Line> MeasureWeb(absl::Duration duration) {
  Registry registry("", {"--web-connections", "20000"});
  registry.Import("facilities", FacilitiesCsv(10), 10);
  registry::v1::GetFacilityRequest request;
  request.set_name("facilities/bench-000000");
  const process::Folder files;
  process::WriteFile(files / "answer", absl::StrCat(kGet, "\n", registry.Call("registry.v1.FacilityService/GetFacility", request)));
  process::WriteFile(files / "grpc", web::Envelope(0, request.SerializeAsString()));
  process::WriteFile(files / "json", R"({"name": "facilities/bench-000000"})");
  process::Process echo({process::Binary("bench-echo"), files / "answer"});
  const auto listening = echo.ReadLine();
  Require(listening.ok(), "bench-echo does not start");
  const std::string bare = absl::StrCat("http://", listening->substr(listening->rfind(' ') + 1));
  const std::string plain = absl::StrCat("http://", registry.server().web_address());

  const Way grpc = {"Get over the gRPC wire", "1.2", kGet, {"content-type: application/grpc", "te: trailers"}, files / "grpc"};
  const Way ways[] = {grpc,
                      {"Get by Connect in JSON", "0.6", kGet, {"content-type: application/json"}, files / "json"},
                      {"Get by REST", "0.5", "/registry/v1/facilities/bench-000000", {}, ""}};
  std::vector<Line> lines;
  for (const Way& way : ways) {
    const std::string what = absl::StrCat(way.what, ", by h2load, 32 in flight ÷ bare gRPC echo");
    lines.push_back({what, "SQLite",
                     Alternate(what, [&] { return Rate(plain, way, registry.key(), duration); },
                               [&] { return Rate(bare, grpc, registry.key(), duration); }),
                     "×", way.wanted});
  }
  const double idle = IdleConnections(registry);
  lines.push_back({"memory of an idle HTTP/2 connection, of 10,000", "-", {idle, idle, idle}, "KiB", "-"});
  return lines;
}

}  // namespace tsunagu::bench
