#include "common/base/log.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/clock.h"
#include "common/base/json_text.h"
#include "common/base/metrics.h"
#include "common/base/mutex.h"

namespace tsunagu::log {
namespace {

constexpr size_t kMostBytes = 1'000;
constexpr const char* kLevels[] = {"debug", "info", "warning", "error"};

std::atomic<Format> format{Format::kJson};
std::atomic<Level> least{Level::kWarning};
thread_local const Subject* subject = nullptr;

// Writes a finished line with its line feed. A line takes one write(2); the lock is for a line that needs several. The
// kernel keeps lines below PIPE_BUF (4,096 bytes) whole between processes; the lock keeps every line whole within this
// process. A line that cannot be written is lost, because there is nowhere to report it.
void Put(absl::string_view line) {
  static Mutex& mutex = *new Mutex;
  MutexLock lock(mutex);
  while (!line.empty()) {
    const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
    if (written > 0) {
      line.remove_prefix(written);
    } else if (written == 0 || errno != EINTR) {
      return;
    }
  }
}

// The map stays small: events and reasons are constants.
std::optional<int64_t> Pass(const std::string& kind, absl::Time now) {
  static Mutex& mutex = *new Mutex;
  static auto& floods = *new std::map<std::string, Flood>;
  static metrics::Counter& held_back = metrics::Registry::Process().CounterOf(
      "tsunagu_log_lines_held_back_total", "Lines of the log left out because there were too many of their kind", {});
  MutexLock lock(mutex);
  const std::optional<int64_t> passed = floods[kind].Pass(now);
  if (!passed) held_back.Add();
  return passed;
}

}  // namespace

void Configure(Format chosen, Level from) {
  format = chosen;
  least = from;
}

bool Enabled(Level level) { return level >= least.load(std::memory_order_relaxed); }

std::string Harmless(absl::string_view text) {
  std::string harmless;
  char quote = 0;
  int digits = 0;
  for (const char c : text) {
    const bool opens = quote == 0 && (c == '\'' || c == '"' || c == '`');
    digits = absl::ascii_isdigit(c) ? digits + 1 : 0;
    if (opens) {
      quote = c;
      harmless += "[…]";
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (absl::ascii_isprint(c) && digits < 6) {
      harmless += c;
    }
  }
  return harmless;
}

Line::Line(Level level, absl::string_view event) : level_(level), event_(event) {
  if (subject != nullptr && Enabled(level)) subject->Describe(*this);
}

Line& Line::Set(absl::string_view name, std::string value, bool quoted) {
  for (Field& field : fields_) {
    if (field.name == name) {
      field = {name, std::move(value), quoted};
      return *this;
    }
  }
  fields_.push_back({name, std::move(value), quoted});
  return *this;
}

Line& Line::Add(absl::string_view name, absl::string_view value) {
  if (value.size() <= kMostBytes) return Set(name, std::string(value), true);
  return Set(name, absl::StrCat(value.substr(0, kMostBytes), "…"), true);
}

Line& Line::Add(absl::string_view name, int64_t value) { return Set(name, absl::StrCat(value), false); }

Line& Line::AddMillis(absl::string_view name, absl::Duration value) {
  return Set(name, absl::StrFormat("%.3f", absl::ToDoubleMilliseconds(value)), false);
}

void Line::Write() {
  if (!Enabled(level_)) return;
  const absl::Time now = Clock::System().Now();
  std::string kind(event_);
  for (const Field& field : fields_) {
    if (field.name == "reason") absl::StrAppend(&kind, " ", field.value);
  }
  std::optional<int64_t> held_back = 0;
  if (level_ != Level::kDebug) held_back = Pass(kind, now);
  if (!held_back) return;
  const bool json = format.load(std::memory_order_relaxed) == Format::kJson;
  Put((json ? Json(now, *held_back) : Text(now, *held_back)) + '\n');
}

std::string Line::Json(absl::Time now, int64_t held_back) const {
  std::string line =
      absl::StrCat("{\"time\":\"", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", now, absl::UTCTimeZone()),
                   "\",\"level\":\"", kLevels[static_cast<int>(level_)], "\",\"event\":", JsonText(event_));
  for (const Field& field : fields_) {
    absl::StrAppend(&line, ",", JsonText(field.name), ":", field.quoted ? JsonText(field.value) : field.value);
  }
  if (held_back > 0) absl::StrAppend(&line, ",\"held_back\":", held_back);
  return line += '}';
}

std::string Line::Text(absl::Time now, int64_t held_back) const {
  std::string line = absl::StrCat(absl::FormatTime("%H:%M:%E3S", now, absl::LocalTimeZone()), " ",
                                  kLevels[static_cast<int>(level_)], " ", event_);
  for (const Field& field : fields_) {
    absl::StrAppend(&line, " ", field.name, "=", field.quoted ? JsonText(field.value) : field.value);
  }
  if (held_back > 0) absl::StrAppend(&line, " held_back=", held_back);
  return line;
}

Scope::Scope(const Subject& now) : before_(subject) { subject = &now; }

Scope::~Scope() { subject = before_; }

std::optional<int64_t> Flood::Pass(absl::Time now) {
  // A clock that was set back must not silence the log.
  const double seconds = last_ == absl::InfinitePast() ? 0 : std::max(0.0, absl::ToDoubleSeconds(now - last_));
  allowed_ = std::min(kAtOnce, allowed_ + seconds);
  last_ = now;
  if (allowed_ < 1) {
    ++held_back_;
    return std::nullopt;
  }
  allowed_ -= 1;
  return std::exchange(held_back_, 0);
}

}  // namespace tsunagu::log
