#include "services/suite/call.h"

#include <unistd.h>

#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/echo_fixture.h"
#include "common/text/json.h"
#include "gmock/gmock.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "services/suite/contracts.h"

namespace tsunagu::suite {
namespace {

using ::testing::HasSubstr;

constexpr char kService[] = "tsunagu.testing.EchoService";

class CallTest : public ::testing::Test {
 protected:
  Client ClientWith(const std::string& key) {
    Client client;
    client.peer = std::make_unique<rpc::Peer>("echo", server_.Channel());
    client.once = client.stream = rpc::Key(key);
    return client;
  }
  absl::Status Call(const std::string& method, const std::string& json, const std::string& key = "good") {
    return CallMethod(ClientWith(key), absl::StrCat(kService, "/", method), *Input::Of(json), out_);
  }

  rpc::EchoServer server_;
  std::ostringstream out_;
};

TEST_F(CallTest, Unary) {
  ASSERT_TRUE(Call("Echo", R"({"text": "つなぐ", "number": 7})").ok());
  EXPECT_EQ(out_.str(), "{\n \"text\": \"つなぐ\",\n \"number\": 7\n}\n");
}

TEST_F(CallTest, NothingIsAnEmptyRequest) {
  ASSERT_TRUE(Call("Echo", " \n").ok());
  EXPECT_EQ(out_.str(), "{}\n");
}

TEST_F(CallTest, ServerStream) {
  ASSERT_TRUE(Call("Count", R"({"number": 3})").ok());
  EXPECT_EQ(out_.str(), "{\"number\":1}\n{\"number\":2}\n{\"number\":3}\n");
}

TEST_F(CallTest, ClientStream) {
  ASSERT_TRUE(Call("Add", "{\"number\": 3}\n\n{\"number\": 4}").ok());
  EXPECT_EQ(out_.str(), "{\n \"number\": 7\n}\n");
}

TEST_F(CallTest, Bidi) {
  ASSERT_TRUE(Call("Chat", "{\"text\": \"a\", \"number\": 2}\n{\"text\": \"b\", \"number\": 1}\n").ok());
  EXPECT_EQ(out_.str(), "{\"text\":\"a\"}\n{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"text\":\"bye\"}\n");
}

TEST_F(CallTest, EveryFaultOfTheJsonBeforeItIsSent) {
  const absl::Status status = Call("Echo", R"({"txt": "", "number": "x", "words": [{"text": 1}]})");
  const Fault fault = FaultOf(status);
  ASSERT_EQ(fault.faults_size(), 3);
  EXPECT_EQ(fault.faults(2).field(), "words[0].text");
  EXPECT_EQ(ReasonOf(Call("Echo", "{")), "MALFORMED_JSON"_reason);
  EXPECT_EQ(ReasonOf(Call("Echo", std::string(5 << 20, ' ') + "{}")), "MESSAGE_TOO_LARGE"_reason);
}

TEST_F(CallTest, FaultsOfStreamsNameTheLine) {
  const absl::Status status = Call("Add", "{\"number\": 3}\n\n{\"nummer\": 4}");
  EXPECT_EQ(FaultOf(status).args().at("line"), "3");
  EXPECT_EQ(ReasonOf(status), "UNKNOWN_FIELD"_reason);
  EXPECT_EQ(out_.str(), "");
}

TEST_F(CallTest, RefusalsOfTheServer) {
  EXPECT_EQ(ReasonOf(Call("Echo", "{}", "weak")), "PERMISSION_DENIED"_reason);
  EXPECT_EQ(ReasonOf(Call("Echo", "{}", "bad")), "UNAUTHENTICATED"_reason);
  EXPECT_TRUE(Call("EchoPublic", "{}", "").ok());
}

TEST_F(CallTest, UnknownMethod) {
  const Fault fault = FaultOf(Call("Ecko", "{}"));
  EXPECT_EQ(fault.reason(), "METHOD_NOT_FOUND");
  EXPECT_EQ(fault.args().at("methods"), "Echo, EchoPublic, EchoAdmin, EchoSoon, Count, Add, Chat, Wait");
}

TEST_F(CallTest, UnknownService) {
  const Fault fault = FaultOf(CallMethod(ClientWith("good"), "no.Such/Thing", *Input::Of("{}"), out_));
  EXPECT_EQ(fault.reason(), "METHOD_NOT_FOUND");
  EXPECT_THAT(fault.args().at("services"), HasSubstr(kService));
}

TEST_F(CallTest, NobodyThere) {
  const Client client{std::make_unique<rpc::Peer>("x", rpc::Connect("unix:/nowhere/at/all")), {}, {}};
  const absl::Status status = CallMethod(client, "a.B/C", *Input::Of("{}"), out_);
  EXPECT_EQ(ReasonOf(status), "PEER_UNAVAILABLE"_reason);
}

// The keyboard may never send anything again.
TEST_F(CallTest, EndsWithTheCallThoughTheInputGoesOn) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const auto input = *Input::Open(absl::StrCat("/dev/fd/", ends[0]));
  const absl::Status status = CallMethod(ClientWith("weak"), absl::StrCat(kService, "/Chat"), *input, out_);
  EXPECT_EQ(ReasonOf(status), "PERMISSION_DENIED"_reason);
  close(ends[0]);
  close(ends[1]);
}

TEST_F(CallTest, ListsMethods) {
  ASSERT_TRUE(ListMethods(ClientWith(""), out_).ok());
  EXPECT_THAT(out_.str(), HasSubstr("tsunagu.testing.EchoService/Echo (EchoRequest) returns (EchoResponse)\n"));
  EXPECT_THAT(out_.str(), HasSubstr("EchoService/Chat (stream EchoRequest) returns (stream EchoResponse)\n"));
  EXPECT_THAT(out_.str(), HasSubstr("grpc.health.v1.Health/Check "));
}

// The type in an Any is not in any file that the method itself needs.
TEST_F(CallTest, PrintsAny) {
  const Client client = ClientWith("good");
  Contracts contracts(client);
  const auto* health = *contracts.FindService("grpc.health.v1.Health");
  const auto* type = health->file()->pool()->FindMessageTypeByName("google.rpc.Status");
  google::rpc::Status status;
  status.add_details()->PackFrom(rpc::Saying("within"));
  const auto message = contracts.New(type);
  ASSERT_TRUE(message->ParseFromString(status.SerializeAsString()));
  const auto json = contract::MessageToJson(*message, false);
  ASSERT_TRUE(json.ok()) << json.status();
  EXPECT_EQ(*json, R"({"details":[{"@type":"type.googleapis.com/tsunagu.testing.EchoRequest","text":"within"}]})");
}

}  // namespace
}  // namespace tsunagu::suite
