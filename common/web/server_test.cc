// Connections: how many there may be, how long they may be idle, and at which addresses.
#include <arpa/inet.h>
#include <malloc.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "common/web/ways_in.h"
#include "gmock/gmock.h"

namespace tsunagu::web {
namespace {

using namespace rpc;  // NOLINT: what is called is there
using ::testing::HasSubstr;

constexpr char kHealth[] = "grpc.health.v1.Health/Check";

sockaddr_in NameOf(const std::string& address) {
  const std::vector<std::string> parts = absl::StrSplit(address, ':');
  sockaddr_in name = {};
  name.sin_family = AF_INET;
  name.sin_port = htons(static_cast<uint16_t>(std::stoi(parts[1])));
  inet_pton(AF_INET, parts[0].c_str(), &name.sin_addr);
  return name;
}

// A connection that sends given bytes.
class Raw {
 public:
  explicit Raw(const std::string& address) {
    const sockaddr_in name = NameOf(address);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&name), sizeof(name)), 0);
  }
  ~Raw() { ::close(fd_); }
  Raw(const Raw&) = delete;
  void Say(const std::string& bytes) const { EXPECT_GT(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL), 0); }
  // Returns nothing when the server has closed.
  std::string Hear() const {
    char buffer[4096];
    const ssize_t size = ::read(fd_, buffer, sizeof(buffer));
    return size > 0 ? std::string(buffer, static_cast<size_t>(size)) : "";
  }
  // Returns nothing when no bytes arrive.
  std::string HearFor(absl::Duration patience) const {
    pollfd watched = {fd_, POLLIN, 0};
    return ::poll(&watched, 1, static_cast<int>(absl::ToInt64Milliseconds(patience))) == 1 ? Hear() : "";
  }
  bool Works() const {
    Say("GET /none HTTP/1.1\r\nHost: x\r\n\r\n");
    return !Hear().empty();
  }

 private:
  const int fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

TEST(WebServerTest, OneConnectionTooManyIsClosed) {
  Server::Options options;
  options.listeners[0].connections = 3;
  WaysIn ways({}, {40, 200}, std::move(options));
  std::vector<std::unique_ptr<Raw>> held;
  for (int i = 0; i < 3; ++i) {
    held.push_back(std::make_unique<Raw>(ways.web->address()));
    EXPECT_TRUE(held.back()->Works());
  }
  EXPECT_EQ(Raw(ways.web->address()).Hear(), "");
  EXPECT_TRUE(held.front()->Works()) << "the others notice nothing";
  held.pop_back();
  const Deadline patience = Deadline::After(absl::Seconds(30));
  while (ways.web->connections() == 3 && !patience.Over()) std::this_thread::yield();
  EXPECT_TRUE(Raw(ways.web->address()).Works());
  EXPECT_THAT(metrics::Registry::Process().Text(), HasSubstr(R"(tsunagu_web_closed_total{reason="connections"} )"));
}

TEST(WebServerTest, WhoSaysNothingIsNotWaitedFor) {
  WaysIn ways;
  const Raw silent(ways.web->address());
  const Raw talking(ways.web->address());
  EXPECT_TRUE(talking.Works());
  SteadyTime::Advance(absl::Seconds(11));
  EXPECT_EQ(silent.Hear(), "");
  EXPECT_TRUE(talking.Works()) << "between two requests there is more time";
}

