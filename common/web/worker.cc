#include "common/web/worker.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

#include "common/web/connection.h"

namespace tsunagu::web {

Worker::Worker(const SessionLimits& limits, std::function<void(CloseReason)> count_closed)
    : limits_(limits), count_closed_(std::move(count_closed)) {}

Worker::~Worker() { Stop(); }

void Worker::Start() {
  thread_ = std::thread([this] {
    const auto guard = boost::asio::make_work_guard(io_);
    io_.run();
  });
  Post([this] { Tick(); });
}

void Worker::Take(int fd, SSL* tls, std::string peer, std::function<void()> on_closed) {
  Post([this, fd, tls, peer = std::move(peer), on_closed = std::move(on_closed)]() mutable {
    const auto connection = std::make_shared<Connection>(*this, fd, tls, std::move(peer), std::move(on_closed));
    connections_.insert(connection);
    connection->Advance();
  });
}

void Worker::Post(std::function<void()> task) { boost::asio::post(io_, std::move(task)); }

void Worker::Tick() {
  const auto connections = connections_;  // some may be removed
  for (const auto& connection : connections) connection->Tick();
  timer_.expires_after(std::chrono::seconds(1));
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) Tick();
  });
}

void Worker::Drain() {
  Post([this] {
    draining_ = true;
    const auto connections = connections_;
    for (const auto& connection : connections) connection->Drain();
  });
}

void Worker::CloseAll() {
  Post([this] {
    const auto connections = connections_;
    for (const auto& connection : connections) connection->Close(nullptr);
  });
}

void Worker::Stop() {
  if (!thread_.joinable()) return;
  CloseAll();
  Post([this] {
    timer_.cancel();
    Post([this] { io_.stop(); });  // after the tasks posted while closing
  });
  thread_.join();
}

}  // namespace tsunagu::web
