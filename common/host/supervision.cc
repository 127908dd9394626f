#include "common/host/supervision.h"

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/rpc/client.h"
#include "grpc/health/v1/health.pb.h"

namespace tsunagu {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// WATCHDOG_PID names the process for which the variables are meant, because children inherit them.
absl::Duration IntervalOf(const std::string& micros, const std::string& process) {
  int64_t count = 0, meant = getpid();
  if (!absl::SimpleAtoi(micros, &count) || count <= 0) return absl::InfiniteDuration();
  if (!process.empty() && (!absl::SimpleAtoi(process, &meant) || meant != getpid())) return absl::InfiniteDuration();
  return absl::Microseconds(count);
}

}  // namespace

Supervision::Supervision(std::function<bool(absl::Duration)> alive)
    : socket_(Variable("NOTIFY_SOCKET")),
      interval_(IntervalOf(Variable("WATCHDOG_USEC"), Variable("WATCHDOG_PID"))),
      alive_(std::move(alive)) {
  if (socket_.empty()) return;
  Tell("READY=1");
  if (interval_ < absl::InfiniteDuration()) watch_ = std::thread([this] { Watch(); });
}

Supervision::~Supervision() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (watch_.joinable()) watch_.join();
  if (!socket_.empty()) Tell("STOPPING=1");
}

void Supervision::Tell(absl::string_view state) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const size_t size = std::min(socket_.size(), sizeof(address.sun_path));
  std::copy_n(socket_.data(), size, address.sun_path);
  if (socket_[0] == '@') address.sun_path[0] = '\0';  // an abstract socket name
  const socklen_t length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size);
  const int notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const ssize_t sent = notify < 0 ? -1
                                  : sendto(notify, state.data(), state.size(), MSG_NOSIGNAL,
                                           reinterpret_cast<const sockaddr*>(&address), length);
  // The supervisor will treat this process as hanging; the log tells why.
  if (sent < 0) log::Line(log::Level::kError, "not_told").Add("state", state).Add("errno", errno).Write();
  if (notify >= 0) close(notify);
}

void Supervision::Watch() {
  for (;;) {
    const Deadline next = Deadline::After(interval_ / 2);
    if (alive_(interval_ / 2)) Tell("WATCHDOG=1");
    MutexLock lock(mutex_);
    while (!stopping_ && !next.Over()) stopped_.wait_until(mutex_, next);
    if (stopping_) return;
  }
}

bool AnswersHealth(const std::string& address, absl::Duration patience) {
  rpc::Peer self("self", rpc::Connect(address));
  rpc::CallOptions options;
  options.timeout = patience;
  const absl::Status answer = self.Unary<grpc::health::v1::HealthCheckResponse>(
                                      "grpc.health.v1.Health/Check", grpc::health::v1::HealthCheckRequest(), options)
                                  .status();
  return !absl::IsDeadlineExceeded(answer) && (answer.ok() || ReasonWord(FaultOf(answer)) != "PEER_UNAVAILABLE");
}

}  // namespace tsunagu
