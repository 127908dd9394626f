// How HTTP/2 handles bytes that no honest client sends: the cost, and the effect on others.
#include <malloc.h>
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/thread_time.h"
#include "common/web/date.h"
#include "common/web/session.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::web {
namespace {

constexpr char kPreface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

enum Type { kData, kHeaders, kPriority, kReset, kSettings, kPush, kPing, kGoAway, kWindow, kContinuation };
enum Flag { kNone = 0, kEndStream = 1, kAck = 1, kEndHeaders = 4 };

std::string Number(uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
  return text;
}

std::string Frame(Type type, int flags, int stream, absl::string_view payload = "") {
  return absl::StrCat(Number(payload.size(), 3), Number(type, 1), Number(flags, 1), Number(stream, 4), payload);
}

// POST to /, by HPACK's static table.
std::string Post() { return "\x83\x84\x86\x41\x01x"; }

std::string SmallFields(int count) {
  std::string fields;
  for (int i = 0; i < count; ++i)
    absl::StrAppend(&fields, std::string("\x00\x01", 2), "x", "\x14", std::string(20, 'y'));
  return fields;
}

// A literal of length `size`, which is written in seven bits and further bytes, after the name.
std::string Literal(absl::string_view name, size_t size) {
  std::string fields = absl::StrCat(name, "\x7F");
  for (size_t rest = size - 127; true; rest >>= 7) {
    fields += static_cast<char>(rest >= 128 ? (rest & 127) | 128 : rest);
    if (rest < 128) return fields + std::string(size, 'x');
  }
}

// Returns the fields of the first HEADERS frame among `frames`.
Fields FirstHead(absl::string_view frames) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(frames[i]); };
  while (frames.size() >= 9) {
    const size_t size = static_cast<size_t>(byte(0) << 16 | byte(1) << 8 | byte(2));
    if (byte(3) == kHeaders) {
      frames = frames.substr(9, size);
      break;
    }
    frames.remove_prefix(9 + size);
  }
  Fields fields;
  nghttp2_hd_inflater* inflater = nullptr;
  nghttp2_hd_inflate_new(&inflater);
  while (!frames.empty()) {
    nghttp2_nv field;
    int flags = 0;
    const ssize_t taken = nghttp2_hd_inflate_hd2(inflater, &field, &flags,
                                                 reinterpret_cast<const uint8_t*>(frames.data()), frames.size(), 1);
    if (taken <= 0) break;
    frames.remove_prefix(static_cast<size_t>(taken));
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0) continue;
    fields.emplace_back(std::string(reinterpret_cast<char*>(field.name), field.namelen),
                        std::string(reinterpret_cast<char*>(field.value), field.valuelen));
  }
  nghttp2_hd_inflate_del(inflater);
  return fields;
}

// Accepts every request and never answers.
class Silent : public Front, public StreamHandler {
 public:
  std::shared_ptr<StreamHandler> Begin(Request request, HttpStream& stream) override {
    requests.push_back(std::move(request));
    streams.push_back(&stream);
    return {this, [](StreamHandler*) {}};
  }
  void OnBody(absl::string_view piece) override { body += piece.size(); }
  void OnBodyEnd() override { ++ended; }
  void OnSent() override { ++sent; }
  void OnGone() override { ++gone; }

  std::vector<Request> requests;
  std::vector<HttpStream*> streams;
  size_t body = 0;
  int ended = 0, sent = 0, gone = 0;
};

class Http2Test : public ::testing::Test {
 protected:
  void SetUp() override {
    Send(absl::StrCat(kPreface, Frame(kSettings, kNone, 0)));
    Send(Frame(kSettings, kAck, 0));
  }
  std::string Send(absl::string_view bytes) {
    session_->Receive(bytes);
    std::string all;
    while (true) {
      std::string out;
      session_->Fill(out);
      if (out.empty()) return all;
      all += out;
    }
  }
  // Sends until the session ends, or `count` times.
  int SendMany(int count, const std::function<std::string(int)>& make) {
    for (int i = 0; i < count; ++i) {
      told_ = Send(make(i));
      if (session_->finished() || !session_->wants_more()) return i + 1;
    }
    return count;
  }
  // Returns the bytes it holds in addition to those at first.
  size_t Held() const { return std::max(::mallinfo2().uordblks, at_first_) - at_first_; }
  static std::string Open(int stream, int flags = kEndHeaders) { return Frame(kHeaders, flags, stream, Post()); }

