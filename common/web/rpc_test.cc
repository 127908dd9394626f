// What callers get for every kind of method, through a socket and in process.
#include <thread>
#include <vector>

#include "common/rpc/status.h"
#include "common/web/ways_in.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace tsunagu::web {
namespace {

using namespace rpc;  // NOLINT: what is tested is there

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kEcho[] = "tsunagu.testing.EchoService/Echo";
constexpr char kEchoPublic[] = "tsunagu.testing.EchoService/EchoPublic";

class RpcTest : public ::testing::TestWithParam<Way> {
 protected:
  WaysIn server_;
  std::shared_ptr<grpc::Channel> channel_ = server_.Channel(GetParam());
  Peer peer_{"echo", channel_};
};

INSTANTIATE_TEST_SUITE_P(Transports, RpcTest, ::testing::Values(Way::kInProcess, Way::kWeb),
                         [](const auto& info) { return NameOf(info.param); });

TEST_P(RpcTest, Unary) {
  const auto response = peer_.Unary<EchoResponse>(kEcho, Saying("つなぐ", 7), Key("good"));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->text(), "つなぐ");
  EXPECT_EQ(response->number(), 7);
}

TEST_P(RpcTest, ServerStream) {
  const auto stream = peer_.Stream("tsunagu.testing.EchoService/Count", Key("good"));
  EXPECT_TRUE(stream->Write(Saying("", 5)));
  stream->WritesDone();
  EchoResponse response;
  for (int i = 1; i <= 5; ++i) {
    ASSERT_TRUE(*stream->Read(response));
    EXPECT_EQ(response.number(), i);
  }
  EXPECT_FALSE(*stream->Read(response));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_P(RpcTest, ClientStream) {
  const auto stream = peer_.Stream("tsunagu.testing.EchoService/Add", Key("good"));
  for (int i = 1; i <= 100; ++i) ASSERT_TRUE(stream->Write(Saying("", i)));
  stream->WritesDone();
  EchoResponse response;
  ASSERT_TRUE(*stream->Read(response));
  EXPECT_EQ(response.number(), 5050);
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_P(RpcTest, NoAnswerIsLostOnALateReader) {
  for (int i = 0; i < 500; ++i) {
    const auto stream = peer_.Stream("tsunagu.testing.EchoService/Add", Key("good"));
    stream->WritesDone();
    if (i % 2 == 0) server_.board.Await("finished", i + 1);
    EchoResponse response;
    ASSERT_TRUE(*stream->Read(response)) << stream->Finish();
    ASSERT_TRUE(stream->Finish().ok());
  }
}

TEST_P(RpcTest, ClientStreamOfNothing) {
  const auto stream = peer_.Stream("tsunagu.testing.EchoService/Add", Key("good"));
  stream->WritesDone();
  EchoResponse response;
  ASSERT_TRUE(*stream->Read(response)) << stream->Finish();
  EXPECT_EQ(response.number(), 0);
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_P(RpcTest, Bidi) {
  const auto stream = peer_.Stream("tsunagu.testing.EchoService/Chat", Key("good"));
  EchoResponse response;
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(stream->Write(Saying("hello", i)));
    for (int j = 0; j < i; ++j) ASSERT_TRUE(*stream->Read(response));
  }
  stream->WritesDone();
  ASSERT_TRUE(*stream->Read(response));
  EXPECT_EQ(response.text(), "bye");
  EXPECT_FALSE(*stream->Read(response));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_P(RpcTest, RefusalsByReason) {
  const struct {
    const char* name;
    const char* method;
    const char* key;
    EchoRequest request;
    absl::StatusCode code;
    Reason reason;
  } kCases[] = {
      {"no key", kEcho, "", {}, absl::StatusCode::kUnauthenticated, "UNAUTHENTICATED"_reason},
      {"wrong key", kEcho, "bad", {}, absl::StatusCode::kUnauthenticated, "UNAUTHENTICATED"_reason},
      {"no permission", kEcho, "weak", {}, absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED"_reason},
      {"no method",
       "tsunagu.testing.EchoService/Sing",
       "good",
       {},
       absl::StatusCode::kUnimplemented,
       "METHOD_NOT_FOUND"_reason},
      {"thrown", kEcho, "good", Saying("throw"), absl::StatusCode::kInternal, "INTERNAL"_reason},
      {"not ours", kEcho, "good", Saying("fail"), absl::StatusCode::kInternal, "INTERNAL"_reason},
  };
  for (const auto& c : kCases) {
    const absl::Status status = peer_.Unary<EchoResponse>(c.method, c.request, Key(c.key)).status();
    EXPECT_EQ(status.code(), c.code) << c.name;
    EXPECT_EQ(ReasonOf(status), c.reason) << c.name << ": " << status;
  }
  EXPECT_TRUE(peer_.Unary<EchoResponse>(kEchoPublic, Saying("x")).ok());
}

TEST_P(RpcTest, DeniedNamesThePermission) {
  const absl::Status status = peer_.Unary<EchoResponse>(kEcho, Saying(""), Key("weak")).status();
  EXPECT_EQ(FaultOf(status).args().at("permission"), "echoes.read");
}

TEST_P(RpcTest, SpeaksTheCallersLanguage) {
  const std::string path = "/tsunagu.testing.EchoService/Sing";
  EXPECT_EQ(RawCall(channel_, path, Bytes(""), {{"accept-language", "ja-JP,en;q=0.8"}}).status.error_message(),
            "この機能はありません: " + path);
  EXPECT_EQ(RawCall(channel_, path, Bytes(""), {{"accept-language", "fr"}}).status.error_message(),
            "No such method: " + path);
}

TEST_P(RpcTest, MasksInternalErrors) {
  grpc::ByteBuffer request = *Encode(Saying("throw"));
  RawCall call(channel_, std::string("/") + kEcho, request, {{"authorization", "Bearer good"}});
  EXPECT_EQ(call.status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_THAT(call.status.error_message() + call.status.error_details(), Not(HasSubstr("secret")));
  const auto id = call.context.GetServerInitialMetadata().find(kCorrelationHeader);
  ASSERT_NE(id, call.context.GetServerInitialMetadata().end());
  EXPECT_THAT(call.status.error_message(), HasSubstr(std::string(id->second.data(), id->second.size())));
}

TEST_P(RpcTest, MalformedMessages) {
  const auto refuse = [&](const std::string& bytes) {
    RawCall call(channel_, std::string("/") + kEchoPublic, Bytes(bytes), {});
    return FromGrpc(call.status);
  };
  const absl::Status utf8 = refuse(std::string("\x1a\x03\x0a\x01x\x1a\x03\x0a\x01\xff", 10));
  EXPECT_EQ(ReasonOf(utf8), "INVALID_UTF8"_reason) << utf8;
  EXPECT_EQ(FaultOf(utf8).faults(0).field(), "words[1].text");
  EXPECT_EQ(ReasonOf(refuse("\x0a\x7fx")), "MALFORMED_MESSAGE"_reason);
  EXPECT_EQ(ReasonOf(refuse("\x1a\x03\x0a\x05\xff")), "MALFORMED_MESSAGE"_reason);
}

TEST_P(RpcTest, NothingSent) {
  const auto stream = peer_.Stream(kEcho, Key("good"));
  stream->WritesDone();
  EXPECT_EQ(ReasonOf(stream->Finish()), "ONE_MESSAGE_EXPECTED"_reason);
}

// gRPC's own server never checks for a second message.
TEST(OneMessageTest, ASecondOneIsRefused) {
  WaysIn server;
  Peer peer("echo", server.Channel(Way::kWeb));
  for (const char* method : {kEcho, "tsunagu.testing.EchoService/Count"}) {
    const auto stream = peer.Stream(method, Key("good"));
    stream->Write(Saying("one", 1));
    stream->Write(Saying("two", 2));
    stream->WritesDone();
    const absl::Status status = stream->Finish();
    EXPECT_EQ(ReasonOf(status), "ONE_MESSAGE_EXPECTED"_reason) << method << ": " << status;
  }
}

TEST(ErrorTextTest, ArrivesAsItWasSaid) {
  const std::string text = "\n100 % ☺\r\n😈\t";
  Router::Options options;
  options.tell = [&](const absl::Status&, Language, absl::string_view) { return grpc::Status(grpc::INTERNAL, text); };
  WaysIn server(std::move(options));
  for (const Way way : {Way::kInProcess, Way::kWeb}) {
    RawCall call(server.Channel(way), "/tsunagu.testing.EchoService/Sing", Bytes(""), {});
    EXPECT_EQ(call.status.error_message(), text) << NameOf(way);
  }
}

TEST_P(RpcTest, MetadataLimits) {
  CallOptions options = Key("good");
  options.purpose = std::string(9 * 1024, 'x');
  const absl::Status large = peer_.Unary<EchoResponse>(kEcho, Saying(""), options).status();
  EXPECT_EQ(ReasonOf(large), "METADATA_TOO_LARGE"_reason) << large;
  std::multimap<std::string, std::string> many;
  for (int i = 0; i < 65; ++i) many.emplace(absl::StrCat("x", i), "");
  EXPECT_EQ(ReasonOf(FromGrpc(RawCall(channel_, std::string("/") + kEcho, Bytes(""), many).status)),
            "METADATA_TOO_LARGE"_reason);
}

TEST_P(RpcTest, MessageTooLarge) {
  EchoRequest request;
  request.set_padding(std::string(5 << 20, 'x'));
  const absl::Status status = peer_.Unary<EchoResponse>(kEcho, request, Key("good")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_EQ(ReasonOf(status), "MESSAGE_TOO_LARGE"_reason);
  EXPECT_TRUE(peer_.Unary<EchoResponse>(kEcho, Saying("still there"), Key("good")).ok());
}

TEST_P(RpcTest, ManyCallers) {
  std::vector<std::thread> callers;
  std::atomic<int> right{0};
  for (int caller = 0; caller < 32; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 200; ++i) {
        const char* method = i % 2 == 0 ? kEcho : kEchoPublic;
        const auto response = peer_.Unary<EchoResponse>(method, Saying("x", caller + i), Key("good"));
        right += response.ok() && response->number() == caller + i;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(right, 32 * 200);
}

TEST_P(RpcTest, RetriesWhatIsSafe) {
  Peer::Options quick;
  quick.first_delay = quick.longest_delay = absl::Milliseconds(1);
  Peer peer("echo", channel_, quick);
  CallOptions options = Key("good");
  server_.board.Change("refusals", 2);
  EXPECT_EQ(ReasonOf(peer.Unary<EchoResponse>(kEcho, Saying("busy"), options).status()), "DATABASE_UNAVAILABLE"_reason);
  options.retry_safe = true;
  server_.board.Change("refusals", 1);
  EXPECT_TRUE(peer.Unary<EchoResponse>(kEcho, Saying("busy"), options).ok());
  server_.board.Change("refusals", 100);
  EXPECT_FALSE(peer.Unary<EchoResponse>(kEcho, Saying("busy"), options).ok());
  EXPECT_GT(server_.board.Count("refusals"), 90) << "the budget ends the retries";
}

TEST_P(RpcTest, AShedCallIsSentAgainWhenItsTimeHasCome) {
  CallOptions options = Key("good");
  options.retry_safe = true;
  server_.board.Change("refusals", 1);
  const Stopwatch watch;
  EXPECT_TRUE(peer_.Unary<EchoResponse>(kEcho, Saying("shed"), options).ok());
  EXPECT_GE(watch.Elapsed(), absl::Seconds(1)) << "what the server asks for";
  EXPECT_EQ(server_.board.Count("handled"), 2);
}

TEST_P(RpcTest, WhereTheAskedTimeDoesNotFitTheRefusalComesAtOnce) {
  CallOptions options = Key("good", absl::Milliseconds(900));
  options.retry_safe = true;
  server_.board.Change("refusals", 1);
  const Stopwatch watch;
  EXPECT_EQ(ReasonOf(peer_.Unary<EchoResponse>(kEcho, Saying("shed"), options).status()), "CALLER_TOO_BUSY"_reason);
  EXPECT_LT(watch.Elapsed(), absl::Milliseconds(800));
  EXPECT_EQ(server_.board.Count("handled"), 1);
}

TEST_P(RpcTest, WhatWaitingDoesNotHelpIsNotSentAgain) {
  CallOptions options = Key("good");
  options.retry_safe = true;
  server_.board.Change("refusals", 1);
  EXPECT_EQ(ReasonOf(peer_.Unary<EchoResponse>(kEcho, Saying("jumped"), options).status()), "CLOCK_JUMPED"_reason);
  EXPECT_EQ(server_.board.Count("handled"), 1);
}

TEST_P(RpcTest, ACallOnTheWayIsInTheTraceOfItsCause) {
  const Trace cause = Trace::Continue("");
  Trace between;
  server_.board.onward = [&](const Call& call) {
    between = call.trace;
    return peer_.Unary<EchoResponse>(kEcho, Saying("trace"), CallOptions::Onward(call, "good"));
  };
  CallOptions options = Key("good");
  options.trace = cause.traceparent();
  const auto answer = peer_.Unary<EchoResponse>(kEcho, Saying("onward"), options);
  ASSERT_TRUE(answer.ok()) << answer.status();
  const auto last = ParseTraceparent(answer->text());
  ASSERT_TRUE(last) << answer->text();
  EXPECT_EQ(last->trace_id(), cause.trace_id());
  EXPECT_EQ(between.trace_id(), cause.trace_id());
  EXPECT_NE(last->span, between.span);
  EXPECT_NE(between.span, cause.span);
}

TEST(PeerTest, NobodyThere) {
  Peer peer("registry", Connect("unix:/nonexistent/socket"));
  const absl::Status status = peer.Unary<EchoResponse>(kEcho, Saying("")).status();
  EXPECT_EQ(ReasonOf(status), "PEER_UNAVAILABLE"_reason);
  EXPECT_EQ(FaultOf(status).args().at("service"), "registry");
}

TEST(CompressionTest, IsRefused) {
  WaysIn server;
  const auto channel = server.Channel(Way::kWeb);
  grpc::ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  grpc::ByteBuffer request = *Encode(Saying(std::string(100'000, 'x')));
  grpc::ByteBuffer response;
  std::promise<grpc::Status> ended;
  grpc::GenericStub(channel).UnaryCall(&context, std::string("/") + kEchoPublic, {}, &request, &response,
                                       [&](grpc::Status how) { ended.set_value(how); });
  EXPECT_EQ(ended.get_future().get().error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace tsunagu::web
