#include "services/suite/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace tsunagu::suite {
namespace {

constexpr absl::Duration kBetween = absl::Milliseconds(100);
constexpr int64_t kWidth = 30;

bool CanDraw() {
  const char* terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && (terminal == nullptr || absl::string_view(terminal) != "dumb");
}

}  // namespace

Progress Progress::OnTerminal(Language language) {
  return Progress(CanDraw() ? &std::cerr : nullptr, language, Clock::System());
}

void Progress::SetTotal(int64_t bytes) {
  MutexLock lock(mutex_);
  total_ = bytes;
}

void Progress::AddBytes(int64_t bytes) {
  MutexLock lock(mutex_);
  bytes_ += bytes;
  if (AllSent()) drawn_ = absl::InfinitePast();  // the last piece is always drawn
  Draw();
}

void Progress::SetRows(int64_t rows) {
  MutexLock lock(mutex_);
  rows_ = std::max(rows_, rows);
  Draw();
}

void Progress::Hide() {
  MutexLock lock(mutex_);
  if (visible_) *out_ << "\r\033[K" << std::flush;
  visible_ = false;
}

void Progress::Draw() {
  if (out_ == nullptr) return;
  const absl::Time now = clock_.Now();
  if (now - drawn_ < kBetween && now >= drawn_) return;
  drawn_ = now;
  visible_ = true;
  *out_ << "\r" << Line() << "\033[K" << std::flush;
}

std::string Progress::Line() const {
  std::string line;
  if (total_ > 0) {
    const int64_t done = std::min(bytes_, total_);
    const int64_t filled = done * kWidth / total_;
    line =
        absl::StrCat("[", std::string(filled, '#'), std::string(kWidth - filled, '-'), "] ", done * 100 / total_, "%");
  } else {
    line = absl::StrCat(WithCommas(bytes_ >> 10), " KiB");
  }
  if (AllSent()) line += language_ == Language::kJapanese ? "  送信済み、処理中" : "  sent, being processed";
  if (rows_ > 0) absl::StrAppend(&line, "  ", WithCommas(rows_), language_ == Language::kJapanese ? "行" : " rows");
  return line;
}

std::string WithCommas(int64_t number) {
  std::string text = absl::StrCat(number);
  const int64_t sign = number < 0 ? 1 : 0;
  for (auto at = static_cast<int64_t>(text.size()) - 3; at > sign; at -= 3) text.insert(at, 1, ',');
  return text;
}

}  // namespace tsunagu::suite