  std::string told_;  // the answer to the last of many
  Silent front_;
  Caller caller_{"ipv4:192.0.2.7:41234", {}};
  SessionLimits limits_;
  std::unique_ptr<Session> session_ = MakeHttp2(front_, caller_, limits_, [] {});

 private:
  const size_t at_first_ = ::mallinfo2().uordblks;
};

constexpr size_t kLittle = 1 << 20;  // the most bytes that one attack may cost

TEST_F(Http2Test, ARequestAndItsAnswer) {
  Send(Open(1) + Frame(kData, kEndStream, 1, "hello"));
  ASSERT_EQ(front_.requests.size(), 1u);
  EXPECT_EQ(front_.requests[0].method, "POST");
  EXPECT_EQ(front_.requests[0].path, "/");
  EXPECT_EQ(front_.body, 5u);
  EXPECT_EQ(front_.ended, 1);
  front_.streams[0]->Head(200, {});
  front_.streams[0]->Send("there");
  EXPECT_THAT(Send(""), ::testing::HasSubstr("there"));
  EXPECT_EQ(front_.sent, 1);
  front_.streams[0]->End({{"grpc-status", "0"}});
  Send("");
  EXPECT_EQ(front_.gone, 1);
  EXPECT_FALSE(session_->finished());
}

