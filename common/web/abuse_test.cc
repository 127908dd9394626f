// A caller that holds everything it can get keeps nobody else out, and costs no more than its share.
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/rpc/peer_name.h"
#include "common/rpc/status.h"
#include "common/web/ways_in.h"

namespace tsunagu::web {
namespace {

using namespace rpc;  // NOLINT: what is tested is there

constexpr char kEcho[] = "tsunagu.testing.EchoService/Echo";
constexpr char kWait[] = "tsunagu.testing.EchoService/Wait";
constexpr char kWatch[] = "grpc.health.v1.Health/Watch";
constexpr char kReflection[] = "grpc.reflection.v1.ServerReflection/ServerReflectionInfo";

class AbuseTest : public ::testing::Test {
 protected:
  void Serve(Router::Options options, Executor::Limits limits = {16, 200}) {
    options.target_wait = absl::InfiniteDuration();
    server_ = std::make_unique<WaysIn>(std::move(options), limits);
    peer_ = NewPeer();
  }
  // A peer with a separate connection, whose windows do not change.
  std::unique_ptr<Peer> NewPeer() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    return std::make_unique<Peer>("echo", server_->Channel(arguments));
  }
  // Returns the reason of a call that is not served; empty otherwise.
  static std::string Said(const absl::Status& status) {
    return std::string(status.ok() ? "" : ReasonOf(status).word());
  }
  std::string Asked(const std::string& key, const EchoRequest& request = Saying("")) {
    return Said(peer_->Unary<EchoResponse>(kEcho, request, Key(key)).status());
  }
  // Opens calls and leaves them alone.
  void Open(Peer& peer, const char* method, int count, const std::string& key) {
    for (int i = 0; i < count; ++i) open_.push_back(peer.Stream(method, Key(key)));
  }
  static EchoRequest Large() {
    EchoRequest request = Saying("padded");
    request.set_padding(std::string(1 << 20, 'x'));
    return request;
  }
  void AwaitInFlight(int count) {
    const Deadline patience = Deadline::After(absl::Seconds(30));
    while (server_->in_flight() != count && !patience.Over()) std::this_thread::yield();
    EXPECT_EQ(server_->in_flight(), count);
  }

  std::function<void(const Call&, const Outcome&)> CountRefused() {
    return [this](const Call&, const Outcome& outcome) {
      if (outcome.reason == "CALLER_TOO_BUSY"_reason) ++refused_;
    };
  }

