// The HTTP forms of a call: gRPC-Web and Connect, byte by byte. gRPC itself is tested by its clients.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/web/envelope.h"
#include "common/web/ways_in.h"
#include "gmock/gmock.h"
#include "nlohmann/json.hpp"

namespace tsunagu::web {
namespace {

using namespace rpc;  // NOLINT: what is called is there
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kService[] = "/tsunagu.testing.EchoService/";

struct Answer {
  int status = 0;
  std::string head, body;
};

// Sends `bytes` and returns the answer until the server closes, its chunks joined.
Answer Say(const std::string& address, const std::string& bytes) {
  const std::vector<std::string> parts = absl::StrSplit(address, ':');
  sockaddr_in name = {};
  name.sin_family = AF_INET;
  name.sin_port = htons(static_cast<uint16_t>(std::stoi(parts[1])));
  inet_pton(AF_INET, parts[0].c_str(), &name.sin_addr);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&name), sizeof(name)), 0);
  EXPECT_EQ(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  std::string all;
  char buffer[16 * 1024];
  for (ssize_t size = 0; (size = ::read(fd, buffer, sizeof(buffer))) > 0;)
    all.append(buffer, static_cast<size_t>(size));
  ::close(fd);
  Answer answer;
  const size_t end = all.find("\r\n\r\n");
  answer.head = all.substr(0, end);
  answer.body = end == std::string::npos ? "" : all.substr(end + 4);
  EXPECT_TRUE(absl::SimpleAtoi(all.substr(9, 3), &answer.status)) << all;
  if (!absl::StrContains(answer.head, "transfer-encoding: chunked")) return answer;
  std::string whole;
  absl::string_view rest = answer.body;
  while (!rest.empty()) {
    const size_t line = rest.find("\r\n");
    const size_t size = std::stoul(std::string(rest.substr(0, line)), nullptr, 16);
    absl::StrAppend(&whole, rest.substr(line + 2, size));
    rest.remove_prefix(line + 2 + size + 2);
  }
  answer.body = whole;
  return answer;
}

struct Frame {
  int flags;
  std::string bytes;
};

std::vector<Frame> FramesOf(absl::string_view body) {
  std::vector<Frame> frames;
  while (body.size() >= 5) {
    uint32_t size = 0;
    for (int i = 1; i < 5; ++i) size = size << 8 | static_cast<uint8_t>(body[i]);
    frames.push_back({static_cast<uint8_t>(body[0]), std::string(body.substr(5, size))});
    body.remove_prefix(5 + size);
  }
  EXPECT_TRUE(body.empty());
  return frames;
}

// Decodes base64 whose parts are padded separately.
std::string Unwrapped(absl::string_view text) {
  std::string all;
  while (!text.empty()) {
    const size_t padding = text.find('=');
    const size_t part = padding == absl::string_view::npos ? text.size() : (padding / 4 + 1) * 4;
    std::string bytes;
    EXPECT_TRUE(absl::Base64Unescape(text.substr(0, part), &bytes));
    all += bytes;
    text.remove_prefix(std::min(part, text.size()));
  }
  return all;
}

class FormsTest : public ::testing::Test {
 protected:
  Answer Post(const std::string& method, const std::string& content_type, const std::string& body,
              const std::string& fields = "Authorization: Bearer good\r\n") {
    return Say(ways_.web->address(),
               absl::StrCat("POST ", kService, method, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ",
                            content_type, "\r\n", fields, "Content-Length: ", body.size(), "\r\n\r\n", body));
  }
  static std::string Binary(const EchoRequest& request) { return request.SerializeAsString(); }
  static EchoResponse Response(const std::string& bytes) {
    EchoResponse response;
    EXPECT_TRUE(response.ParseFromString(bytes));
    return response;
  }

  WaysIn ways_;
};

TEST_F(FormsTest, ConnectUnary) {
  const Answer binary = Post("Echo", "application/proto", Binary(Saying("つなぐ", 7)));
  EXPECT_EQ(binary.status, 200);
  EXPECT_THAT(binary.head, AllOf(HasSubstr("content-type: application/proto"), HasSubstr("tsunagu-correlation-id: ")));
  EXPECT_EQ(Response(binary.body).text(), "つなぐ");

  const Answer text = Post("Echo", "application/json; charset=utf-8", R"({"text": "つなぐ", "number": 7})");
  EXPECT_EQ(text.status, 200);
  EXPECT_THAT(text.head, HasSubstr("content-type: application/json"));
  EXPECT_EQ(json::parse(text.body), json({{"text", "つなぐ"}, {"number", 7}}));
}

