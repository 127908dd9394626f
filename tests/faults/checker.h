#ifndef TSUNAGU_TESTS_FAULTS_CHECKER_H_
#define TSUNAGU_TESTS_FAULTS_CHECKER_H_

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "tests/faults/history.h"

namespace tsunagu::faults {

// What a service's own data says after a run.
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
  std::map<std::string, int> requests;    // how many rows each request id has in `requests`
};

// One promise that was broken, with the operations that show it and no others.
struct Finding {
  std::string what;
  std::vector<Operation> operations;

  friend void PrintTo(const Finding& finding, std::ostream* out);
};

// Holds a history against the truth:
//   - a request that was acknowledged is there exactly once, a refused one is not, an unknown one at most once, and
//     every change was asked for by somebody;
//   - an answer says what was written, also when the request is sent again;
//   - revisions of a record follow one another from 1, and the row is the last of them;
//   - the record is a register: a read saw what had been written and not yet overwritten, and operations that did not
//     overlap took effect in their order (linearizability; the revisions give the order of writes, so looking at
//     pairs is enough).
// Values are never written twice.
std::vector<Finding> Check(const std::vector<Operation>& history, const Truth& truth);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_CHECKER_H_
