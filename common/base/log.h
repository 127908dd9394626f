#ifndef TSUNAGU_COMMON_BASE_LOG_H_
#define TSUNAGU_COMMON_BASE_LOG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// One line per event on standard error. Lines say which call, which method, which reason: never what a request or a
// record holds.
namespace tsunagu::log {

enum class Level { kDebug, kInfo, kWarning, kError };
enum class Format { kText, kJson };

// For the process; JSON from warnings on until somebody says otherwise.
void Configure(Format format, Level least);
bool Enabled(Level level);

// What somebody else says (a driver, an exception), fit for a log: quoted parts, digits in a row and what is not ASCII
// may come from a record, and are left out.
std::string Harmless(absl::string_view text);

// A line in the making. `event` is a constant of ours ("call"); with a field "reason", also the reason is one. Lines
// of the same event and reason are held back when there are too many of them; the next one says how many ("held_back").
class Line {
 public:
  Line(Level level, absl::string_view event);

  // A name that is there already gets this value. Any bytes: what is no text, or would break the line, is escaped; at
  // most 1,000 bytes are shown.
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

// What a thread works on: every line it writes meanwhile says so.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual void Describe(Line& line) const = 0;
};
class Scope {
 public:
  // `subject` outlives it.
  explicit Scope(const Subject& subject);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  const Subject* const before_;
};

// How many lines of one kind are let through: ten at once, then one a second.
class Flood {
 public:
  // Nothing: hold the line back. Else how many were held back since the last one.
  std::optional<int64_t> Pass(absl::Time now);

 private:
  static constexpr double kAtOnce = 10;
  double allowed_ = kAtOnce;
  absl::Time last_ = absl::InfinitePast();
  int64_t held_back_ = 0;
};

}  // namespace tsunagu::log

#endif  // TSUNAGU_COMMON_BASE_LOG_H_
