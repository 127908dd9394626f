#ifndef TSUNAGU_COMMON_RPC_ECHO_FIXTURE_H_
#define TSUNAGU_COMMON_RPC_ECHO_FIXTURE_H_

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "common/base/executor.h"
#include "common/base/mutex.h"
#include "common/rpc/bind.h"
#include "common/rpc/client.h"
#include "common/rpc/headers.h"
#include "common/rpc/health.h"
#include "common/rpc/in_process_server.h"
#include "common/rpc/reflection.h"
#include "common/rpc/wire.h"
#include "common/testing/echo.pb.h"
#include "gtest/gtest.h"

// For tests: a server with every kind of call, and requests that make it misbehave.
namespace tsunagu::rpc {

using testing::EchoRequest;
using testing::EchoResponse;

// Counters through which tests and handlers communicate. Thread-safe.
class Board {
 public:
  void Change(absl::string_view what, int by = 1) {
    MutexLock lock(mutex_);
    counts_[std::string(what)] += by;
    changed_.notify_all();
  }
  int Count(absl::string_view what) {
    MutexLock lock(mutex_);
    return counts_[std::string(what)];
  }
  void Await(absl::string_view what, int value) {
    MutexLock lock(mutex_);
    while (counts_[std::string(what)] != value) changed_.wait(mutex_);
  }
  void SetWake(std::function<void()> wake) {
    MutexLock lock(mutex_);
    std::swap(wake_, wake);  // the old one is destroyed without the lock: it may hold a call that uses the board
  }
  void Wake() {
    std::function<void()> wake;
    {
      MutexLock lock(mutex_);
      wake = wake_;
    }
    wake();
  }
  // Set before the first call that asks for it.
  std::function<absl::StatusOr<EchoResponse>(const Call&)> onward;

 private:
  Mutex mutex_;
  CondVar changed_;
  std::map<std::string, int> counts_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> wake_ ABSL_GUARDED_BY(mutex_);
};

// Behaviour by the request's text. "block" waits until count "open" is 1, and counts itself as "blocked"; "throw"
// throws; "exhaust" runs out of memory; "padded" gets its padding back; "fail" fails with a secret text; "busy", "shed"
// and "jumped" are refused as often as count "refusals" says; "trace" returns the call's traceparent, "onward" the
// result of board.onward.
inline absl::StatusOr<EchoResponse> Echo(Board& board, Call& call, const EchoRequest& request) {
  board.Change("handled");
  if (request.text() == "exhaust") throw std::bad_alloc();
  if (request.text() == "throw") throw std::runtime_error("secret");
  if (request.text() == "fail") return absl::NotFoundError("secret");
  if (request.text() == "onward") return board.onward(call);
  static const auto& refusals = *new std::map<std::string, Reason>{
      {"busy", "DATABASE_UNAVAILABLE"_reason}, {"shed", "CALLER_TOO_BUSY"_reason}, {"jumped", "CLOCK_JUMPED"_reason}};
  const auto refusal = refusals.find(request.text());
  if (refusal != refusals.end() && board.Count("refusals") > 0) {
    board.Change("refusals", -1);
    return Fail(refusal->second);
  }
  if (request.text() == "block") {
    board.Change("blocked");
    board.Await("open", 1);
    board.Change("cancelled", call.cancelled ? 1 : 0);
    board.Change("blocked", -1);
  }
  EchoResponse response;
  response.set_text(request.text() == "trace" ? call.trace.traceparent() : request.text());
  response.set_number(request.number());
  if (request.text() == "padded") response.set_padding(request.padding());
  return response;
}

class Counter : public Source<EchoResponse> {
 public:
  Counter(Board& board, const EchoRequest& request) : board_(board), request_(request) {}
  absl::StatusOr<bool> Next(EchoResponse& response) override {
    board_.Change("next");
    if (sent_ == request_.number()) return false;
    response.set_number(++sent_);
    response.set_padding(request_.padding());
    return true;
  }

 private:
  Board& board_;
  const EchoRequest request_;
  int sent_ = 0;
};

class Adder : public Sink<EchoRequest, EchoResponse> {
 public:
  explicit Adder(Board& board) : board_(board) { board_.Change("live"); }
  ~Adder() override { board_.Change("live", -1); }
  absl::Status Push(const EchoRequest& request) override {
    sum_ += request.number();
    board_.Change("pushed");
    return absl::OkStatus();
  }
  absl::StatusOr<EchoResponse> Finish() override {
    board_.Change("finished");
    EchoResponse response;
    response.set_number(sum_);
    return response;
  }

 private:
  Board& board_;
  int sum_ = 0;
};

class Chatter : public Duplex<EchoRequest, EchoResponse> {
 public:
  absl::Status Push(const EchoRequest& request) override {
    request_ = request;
    return absl::OkStatus();
  }
  absl::Status Close() override {
    request_.set_text("bye");
    request_.set_number(1);
    return absl::OkStatus();
  }
  absl::StatusOr<bool> Next(EchoResponse& response) override {
    if (request_.number() == 0) return false;
    request_.set_number(request_.number() - 1);
    response.set_text(request_.text());
    return true;
  }

