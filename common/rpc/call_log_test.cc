// What the log contains about calls, and what it never contains.
#include "common/rpc/call_log.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "common/rpc/echo_fixture.h"
#include "gmock/gmock.h"
#include "nlohmann/json.hpp"

namespace tsunagu::rpc {
namespace {

constexpr char kEcho[] = "/tsunagu.testing.EchoService/Echo";

class CallLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    log::Configure(log::Format::kJson, log::Level::kDebug);
    ::testing::internal::CaptureStderr();
  }
  // Stops the server, so that every call has been counted, and returns the lines it wrote.
  std::vector<nlohmann::json> Lines() {
    server_.server->Stop(absl::InfiniteDuration());
    log::Configure(log::Format::kJson, log::Level::kWarning);
    std::vector<nlohmann::json> lines;
    for (absl::string_view line : absl::StrSplit(::testing::internal::GetCapturedStderr(), '\n', absl::SkipEmpty())) {
      lines.push_back(nlohmann::json::parse(line.begin(), line.end()));
    }
    return lines;
  }
  void Send(const std::string& path, const EchoRequest& request, std::multimap<std::string, std::string> metadata) {
    RawCall(server_.Channel(), path, *Encode(request), metadata);
  }

  EchoServer server_;
};

TEST_F(CallLogTest, OneLineSaysWhoWhatAndHow) {
  Send(kEcho, Saying("hello"),
       {{"authorization", "Bearer good"}, {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}});
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 1u);
  const nlohmann::json& line = lines[0];
  EXPECT_EQ(line["event"], "call");
  EXPECT_EQ(line["level"], "debug");
  EXPECT_EQ(line["service"], "echo");
  EXPECT_EQ(line["method"], "tsunagu.testing.EchoService/Echo");
  EXPECT_EQ(line["principal"], "good");
  EXPECT_EQ(line["code"], "OK");
  EXPECT_EQ(line["trace_id"], "0af7651916cd43dd8448eb211c80319c");
  EXPECT_NE(line["span_id"], "b7ad6b7169203331");
  EXPECT_EQ(line["correlation_id"].get<std::string>().size(), 26u);
  EXPECT_GE(line["ms"].get<double>(), 0.0);
}

TEST_F(CallLogTest, NothingOfACallerIsRepeated) {
  const std::string planted = "Yamada-Hanako";
  Send(kEcho, Saying(planted), {{"authorization", "Bearer " + planted}});
  Send(kEcho, Saying("throw " + planted), {{"authorization", "Bearer good"}, {"tsunagu-purpose", planted}});
  Send("/" + planted + "/" + planted, Saying(planted), {{"authorization", "Bearer good"}});
  Send(kEcho, Saying("fail"),
       {{"authorization", "Bearer good"},
        {"tsunagu-on-behalf-of", planted},
        {"traceparent", planted},
        {"accept-language", planted},
        {"x-" + std::string("planted"), planted}});
  const auto lines = Lines();
  EXPECT_EQ(lines.size(), 5u);  // our own error has an additional line
  for (const auto& line : lines) EXPECT_THAT(line.dump(), ::testing::Not(::testing::HasSubstr(planted)));
}

TEST_F(CallLogTest, AnErrorOfOursIsFoundByItsCorrelationId) {
  Send(kEcho, Saying("throw"), {{"authorization", "Bearer good"}});
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["event"], "internal_error");
  EXPECT_EQ(lines[0]["method"], "tsunagu.testing.EchoService/Echo");
  EXPECT_EQ(lines[0]["correlation_id"], lines[1]["correlation_id"]);
  EXPECT_EQ(lines[1]["level"], "error");
  EXPECT_EQ(lines[1]["reason"], "INTERNAL");
}

TEST_F(CallLogTest, AFloodOfOneRefusalIsHeldBack) {
  for (int i = 0; i < 100; ++i) Send(kEcho, Saying(""), {{"authorization", "Bearer nobody"}});
  EXPECT_LT(Lines().size(), 40u);
}

TEST(RequestId, IsShownWhereItIsAUuid) {
  struct Case {
    const char* name;
    std::string id;
    std::string shown;
  };
  const Case cases[] = {
      {"a UUID", "018f5c2e-7b1a-7c3d-9e4f-0123456789ab", "018f5c2e-7b1a-7c3d-9e4f-0123456789ab"},
      {"a UUID without hyphens", "018F5C2E7B1A7C3D9E4F0123456789AB", "018F5C2E7B1A7C3D9E4F0123456789AB"},
      {"a telephone number", "090-7777-3939", "sha256:"},
      {"a word", "abc-import", "sha256:"},
      {"a name", "Yamada-Hanako", "sha256:"},
      {"a name in kanji", "山田花子", "sha256:"},
      {"too long", std::string(65, '1'), "sha256:"},
  };
  for (const Case& c : cases) {
    if (c.shown == "sha256:") {
      EXPECT_THAT(Shown(c.id), ::testing::MatchesRegex("sha256:[0-9a-f]+")) << c.name;
      EXPECT_EQ(Shown(c.id).size(), 7u + 16u) << c.name;
    } else {
      EXPECT_EQ(Shown(c.id), c.shown) << c.name;
    }
  }
}

}  // namespace
}  // namespace tsunagu::rpc
