#ifndef TSUNAGU_COMMON_JOURNAL_REACHED_H_
#define TSUNAGU_COMMON_JOURNAL_REACHED_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/mutex.h"

namespace tsunagu::store {

// How far a SQLite database had come when a change was last acknowledged, kept in a file beside it: a log in which a
// bit has turned is shorter to SQLite without a word. Written after each commit and without a sync, which a process
// that is killed survives; where the machine loses power, it may be older than the database, never newer. Thread-safe.
class Reached {
 public:
  struct Point {
    int64_t place = 0;          // of the journal's chain
    int64_t known_time = 0;     // microseconds: of that place
    std::string access_log_id;  // of a row of the access log that is there; empty where there was none yet
  };

  // `path`: made with the first Advance.
  explicit Reached(std::string path) : path_(std::move(path)) {}
  ~Reached();
  Reached(const Reached&) = delete;
  Reached& operator=(const Reached&) = delete;

  // What the file says, and from then on Advance adds to; nothing where there is none, or a crash has spoilt it.
  // FILE_NOT_READABLE.
  absl::StatusOr<Point> Read();
  // A later point in either of both is kept. Where it cannot be written, the log says so once.
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