TEST_F(FormsTest, ConnectSaysEveryFaultAtOnce) {
  const Answer answer = Post("Echo", "application/json", R"({"tekst": "a", "number": "b"})",
                             "Authorization: Bearer good\r\nAccept-Language: ja\r\n");
  EXPECT_EQ(answer.status, 400);
  const json error = json::parse(answer.body);
  EXPECT_EQ(error["code"], "invalid_argument");
  EXPECT_THAT(error["message"].get<std::string>(), HasSubstr("誤り"));
  EXPECT_EQ(error["details"][0]["type"], "google.rpc.ErrorInfo");
  EXPECT_EQ(error["details"][0]["debug"]["reason"], "INVALID_REQUEST");
  EXPECT_EQ(error["details"][1]["debug"]["field_violations"].size(), 2u);
}

TEST_F(FormsTest, ConnectStreams) {
  const Answer counted = Post("Count", "application/connect+json", Envelope(0, R"({"number": 3})"));
  EXPECT_EQ(counted.status, 200);
  const std::vector<Frame> frames = FramesOf(counted.body);
  ASSERT_EQ(frames.size(), 4u);
  EXPECT_EQ(json::parse(frames[2].bytes)["number"], 3);
  EXPECT_EQ(frames[3].flags, 2);
  EXPECT_EQ(json::parse(frames[3].bytes), json::object());

  const std::string three = Envelope(0, Binary(Saying("", 1))) + Envelope(0, Binary(Saying("", 2)));
  const std::vector<Frame> sum = FramesOf(Post("Add", "application/connect+proto", three).body);
  ASSERT_EQ(sum.size(), 2u);
  EXPECT_EQ(Response(sum[0].bytes).number(), 3);

  const std::vector<Frame> refused =
      FramesOf(Post("Count", "application/connect+json", Envelope(0, "{}"), "Authorization: Bearer weak\r\n").body);
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(json::parse(refused[0].bytes)["error"]["code"], "permission_denied");
}

TEST_F(FormsTest, GrpcWeb) {
  const Answer answer = Post("Count", "application/grpc-web+proto", Envelope(0, Binary(Saying("", 2))));
  EXPECT_EQ(answer.status, 200);
  const std::vector<Frame> frames = FramesOf(answer.body);
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(Response(frames[1].bytes).number(), 2);
  EXPECT_EQ(frames[2].flags, 0x80);
  EXPECT_EQ(frames[2].bytes, "grpc-status: 0\r\n");

  const std::vector<Frame> refused =
      FramesOf(Post("Echo", "application/grpc-web", Envelope(0, ""), "Authorization: Bearer wrong\r\n").body);
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_THAT(refused[0].bytes, AllOf(HasSubstr("grpc-status: 16\r\n"), HasSubstr("grpc-status-details-bin: ")));
}

// As browsers without binary requests send it: each piece is base64 of its own, wherever the pieces end.
TEST_F(FormsTest, GrpcWebText) {
  const std::string one = Envelope(0, Binary(Saying("つなぐ", 2)));
  const std::string whole = absl::Base64Escape(one);
  const std::string pieces = absl::StrCat(absl::Base64Escape(one.substr(0, 4)), absl::Base64Escape(one.substr(4)));
  ASSERT_THAT(pieces.substr(0, 8), HasSubstr("="));
  for (const std::string& body : {whole, pieces}) {
    const Answer answer = Post("Echo", "application/grpc-web-text+proto", body);
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(answer.head, HasSubstr("content-type: application/grpc-web-text+proto"));
    EXPECT_EQ(answer.body.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="),
              std::string::npos);
    const std::vector<Frame> frames = FramesOf(Unwrapped(answer.body));
    ASSERT_EQ(frames.size(), 2u);
    EXPECT_EQ(Response(frames[0].bytes).text(), "つなぐ");
    EXPECT_EQ(frames[1].bytes, "grpc-status: 0\r\n");
  }
  const std::vector<Frame> streamed = FramesOf(Unwrapped(Post("Count", "application/grpc-web-text", whole).body));
  ASSERT_EQ(streamed.size(), 3u);
  EXPECT_EQ(Response(streamed[1].bytes).number(), 2);
  const std::string none = "@@@@" + whole, half = whole.substr(0, whole.size() - 1);
  for (const std::string& wrong : {none, half}) {
    const std::vector<Frame> refused = FramesOf(Unwrapped(Post("Echo", "application/grpc-web-text", wrong).body));
    ASSERT_EQ(refused.size(), 1u) << wrong;
    EXPECT_THAT(refused[0].bytes, HasSubstr("grpc-status: 3\r\n")) << wrong;
  }
}

