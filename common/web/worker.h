#ifndef TSUNAGU_COMMON_WEB_WORKER_H_
#define TSUNAGU_COMMON_WEB_WORKER_H_

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "common/web/http_stream.h"
#include "common/web/loop.h"
#include "common/web/session.h"
#include "openssl/ssl.h"

namespace tsunagu::web {

class Connection;

// One thread and the connections that it serves.
class Worker final : public Loop {
 public:
  Worker(const SessionLimits& limits, std::function<void(CloseReason)> count_closed);
  ~Worker() override;

  // Call before the first connection. `front` must outlive the worker's connections.
  void SetFront(Front& front) { front_ = &front; }
  void Start();
  // The worker owns `fd` and `tls`, which is null for a plain connection. `on_closed` is called once.
  void Take(int fd, SSL* tls, std::string peer, std::function<void()> on_closed);
  // Accepts no new requests; those in progress are answered.
  void Drain();
  // Closes the remaining connections.
  void CloseAll();
  // Closes the remaining connections and ends the thread.
  void Stop();

  void Post(std::function<void()> task) override;
  bool IsCurrent() const override { return std::this_thread::get_id() == thread_.get_id(); }

 private:
  friend class Connection;
  void Tick();

  const SessionLimits limits_;
  const std::function<void(CloseReason)> count_closed_;
  Front* front_ = nullptr;
  boost::asio::io_context io_{1};
  boost::asio::steady_timer timer_{io_};
  std::set<std::shared_ptr<Connection>> connections_;
  std::array<char, 64 * 1024> buffer_;  // the bytes just read, from any connection
  bool draining_ = false;
  std::thread thread_;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_WORKER_H_
