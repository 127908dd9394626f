// How HTTP/1.1 handles bytes, without a socket.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "common/web/date.h"
#include "common/web/session.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::web {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Accepts every request and answers with its body.
class Mirror : public Front {
 public:
  std::shared_ptr<StreamHandler> Begin(Request request, HttpStream& stream) override {
    seen.push_back(absl::StrCat(request.method, " ", request.path, request.query.empty() ? "" : "?", request.query));
    return std::make_shared<Handler>(*this, stream);
  }
  std::vector<std::string> seen;
  bool takes = true;  // whether it reads the body
  int gone = 0;

 private:
  class Handler : public StreamHandler {
   public:
    Handler(Mirror& mirror, HttpStream& stream) : mirror_(mirror), stream_(stream) {}
    void OnBody(absl::string_view piece) override {
      absl::StrAppend(&body_, piece);
      if (mirror_.takes) stream_.Consumed(piece.size());
    }
    void OnBodyEnd() override {
      stream_.Head(200, {{"content-type", "text/plain"}});
      stream_.Send(absl::StrCat("<", body_, ">"));
      stream_.End({});
    }
    void OnSent() override {}
    void OnGone() override { ++mirror_.gone; }

   private:
    Mirror& mirror_;
    HttpStream& stream_;
    std::string body_;
  };
};

class Http1Test : public ::testing::Test {
 protected:
  // Returns the answers to `bytes`, until there are no more.
  std::string Answers(absl::string_view bytes) {
    session_->Receive(bytes);
    std::string all;
    while (true) {
      std::string out;
      session_->Fill(out);
      if (out.empty()) return all;
      all += out;
    }
  }

  Mirror front_;
  Caller caller_{"ipv4:192.0.2.7:41234", {}};
  SessionLimits limits_;
  std::unique_ptr<Session> session_ = MakeHttp1(front_, caller_, limits_, [] {});
};

