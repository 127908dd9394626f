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

// The prefix of the names of all records that loads write.
inline constexpr char kRecordPrefix[] = "facilities/f-";

// A change as it is sent, the first time or again.
struct Change {
  Operation::Kind kind = Operation::Kind::kCreate;
  std::string record, request_id;  // the request id is also the value that it writes
  int64_t base = 0;                // for an update: the revision on which it is based
};

// Concurrent callers who create, change and read facilities: records of their own, and a few that all of them change.
// Records all answers in the history.
class Load {
 public:
  enum class AfterRefusal {
    kStop,       // when the server is gone, stop
    kSendAgain,  // send the same request until it is answered: the server stays, but its storage fails and recovers
  };
  struct Options {
    std::string name;  // prefix of request ids, so that no two loads of a history have the same ids
    uint64_t seed = 1;
    int callers = 6;
    AfterRefusal after_refusal = AfterRefusal::kStop;
    std::vector<Change> again;  // changes without an answer from an earlier load, which are sent first
  };

  // Both must outlive this object.
  Load(process::ServerProcess& server, History& history, Options options);
  ~Load();

  // Returns the number of acknowledged changes so far.
  int acknowledged() {
    MutexLock lock(mutex_);
    return acknowledged_;
  }
  // Returns false if the callers have stopped before, or it takes too long.
  bool WaitForAcknowledged(int changes);
  // Waits until one more call is refused for this reason, or, if it is empty, for any reason.
  bool WaitForRefusal(const std::string& reason = "");
  // From now on, an OK counts as unknown. Needed when the storage disappears while the server still runs: after its
  // shutdown, ext4 answers an fsync with success although it has discarded the transaction, which a loss of power
  // cannot do.
  void BelieveNoMore();
  // Stops new calls; returns when all calls have been answered.
  void Stop();

  // Call these after Stop(). Changes whose result is unknown.
  const std::vector<Change>& unanswered() const { return unanswered_; }
  const std::set<process::Refusal>& refusals() const { return refusals_; }

 private:
  void Run(int caller);
  // Returns false if this caller is finished.
  bool Step(int caller, int step, std::mt19937_64& random);
  bool Send(const Change& change);
  absl::StatusOr<registry::v1::Facility> SendOnce(const Change& change);
  absl::StatusOr<Operation> Read(const std::string& record);
  struct Taken {
    Outcome outcome;
    bool goes_on;  // whether the caller continues
  };
  // Records the operation.
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