struct Refused {
  const char* name;
  std::string method;
  const char* content_type;
  std::string body;
  const char* fields;
  int status;
  const char* said;  // a part of the answer
};

class RefusedTest : public FormsTest, public ::testing::WithParamInterface<Refused> {};

INSTANTIATE_TEST_SUITE_P(
    Requests, RefusedTest,
    ::testing::Values(Refused{"OtherMediaType", "Echo", "text/xml", "<a/>", "", 415, "accept-post: application/json"},
                      Refused{"OtherCharset", "Echo", "application/json; charset=shift_jis", "{}", "", 415,
                              "application/json"},
                      Refused{"UnaryAsStream", "Echo", "application/connect+json", "", "", 415, "application/json"},
                      Refused{"StreamAsUnary", "Count", "application/json", "{}", "", 415, "application/connect+json"},
                      Refused{"GrpcOverHttp1", "Echo", "application/grpc", "", "", 505, "HTTP/2"},
                      Refused{"GrpcWebJson", "Echo", "application/grpc-web+json", "", "", 415, "application/grpc-web"},
                      Refused{"LongQuery", "Echo?x=" + std::string(9000, 'x'), "application/json", "{}", "", 429,
                              "METADATA_TOO_LARGE"},
                      Refused{"NoSuchMethod", "Nothing", "application/json", "{}", "", 404, "Nothing"},
                      Refused{"NoKey", "Echo", "application/json", "{}", "", 401, "unauthenticated"},
                      Refused{"Compressed", "Echo", "application/json", "{}", "Content-Encoding: gzip\r\n", 501,
                              "COMPRESSED_MESSAGE"},
                      Refused{"OtherVersion", "Echo", "application/json", "{}", "Connect-Protocol-Version: 2\r\n", 400,
                              "CONNECT_VERSION_UNKNOWN"},
                      Refused{"BadTimeout", "Echo", "application/json", "{}", "Connect-Timeout-Ms: 1e3\r\n", 400,
                              "MALFORMED_TIMEOUT"},
                      Refused{"NoTime", "Echo", "application/json", R"({"text": "late"})", "Connect-Timeout-Ms: 0\r\n",
                              504, "DEADLINE_EXCEEDED"},
                      Refused{"NotJson", "Echo", "application/json", "{", "", 400, "MALFORMED_JSON"},
                      Refused{"NotProtobuf", "Echo", "application/proto", "\xff\xff", "", 400, "MALFORMED_MESSAGE"},
                      Refused{"TooLarge", "Echo", "application/json", std::string(kMostMessageBytes + 1, ' '), "", 429,
                              "MESSAGE_TOO_LARGE"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_P(RefusedTest, SaysWhatToDo) {
  const Refused& refused = GetParam();
  std::string fields = refused.fields;
  if (std::string(refused.name) != "NoKey") fields += "Authorization: Bearer good\r\n";
  const Answer answer = Post(refused.method, refused.content_type, refused.body, fields);
  EXPECT_EQ(answer.status, refused.status) << answer.head << answer.body;
  EXPECT_THAT(answer.head + answer.body, HasSubstr(refused.said));
}

struct BadEnvelope {
  const char* name;
  std::string bytes;
  const char* reason;
};

class BadEnvelopeTest : public FormsTest, public ::testing::WithParamInterface<BadEnvelope> {};

INSTANTIATE_TEST_SUITE_P(
    Bytes, BadEnvelopeTest,
    ::testing::Values(BadEnvelope{"Compressed", Envelope(1, "x"), "COMPRESSED_MESSAGE"},
                      BadEnvelope{"UnknownFlag", Envelope(64, "x"), "MALFORMED_MESSAGE"},
                      BadEnvelope{"CutOff", Envelope(0, "hello").substr(0, 7), "MALFORMED_MESSAGE"},
                      BadEnvelope{"CutOffInPrefix", std::string("\0\0", 2), "MALFORMED_MESSAGE"},
                      BadEnvelope{"TooLong", std::string("\0\x7f\xff\xff\xff", 5), "MESSAGE_TOO_LARGE"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_P(BadEnvelopeTest, HasItsReason) {
  const std::vector<Frame> frames = FramesOf(Post("Add", "application/connect+proto", GetParam().bytes).body);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(json::parse(frames[0].bytes)["error"]["details"][0]["debug"]["reason"], GetParam().reason);
}

TEST_F(FormsTest, OnlyPostCalls) {
  const Answer answer = Say(ways_.web->address(), absl::StrCat("GET ", kService,
                                                               "Echo?message={} HTTP/1.1\r\nHost: x\r\n"
                                                               "Connection: close\r\n\r\n"));
  EXPECT_EQ(answer.status, 405);
  EXPECT_THAT(answer.head, HasSubstr("allow: POST"));
  EXPECT_THAT(answer.body, HasSubstr("VERB_NOT_ALLOWED"));
}

// Clients of Connect and gRPC-Web read application/json as an error of Connect; the door's refusals must not look like
// one.
TEST_F(FormsTest, WhatTheDoorRefusesIsNotTakenForAnErrorOfConnect) {
  const auto refused = [&](const Answer& answer, int status) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_THAT(answer.head, HasSubstr("content-type: application/problem+json"));
    EXPECT_THAT(answer.body, HasSubstr("\"reason\""));
  };
  refused(Post("Echo", "text/xml", "<a/>"), 415);
  refused(Post("Echo", "application/grpc-web+json", ""), 415);
  refused(Post("Nothing", "application/proto", ""), 404);
  refused(Post("Nothing", "application/json", "{}", "Connect-Protocol-Version: 1\r\n"), 404);
  EXPECT_THAT(Post("Nothing", "application/json", "{}").head, HasSubstr("content-type: application/json"))
      << "as of REST";
}

TEST_F(FormsTest, WhatIsRefusedComesBackShort) {
  const std::string type = "text/" + std::string(6'000, 'x');
  const Answer answer = Post("Echo", type, "");
  EXPECT_EQ(answer.status, 415);
  EXPECT_LT(answer.body.size(), 1'500u);
}

// From a web page: the browser's question, the answer, and a refusal.
TEST(CrossOriginTest, EveryFormAndRefusal) {
  Server::Options options;
  options.origins = {"https://console.example.jp"};
  WaysIn ways({}, {40, 200}, std::move(options));
  const auto ask = [&](const std::string& verb, const std::string& path, const std::string& fields,
                       const std::string& origin = "https://console.example.jp") {
    return Say(ways.web->address(), absl::StrCat(verb, " ", path, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n",
                                                 fields, "\r\nOrigin: ", origin, "\r\n\r\n{}"));
  };
  const std::string json = "Authorization: Bearer good\r\nContent-Type: application/json\r\nContent-Length: 2";
  const std::string echo = absl::StrCat(kService, "Echo");
  const auto granted = HasSubstr("access-control-allow-origin: https://console.example.jp");

  const Answer first = ask("OPTIONS", echo, "Access-Control-Request-Method: POST\r\nContent-Length: 0");
  EXPECT_EQ(first.status, 204);
  EXPECT_THAT(first.head, AllOf(granted, HasSubstr("connect-protocol-version"), HasSubstr("x-grpc-web")));
  const Answer connect = ask("POST", echo, json);
  EXPECT_EQ(connect.status, 200);
  EXPECT_THAT(connect.head, AllOf(granted, HasSubstr("vary: origin")));
  const Answer refused = ask("POST", echo, "Content-Type: application/json\r\nContent-Length: 2");
  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.head, granted);
  const Answer nowhere = ask("POST", "/nowhere", json);
  EXPECT_EQ(nowhere.status, 404);
  EXPECT_THAT(nowhere.head, granted);
  EXPECT_THAT(ask("GET", "/openapi.json", "Content-Length: 0").head, granted);
  EXPECT_THAT(ask("POST", echo, "Content-Type: application/grpc-web+proto\r\nContent-Length: 2").head, granted);

  const Answer foreign = ask("POST", echo, json, "https://evil.example");
  EXPECT_EQ(foreign.status, 403);
  EXPECT_THAT(foreign.body, HasSubstr("ORIGIN_NOT_ALLOWED"));
  EXPECT_THAT(foreign.head, Not(HasSubstr("access-control")));
  EXPECT_EQ(ask("POST", echo, json, "http://x").status, 200) << "a page of our own";
}

}  // namespace
}  // namespace tsunagu::web
