#ifndef TSUNAGU_TESTS_FAULTS_FAILPOINTS_H_
#define TSUNAGU_TESTS_FAULTS_FAILPOINTS_H_

#include <string>
#include <vector>

namespace tsunagu::faults {

// A line in the code of the suite where a test can kill the process.
struct NamedFailpoint {
  std::string name;  // "store.before_commit"
  std::vector<std::string> files;
};

// Returns all failpoints in the sources, sorted: a new failpoint is tested without being listed anywhere.
const std::vector<NamedFailpoint>& AllFailpoints();

// Returns whether some test program kills the process there: its source contains the name, quoted, and "=kill".
bool IsKilledInATest(const std::string& name);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_FAILPOINTS_H_
