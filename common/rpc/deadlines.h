#ifndef TSUNAGU_COMMON_RPC_DEADLINES_H_
#define TSUNAGU_COMMON_RPC_DEADLINES_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <thread>
#include <utility>

#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/rpc/link.h"

namespace tsunagu::rpc {

class Exchange;

// Ends calls that take too long. One thread serves all calls of a server: a grpc::Alarm per call would cost two locks
// that all calls share and a switch to another thread, in nearly all cases for nothing. Thread-safe.
class Deadlines {
 public:
  using Key = std::pair<std::chrono::steady_clock::time_point, uint64_t>;

  Deadlines();
  ~Deadlines();
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;

  // Calls `action` once, after `allowed`, on a thread that all calls share: it must not block.
  Key Add(absl::Duration allowed, std::shared_ptr<Link<Exchange>> link, void (Exchange::*action)());
  // Removes the entry, unless its action is running just now.
  void Remove(const Key& key);

 private:
  struct Entry {
    std::shared_ptr<Link<Exchange>> link;
    void (Exchange::*action)();
  };
  void Watch();

  Mutex mutex_;
  CondVar sooner_;
  std::map<Key, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  uint64_t added_ ABSL_GUARDED_BY(mutex_) = 0;
  std::chrono::steady_clock::time_point looks_next_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_DEADLINES_H_