// curl 7.88, as in Debian, reports "Stream error" instead of an answer when a reset follows while it sends.
TEST_F(Http2Test, WhoStillSendsGetsTheAnswerFirst) {
  const std::string reset = Frame(kReset, kNone, 1, Number(0, 4));
  Send(Open(1) + Frame(kData, kNone, 1, std::string(16'000, 'x')));
  front_.streams[0]->Head(404, {});
  front_.streams[0]->Send("nothing here");
  front_.streams[0]->End({});
  const std::string answer = Send("");
  EXPECT_THAT(answer, ::testing::HasSubstr("nothing here"));
  EXPECT_EQ(front_.gone, 1);
  session_->Tick();
  // More than a window: it is accepted and discarded.
  std::string later = Send("");
  for (int i = 0; i < 10; ++i) later += Send(Frame(kData, kNone, 1, std::string(16'000, 'x')));
  EXPECT_THAT(answer + later, ::testing::Not(::testing::HasSubstr(reset)));
  EXPECT_FALSE(session_->finished());
  EXPECT_EQ(front_.body, 16'000u);
  session_->Tick();
  EXPECT_THAT(Send(""), ::testing::HasSubstr(reset));
}

TEST_F(Http2Test, HeadIsAGetWithoutBody) {
  Send(Frame(kHeaders, kEndHeaders | kEndStream, 1, absl::StrCat("\x42\x04", "HEAD", "\x84\x86\x41\x01x")));
  ASSERT_EQ(front_.requests.size(), 1u);
  EXPECT_EQ(front_.requests[0].method, "GET");
  front_.streams[0]->Head(200, {});
  front_.streams[0]->Send("there");
  std::string answer = Send("");
  EXPECT_EQ(front_.sent, 1);
  front_.streams[0]->Send("and there");
  front_.streams[0]->End({});
  answer += Send("");
  EXPECT_THAT(answer, ::testing::Not(::testing::HasSubstr("there")));
  EXPECT_THAT(answer, ::testing::HasSubstr(Frame(kData, kEndStream, 1)));
  EXPECT_EQ(front_.gone, 1);
}

// CVE-2023-44487: requests that are cancelled at once.
TEST_F(Http2Test, RapidReset) {
  const absl::Duration before = ThreadTime();
  const int taken =
      SendMany(20'000, [](int i) { return Open(2 * i + 1) + Frame(kReset, kNone, 2 * i + 1, Number(8, 4)); });
  EXPECT_LT(taken, 2'000);
  EXPECT_TRUE(session_->finished());
  EXPECT_LT(Held(), kLittle);
  session_.reset();
  EXPECT_EQ(front_.gone, static_cast<int>(front_.requests.size()));
  EXPECT_LT(ThreadTime() - before, absl::Seconds(1));
}

TEST_F(Http2Test, AnAnswerTellsTheTime) {
  const auto told = [&](const char* type) {
    session_ = MakeHttp2(front_, caller_, limits_, [] {});
    SetUp();
    Send(Open(1, kEndHeaders | kEndStream));
    front_.streams.back()->Head(200, {{"content-type", type}});
    front_.streams.back()->End({});
    return std::string(ValueOf(FirstHead(Send("")), "date"));
  };
  EXPECT_EQ(told("application/grpc+proto"), "") << "servers of gRPC do not";
  for (const char* type : {"application/grpc-web+proto", "application/json"}) {
    const std::string before = DateOfNow(), date = told(type);
    EXPECT_THAT(date, ::testing::AnyOf(before, DateOfNow())) << type;
  }
}

// One header of 16 MB, in frames that never end (CVE-2023-33953, and the CONTINUATION flood).
TEST_F(Http2Test, ContinuationFlood) {
  const absl::Duration before = ThreadTime();
  Send(Frame(kHeaders, kNone, 1, Post()));
  const int taken = SendMany(1'000, [](int) { return Frame(kContinuation, kNone, 1, SmallFields(600)); });
  EXPECT_LT(taken, 20);
  EXPECT_LT(Held(), kLittle);
  EXPECT_LT(ThreadTime() - before, absl::Seconds(1));
  // It is answered, and nothing after it is read.
  ASSERT_EQ(front_.requests.size(), 1u);
  EXPECT_EQ(front_.requests[0].path, "/");
  EXPECT_TRUE(front_.requests[0].cut);
  EXPECT_GT(front_.requests[0].field_bytes, limits_.field_bytes);
  EXPECT_EQ(Send(Frame(kContinuation, kEndHeaders, 1) + Open(3) + Frame(kPing, kNone, 0, "12345678")), "");
  EXPECT_FALSE(session_->finished());
  front_.streams[0]->Head(431, {});
  front_.streams[0]->Send("too large");
  front_.streams[0]->End({});
  EXPECT_THAT(Send(""),
              ::testing::AllOf(::testing::HasSubstr("too large"), ::testing::HasSubstr("[METADATA_TOO_LARGE]")));
  EXPECT_TRUE(session_->finished());
  EXPECT_STREQ(session_->close_reason(), "fields");
  EXPECT_EQ(front_.gone, 1);
}

// A header that has not become a request by then.
TEST_F(Http2Test, ContinuationFloodOfNonsense) {
  Send(Frame(kHeaders, kNone, 1, Post()));
  SendMany(1'000, [](int) { return Frame(kContinuation, kNone, 1, std::string(16'000, '\x0f')); });
  EXPECT_TRUE(front_.requests.empty());
  EXPECT_LT(Held(), kLittle);
  EXPECT_TRUE(session_->finished());
}

TEST_F(Http2Test, WhoDoesNotTakeThatAnswerIsLeft) {
  Send(Frame(kSettings, kNone, 0, Number(4, 2) + Number(0, 4)) + Frame(kHeaders, kNone, 1, Post()));
  SendMany(20, [](int) { return Frame(kContinuation, kNone, 1, SmallFields(600)); });
  ASSERT_EQ(front_.requests.size(), 1u);
  front_.streams[0]->Head(431, {});
  front_.streams[0]->Send("too large");
  front_.streams[0]->End({});
  Send("");
  EXPECT_FALSE(session_->finished());
  SteadyTime::Advance(limits_.header + absl::Seconds(1));
  session_->Tick();
  EXPECT_THAT(Send(""), ::testing::HasSubstr("[METADATA_TOO_LARGE]"));
  EXPECT_TRUE(session_->finished());
}

// Each of its pieces can be decompressed: the connection stays.
TEST_F(Http2Test, AHundredKilobytesInOneHeaderAreARequestToRefuse) {
  std::string fields = Post();
  for (int i = 0; i < 10; ++i) fields += Literal(std::string("\x00\x01x", 3), 10'000);
  Send(Frame(kHeaders, kNone, 1, fields.substr(0, 16'384)));
  for (size_t at = 16'384; at < fields.size(); at += 16'384) {
    Send(Frame(kContinuation, at + 16'384 < fields.size() ? kNone : kEndHeaders, 1, fields.substr(at, 16'384)));
  }
  ASSERT_EQ(front_.requests.size(), 1u);
  EXPECT_TRUE(front_.requests[0].cut);
  EXPECT_GT(front_.requests[0].field_bytes, size_t{100'000});
  Send(Open(3));
  EXPECT_EQ(front_.requests.size(), 2u);
}

// HPACK of nghttp2 accepts no longer field. The stream is reset before it can be answered.
TEST_F(Http2Test, AFieldOf70KilobytesEndsItInWords) {
  const std::string fields = Post() + Literal(std::string("\x00\x01x", 3), 70'000);
  const std::string last = Send(Frame(kHeaders, kNone, 1, fields.substr(0, 16'384)));
  EXPECT_THAT(last,
              ::testing::AllOf(::testing::HasSubstr("64 KBを超える"), ::testing::HasSubstr("All fields together may"),
                               ::testing::HasSubstr("[HEADER_NOT_UNPACKED]")));
  EXPECT_TRUE(session_->finished());
  EXPECT_STREQ(session_->close_reason(), "protocol");
}

// Trailers of a caller are ignored, and are no request that could be refused.
TEST_F(Http2Test, TrailersWithoutEndEndIt) {
  Send(Open(1));
  Send(Frame(kHeaders, kEndStream, 1, std::string("\x00\x01x\x01y", 5)));
  SendMany(20, [](int) { return Frame(kContinuation, kNone, 1, std::string("\x00\x01x\x01y", 5)); });
  EXPECT_EQ(front_.requests.size(), 1u);
  EXPECT_TRUE(session_->finished());
}

TEST_F(Http2Test, ContinuationsOfNothing) {
  const absl::Duration before = ThreadTime();
  Send(Frame(kHeaders, kNone, 1, Post()));
  EXPECT_LT(SendMany(100'000, [](int) { return Frame(kContinuation, kNone, 1); }), 2'000);
  EXPECT_FALSE(session_->wants_more());
  EXPECT_LT(ThreadTime() - before, absl::Seconds(1));
}

// A large field is put into HPACK's table once, and then referred to in one byte each time.
TEST_F(Http2Test, ATableThatUnpacksToMuch) {
  const absl::Duration before = ThreadTime();
  const std::string large = absl::StrCat("\x40\x01x\x7f\xa1\x1e", std::string(4'000, 'y'));
  for (int stream = 1; stream < 200; stream += 2) {
    const std::string fields = absl::StrCat(Post(), stream == 1 ? large : "", std::string(12'000, '\xbe'));
    Send(Frame(kHeaders, kEndHeaders | kEndStream, stream, fields));
  }
  ASSERT_FALSE(front_.requests.empty());
  for (const Request& request : front_.requests) EXPECT_LE(request.fields.size(), limits_.field_count);
  EXPECT_GT(front_.requests.back().field_bytes, size_t{10'000'000});
  EXPECT_LT(Held(), 10 * kLittle);
  EXPECT_LT(ThreadTime() - before, absl::Seconds(1));
}

TEST_F(Http2Test, ATableOf4GBIsNotMade) {
  // The size of the caller's own table does not bind us; enlarging ours beyond our limit violates the protocol.
  Send(Frame(kSettings, kNone, 0, Number(1, 2) + Number(0xffffffff, 4)));
  Send(Open(1, kEndHeaders | kEndStream));
  front_.streams[0]->Head(200, {{"x", std::string(8'000, 'y')}});
  front_.streams[0]->End({});
  Send("");
  EXPECT_FALSE(session_->finished());
  Send(Frame(kHeaders, kEndHeaders | kEndStream, 3, "\x3f\xe1\xff\xff\xff\x0f" + Post()));
  EXPECT_TRUE(session_->finished());
  EXPECT_LT(Held(), kLittle);
}

TEST_F(Http2Test, WhatComesAfterTheEndReachesNobody) {
  Send(Open(1, kEndHeaders | kEndStream));
  Send(Frame(kData, kNone, 1, "more"));
  EXPECT_EQ(front_.body, 0u);
  EXPECT_EQ(front_.ended, 1);
  Send(Frame(kHeaders, kEndHeaders | kEndStream, 1, Post()));
  EXPECT_EQ(front_.requests.size(), 1u);
}

TEST_F(Http2Test, ManySmallFieldsAreCountedAndNotKept) {
  Send(Frame(kHeaders, kEndHeaders | kEndStream, 1, Post() + SmallFields(400)));
  ASSERT_EQ(front_.requests.size(), 1u);
  EXPECT_EQ(front_.requests[0].field_count, 400u);
  EXPECT_EQ(front_.requests[0].fields.size(), limits_.field_count);
}

struct Flood {
  const char* name;
  std::string frame;
};

// Frames of unknown types are not included: they are skipped in 60 ns each.
class FloodTest : public Http2Test, public ::testing::WithParamInterface<Flood> {};

INSTANTIATE_TEST_SUITE_P(
    Frames, FloodTest,
    ::testing::Values(Flood{"Pings", Frame(kPing, kNone, 0, "12345678")}, Flood{"Settings", Frame(kSettings, kNone, 0)},
                      Flood{"SettingsThatChange", Frame(kSettings, kNone, 0, Number(1, 2) + Number(4096, 4))},
                      Flood{"Windows", Frame(kWindow, kNone, 0, Number(1, 4))},
                      Flood{"Priorities", Frame(kPriority, kNone, 3, Number(0, 4) + "\x10")},
                      Flood{"EmptyData", Frame(kData, kNone, 1)}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_P(FloodTest, IsEnded) {
  const absl::Duration before = ThreadTime();
  Send(Open(1));
  const int taken = SendMany(100'000, [](int) { return GetParam().frame; });
  EXPECT_LT(taken, 2'000);
  EXPECT_THAT(told_, ::testing::HasSubstr("[TOO_MANY_EMPTY_FRAMES]"));
  EXPECT_LT(Held(), kLittle);
  EXPECT_TRUE(session_->finished());
  EXPECT_LT(ThreadTime() - before, absl::Seconds(1));
}

// A client that reads much acknowledges much: it is not taken for a flood.
TEST_F(Http2Test, WindowsOfAReaderAreNoFlood) {
  Send(Open(1, kEndHeaders | kEndStream));
  front_.streams[0]->Head(200, {});
  for (int i = 0; i < 5'000; ++i) {
    front_.streams[0]->Send(std::string(8'000, 'x'));
    Send(Frame(kWindow, kNone, 0, Number(8'000, 4)) + Frame(kWindow, kNone, 1, Number(8'000, 4)));
    ASSERT_FALSE(session_->finished()) << i;
  }
  EXPECT_EQ(front_.sent, 5'000);
}

TEST_F(Http2Test, WhatNobodyTakesStopsTheCaller) {
  Send(Open(1));
  const std::string piece(16'000, 'x');
  int sent = 0;
  while (!session_->finished() && sent < 100) {
    Send(Frame(kData, kNone, 1, piece));
    ++sent;
  }
  EXPECT_LE(front_.body, limits_.window + piece.size());  // the frame that violates the protocol is the last
}

// An answer whose client opens no window waits, and holds no more than itself.
TEST_F(Http2Test, AWindowOfNothing) {
  Send(Frame(kSettings, kNone, 0, Number(4, 2) + Number(0, 4)));
  Send(Open(1, kEndHeaders | kEndStream));
  front_.streams[0]->Head(200, {});
  front_.streams[0]->Send(std::string(1 << 20, 'x'));
  EXPECT_LT(Send("").size(), 1'000u);
  EXPECT_EQ(front_.sent, 0);
  front_.streams[0]->Reset();
  Send("");
  EXPECT_EQ(front_.gone, 1);
}

TEST_F(Http2Test, FieldsThatNeverEndAreNotWaitedFor) {
  Send(Frame(kHeaders, kNone, 1, Post()));
  SteadyTime::Advance(limits_.header + absl::Seconds(1));
  session_->Tick();
  EXPECT_THAT(Send(""), ::testing::HasSubstr("[HEADER_TOO_SLOW]"));
  EXPECT_TRUE(session_->finished());
  EXPECT_STREQ(session_->close_reason(), "header_timeout");
}

TEST_F(Http2Test, WhoIsSilentIsAskedAndThenLeft) {
  SteadyTime::Advance(limits_.ping_after + absl::Seconds(1));
  session_->Tick();
  EXPECT_NE(Send(""), "");
  SteadyTime::Advance(limits_.ping_answer + absl::Seconds(1));
  session_->Tick();
  EXPECT_TRUE(session_->finished());
  EXPECT_STREQ(session_->close_reason(), "ping_unanswered");
}

TEST_F(Http2Test, DrainingAnswersWhatHasBegun) {
  Send(Open(1, kEndHeaders | kEndStream));
  session_->Drain();
  EXPECT_THAT(Send(""), ::testing::HasSubstr("lastcall"));
  Send(Open(3, kEndHeaders | kEndStream));
  EXPECT_EQ(front_.requests.size(), 2) << "it was on its way";
  front_.streams[1]->Head(200, {});
  front_.streams[1]->End({});
  Send(Frame(kPing, kAck, 0, "lastcall"));
  EXPECT_FALSE(session_->finished());
  Send(Open(5, kEndHeaders | kEndStream));
  EXPECT_EQ(front_.requests.size(), 2) << "it was sent after the last call was answered";
  front_.streams[0]->Head(200, {});
  front_.streams[0]->End({});
  Send("");
  EXPECT_TRUE(session_->finished());
  EXPECT_EQ(front_.gone, 2);
}

// The GOAWAY frame tells the caller to send stream 3 again elsewhere, so nobody may carry it out here.
TEST_F(Http2Test, ARequestTogetherWithTheAnswerToTheLastCallReachesNobody) {
  Send(Open(1, kEndHeaders | kEndStream));
  session_->Drain();
  Send("");
  const std::string answer = Send(Frame(kPing, kAck, 0, "lastcall") + Open(3, kEndHeaders | kEndStream));
  EXPECT_THAT(answer, ::testing::HasSubstr(Frame(kGoAway, kNone, 0, std::string("\0\0\0\x01\0\0\0\0", 8))));
  EXPECT_EQ(front_.requests.size(), 1);
  front_.streams[0]->Head(200, {});
  front_.streams[0]->End({});
  Send("");
  EXPECT_TRUE(session_->finished());
}

// The client answers pings meanwhile.
TEST_F(Http2Test, AnAnswerOfWhichNothingIsTakenIsBrokenOff) {
  Send(Frame(kSettings, kNone, 0, std::string("\0\x04\0\0\0\0", 6)));  // no window
  Send(Open(1, kEndHeaders | kEndStream) + Open(3, kEndHeaders | kEndStream) + Open(5, kEndHeaders | kEndStream));
  for (const int i : {0, 1}) {
    front_.streams[i]->Head(200, {});
    front_.streams[i]->Send("something");
  }
  Send("");
  SteadyTime::Advance(limits_.untaken - absl::Seconds(2));
  Send(Frame(kWindow, kNone, 3, std::string("\0\0\0\x01", 4)));
  session_->Tick();
  Send("");
  EXPECT_EQ(front_.gone, 0);
  SteadyTime::Advance(absl::Seconds(4));
  session_->Tick();
  EXPECT_THAT(Send(""), ::testing::HasSubstr(Frame(kReset, kNone, 1, std::string("\0\0\0\x08", 4))));
  EXPECT_EQ(front_.gone, 1) << "one takes a byte at a time, and one waits for its answer";
  EXPECT_FALSE(session_->finished());
}

TEST_F(Http2Test, TooManyStreamsAreRefusedOneByOne) {
  for (int i = 0; i < 300; ++i) Send(Open(2 * i + 1));
  EXPECT_EQ(front_.requests.size(), limits_.streams);
}

TEST_F(Http2Test, MalformedRequestsReachNobody) {
  const std::string bad[] = {
      "\x84\x86\x41\x01x",                             // no method
      Post() + std::string("\x00\x01", 2) + "X\x01y",  // a name in upper case
      Post() + std::string("\x00\x0a", 2) +
          "connection\x05"
          "close",                                     // a field of HTTP/1.1
      std::string("\x00\x01", 2) + "x\x01y" + Post(),  // pseudo-fields after others
  };
  int stream = 1;
  for (const std::string& fields : bad) {
    Send(Frame(kHeaders, kEndHeaders | kEndStream, stream, fields));
    stream += 2;
  }
  EXPECT_TRUE(front_.requests.empty());
}

TEST_F(Http2Test, GarbageEndsIt) {
  Send(std::string(1'000, '\xff'));
  EXPECT_TRUE(session_->finished());
}

TEST_F(Http2Test, ALongPathIsCountedAndCut) {
  limits_.field_bytes = 12'000;
  session_ = MakeHttp2(front_, caller_, limits_, [] {});
  SetUp();
  for (const size_t size : {9'000, 16'000}) {
    std::string fields = "\x83\x86\x41\x01x" + Literal("\x04", size);  // the name is :path
    fields[fields.size() - size] = '/';
    Send(Frame(kHeaders, kEndHeaders | kEndStream, static_cast<int>(1 + 2 * front_.requests.size()), fields));
    ASSERT_FALSE(front_.requests.empty());
    EXPECT_EQ(front_.requests.back().field_bytes, size);
    EXPECT_EQ(front_.requests.back().path.size(), std::min<size_t>(size, 12'000));
    EXPECT_EQ(front_.requests.back().cut, size > 12'000);
  }
}

}  // namespace
}  // namespace tsunagu::web
