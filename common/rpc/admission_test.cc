// Which calls are accepted, in which order, and which are refused before anything is read.
#include <ostream>
#include <thread>
#include <vector>

#include "common/rpc/admission.h"
#include "common/rpc/echo_fixture.h"
#include "common/rpc/status.h"
#include "grpcpp/create_channel.h"

namespace tsunagu::rpc {
namespace {

constexpr char kEcho[] = "tsunagu.testing.EchoService/Echo";
constexpr char kEchoAdmin[] = "tsunagu.testing.EchoService/EchoAdmin";
constexpr char kCount[] = "tsunagu.testing.EchoService/Count";
constexpr char kWait[] = "tsunagu.testing.EchoService/Wait";

class AdmissionTest : public ::testing::Test {
 protected:
  // Limits stay as they are at the beginning, however slow the machine is.
  void Serve(Router::Options options, Executor::Limits limits) {
    options.target_wait = absl::InfiniteDuration();
    server_ = std::make_unique<EchoServer>(std::move(options), limits);
    peer_ = std::make_unique<Peer>("echo", server_->Channel());
  }
  ~AdmissionTest() override {
    if (server_->board.Count("open") == 0) server_->board.Change("open");
    for (auto& answer : blocked_) answer.wait();
  }
  // Starts `count` calls that stay in progress.
  void Block(int count, const std::string& key = "good") {
    for (int i = 0; i < count; ++i) {
      blocked_.push_back(std::async(std::launch::async, [this, key] {
        return peer_->Unary<EchoResponse>(kEcho, Saying("block"), Key(key)).status();
      }));
    }
    server_->board.Await("blocked", static_cast<int>(blocked_.size()));
  }
  Reason Refusal(const char* method, const std::string& key) {
    return ReasonOf(peer_->Unary<EchoResponse>(method, Saying(""), Key(key)).status());
  }
  bool Served(const char* method, const std::string& key) {
    return peer_->Unary<EchoResponse>(method, Saying(""), Key(key)).ok();
  }

  FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  std::unique_ptr<EchoServer> server_;
  std::unique_ptr<Peer> peer_;
  std::vector<std::future<absl::Status>> blocked_;
};

TEST_F(AdmissionTest, OneCallerLeavesAShareToOthers) {
  Serve({}, {24, 8});  // 32 places
  Block(16);
  EXPECT_EQ(Refusal(kEcho, "good"), "CALLER_TOO_BUSY"_reason);
  EXPECT_TRUE(Served(kEcho, "other"));
  Block(6, "other");
  EXPECT_EQ(Refusal(kEcho, "good"), "CALLER_TOO_BUSY"_reason);
  EXPECT_TRUE(Served(kEcho, "other"));
}

TEST_F(AdmissionTest, RefusesBeforeTheMessageIsRead) {
  Serve({}, {24, 8});
  Block(16);
  const auto stream = peer_->Stream(kEcho, Key("good"));
  EXPECT_EQ(ReasonOf(stream->Finish()), "CALLER_TOO_BUSY"_reason) << "nothing was sent";
  RawCall call(server_->Channel(), std::string("/") + kEcho, *Encode(Saying("")), {{"authorization", "Bearer good"}});
  EXPECT_EQ(RetryDelay(call.status), absl::Seconds(1));
}

TEST_F(AdmissionTest, AdminIsServedWhenOthersAreRefused) {
  Router::Options options;
  options.max_in_flight = 3;
  Serve(options, {40, 100});
  Block(2);
  Block(1, "other");
  EXPECT_EQ(Refusal(kEcho, "other"), "TOO_BUSY"_reason);
  EXPECT_TRUE(Served(kEchoAdmin, "other"));
}

TEST_F(AdmissionTest, AdminPassesAFullQueue) {
  Serve({}, {1, 1});
  Block(1);
  ASSERT_TRUE(server_->executor.TryPost([] {}));
  EXPECT_EQ(Refusal(kEcho, "other"), "TOO_BUSY"_reason);
  auto answer = std::async(std::launch::async, [this] { return Served(kEchoAdmin, "other"); });
  server_->board.Change("open");
  EXPECT_TRUE(answer.get());
}

TEST_F(AdmissionTest, WhatNobodyWaitsForIsNotDone) {
  Router::Options options;
  Serve(options, {1, 10});
  Block(1);
  auto late = std::async(std::launch::async, [this] {
    return ReasonOf(peer_->Unary<EchoResponse>(kEcho, Saying(""), Key("other")).status());
  });
  while (server_->executor.queued(Lane::kInteractive) == 0) std::this_thread::yield();
  SteadyTime::Advance(options.default_deadline);
  server_->board.Change("open");
  EXPECT_EQ(late.get(), "DEADLINE_EXCEEDED"_reason);
  EXPECT_EQ(server_->board.Count("handled"), 1);
}

TEST_F(AdmissionTest, StreamsOfACallerAreBounded) {
  Router::Options options;
  options.streams_of_caller = 2;
  Serve(options, {8, 8});
  std::vector<std::unique_ptr<PeerStream>> open;
  const auto start = [&](const std::string& key) {
    open.push_back(peer_->Stream(kWait, Key(key)));
    EXPECT_TRUE(open.back()->Write(Saying("")));
    open.back()->WritesDone();
  };
  start("good");
  start("good");
  server_->board.Await("live", 2);
  const absl::Status third = peer_->Stream(kWait, Key("good"))->Finish();
  EXPECT_EQ(ReasonOf(third), "TOO_MANY_STREAMS"_reason);
  EXPECT_EQ(FaultOf(third).args().at("max"), "2");
  EXPECT_TRUE(Served(kEcho, "good")) << "streams take no place of other calls";
  start("other");
  server_->board.Await("live", 3);
  open.front()->Cancel();
  server_->board.Await("live", 2);
  while (server_->server->in_flight() > 2) std::this_thread::yield();
  start("good");
  server_->board.Await("live", 3);
}

TEST_F(AdmissionTest, AClientThatTakesNothingIsCutOff) {
  std::promise<Reason> ended;
  Router::Options options;
  options.slow_client = absl::Milliseconds(100);
  options.count = [&](const Call& call, const Outcome& outcome) {
    if (call.method->name() == "Count") ended.set_value(outcome.reason);
  };
  Serve(options, {4, 4});
  EchoRequest request = Saying("", 1000);
  request.set_padding(std::string(100'000, 'x'));
  const auto stream = peer_->Stream(kCount, Key("good"));
  ASSERT_TRUE(stream->Write(request));
  stream->WritesDone();
  EXPECT_EQ(ended.get_future().get(), "CLIENT_TOO_SLOW"_reason);
  EXPECT_LT(server_->board.Count("next"), 20) << "it was not asked for more than was taken";
  EXPECT_TRUE(Served(kEcho, "good"));
}

TEST_F(AdmissionTest, AClientThatReadsIsNot) {
  Router::Options options;
  options.slow_client = absl::Milliseconds(40);
  Serve(options, {4, 4});
  const auto stream = peer_->Stream(kWait, Key("good"));  // has nothing to receive for longer than that
  ASSERT_TRUE(stream->Write(Saying("")));
  stream->WritesDone();
  server_->board.Await("live", 1);
  EchoResponse response;
  const Stopwatch watch;
  for (int news = 1; watch.Elapsed() < absl::Milliseconds(200); ++news) {
    server_->board.Change("news");
    server_->board.Wake();
    ASSERT_TRUE(*stream->Read(response));
    ASSERT_EQ(response.number(), news);
  }
}

// Ten callers at once call a server whose database is unavailable.
TEST_F(AdmissionTest, RetriesDoNotMultiplyAnOutage) {
  Serve({}, {40, 200});
  constexpr int kCallers = 10, kCalls = 20, kMany = 1'000'000;
  server_->board.Change("refusals", kMany);
  Peer::Options quick;
  quick.first_delay = quick.longest_delay = absl::Milliseconds(1);
  Peer peer("echo", server_->Channel(), quick);
  CallOptions options = Key("good");
  options.retry_safe = true;
  const auto storm = [&] {
    std::vector<std::thread> callers;
    for (int i = 0; i < kCallers; ++i) {
      callers.emplace_back([&] {
        for (int n = 0; n < kCalls; ++n) (void)peer.Unary<EchoResponse>(kEcho, Saying("busy"), options);
      });
    }
    for (std::thread& caller : callers) caller.join();
  };
  storm();
  const int attempts = kMany - server_->board.Count("refusals");
  RecordProperty("attempts", attempts);
  EXPECT_GE(attempts, kCallers * kCalls);
  EXPECT_LE(attempts, kCallers * kCalls * 12 / 10);
  // The database is available again, and after a while single failures are retried again.
  server_->board.Change("refusals", -server_->board.Count("refusals"));
  storm();
  server_->board.Change("refusals", 1);
  EXPECT_TRUE(peer.Unary<EchoResponse>(kEcho, Saying("busy"), options).ok());
}

TEST_F(AdmissionTest, APeerThatAsksForTimeGetsIt) {
  Serve({}, {4, 4});
  Peer::Options patient;
  patient.first_delay = absl::Milliseconds(1);
  patient.longest_delay = absl::Milliseconds(1);  // the server asks for a second
  Peer peer("echo", server_->Channel(), patient);
  CallOptions options = Key("good");
  options.retry_safe = true;
  server_->board.Change("refusals", 1);
  const Stopwatch watch;
  EXPECT_TRUE(peer.Unary<EchoResponse>(kEcho, Saying("busy"), options).ok());
  EXPECT_GE(watch.Elapsed(), absl::Seconds(1));
}

}  // namespace
}  // namespace tsunagu::rpc
