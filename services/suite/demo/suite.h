#ifndef TSUNAGU_SERVICES_SUITE_DEMO_SUITE_H_
#define TSUNAGU_SERVICES_SUITE_DEMO_SUITE_H_

#include <signal.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/entropy.h"
#include "common/host/host.h"

namespace tsunagu::suite {

// Keeps SIGTERM, SIGINT and SIGHUP from this thread and all it starts, for as long as it lives; the latter two stay
// ignored where they are (nohup, jobs in the background).
class BlockedSignals {
 public:
  BlockedSignals();
  ~BlockedSignals();
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

  const sigset_t& set() const { return set_; }

 private:
  sigset_t set_;
  sigset_t before_;
};

// Waits beside the program for the first of these signals and then calls `stop`; the next one ends the process.
class Interruption {
 public:
  Interruption(const BlockedSignals& signals, std::function<void()> stop);
  // Waits for `stop`.
  ~Interruption();

  bool happened() const { return state_ == State::kHappened; }

 private:
  enum class State { kWaiting, kHappened, kOver };

  void Wait(sigset_t signals, const std::function<void()>& stop);
  // False where something else came first.
  bool Become(State state);

  std::atomic<State> state_ = State::kWaiting;
  std::thread thread_;
};

// A new folder below the system's temporary one, removed with all in it in the end.
class TemporaryFolder {
 public:
  static absl::StatusOr<std::unique_ptr<TemporaryFolder>> Make();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}

  const std::string path_;
};

// All services in this process, with their data in a temporary folder. Time stands still and chance is seeded, so that
// the same calls in the same order make the same ids. SIGINT and SIGTERM stop it: calls then fail, and whoever holds
// it lets go. Made before any other thread.
class TemporarySuite {
 public:
  static absl::StatusOr<std::unique_ptr<TemporarySuite>> Start(int64_t seed);

  const std::string& address() const { return host_->address(); }
  std::string admin_key_file() const { return host_->admin_key_file(); }
  bool interrupted() const { return interruption_->happened(); }

 private:
  explicit TemporarySuite(int64_t seed);

  const BlockedSignals signals_;
  const FakeClock clock_;
  SeededEntropy entropy_;
  std::unique_ptr<TemporaryFolder> folder_;
  std::unique_ptr<Host> host_;
  std::unique_ptr<Interruption> interruption_;
};

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_DEMO_SUITE_H_
