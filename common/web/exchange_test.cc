// Calls that wait, end early, or reach limits.
#include <thread>

#include "common/rpc/status.h"
#include "common/web/ways_in.h"

namespace tsunagu::web {
namespace {

using namespace rpc;  // NOLINT: what is tested is there

constexpr char kEcho[] = "tsunagu.testing.EchoService/Echo";
constexpr char kWait[] = "tsunagu.testing.EchoService/Wait";

class ExchangeTest : public ::testing::TestWithParam<Way> {
 protected:
  void Serve(Router::Options options, Executor::Limits limits = {40, 200}) {
    server_ = std::make_unique<WaysIn>(std::move(options), limits);
    peer_ = std::make_unique<Peer>("echo", server_->Channel(GetParam()));
  }
  void SetUp() override { Serve({}); }
  Board& board() { return server_->board; }
  std::unique_ptr<PeerStream> StartWaiting() {
    auto stream = peer_->Stream(kWait, Key("good", absl::Minutes(5)));
    EXPECT_TRUE(stream->Write(Saying("")));
    stream->WritesDone();
    board().Await("live", 1);
    return stream;
  }
  std::future<absl::StatusOr<EchoResponse>> StartBlocked() {
    auto answer = std::async(std::launch::async,
                             [this] { return peer_->Unary<EchoResponse>(kEcho, Saying("block"), Key("good")); });
    board().Await("blocked", 1);
    return answer;
  }

  std::unique_ptr<WaysIn> server_;
  std::unique_ptr<Peer> peer_;
};

INSTANTIATE_TEST_SUITE_P(Transports, ExchangeTest, ::testing::Values(Way::kInProcess, Way::kWeb),
                         [](const auto& info) { return NameOf(info.param); });

TEST_P(ExchangeTest, FullQueueRefusesAtOnce) {
  Serve({}, {1, 1});
  auto blocked = StartBlocked();
  ASSERT_TRUE(server_->executor.TryPost([] {}));
  RawCall call(server_->Channel(GetParam()), std::string("/") + kEcho, *Encode(Saying("")),
               {{"authorization", "Bearer other"}});
  EXPECT_EQ(ReasonOf(FromGrpc(call.status)), "TOO_BUSY"_reason);
  EXPECT_EQ(RetryDelay(call.status), absl::Seconds(1));
  // A method that never blocks needs no queue.
  EXPECT_TRUE(peer_->Unary<EchoResponse>("tsunagu.testing.EchoService/EchoPublic", Saying("")).ok());
  board().Change("open");
  EXPECT_TRUE(blocked.get().ok());
}

TEST_P(ExchangeTest, TooManyInFlight) {
  Router::Options options;
  options.max_in_flight = 1;
  Serve(options);
  auto blocked = StartBlocked();
  EXPECT_EQ(ReasonOf(peer_->Unary<EchoResponse>(kEcho, Saying(""), Key("good")).status()), "TOO_BUSY"_reason);
  board().Change("open");
  EXPECT_TRUE(blocked.get().ok());
}

TEST_P(ExchangeTest, OwnDeadline) {
  Router::Options options;
  options.default_deadline = absl::Milliseconds(50);
  Serve(options);
  auto blocked = StartBlocked();
  const absl::Status status = blocked.get().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(FaultOf(status).reason(), "DEADLINE_EXCEEDED");
  board().Change("open");
  board().Await("cancelled", 1);
}

TEST_P(ExchangeTest, DeadlineOfAStreamThatWaits) {
  Router::Options options;
  options.stream_deadline = absl::Milliseconds(50);
  Serve(options);
  const auto stream = StartWaiting();
  EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kDeadlineExceeded);
  board().Await("live", 0);
}

TEST_P(ExchangeTest, DeadlineOfTheClient) {
  const auto answer = peer_->Unary<EchoResponse>(kEcho, Saying("block"), Key("good", absl::Milliseconds(500)));
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kDeadlineExceeded);
  board().Await("blocked", 1);
  while (server_->in_flight() > 1) std::this_thread::yield();
  board().Change("open");
  board().Await("blocked", 0);
}

