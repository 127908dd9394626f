#include "common/journal/reached.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/base/digest.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

constexpr absl::string_view kFormat = "tsunagu-reached-1";

std::string CheckOf(absl::string_view text) { return absl::BytesToHexString(Sha256(text).substr(0, 8)); }

// Always of the same length: a shorter text would leave the end of the previous one in the file.
std::string TextOf(const Reached::Point& point) {
  const std::string id = absl::BytesToHexString(point.access_log_id);
  const std::string text =
      absl::StrFormat("%s %020d %020d %-32s", kFormat, point.place, point.known_time, id.empty() ? "-" : id);
  return absl::StrCat(text, " ", CheckOf(text), "\n");
}

bool Parse(absl::string_view text, Reached::Point& point) {
  const size_t check = text.rfind(' ');
  if (check == absl::string_view::npos ||
      text.substr(check) != absl::StrCat(" ", CheckOf(text.substr(0, check)), "\n")) {
    return false;
  }
  const std::vector<std::string> words = absl::StrSplit(text.substr(0, check), ' ', absl::SkipEmpty());
  if (words.size() != 4 || words[0] != kFormat) return false;
  if (words[3] != "-") point.access_log_id = absl::HexStringToBytes(words[3]);
  return absl::SimpleAtoi(words[1], &point.place) && absl::SimpleAtoi(words[2], &point.known_time);
}

}  // namespace

Reached::~Reached() {
  MutexLock lock(mutex_);
  if (file_ >= 0) close(file_);
}

absl::StatusOr<Reached::Point> Reached::Read() {
  const absl::StatusOr<std::string> text = ReadWholeFile(path_);
  if (!absl::IsNotFound(text.status())) RETURN_IF_ERROR(text.status());
  Point point;
  if (text.ok() && !Parse(*text, point)) {
    point = Point();
    log::Line(log::Level::kWarning, "reached_not_read").Add("path", path_).Write();
  }
  MutexLock lock(mutex_);
  point_ = point;
  return point;
}

void Reached::Advance(const Point& point) {
  MutexLock lock(mutex_);
  const bool later = point.place > point_.place, later_row = point.access_log_id > point_.access_log_id;
  if (!later && !later_row) return;  // another thread, which committed together or later, was first
  if (later) {
    point_.place = point.place;
    point_.known_time = point.known_time;
  }
  if (later_row) point_.access_log_id = point.access_log_id;
  if (file_ < 0) file_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const std::string text = TextOf(point_);
  const bool written = file_ >= 0 && pwrite(file_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
  if (!written && !failed_) {
    log::Line(log::Level::kError, "reached_not_written").Add("path", path_).Write();
  }
  failed_ = !written;
}

}  // namespace tsunagu::store