  std::atomic<int> refused_{0};
  std::unique_ptr<WaysIn> server_;
  std::unique_ptr<Peer> peer_;
  std::vector<std::unique_ptr<Peer>> strangers_;
  std::vector<std::unique_ptr<PeerStream>> open_;
};

TEST_F(AbuseTest, StrangersHoldNoPlaceOfOthers) {
  Router::Options options;
  options.max_in_flight = 128;  // and 32 for callers without a key
  Serve(options);
  for (const char* method : {kWatch, kReflection}) {
    for (int i = 0; i < 5; ++i) {
      strangers_.push_back(NewPeer());
      Open(*strangers_.back(), method, 20, "");
    }
  }
  for (const auto& stream : open_) stream->Write(grpc::health::v1::HealthCheckRequest());
  AwaitInFlight(32);
  EXPECT_EQ(Asked("good"), "");
}

TEST_F(AbuseTest, AStrangerLeavesRoomToOthers) {
  Router::Options options;
  options.max_in_flight = 128;
  Serve(options);
  strangers_.push_back(NewPeer());
  Open(*strangers_.back(), kWatch, 20, "");
  AwaitInFlight(16);
  const grpc::health::v1::HealthCheckRequest request;
  EXPECT_TRUE(peer_->Unary<grpc::health::v1::HealthCheckResponse>("grpc.health.v1.Health/Check", request).ok());
}

TEST_F(AbuseTest, TheFirstMessageHasItsTime) {
  Router::Options options;
  options.first_message = absl::Milliseconds(50);
  Serve(options);
  const auto call = peer_->Stream(kEcho, Key("good"));
  const absl::Status status = call->Finish();
  EXPECT_EQ(Said(status), "FIRST_MESSAGE_MISSING");
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  // Once the first message has arrived, the next may take longer.
  const auto stream = peer_->Stream("tsunagu.testing.EchoService/Add", Key("good"));
  ASSERT_TRUE(stream->Write(Saying("", 2)));
  server_->board.Await("pushed", 1);
  EXPECT_EQ(Said(peer_->Stream(kEcho, Key("good"))->Finish()), "FIRST_MESSAGE_MISSING");
  ASSERT_TRUE(stream->Write(Saying("", 3)));
  stream->WritesDone();
  EchoResponse sum;
  EXPECT_TRUE(*stream->Read(sum));
  EXPECT_EQ(sum.number(), 5);
}

TEST_F(AbuseTest, CallsWhoseMessageNeverComesLeaveRoom) {
  Router::Options options;
  options.max_in_flight = 64;
  options.count = CountRefused();
  Serve(options);
  for (int i = 0; i < 4; ++i) {
    strangers_.push_back(NewPeer());
    Open(*strangers_.back(), kEcho, 20, "other");
  }
  const Deadline patience = Deadline::After(absl::Seconds(30));
  while (refused_ < 64 && !patience.Over()) std::this_thread::yield();
  AwaitInFlight(16);  // half of the places for calls without a message, which are half of all places
  EXPECT_EQ(Asked("good"), "");
}

TEST_F(AbuseTest, ManyCallersLeaveAStreamToOneMore) {
  Router::Options options;
  options.streams = 16;
  options.streams_of_caller = 4;
  options.count = CountRefused();
  Serve(options);
  for (int caller = 0; caller < 4; ++caller) {
    for (int i = 0; i < 4; ++i) {
      open_.push_back(peer_->Stream(kWait, Key(absl::StrCat("caller-", caller))));
      open_.back()->Write(Saying(""));
      open_.back()->WritesDone();
    }
  }
  while (server_->board.Count("live") + refused_ < 16) std::this_thread::yield();
  EXPECT_GT(refused_, 0);
  server_->board.Change("news");
  const auto late = peer_->Stream(kWait, Key("good"));
  ASSERT_TRUE(late->Write(Saying("")));
  late->WritesDone();
  EchoResponse response;
  EXPECT_TRUE(late->Read(response).value_or(false)) << Said(late->Finish());
}

TEST_F(AbuseTest, AnswersThatNobodyTakesAreBounded) {
  Router::Options options;
  options.answer_bytes = 8 << 20;  // one caller may hold half of it, plus one answer per thread
  Serve(options, {2, 200});
  const EchoRequest large = Large();
  int refused = 0;
  for (int i = 0; i < 20; ++i) {
    open_.push_back(peer_->Stream(kEcho, Key("other")));
    open_.back()->Write(large);  // unless the call is refused before
    open_.back()->WritesDone();
  }
  EXPECT_EQ(Asked("good", large), "");
  for (const auto& call : open_) {
    EchoResponse response;
    if (!call->Read(response).value_or(false)) refused += Said(call->Finish()) == "CALLER_TOO_BUSY" ? 1 : 0;
  }
  EXPECT_GE(refused, 10);
  AwaitInFlight(0);
  EXPECT_EQ(Asked("other", large), "") << "now that they are taken";
}

TEST_F(AbuseTest, WhoTakesNoAnswerIsCutOff) {
  std::promise<Reason> ended;
  Router::Options options;
  options.slow_client = absl::Milliseconds(100);
  options.count = [&](const Call&, const Outcome& outcome) { ended.set_value(outcome.reason); };
  Serve(options);
  const auto call = peer_->Stream(kEcho, Key("good"));
  ASSERT_TRUE(call->Write(Large()));
  call->WritesDone();
  EXPECT_EQ(ended.get_future().get(), "CLIENT_TOO_SLOW"_reason);
}

TEST_F(AbuseTest, RequestsInMemoryAreBounded) {
  Router::Options options;
  options.request_bytes = 6 << 20;
  Serve(options);
  EchoRequest large = Saying("block");
  large.set_padding(std::string(900'000, 'x'));  // needs twice that when decoded
  for (int i = 0; i < 2; ++i) {
    open_.push_back(peer_->Stream(kEcho, Key("other")));
    ASSERT_TRUE(open_.back()->Write(large));
    open_.back()->WritesDone();
  }
  server_->board.Await("blocked", 2);
  large.set_text("");
  EXPECT_EQ(Asked("other", large), "CALLER_TOO_BUSY");
  EXPECT_EQ(Asked("other"), "") << "a small one is no matter";
  EXPECT_EQ(Asked("good", large), "");
  server_->board.Change("open");
  for (const auto& call : open_) EXPECT_TRUE(call->Finish().ok());
  AwaitInFlight(0);
  EXPECT_EQ(Asked("other", large), "");
}

TEST_F(AbuseTest, OutOfMemoryIsARefusal) {
  Serve({});
  const absl::Status status = peer_->Unary<EchoResponse>(kEcho, Saying("exhaust"), Key("good")).status();
  EXPECT_EQ(Said(status), "OUT_OF_MEMORY");
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
}

struct WeightCase {
  const char* name;
  std::string piece;  // the message repeats this
  size_t bytes;
  const char* said;
};

class WeightTest : public ::testing::TestWithParam<WeightCase> {};

// Messages of EchoRequest: text = 1, words = 3 (messages with text = 1), padding = 4.
INSTANTIATE_TEST_SUITE_P(
    Messages, WeightTest,
    ::testing::Values(WeightCase{"EmptyMessages", std::string("\x1A\0", 2), 4'000'000, "MESSAGE_GROWS_TOO_LARGE"},
                      WeightCase{"EmptyTextsWithin", std::string("\x1A\x04\x0A\0\x0A\0", 6), 4'000'000,
                                 "MESSAGE_GROWS_TOO_LARGE"},
                      WeightCase{"UnknownNumbers", std::string("\x78\x01", 2), 4'000'000, ""},
                      WeightCase{"UnknownTexts", std::string("\x7A\0", 2), 4'000'000, "MESSAGE_GROWS_TOO_LARGE"},
                      WeightCase{"UnknownGroups", std::string("\x7B\x7C", 2), 4'000'000, "MESSAGE_GROWS_TOO_LARGE"},
                      WeightCase{"FewMessages", std::string("\x1A\0", 2), 100'000, ""},
                      WeightCase{"WordsAsPeopleWriteThem",
                                 "\x1A\x16\x0A\x14"
                                 "facilities/012345678",
                                 4'000'000, ""},
                      WeightCase{"BytesThatLookLikeMessages",
                                 absl::StrCat(std::string("\x22\x80\x08"), std::string(1024, '\x1A')), 4'000'000, ""},
                      WeightCase{"GroupsWithoutEnd", "\x7B", 4'000'000, ""}, WeightCase{"CutOff", "\x1A", 1, ""}),
    [](const auto& info) { return info.param.name; });

TEST_P(WeightTest, IsKnownBeforeItIsDecoded) {
  std::string message;
  while (message.size() < GetParam().bytes) message += GetParam().piece;
  grpc::ByteBuffer bytes = Bytes(message);
  const auto weight = Weigh(bytes, *EchoRequest::descriptor());
  EXPECT_EQ(weight.ok() ? "" : ReasonOf(weight.status()).word(), GetParam().said);
  EXPECT_GE(weight.value_or(INT64_MAX), static_cast<int64_t>(message.size()));
}

TEST_F(AbuseTest, ManyEmptyMessagesAreNotDecoded) {
  Serve({});
  std::string message;
  while (message.size() < 4'000'000) message.append("\x1A\0", 2);
  RawCall call(server_->Channel(Way::kWeb), std::string("/") + kEcho, Bytes(message),
               {{"authorization", "Bearer good"}});
  EXPECT_EQ(Said(FromGrpc(call.status)), "MESSAGE_GROWS_TOO_LARGE");
}

TEST(PeerNameTest, OneMachineIsOnePeer) {
  const struct {
    const char* peer;
    const char* name;
  } kCases[] = {
      {"ipv4:127.0.0.1:41234", "ipv4:127.0.0.1:41234"}, {"ipv6:[::1]:41234", "ipv6:[::1]:41234"},
      {"ipv6:%5B::1%5D:41234", "ipv6:%5B::1%5D:41234"}, {"unix:", "unix:"},
      {"ipv4:192.0.2.7:41234", "ipv4:192.0.2.7"},       {"ipv6:%5B2001:db8::7%5D:41234", "ipv6:%5B2001:db8::7%5D"},
  };
  for (const auto& c : kCases) EXPECT_EQ(PeerName(c.peer), c.name);
}

}  // namespace
}  // namespace tsunagu::web
