#include "common/web/web_exchange.h"

#include <thread>

#include "absl/strings/str_join.h"
#include "common/rpc/echo_fixture.h"
#include "gmock/gmock.h"

namespace tsunagu::web {
namespace {

// A loop that runs its tasks only when the test says so. Its thread is the one that makes it.
class HeldLoop final : public Loop {
 public:
  void Post(std::function<void()> task) override {
    MutexLock lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  bool IsCurrent() const override { return std::this_thread::get_id() == thread_; }
  bool empty() {
    MutexLock lock(mutex_);
    return tasks_.empty();
  }
  void Run() {
    std::vector<std::function<void()>> tasks;
    {
      MutexLock lock(mutex_);
      tasks.swap(tasks_);
    }
    for (const auto& task : tasks) task();
  }

 private:
  const std::thread::id thread_ = std::this_thread::get_id();
  Mutex mutex_;
  std::vector<std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
};

// Remembers what was asked of it.
class Recorder final : public HttpStream {
 public:
  void Consumed(size_t) override {}
  void Head(int status, const Fields&) override { said.push_back(absl::StrCat("head ", status)); }
  void Send(std::string) override { said.push_back("send"); }
  void End(const Fields&) override { said.push_back("end"); }
  void Reset() override { said.push_back("reset"); }

  std::vector<std::string> said;
};

// The deadline passes while the loop is busy elsewhere: it finds the answer and the cut-off together. A cut-off that
// got lost would leave the call with a client that takes nothing.
TEST(WebExchangeTest, AnEndAndACutOffThatComeTogetherAreBothDone) {
  rpc::Router::Options options;
  options.default_deadline = absl::Milliseconds(100);
  rpc::EchoServer server(std::move(options));
  rpc::InFlight in_flight;
  in_flight.Open({});
  HeldLoop loop;
  Recorder stream;
  Request request;
  request.method = "POST";
  request.path = "/tsunagu.testing.EchoService/Echo";
  request.peer = "ipv4:192.0.2.7:41234";
  request.fields = {{"content-type", "application/json"}, {"authorization", "Bearer good"}};
  std::unique_ptr<Form> form = MakeConnect(request, *server.router->Find(request.path));
  ASSERT_NE(form, nullptr);
  const Deadline patience = Deadline::After(absl::Seconds(30));
  std::shared_ptr<StreamHandler> handler =
      WebExchange::Start(*server.router, in_flight, loop, stream, std::move(request), std::move(form));
  handler->OnBody(R"({"text": "a"})");
  handler->OnBodyEnd();
  while (loop.empty() && !patience.Over()) std::this_thread::yield();  // until the handler has answered
  EXPECT_THAT(stream.said, ::testing::IsEmpty());
  absl::SleepFor(absl::Seconds(1));
  loop.Run();
  EXPECT_EQ(absl::StrJoin(stream.said, ", "), "head 200, send, end, reset");
  std::exchange(handler, nullptr)->OnGone();
  while (in_flight.count() > 0 && !patience.Over()) loop.Run();
  EXPECT_EQ(in_flight.count(), 0);
}

}  // namespace
}  // namespace tsunagu::web
