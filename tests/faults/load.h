#ifndef TSUNAGU_TESTS_FAULTS_LOAD_H_
#define TSUNAGU_TESTS_FAULTS_LOAD_H_

#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/base/mutex.h"
#include "tests/faults/history.h"
#include "tests/process/server.h"

namespace tsunagu::faults {

// Names of all records that loads write begin so.
inline constexpr char kRecordPrefix[] = "facilities/f-";

// A change as it is sent, once or again.
struct Change {
  Operation::Kind kind = Operation::Kind::kCreate;
  std::string record, request_id;  // the request id is also the value that it writes
  int64_t base = 0;                // of an update: the revision it is made from
};

// Callers who create, change and read facilities, all at the same time: records of their own, and a few that all of
// them want. Everything they are told goes into the history.
class Load {
 public:
  enum class AfterRefusal {
    kStop,       // the server is gone
    kSendAgain,  // the same request, until it is answered: the server stays, what is beneath it comes and goes
  };
  struct Options {
    std::string name;  // request ids begin with it, so no two loads of a history have the same
    uint64_t seed = 1;
    int callers = 6;
    AfterRefusal after_refusal = AfterRefusal::kStop;
    std::vector<Change> again;  // sent first: what an earlier load has no answer to
  };

  // Both outlive it.
  Load(process::ServerProcess& server, History& history, Options options);
  ~Load();

  // Changes so far.
  int acknowledged() {
    MutexLock lock(mutex_);
    return acknowledged_;
  }
  // False when the callers have given up before, or it takes too long.
  bool WaitForAcknowledged(int changes);
  // Until one more call than so far is refused for this reason, or for any.
  bool WaitForRefusal(const std::string& reason = "");
  // From now on no OK is believed: it counts as unknown. For when the ground goes away beneath a server that still
  // runs: ext4 answers an fsync well whose transaction its shutdown has just thrown away, which no loss of power can
  // do.
  void BelieveNoMore();
  // No more calls; returns when all have been answered.
  void Stop();

  // The rest after Stop(). Changes of which nobody knows whether they were made.
  const std::vector<Change>& unanswered() const { return unanswered_; }
  const std::set<process::Refusal>& refusals() const { return refusals_; }

 private:
  void Run(int caller);
  // False: this caller is done.
  bool Step(int caller, int step, std::mt19937_64& random);
  bool Send(const Change& change);
  absl::StatusOr<registry::v1::Facility> SendOnce(const Change& change);
  absl::StatusOr<Operation> Read(const std::string& record);
  struct Taken {
    Outcome outcome;
    bool goes_on;  // the caller
  };
  // Notes it.
  Taken Take(Operation operation, const absl::Status& status);
  bool Wait(absl::FunctionRef<bool()> until);
  bool PauseUnlessStopped();

  process::ServerProcess& server_;
  History& history_;
  const Options options_;
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ = false;
  bool believing_ = true;
  int running_ = 0;
  int acknowledged_ = 0;
  int refused_ = 0;
  std::map<std::string, int> refused_for_;  // by reason
  std::deque<Change> again_;
  std::vector<Change> unanswered_;
  std::set<process::Refusal> refusals_;
  std::vector<std::thread> callers_;
};

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_LOAD_H_