 private:
  EchoRequest request_;
};

// Sends as many messages as the value of count "news".
class Waiter : public Stream {
 public:
  Waiter(Board& board, Call& call) : board_(board) {
    board_.SetWake(call.wake);
    board_.Change("live");
  }
  ~Waiter() override { board_.Change("live", -1); }
  absl::Status Push(const google::protobuf::Message&) override { return absl::OkStatus(); }
  absl::StatusOr<Pull> Next(google::protobuf::Message& response) override {
    board_.Change("next");
    if (sent_ == board_.Count("news")) return Pull::kLater;
    static_cast<EchoResponse&>(response).set_number(++sent_);
    return Pull::kMessage;
  }

 private:
  Board& board_;
  int sent_ = 0;
};

// Answers when the board wakes it, and lives until the board lets it go.
class SoonEcho : public Stream {
 public:
  SoonEcho(Board& board, Call& call) : board_(board), call_(call) { board_.Change("live"); }
  ~SoonEcho() override { board_.Change("live", -1); }
  absl::Status Push(const google::protobuf::Message& request) override {
    request_ = static_cast<const EchoRequest&>(request);
    return absl::OkStatus();
  }
  absl::StatusOr<Pull> Next(google::protobuf::Message& response) override {
    if (call_.on_grpc_thread) board_.Change("on transport");
    if (!std::exchange(asked_, true)) {
      board_.SetWake([wake = call_.wake, held = call_.hold()] { wake(); });
      board_.Change("soon");
      return Pull::kSoon;
    }
    static_cast<EchoResponse&>(response).set_text(request_.text());
    return Pull::kMessage;
  }

 private:
  Board& board_;
  Call& call_;
  EchoRequest request_;
  bool asked_ = false;
};

inline void BindEcho(Module& module, Board& board) {
  auto echo = [&board](Call& call, const EchoRequest& request) { return Echo(board, call, request); };
  Binder(module, "tsunagu.testing.EchoService")
      .Unary("Echo", echo)
      .Unary("EchoPublic", echo)
      .NeverBlocks()
      .Unary("EchoAdmin", echo)
      .Raw<EchoRequest, EchoResponse>("EchoSoon",
                                      [&board](Call& call) { return std::make_unique<SoonEcho>(board, call); })
      .NeverBlocks()
      .ServerStream("Count",
                    [&board](Call&, const EchoRequest& request) -> absl::StatusOr<std::unique_ptr<Counter>> {
                      return std::make_unique<Counter>(board, request);
                    })
      .ClientStream("Add", [&board](Call&) { return std::make_unique<Adder>(board); })
      .Bidi("Chat", [](Call&) { return std::make_unique<Chatter>(); })
      .Raw<EchoRequest, EchoResponse>("Wait", [&board](Call& call) { return std::make_unique<Waiter>(board, call); });
}

inline identity::Principal Holding(std::string id, std::set<std::string, std::less<>> permissions) {
  return {std::move(id), "", {{std::move(permissions), identity::Scope::Everything()}}, nullptr};
}

// "Bearer good", "Bearer other" and "Bearer caller-…" may read echoes, "Bearer weak" has no permission.
inline absl::StatusOr<identity::Principal> KnowTwo(const Headers& headers) {
  if (headers.authorization == "Bearer good") return Holding("good", {"echoes.*"});
  if (headers.authorization == "Bearer other") return Holding("other", {"echoes.*"});
  if (absl::StartsWith(headers.authorization, "Bearer caller-")) return Holding(headers.authorization, {"echoes.*"});
  if (headers.authorization == "Bearer weak") return Holding("weak", {});
  return Fail("UNAUTHENTICATED"_reason);
}

inline CallOptions Key(std::string key, absl::Duration timeout = absl::Seconds(30)) {
  CallOptions options;
  options.api_key = std::move(key);
  options.timeout = timeout;
  return options;
}

inline EchoRequest Saying(std::string text, int number = 0) {
  EchoRequest request;
  request.set_text(std::move(text));
  request.set_number(number);
  return request;
}

struct EchoServer {
  explicit EchoServer(Router::Options options = {}, Executor::Limits limits = {40, 200})
      : executor(limits), echo("echo", KnowTwo, executor), system("server", KnowTwo, executor) {
    BindEcho(echo, board);
    health.Bind(system);
    BindReflection(system, [this] { return router->ServiceNames(); });
    router = *Router::Create({&echo, &system}, std::move(options));
    server = *InProcessServer::Start(*router);
    health.Serve(*router);
  }
  std::shared_ptr<grpc::Channel> Channel() { return server->Channel(); }

  Board board;
  Executor executor;
  Module echo;
  Module system;
  Health health;
  std::unique_ptr<Router> router;
  std::unique_ptr<InProcessServer> server;
};

// A unary call without our client, which shows what is really on the wire.
struct RawCall {
  RawCall(std::shared_ptr<grpc::Channel> channel, const std::string& path, grpc::ByteBuffer request,
          const std::multimap<std::string, std::string>& metadata) {
    for (const auto& [key, value] : metadata) context.AddMetadata(key, value);
    const auto ended = std::make_shared<std::promise<grpc::Status>>();
    grpc::ByteBuffer response;
    grpc::GenericStub(std::move(channel)).UnaryCall(&context, path, {}, &request, &response, [ended](grpc::Status how) {
      ended->set_value(how);
    });
    status = ended->get_future().get();
  }
  grpc::ClientContext context;
  grpc::Status status;
};

inline grpc::ByteBuffer Bytes(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_ECHO_FIXTURE_H_
