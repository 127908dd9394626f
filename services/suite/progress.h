#ifndef TSUNAGU_SERVICES_SUITE_PROGRESS_H_
#define TSUNAGU_SERVICES_SUITE_PROGRESS_H_

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/mutex.h"

namespace tsunagu::suite {

// A progress line for a file, redrawn in place at most ten times a second, and removed at the end. Thread-safe.
class Progress {
 public:
  // Draws on standard error if it is a terminal, else nowhere.
  static Progress OnTerminal(Language language);
  // If `out` is null, nothing is drawn. The references must outlive this object.
  Progress(std::ostream* out, Language language, const Clock& clock) : out_(out), language_(language), clock_(clock) {}
  ~Progress() { Hide(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Sets the size of a file that is sent; 0, the initial value, if it is unknown.
  void SetTotal(int64_t bytes);
  // Adds bytes that were sent or received.
  void AddBytes(int64_t bytes);
  // Sets the number of rows that the server has reported.
  void SetRows(int64_t rows);
  // Clears the line so that other output can be printed; the next change draws it again.
  void Hide();

 private:
  bool AllSent() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return total_ > 0 && bytes_ >= total_; }
  void Draw() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string Line() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::ostream* const out_;
  const Language language_;
  const Clock& clock_;
  Mutex mutex_;
  int64_t total_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t rows_ ABSL_GUARDED_BY(mutex_) = 0;
  bool visible_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time drawn_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

// "1,234,567"
std::string WithCommas(int64_t number);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_PROGRESS_H_
