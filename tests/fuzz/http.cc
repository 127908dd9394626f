// Arbitrary bytes as HTTP/1.1 or HTTP/2, in pieces, to a server that answers in every possible way. Each request that
// reaches it ends exactly once, and the buffered part of a body that nobody reads stays within the window.
#include <string>
#include <vector>

#include "common/web/session.h"
#include "tests/fuzz/fuzz.h"

namespace tsunagu::web {
namespace {

using fuzz::Require;

class Server : public Front {
 public:
  explicit Server(uint8_t manner) : manner_(manner) {}

  std::shared_ptr<StreamHandler> Begin(Request request, HttpStream& stream) override {
    Require(request.fields.size() <= SessionLimits().field_count, "fields beyond the limit are not kept");
    ++begun;
    return std::make_shared<Handler>(*this, stream, manner_ = static_cast<uint8_t>(manner_ * 5 + 1));
  }
  int begun = 0, gone = 0;

 private:
  class Handler : public StreamHandler {
   public:
    Handler(Server& server, HttpStream& stream, uint8_t manner) : server_(server), stream_(stream), manner_(manner) {
      if (manner_ % 8 == 0) Answer();
      if (manner_ % 8 == 1) stream_.Reset();
    }
    void OnBody(absl::string_view piece) override {
      Require(!gone_ && !over_, "nothing comes behind the end");
      if (manner_ % 8 == 2) return;
      stream_.Consumed(piece.size());
      if (manner_ % 8 == 3) Answer();
    }
    void OnBodyEnd() override {
      Require(!gone_ && !over_, "a body ends once");
      over_ = true;
      Answer();
    }
    void OnSent() override {
      Require(!gone_, "nothing is sent behind the end");
      if (++sent_ < 3) return stream_.Send("more");
      stream_.End({{"grpc-status", "0"}});
    }
    void OnGone() override {
      Require(!gone_, "the end comes once");
      gone_ = true;
      ++server_.gone;
    }

   private:
    void Answer() {
      if (answered_ || manner_ % 8 == 1) return;
      answered_ = true;
      stream_.Head(200, {{"content-type", "text/plain"}});
      stream_.Send("answer");
      if (manner_ % 2 == 0) stream_.End({});
    }

    Server& server_;
    HttpStream& stream_;
    const uint8_t manner_;
    int sent_ = 0;
    bool answered_ = false, over_ = false, gone_ = false;
  };

  uint8_t manner_;
};

}  // namespace
}  // namespace tsunagu::web

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tsunagu::web;
  tsunagu::fuzz::Input input(data, size);
  const uint8_t choice = input.Byte(), manner = input.Byte();
  const size_t piece = 1 + input.Byte();
  Server server(manner);
  const Caller caller{"ipv4:192.0.2.7:41234", {}};
  const SessionLimits limits;
  const bool http2 = choice % 2 == 0;
  std::unique_ptr<Session> session = (http2 ? MakeHttp2 : MakeHttp1)(server, caller, limits, [] {});
  std::string bytes = http2 ? "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" : "";
  bytes.append(input.Rest().data(), input.Rest().size());
  for (size_t at = 0; at < bytes.size() && session->wants_more(); at += piece) {
    session->Receive(absl::string_view(bytes).substr(at, piece));
    for (int i = 0; i < 8 && !session->finished(); ++i) {
      std::string out;
      session->Fill(out);
      if (out.empty()) break;
    }
    if (choice % 4 == 3) session->Tick();
  }
  if (choice % 8 > 5) session->Drain();
  session.reset();
  tsunagu::fuzz::Require(server.gone == server.begun, "each request is heard of to its end");
  return 0;
}
