#include "common/base/failpoint.h"

#include <signal.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace tsunagu {
namespace {

struct Trap {
  int signal = SIGKILL;
  absl::Duration slow;  // at every pass, instead of a signal
  std::atomic<int> passes_left{1};
};

using Traps = std::map<std::string, std::unique_ptr<Trap>, std::less<>>;

Traps ParseTraps(const char* setting) {
  Traps traps;
  if (setting == nullptr) return traps;
  for (absl::string_view entry : absl::StrSplit(setting, ',', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> name_action = absl::StrSplit(entry, absl::MaxSplits('=', 1));
    const std::vector<std::string> action = absl::StrSplit(name_action.second, ':');
    auto trap = std::make_unique<Trap>();
    trap->signal = action[0] == "pause" ? SIGSTOP : SIGKILL;
    int passes = 1;
    if (action.size() > 1 && absl::SimpleAtoi(action[1], &passes)) trap->passes_left = passes;
    if (action[0] == "slow") trap->slow = absl::Milliseconds(passes);
    traps[name_action.first] = std::move(trap);
  }
  return traps;
}

}  // namespace

void Failpoint(absl::string_view name) {
  static const Traps& traps = *new Traps(ParseTraps(std::getenv("TSUNAGU_FAILPOINTS")));
  if (traps.empty()) return;
  const auto trap = traps.find(std::string(name));
  if (trap == traps.end()) return;
  if (trap->second->slow > absl::ZeroDuration()) return absl::SleepFor(trap->second->slow);
  if (trap->second->passes_left.fetch_sub(1) == 1) raise(trap->second->signal);
}

}  // namespace tsunagu
