#ifndef TSUNAGU_TESTS_PROCESS_LOAD_H_
#define TSUNAGU_TESTS_PROCESS_LOAD_H_

#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/base/mutex.h"
#include "tests/process/server.h"

namespace tsunagu::process {

// Callers who create facilities one after another, all at the same time, and remember what they were told.
class Load {
 public:
  enum class AfterRefusal { kStop, kSendAgain };

  // Ids begin with `prefix`. The server outlives the load.
  Load(ServerProcess& server, std::string prefix, AfterRefusal after_refusal);
  ~Load();

  // False when the callers have given up before, or it takes too long.
  bool WaitForAcknowledged(size_t count);
  // Until one more call than so far is refused.
  bool WaitForRefusal();
  // No more calls; returns when all have been answered.
  void Stop();

  // The rest after Stop().
  const std::map<std::string, registry::v1::Facility>& acknowledged() const { return acknowledged_; }
  const std::map<std::string, registry::v1::CreateFacilityRequest>& sent() const { return sent_; }
  const std::set<Refusal>& refusals() const { return refusals_; }

  // Sends every request again: what was acknowledged gets the same answer, everything else goes in now, and the
  // journal has each exactly once. To be called for a server that has nothing from elsewhere but `others` facilities.
  void ExpectEachExactlyOnce(ServerProcess& server, int others) const;

 private:
  static constexpr int kCallers = 6;

  void Create(int caller);
  bool Wait(absl::FunctionRef<bool()> until);

  ServerProcess& server_;
  const std::string prefix_;
  const AfterRefusal after_refusal_;
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ = false;
  int running_ = kCallers;
  int refused_ = 0;
  std::map<std::string, registry::v1::Facility> acknowledged_;
  std::map<std::string, registry::v1::CreateFacilityRequest> sent_;
  std::set<Refusal> refusals_;
  std::vector<std::thread> callers_;
};

}  // namespace tsunagu::process

#endif  // TSUNAGU_TESTS_PROCESS_LOAD_H_
