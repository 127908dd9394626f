#ifndef TSUNAGU_COMMON_HOST_SUPERVISION_H_
#define TSUNAGU_COMMON_HOST_SUPERVISION_H_

#include <functional>
#include <string>
#include <thread>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"

namespace tsunagu {

// Reports the state of this process to systemd, or to any supervisor with its protocol (sd_notify(3)), over the socket
// in NOTIFY_SOCKET. Without that socket it does nothing.
class Supervision {
 public:
  // Sends READY=1. Then sends WATCHDOG=1 twice per WATCHDOG_USEC, each time after `alive` has returned true. `alive`
  // runs on a separate thread and has half of that time.
  explicit Supervision(std::function<bool(absl::Duration patience)> alive);
  // Sends STOPPING=1, and nothing after it.
  ~Supervision();
  Supervision(const Supervision&) = delete;
  Supervision& operator=(const Supervision&) = delete;

 private:
  void Tell(absl::string_view state) const;
  void Watch();

  const std::string socket_;
  const absl::Duration interval_;  // infinite: there is no watchdog
  const std::function<bool(absl::Duration)> alive_;
  Mutex mutex_;
  CondVar stopped_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread watch_;
};

// Returns whether the server at `address` answers a health call, even with a refusal because it is busy.
bool AnswersHealth(const std::string& address, absl::Duration patience);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_SUPERVISION_H_
