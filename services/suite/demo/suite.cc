#include "services/suite/demo/suite.h"

#include <pthread.h>
#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/suite/services.h"
#include "common/base/log.h"

namespace tsunagu::suite {
namespace {

// So far ahead that no deadline reckoned by this clock passes by the machine's.
constexpr absl::CivilSecond kStandstill(2100, 1, 1);

}  // namespace

BlockedSignals::BlockedSignals() {
  sigemptyset(&set_);
  sigaddset(&set_, SIGTERM);
  for (const int signal : {SIGINT, SIGHUP}) {
    struct sigaction now = {};
    sigaction(signal, nullptr, &now);
    if (now.sa_handler != SIG_IGN) sigaddset(&set_, signal);
  }
  pthread_sigmask(SIG_BLOCK, &set_, &before_);
}

BlockedSignals::~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

Interruption::Interruption(const BlockedSignals& signals, std::function<void()> stop)
    : thread_([this, set = signals.set(), stop = std::move(stop)] { Wait(set, stop); }) {}

Interruption::~Interruption() {
  // Wakes Wait. Not once it lets signals through, or this would end the process.
  if (Become(State::kOver)) pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
}

bool Interruption::Become(State state) {
  State waiting = State::kWaiting;
  return state_.compare_exchange_strong(waiting, state);
}

void Interruption::Wait(sigset_t signals, const std::function<void()>& stop) {
  int which = 0;
  sigwait(&signals, &which);
  if (!Become(State::kHappened)) return;
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  stop();
}

absl::StatusOr<std::unique_ptr<TemporaryFolder>> TemporaryFolder::Make() {
  std::error_code error;
  std::string path = absl::StrCat(std::filesystem::temp_directory_path(error).string(), "/tsunagu-demo-XXXXXX");
  if (error || mkdtemp(path.data()) == nullptr) {
    return absl::UnavailableError(absl::StrCat(path, ": ", error ? error.message() : std::strerror(errno)));
  }
  return std::unique_ptr<TemporaryFolder>(new TemporaryFolder(std::move(path)));
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
  if (error) log::Line(log::Level::kWarning, "folder_left").Add("path", path_).Add("text", error.message()).Write();
}

TemporarySuite::TemporarySuite(int64_t seed)
    : clock_(absl::FromCivil(kStandstill, absl::UTCTimeZone())), entropy_(static_cast<uint64_t>(seed)) {}

absl::StatusOr<std::unique_ptr<TemporarySuite>> TemporarySuite::Start(int64_t seed) {
  log::Configure(log::Format::kText, log::Level::kWarning);
  std::unique_ptr<TemporarySuite> suite(new TemporarySuite(seed));
  ASSIGN_OR_RETURN(suite->folder_, TemporaryFolder::Make());
  HostConfig config;
  config.data_dir = suite->folder_->path();
  config.listen = "127.0.0.1:0";
  ASSIGN_OR_RETURN(suite->host_,
                   Host::Start(std::move(config), SuiteServices(), {&suite->clock_, &suite->entropy_}));
  suite->interruption_ = std::make_unique<Interruption>(
      suite->signals_, [host = suite->host_.get()] { host->Shutdown(absl::ZeroDuration()); });
  return suite;
}

}  // namespace tsunagu::suite
