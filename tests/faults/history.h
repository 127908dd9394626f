#ifndef TSUNAGU_TESTS_FAULTS_HISTORY_H_
#define TSUNAGU_TESTS_FAULTS_HISTORY_H_

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/mutex.h"

namespace tsunagu::faults {

// What a caller knows about the result of an operation. Unknown: it may have been done, or may still be done.
enum class Outcome { kOk, kFail, kUnknown };

// One call: a change that was sent once, or a read.
struct Operation {
  enum class Kind { kCreate, kUpdate, kRead };

  Kind kind = Kind::kRead;
  std::string record;          // facilities/a
  std::string request_id;      // of a change; sending it again is another operation of the same request
  int64_t start = 0, end = 0;  // microseconds of a monotonic clock
  Outcome outcome = Outcome::kUnknown;
  std::string refusal;   // name of the reason
  int64_t revision = 0;  // for OK: what was written or read; 0: there was no such record
  std::string value;     // for OK
};

// Returns the outcome of a change from the status of its answer.
Outcome OutcomeOf(const absl::Status& status);

// "update facilities/a request-7 1200 1350 unknown COMMIT_UNKNOWN": one line, tabs between.
std::string ToLine(const Operation& operation);

// All operations of a run, in memory and in a file that is kept if the run fails. Thread-safe.
class History {
 public:
  // `name` becomes part of the file's name.
  explicit History(const std::string& name);
  ~History();
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  static int64_t Now();
  void Add(Operation operation);
  std::vector<Operation> operations() const;
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
  mutable Mutex mutex_;
  std::vector<Operation> operations_ ABSL_GUARDED_BY(mutex_);
  std::ofstream file_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_HISTORY_H_