TEST_P(ExchangeTest, CancelledStreamIsDestroyed) {
  board().Change("news");
  const auto stream = StartWaiting();
  EchoResponse response;
  EXPECT_TRUE(*stream->Read(response));
  stream->Cancel();
  EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kCancelled);
  board().Await("live", 0);
  board().Wake();  // too late, and harmless
}

TEST_P(ExchangeTest, CancelledUploadIsNotTakenForTheWhole) {
  const auto stream = peer_->Stream("tsunagu.testing.EchoService/Add", Key("good"));
  ASSERT_TRUE(stream->Write(Saying("", 1)));
  board().Await("pushed", 1);
  stream->Cancel();
  EXPECT_FALSE(stream->Finish().ok());
  board().Await("live", 0);
  EXPECT_EQ(board().Count("finished"), 0);
}

TEST_P(ExchangeTest, NoWakeIsLost) {
  const auto stream = StartWaiting();
  constexpr int kTimes = 10'000;
  std::atomic<int> seen{0};
  auto publisher = std::async(std::launch::async, [&] {
    for (int i = 1; i <= kTimes; ++i) {
      board().Change("news");
      board().Wake();
      if (i % 3 != 0) continue;  // sometimes two or three at once, sometimes just as kLater is returned
      while (seen < i) std::this_thread::yield();
    }
  });
  EchoResponse response;
  while (seen < kTimes && stream->Read(response).value_or(false)) {
    EXPECT_EQ(response.number(), seen + 1);
    ++seen;
  }
  EXPECT_EQ(seen, kTimes) << stream->Finish();
  seen = kTimes;  // the call ended early: lets the publisher finish
  publisher.wait();
  EXPECT_LE(board().Count("next"), 3 * kTimes) << "it polls";
}

TEST_P(ExchangeTest, SlowReaderHoldsLittle) {
  EchoRequest request = Saying("", 1000);
  request.set_padding(std::string(1 << 20, 'x'));
  grpc::ChannelArguments narrow;  // gRPC lets a fast connection run about 8 MB ahead; this disables it
  narrow.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  Peer slow("echo", GetParam() == Way::kInProcess ? server_->Channel(GetParam()) : server_->Channel(narrow));
  const auto stream = slow.Stream("tsunagu.testing.EchoService/Count", Key("good"));
  ASSERT_TRUE(stream->Write(request));
  stream->WritesDone();
  EchoResponse response;
  for (int read = 1; read <= 5; ++read) {
    ASSERT_TRUE(*stream->Read(response));
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(peer_->Unary<EchoResponse>(kEcho, Saying(""), Key("good")).ok());
    EXPECT_LE(board().Count("next"), read + 2) << "what gRPC buffers, and one message";
  }
}

TEST_P(ExchangeTest, SlowReaderIsCutOffAtTheDeadline) {
  Router::Options options;
  options.stream_deadline = absl::Milliseconds(100);
  Serve(options);
  EchoRequest request = Saying("", 1000);
  request.set_padding(std::string(1 << 20, 'x'));
  const auto stream = peer_->Stream("tsunagu.testing.EchoService/Count", Key("good"));
  ASSERT_TRUE(stream->Write(request));
  stream->WritesDone();
  while (server_->in_flight() == 0) std::this_thread::yield();
  while (server_->in_flight() > 0) std::this_thread::yield();
  EXPECT_FALSE(stream->Finish().ok());
}

