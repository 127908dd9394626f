#ifndef TSUNAGU_TESTS_FAULTS_LOSSY_FILES_H_
#define TSUNAGU_TESTS_FAULTS_LOSSY_FILES_H_

#include <sqlite3.h>

#include <cstdint>
#include <random>
#include <string>

namespace tsunagu::faults {

// A disk for SQLite whose power can be cut: synced data is kept; of the data written since, each sector of 512 bytes is
// kept or lost at random. There is one disk for the process. Thread-safe.
class LossyFiles {
 public:
  // Makes it the default file system of this process, with no state.
  static void Install();

  // With `lies`, a sync returns success and does nothing.
  static void set_lies(bool lies);

  // Waits until `count` operations on files have been done since Install.
  static void WaitForOperations(int64_t count);
  static int64_t operations();

  // From now on every operation fails. Writes the data that survives to `folder`, by file name.
  static void CutPower(std::mt19937_64& random, const std::string& folder);
};

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_LOSSY_FILES_H_
