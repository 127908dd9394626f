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

// Calls of Echo, whose loop the test runs. Their deadline is a moment away.
class WebExchangeTest : public ::testing::Test {
 protected:
  WebExchangeTest() { in_flight_.Open({}); }

  std::shared_ptr<StreamHandler> Start(Loop& loop, HttpStream& stream) {
    Request request;
    request.method = "POST";
    request.path = "/tsunagu.testing.EchoService/Echo";
    request.peer = "ipv4:192.0.2.7:41234";
    request.fields = {{"content-type", "application/json"}, {"authorization", "Bearer good"}};
    std::unique_ptr<Form> form = MakeConnect(request, *server_.router->Find(request.path));
    return WebExchange::Start(*server_.router, in_flight_, loop, stream, std::move(request), std::move(form));
  }
  static rpc::Router::Options Options() {
    rpc::Router::Options options;
    options.default_deadline = absl::Milliseconds(200);
    return options;
  }
  void AwaitTask(HeldLoop& loop) {
    while (loop.empty() && !patience_.Over()) std::this_thread::yield();
  }

  const Deadline patience_ = Deadline::After(absl::Seconds(30));
  rpc::EchoServer server_{Options()};
  rpc::InFlight in_flight_;
};

// The deadline passes while the loop is busy elsewhere: the loop finds the answer and the cut-off together. A cut-off
// that got lost would leave the call with a client that takes nothing.
TEST_F(WebExchangeTest, AnEndAndACutOffThatComeTogetherAreBothDone) {
  HeldLoop loop, later_loop;
  Recorder stream, later_stream;
  std::shared_ptr<StreamHandler> call = Start(loop, stream);
  call->OnBody(R"({"text": "a"})");
  call->OnBodyEnd();
  // This call never gets its body. It is refused at its deadline, which is looked at after the one of the first call.
  std::shared_ptr<StreamHandler> later = Start(later_loop, later_stream);
  AwaitTask(loop);
  AwaitTask(later_loop);
  EXPECT_THAT(stream.said, ::testing::IsEmpty());
  loop.Run();
  EXPECT_EQ(absl::StrJoin(stream.said, ", "), "head 200, send, end, reset");
  later_loop.Run();
  EXPECT_EQ(absl::StrJoin(later_stream.said, ", "), "head 504, send, end");
  std::exchange(call, nullptr)->OnGone();
  std::exchange(later, nullptr)->OnGone();
  while (in_flight_.count() > 0 && !patience_.Over()) {
    loop.Run();
    later_loop.Run();
  }
  EXPECT_EQ(in_flight_.count(), 0);
}

}  // namespace
}  // namespace tsunagu::web
