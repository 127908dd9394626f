#ifndef TSUNAGU_COMMON_HOST_SUPERVISION_H_
#define TSUNAGU_COMMON_HOST_SUPERVISION_H_

#include <functional>
#include <string>
#include <thread>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"

namespace tsunagu {

// What systemd, or whoever speaks its protocol (sd_notify(3)), hears of this process over the socket that NOTIFY_SOCKET
// names. Where there is none, nothing happens.
class Supervision {
 public:
  // READY=1. From then on WATCHDOG=1, twice in the time that WATCHDOG_USEC gives, each time after `alive` said yes. It
  // runs on a thread of its own and has half of that time.
  explicit Supervision(std::function<bool(absl::Duration patience)> alive);
  // STOPPING=1, and nothing after it.
  ~Supervision();
  Supervision(const Supervision&) = delete;
  Supervision& operator=(const Supervision&) = delete;

 private:
  void Tell(absl::string_view state) const;
  void Watch();

  const std::string socket_;
  const absl::Duration interval_;  // infinite: nobody waits for it
  const std::function<bool(absl::Duration)> alive_;
  Mutex mutex_;
  CondVar stopped_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread watch_;
};

// Whether the server at `address` answers a call for its health, be it with a refusal because it is busy.
bool AnswersHealth(const std::string& address, absl::Duration patience);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_SUPERVISION_H_