TEST_P(ExchangeTest, DrainLetsCallsFinish) {
  auto blocked = StartBlocked();
  const auto waiting = StartWaiting();
  const auto watch = peer_->Stream("grpc.health.v1.Health/Watch");
  ASSERT_TRUE(watch->Write(grpc::health::v1::HealthCheckRequest()));
  watch->WritesDone();
  grpc::health::v1::HealthCheckResponse health;
  ASSERT_TRUE(*watch->Read(health));
  EXPECT_EQ(health.status(), grpc::health::v1::HealthCheckResponse::SERVING);
  auto shutdown = std::async(std::launch::async, [&] { server_->Stop(absl::Seconds(30)); });
  ASSERT_TRUE(*watch->Read(health));
  EXPECT_EQ(health.status(), grpc::health::v1::HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(ReasonOf(watch->Finish()), "SHUTTING_DOWN"_reason);
  EXPECT_EQ(ReasonOf(waiting->Finish()), "SHUTTING_DOWN"_reason);
  absl::Status refused;
  while (refused.ok()) refused = peer_->Unary<EchoResponse>(kEcho, Saying(""), Key("good")).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable) << refused;
  board().Change("open");
  EXPECT_TRUE(blocked.get().ok());
  shutdown.get();
  EXPECT_EQ(server_->in_flight(), 0);
}

constexpr char kSoon[] = "tsunagu.testing.EchoService/EchoSoon";

TEST_P(ExchangeTest, WhatComesSoonIsAnsweredWhileDraining) {
  auto answer = std::async(std::launch::async,
                           [this] { return peer_->Unary<EchoResponse>(kSoon, Saying("hello"), Key("good")); });
  board().Await("soon", 1);
  auto shutdown = std::async(std::launch::async, [this] { server_->Stop(absl::Seconds(30)); });
  absl::Status refused;
  while (refused.ok()) refused = peer_->Unary<EchoResponse>(kEcho, Saying(""), Key("good")).status();
  board().Wake();
  board().SetWake([] {});
  const auto answered = answer.get();
  ASSERT_TRUE(answered.ok()) << answered.status();
  EXPECT_EQ(answered->text(), "hello");
  shutdown.get();
  EXPECT_EQ(board().Count("live"), 0);
  EXPECT_EQ(board().Count("on transport"), GetParam() == Way::kWeb ? 2 : 1);
}

TEST_P(ExchangeTest, WhoLeavesDoesNotEndWhatComesSoon) {
  const auto answer = peer_->Unary<EchoResponse>(kSoon, Saying(""), Key("good", absl::Milliseconds(200)));
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kDeadlineExceeded);
  auto shutdown = std::async(std::launch::async, [this] { server_->Stop(absl::ZeroDuration()); });
  EXPECT_EQ(shutdown.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
  EXPECT_EQ(board().Count("live"), 1);
  board().Wake();
  board().SetWake([] {});
  shutdown.get();
  EXPECT_EQ(board().Count("live"), 0);
}

// A refusal would say that nothing was done.
TEST_P(ExchangeTest, WhatComesSoonIsAnsweredAlsoWhenTheQueueIsFull) {
  Serve({}, {1, 1});
  auto answer = std::async(std::launch::async,
                           [this] { return peer_->Unary<EchoResponse>(kSoon, Saying("hello"), Key("good")); });
  board().Await("soon", 1);
  auto blocked = StartBlocked();
  ASSERT_TRUE(server_->executor.TryPost([] {}));
  board().Wake();
  board().SetWake([] {});
  board().Change("open");
  EXPECT_TRUE(answer.get().ok());
  EXPECT_TRUE(blocked.get().ok());
}

// It is woken before and after the stream has said that it waits.
TEST_P(ExchangeTest, NoWakeOfWhatComesSoonIsLost) {
  for (int i = 0; i < 300; ++i) {
    auto answer =
        std::async(std::launch::async, [this] { return peer_->Unary<EchoResponse>(kSoon, Saying(""), Key("good")); });
    board().Await("soon", i + 1);
    board().Wake();
    board().SetWake([] {});
    EXPECT_TRUE(answer.get().ok());
  }
}

TEST_P(ExchangeTest, StopWithoutGraceWaitsForHandlers) {
  auto blocked = StartBlocked();
  auto shutdown = std::async(std::launch::async, [&] { server_->Stop(absl::ZeroDuration()); });
  EXPECT_FALSE(blocked.get().ok());
  EXPECT_EQ(server_->in_flight(), 1);
  board().Change("open");
  shutdown.get();
  EXPECT_EQ(board().Count("blocked"), 0);
}

}  // namespace
}  // namespace tsunagu::web
