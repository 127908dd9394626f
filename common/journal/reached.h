#ifndef TSUNAGU_COMMON_JOURNAL_REACHED_H_
#define TSUNAGU_COMMON_JOURNAL_REACHED_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/mutex.h"

namespace tsunagu::store {

// The point that a SQLite database had reached when a change was last acknowledged, kept in a file beside it. It is
// needed because SQLite silently ignores the rest of a log after a damaged bit. Written after each commit without a
// sync: it survives a killed process; after a power failure it may be older than the database, never newer.
// Thread-safe.
class Reached {
 public:
  struct Point {
    int64_t place = 0;          // in the journal's chain
    int64_t known_time = 0;     // microseconds: the known time of that place
    std::string access_log_id;  // a row that the access log contains; empty when there was none yet
  };

  // The file at `path` is created by the first Advance.
  explicit Reached(std::string path) : path_(std::move(path)) {}
  ~Reached();
  Reached(const Reached&) = delete;
  Reached& operator=(const Reached&) = delete;

  // Reads the file; Advance continues from its point. Returns nothing when the file does not exist or a crash has
  // damaged it. Errors: FILE_NOT_READABLE.
  absl::StatusOr<Point> Read();
  // Records the later place and the later row of the access log. When the file cannot be written, logs that once.
  void Advance(const Point& point);

 private:
  const std::string path_;
  Mutex mutex_;
  Point point_ ABSL_GUARDED_BY(mutex_);
  int file_ ABSL_GUARDED_BY(mutex_) = -1;
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_REACHED_H_
