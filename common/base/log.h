#ifndef TSUNAGU_COMMON_BASE_LOG_H_
#define TSUNAGU_COMMON_BASE_LOG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Writes one line per event to standard error. A line names the call, the method and the reason, and never contains
// what a request or a record holds.
namespace tsunagu::log {

enum class Level { kDebug, kInfo, kWarning, kError };
enum class Format { kText, kJson };

// Applies to the process. The default is JSON, from warnings up.
void Configure(Format format, Level least);
bool Enabled(Level level);

// Makes text from elsewhere (a driver, an exception) safe for a log. Parts that may come from a record are left out:
// quoted parts, the digits of a number from the sixth on, and everything that is not ASCII.
std::string Harmless(absl::string_view text);

// A log line. `event` is a constant of ours ("call"); a field "reason" holds a constant too. When there are too many
// lines of the same event and reason, they are held back; the next written line carries their number ("held_back").
class Line {
 public:
  Line(Level level, absl::string_view event);

  // Replaces the value when `name` was added before. Takes any bytes: what is not text, or would break the line, is
  // escaped. Shows at most 1,000 bytes.
  Line& Add(absl::string_view name, absl::string_view value);
  Line& Add(absl::string_view name, int64_t value);
  Line& AddMillis(absl::string_view name, absl::Duration value);
  void Write();

 private:
  struct Field {
    absl::string_view name;
    std::string value;
    bool quoted = true;
  };
  Line& Set(absl::string_view name, std::string value, bool quoted);
  std::string Json(absl::Time now, int64_t held_back) const;
  std::string Text(absl::Time now, int64_t held_back) const;

  const Level level_;
  const absl::string_view event_;
  std::vector<Field> fields_;
};

// What a thread is working on. Every line that the thread writes meanwhile includes it.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual void Describe(Line& line) const = 0;
};
class Scope {
 public:
  // `subject` must outlive the scope.
  explicit Scope(const Subject& subject);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  const Subject* const before_;
};

// Limits the lines of one kind: ten at once, then one a second.
class Flood {
 public:
  // Returns nothing when the line is to be held back, else how many lines were held back since the last one.
  std::optional<int64_t> Pass(absl::Time now);

 private:
  static constexpr double kAtOnce = 10;
  double allowed_ = kAtOnce;
  absl::Time last_ = absl::InfinitePast();
  int64_t held_back_ = 0;
};

}  // namespace tsunagu::log

#endif  // TSUNAGU_COMMON_BASE_LOG_H_