TEST(WebServerTest, ARequestIsNotReadByHalves) {
  WaysIn ways;
  const Raw client(ways.web->address());
  client.Say(
      "POST /tsunagu.testing.EchoService/Echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n"
      "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
  while (ways.in_flight() == 0) std::this_thread::yield();
  SteadyTime::Advance(absl::Seconds(11));
  EXPECT_THAT(client.Hear(), HasSubstr("FIRST_MESSAGE_MISSING"));
}

std::string Frame(int type, int flags, uint32_t stream, const std::string& payload = "") {
  std::string frame;
  for (const uint32_t byte : {static_cast<uint32_t>(payload.size()) >> 8, static_cast<uint32_t>(payload.size())}) {
    frame += static_cast<char>(byte & 0xff);
  }
  frame = std::string(1, '\0') + frame + static_cast<char>(type) + static_cast<char>(flags);
  for (const int shift : {24, 16, 8, 0}) frame += static_cast<char>(stream >> shift & 0xff);
  return frame + payload;
}

// A header over HTTP/2, in as many frames as needed.
std::string Header(uint32_t stream, const std::string& fields) {
  constexpr size_t kPiece = 16'384;
  std::string frames;
  for (size_t at = 0; at < fields.size(); at += kPiece) {
    const bool last = at + kPiece >= fields.size();
    frames += Frame(at == 0 ? 1 : 9, (at == 0 ? 1 : 0) | (last ? 4 : 0), stream, fields.substr(at, kPiece));
  }
  return frames;
}

// A header that is too large gets an error text, even when it is not known which form the caller expects.
TEST(WebServerTest, AHeaderTooLargeOverHttp2) {
  const std::string path = "/tsunagu.testing.EchoService/Echo";
  const std::string post = absl::StrCat("\x83\x86\x41\x01x\x04", std::string(1, static_cast<char>(path.size())), path);
  const std::string json = absl::StrCat("\x5f\x10", "application/json"),
                    grpc = absl::StrCat("\x5f\x10", "application/grpc");
  const std::string large = absl::StrCat(std::string("\0\x01x\x7f\x80\x3f", 6), std::string(8'191, 'y'));  // 127 + 8064
  const auto many = [&](int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += large;
    return all;
  };
  const auto answer = [&](const std::string& fields, const char* until) {
    const WaysIn ways;
    const Raw client(ways.web->address());
    client.Say("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(4, 0, 0) + Header(1, fields));
    std::string all;
    for (std::string heard = "x"; !heard.empty() && !absl::StrContains(all, until);) all += heard = client.Hear();
    return all;
  };
  // The content type may be among the fields that were not kept.
  EXPECT_THAT(answer(post + many(3) + json, "METADATA_TOO_LARGE\""), HasSubstr("\"status\":431"));
  EXPECT_THAT(answer(post + json + many(3), "METADATA_TOO_LARGE\""), HasSubstr("\"code\":\"resource_exhausted\""));
  const std::string last = answer(post + many(25) + json, "[METADATA_TOO_LARGE]");
  EXPECT_THAT(last, HasSubstr("\"status\":431"));
  EXPECT_THAT(last, HasSubstr("[METADATA_TOO_LARGE]"));
  EXPECT_THAT(answer(post + grpc + many(25) + json, "[METADATA_TOO_LARGE]"), HasSubstr("[METADATA_TOO_LARGE]"));
}

// A caller that reads nothing and requests documents that need no key, again and again.
TEST(WebServerTest, DocumentsThatNobodyTakesAreNotCopied) {
  WaysIn ways;
  const Raw first(ways.web->address());
  first.Say("GET /openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  size_t size = 0;
  for (std::string heard = first.Hear(); !heard.empty(); heard = first.Hear()) size += heard.size();
  const size_t before = ::mallinfo2().uordblks;
  const Raw greedy(ways.web->address());
  const std::string path = "/openapi.json";
  const std::string get = absl::StrCat("\x82\x86\x41\x01x\x04", std::string(1, static_cast<char>(path.size())), path);
  const std::string no_window("\0\x04\0\0\0\0", 6);
  std::string asked = absl::StrCat("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Frame(4, 0, 0, no_window));
  for (uint32_t i = 0; i < 256; ++i) asked += Frame(1, 5, 2 * i + 1, get);
  greedy.Say(asked + Frame(6, 0, 0, "asked it"));
  for (std::string heard; !absl::StrContains(heard, "asked it");) heard += greedy.Hear();
  EXPECT_LT(::mallinfo2().uordblks - before, 256 * size_t{30'000});
  EXPECT_GT(size, size_t{60'000}) << "or this says nothing";
}

TEST(WebServerTest, WhoLeavesCancelsItsCall) {
  WaysIn ways;
  {
    const Raw client(ways.web->address());
    client.Say(
        "POST /tsunagu.testing.EchoService/Echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n"
        "Content-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"text\": \"block\"}");
    ways.board.Await("blocked", 1);
  }
  while (ways.web->connections() > 0) std::this_thread::yield();
  ways.board.Change("open");
  while (ways.in_flight() > 0) std::this_thread::yield();
  EXPECT_EQ(ways.board.Count("cancelled"), 1);
}

TEST(WebServerTest, UnixSocket) {
  const std::string path = absl::StrCat("unix:", ::testing::TempDir(), "/web-", ::getpid(), ".sock");
  Server::Options options;
  options.listeners[0].address = path;
  WaysIn ways({}, {40, 200}, std::move(options));
  Peer peer("echo", Connect(path));
  EXPECT_TRUE(peer.Unary<grpc::health::v1::HealthCheckResponse>(kHealth, grpc::health::v1::HealthCheckRequest()).ok());
  Server::Options second;
  second.listeners[0].address = path;
  EXPECT_THAT(std::string(Server::Start(*ways.router, std::move(second)).status().message()),
              HasSubstr("cannot listen on"));
}

TEST(WebServerTest, AFileThatIsNoSocketIsLeftAlone) {
  const std::string path = absl::StrCat(::testing::TempDir(), "/web-file-", ::getpid());
  std::ofstream(path) << "kept";
  WaysIn ways;
  Server::Options options;
  options.listeners[0].address = "unix:" + path;
  EXPECT_THAT(std::string(Server::Start(*ways.router, std::move(options)).status().message()),
              HasSubstr("a file that is no socket is there"));
  std::string kept;
  std::ifstream(path) >> kept;
  EXPECT_EQ(kept, "kept");
  ::unlink(path.c_str());
}

TEST(WebServerTest, TwoAddressesAreOneServer) {
  const std::string path = absl::StrCat("unix:", ::testing::TempDir(), "/web-two-", ::getpid(), ".sock");
  Server::Options options;
  options.listeners[0].connections = 2;
  options.listeners.emplace_back().address = path;
  WaysIn ways({}, {40, 200}, std::move(options));
  Peer beside("echo", Connect(ways.web->address(1)));
  const auto works = [&] {
    return beside.Unary<grpc::health::v1::HealthCheckResponse>(kHealth, grpc::health::v1::HealthCheckRequest()).ok();
  };
  EXPECT_TRUE(works());
  // Each worker gets its turn, whichever address a connection came to.
  const Raw one(ways.web->address()), other(ways.web->address());
  EXPECT_TRUE(one.Works() && other.Works());
  EXPECT_EQ(Raw(ways.web->address()).Hear(), "") << "one too many";
  EXPECT_TRUE(works()) << "the other address has places of its own";
  EXPECT_EQ(ways.web->connections(), 3);
}

TEST(WebServerTest, WhoComesWhileItShutsDownIsRefusedAtOnce) {
  WaysIn ways;
  Peer peer("echo", Connect(ways.web->address()));
  auto blocked = std::async(std::launch::async, [&] {
    return peer.Unary<EchoResponse>("tsunagu.testing.EchoService/Echo", Saying("block"), Key("good"));
  });
  ways.board.Await("blocked", 1);
  auto shutdown = std::async(std::launch::async, [&] { ways.Stop(absl::Seconds(30)); });
  while (ways.health.IsServing("")) std::this_thread::yield();
  const Deadline patience = Deadline::After(absl::Seconds(10));
  const auto refused = [&] {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in name = NameOf(ways.web->address());
    const bool connected = ::connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0;
    ::close(fd);
    return !connected;
  };
  while (!refused() && !patience.Over()) std::this_thread::yield();
  EXPECT_TRUE(refused());
  ways.board.Change("open");
  EXPECT_TRUE(blocked.get().ok()) << "what had begun is answered";
  shutdown.get();
}

TEST(WebServerTest, AnAddressInUseIsTold) {
  WaysIn ways;
  Server::Options second;
  second.listeners[0].address = ways.web->address();
  EXPECT_THAT(std::string(Server::Start(*ways.router, std::move(second)).status().message()),
              HasSubstr("another program does"));
}

// An incomplete message counts among the bytes of its caller before it is whole.
TEST(WebServerTest, HalfMessagesOfACallerAreBounded) {
  Router::Options limits;
  limits.request_bytes = 4 << 20;
  limits.first_message = absl::Minutes(1);
  WaysIn ways(std::move(limits));
  std::vector<std::unique_ptr<Raw>> clients;
  const std::string head =
      "POST /tsunagu.testing.EchoService/Echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n"
      "Content-Type: application/json\r\nContent-Length: 4000000\r\n\r\n";
  int refused = 0;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::make_unique<Raw>(ways.web->address()));
    clients.back()->Say(head + std::string(700'000, ' '));
  }
  for (const auto& client : clients)
    refused += absl::StrContains(client->HearFor(absl::Milliseconds(300)), "BUSY") ? 1 : 0;
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, 8);
}

}  // namespace
}  // namespace tsunagu::web
