#ifndef TSUNAGU_TESTS_FAULTS_CHECKER_H_
#define TSUNAGU_TESTS_FAULTS_CHECKER_H_

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "tests/faults/history.h"

namespace tsunagu::faults {

// The stored data of a service after a run.
struct Truth {
  // One row of the journal.
  struct Change {
    int64_t revision = 0;
    std::string request_id, value;
  };
  struct Record {
    std::vector<Change> changes;  // by revision
    int64_t revision = 0;         // of the row itself; 0: there is no row
    std::string value;
  };
  std::map<std::string, Record> records;  // by name
  std::map<std::string, int> requests;    // by request id: number of rows in `requests`
};

// A broken promise, with exactly the operations that prove it.
struct Finding {
  std::string what;
  std::vector<Operation> operations;

  friend void PrintTo(const Finding& finding, std::ostream* out);
};

// Compares a history with the stored data:
//   - an acknowledged request is present exactly once, a refused one is absent, an unknown one is present at most once,
//     and every change was requested by a caller;
//   - an answer states what was written, also when the request is sent again;
//   - revisions of a record are consecutive from 1, and the row is the last one;
//   - the record is a register: a read saw a value that had been written and not yet overwritten, and operations
//     that did not overlap took effect in their order (linearizability; the revisions give the order of writes, so
//     comparing pairs is sufficient).
// Values must be unique.
std::vector<Finding> Check(const std::vector<Operation>& history, const Truth& truth);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_CHECKER_H_