TEST_F(Http1Test, OneRequestAfterTheOther) {
  const std::string answers = Answers(
      "GET /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
      "POST /d HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
  EXPECT_THAT(front_.seen, ElementsAre("GET /a?b=c", "POST /d"));
  EXPECT_THAT(answers, HasSubstr("<>HTTP/1.1 200 OK"));
  EXPECT_THAT(answers, HasSubstr("content-length: 8\r\n\r\n<onetwo>"));
  EXPECT_FALSE(session_->finished());
  EXPECT_EQ(front_.gone, 2);
}

TEST_F(Http1Test, AWholeUrlIsAskedForAsWell) {
  EXPECT_THAT(Answers("GET http://somewhere:80/a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
                      "GET HTTPS://somewhere?d HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"),
              HasSubstr("<>HTTP/1.1 200 OK"));
  EXPECT_THAT(front_.seen, ElementsAre("GET /a?b=c", "GET /?d"));
}

TEST_F(Http1Test, EveryAnswerTellsTheTime) {
  for (const char* request : {"POST /d HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"}) {
    const std::string before = DateOfNow(), answer = Answers(request);
    EXPECT_THAT(answer, ::testing::AnyOf(HasSubstr(absl::StrCat("\r\ndate: ", before, "\r\n")),
                                         HasSubstr(absl::StrCat("\r\ndate: ", DateOfNow(), "\r\n"))));
  }
}

TEST_F(Http1Test, WhoseLanguageIsNotKnownIsToldInBoth) {
  const std::string answer = Answers("hello, is anybody there?\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("content-language: ja, en\r\n"));
  EXPECT_THAT(answer, HasSubstr("のリクエストになっていません"));
  EXPECT_THAT(answer, HasSubstr("This is no request of HTTP/1.1"));
}

TEST_F(Http1Test, ALanguageThatWasReadIsSpoken) {
  const std::string answer = Answers("GET / HTTP/1.1\r\nAccept-Language: ja\r\nHost: a\r\nHost: b\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("content-language: ja\r\n"));
  EXPECT_THAT(answer, HasSubstr("のリクエストになっていません"));
  EXPECT_THAT(answer, ::testing::Not(HasSubstr("This is no request")));
}

TEST_F(Http1Test, ByteByByte) {
  std::string answers;
  for (const char c : std::string("POST /d HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")) {
    answers += Answers(absl::string_view(&c, 1));
  }
  EXPECT_THAT(answers, HasSubstr("<hello>"));
}

TEST_F(Http1Test, TellsWhoWaitsForItToGoOn) {
  const std::string head = "POST /d HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
  EXPECT_EQ(Answers(head), "");  // nothing has read the body yet
  EXPECT_THAT(Answers("hello"), HasSubstr("<hello>"));
}

TEST_F(Http1Test, WhatNobodyTakesStopsTheCaller) {
  front_.takes = false;
  Answers("POST /d HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
  EXPECT_TRUE(session_->wants_more());
  Answers(std::string(limits_.window, 'x'));
  EXPECT_FALSE(session_->wants_more());
}

TEST_F(Http1Test, ARequestTooSlowIsRefused) {
  Answers("GET /slow HTTP/1.1\r\nHost:");
  SteadyTime::Advance(limits_.header + absl::Seconds(1));
  session_->Tick();
  const std::string answer = Answers("");
  EXPECT_THAT(answer, HasSubstr("HTTP/1.1 408 "));
  EXPECT_THAT(answer, HasSubstr("did not come within 10 seconds"));
  EXPECT_TRUE(session_->finished());
  EXPECT_STREQ(session_->close_reason(), "header_timeout");
}

TEST_F(Http1Test, AHeaderTooLargeIsToldWhy) {
  const std::string answer = Answers("GET /?" + std::string(20'000, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(answer, ::testing::StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(answer, HasSubstr("content-type: application/json\r\n"));
  const std::string body = answer.substr(answer.find("\r\n\r\n") + 4);
  EXPECT_THAT(answer, HasSubstr(absl::StrCat("content-length: ", body.size(), "\r\n")));
  EXPECT_THAT(body, HasSubstr("\"reason\":\"METADATA_TOO_LARGE\""));
  EXPECT_STREQ(session_->close_reason(), "fields");
}

// More fields than are kept.
std::string Fields130() {
  std::string fields;
  for (int i = 0; i < 130; ++i) absl::StrAppend(&fields, "a: ", i, "\r\n");
  return fields;
}

struct BadRequest {
  const char* name;
  std::string bytes;
  int status;
};

class BadRequestTest : public Http1Test, public ::testing::WithParamInterface<BadRequest> {};

std::string ManyFields(int count) {
  std::string fields = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < count; ++i) absl::StrAppend(&fields, "X-", i, ": ", std::string(100, 'x'), "\r\n");
  return fields + "\r\n";
}

INSTANTIATE_TEST_SUITE_P(
    Bytes, BadRequestTest,
    ::testing::Values(
        BadRequest{"NoHttp", "hello, is anybody there?\r\n\r\n", 400},
        BadRequest{"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
        BadRequest{"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        BadRequest{"TwoLengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                   400},
        BadRequest{"ListOfLengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\nhello!", 400},
        BadRequest{"SignedLength", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello", 400},
        BadRequest{"LengthAndChunks",
                   "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                   400},
        BadRequest{"ChunksAndLength",
                   "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                   400},
        BadRequest{
            "ChunkedTwice",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400},
        BadRequest{"OtherCoding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
        BadRequest{"CodingWithSpace", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                   400},
        BadRequest{"BadChunkSize",
                   "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", 400},
        BadRequest{"OtherVersion", "GET / HTTP/3.7\r\nHost: x\r\n\r\n", 505},
        BadRequest{"OtherScheme", "GET ftp://other/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        BadRequest{"ChunksInAnOldVersion", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        BadRequest{"CodingBehindManyFields",
                   absl::StrCat("POST / HTTP/1.1\r\nHost: x\r\n", Fields130(), "Transfer-Encoding: gzip\r\n\r\n"), 431},
        BadRequest{"HostBehindManyFields",
                   absl::StrCat("GET / HTTP/1.1\r\nHost: x\r\n", Fields130(), "Host: y\r\n\r\n"), 431},
        BadRequest{"Tunnel", "CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n", 400},
        BadRequest{"BareLineFeeds", "GET / HTTP/1.1\nHost: x\n\n", 505},
        BadRequest{"NullInField", std::string("GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", 36), 400},
        BadRequest{"TooMuch", ManyFields(400), 431}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_P(BadRequestTest, IsAnsweredOnceAndClosed) {
  const std::string answers = Answers(GetParam().bytes + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(answers, ::testing::StartsWith(absl::StrCat("HTTP/1.1 ", GetParam().status, " ")));
  EXPECT_THAT(answers, HasSubstr("connection: close"));
  EXPECT_THAT(answers, HasSubstr(absl::StrCat("{\"error\":{\"code\":", GetParam().status))) << "it says what to do";
  EXPECT_EQ(std::vector<std::string>(absl::StrSplit(answers, "\r\nconnection: ")).size(), 2u) << answers;
  EXPECT_THAT(front_.seen, ::testing::Not(::testing::Contains("GET /smuggled")));
  EXPECT_TRUE(session_->finished());
  EXPECT_FALSE(session_->wants_more());
}

}  // namespace
}  // namespace tsunagu::web
