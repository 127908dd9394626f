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

// How far a file has come: one line that is drawn again in place, at most ten times a second, and is gone at the end.
// Thread-safe.
class Progress {
 public:
  // On standard error where that is a terminal, else nowhere.
  static Progress OnTerminal(Language language);
  // `out` may be null: then nothing is drawn. What is referred to outlives this.
  Progress(std::ostream* out, Language language, const Clock& clock) : out_(out), language_(language), clock_(clock) {}
  ~Progress() { Hide(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Bytes of a file that is sent; 0, as in the beginning, where that is not known.
  void SetTotal(int64_t bytes);
  // Bytes that came or went.
  void AddBytes(int64_t bytes);
  // Rows that the server has told of.
  void SetRows(int64_t rows);
  // Clears the line, for something else to be printed; the next change draws it again.
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
