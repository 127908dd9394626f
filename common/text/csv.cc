#include "common/text/csv.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"
#include "common/jp/cp932.h"
#include "common/text/separator.h"

namespace tsunagu::contract {
namespace {

constexpr size_t kWindowBytes = 64 * 1024;
constexpr size_t kMaxRowBytes = 1024 * 1024;
constexpr size_t kMaxCells = 4096;
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr char kEndOfFile = '\x1A';

bool IsBinary(absl::string_view window) {
  for (absl::string_view magic : {"PK\x03\x04", "%PDF-", "\xD0\xCF\x11\xE0", "\x1F\x8B"}) {
    if (absl::StartsWith(window, magic)) return true;
  }
  return false;
}

}  // namespace

absl::Status CsvReader::Feed(absl::string_view bytes) {
  while (stopped_.ok() && !bytes.empty()) {
    if (began_ && encoding_ != Encoding::kAuto) {
      stopped_ = Parse(bytes);
      break;
    }
    const size_t room = std::min(bytes.size(), kWindowBytes - window_.size());
    absl::StrAppend(&window_, bytes.substr(0, room));
    bytes.remove_prefix(room);
    if (window_.size() == kWindowBytes) stopped_ = Begin();
  }
  return stopped_;
}

absl::Status CsvReader::Finish() {
  if (stopped_.ok() && !window_.empty()) stopped_ = Begin();
  if (stopped_.ok() && utf16_) stopped_ = ParseText(utf16_->Finish());
  if (!stopped_.ok()) return stopped_;
  if (state_ == State::kQuoted && fault_.ok()) fault_ = QuoteNotClosed();
  if (row_bytes_ > 0) stopped_ = EndRow();
  return stopped_;
}

// Decides, as far as possible, what the window contains, and reads it.
absl::Status CsvReader::Begin() {
  if (!began_ && IsBinary(window_)) return Fail("NOT_CSV"_reason);
  if (!began_ && Utf16Text::Begins(window_)) {
    utf16_.emplace(window_);
    encoding_ = Encoding::kUtf8;
  }
  RETURN_IF_ERROR(BeginText(utf16_ ? utf16_->Decode(window_) : window_));
  window_.clear();
  return absl::OkStatus();
}

absl::Status CsvReader::BeginText(absl::string_view text) {
  if (!began_) {
    if (absl::StrContains(text, '\0')) return Fail("NOT_CSV"_reason);
    while (encoding_ != Encoding::kCp932 && absl::ConsumePrefix(&text, kByteOrderMark)) encoding_ = Encoding::kUtf8;
    separator_ = TakeSeparator(text);
    began_ = true;
  }
  if (encoding_ == Encoding::kAuto) {
    ASSIGN_OR_RETURN(encoding_, GuessEncoding(text));
  }
  return ParseText(text);
}

absl::Status CsvReader::Parse(absl::string_view bytes) {
  return utf16_ ? ParseText(utf16_->Decode(bytes)) : ParseText(bytes);
}

// Line ends, separators and quotes are never the second byte of a CP932 character (0x40 to 0xFC), nor part of a UTF-8
// character. So rows and cells are split as bytes and decoded when complete.
absl::Status CsvReader::ParseText(absl::string_view bytes) {
  if (ends_of_file_ > 0 && bytes.find_first_not_of(kEndOfFile) != absl::string_view::npos) {
    return ParseText(absl::StrCat(std::string(std::exchange(ends_of_file_, 0), kEndOfFile), bytes));
  }
  const size_t size = bytes.size();
  while (absl::ConsumeSuffix(&bytes, absl::string_view(&kEndOfFile, 1))) {
  }
  ends_of_file_ = std::min(ends_of_file_ + size - bytes.size(), kMaxRowBytes);
  while (!bytes.empty()) {
    if (state_ == State::kQuoted) TakeQuoted(bytes);
    if (bytes.empty()) break;
    const char c = bytes[0];
    bytes.remove_prefix(1);
    const bool ends_crlf = after_cr_ && c == '\n';
    after_cr_ = false;
    if (ends_crlf) continue;
    ++row_bytes_;
    RETURN_IF_ERROR(Take(c));
    if (row_bytes_ > kMaxRowBytes && state_ != State::kSkipping) RETURN_IF_ERROR(TooLong());
  }
  return absl::OkStatus();
}

// Takes the characters of a quoted cell up to the next quote or limit.
void CsvReader::TakeQuoted(absl::string_view& bytes) {
  const size_t room = std::min(bytes.size(), kMaxRowBytes - std::min(kMaxRowBytes, row_bytes_));
  const size_t length = std::min(bytes.substr(0, room).find('"'), room);
  cell_.append(bytes.data(), length);
  row_bytes_ += length;
  bytes.remove_prefix(length);
}

absl::Status CsvReader::Take(char c) {
  if (state_ == State::kQuoted) {
    if (c == '"') {
      state_ = State::kQuoteInQuoted;
    } else {
      cell_.push_back(c);
    }
    return absl::OkStatus();
  }
  if (c == '\n' || c == '\r') {
    after_cr_ = c == '\r';
    return EndRow();
  }
  if (state_ == State::kSkipping) return absl::OkStatus();
  if (c == separator_) {
    EndCell();
    return cells_.size() < kMaxCells ? absl::OkStatus() : TooLong();
  }
  if (c == '"' && state_ != State::kPlain) {
    if (state_ == State::kQuoteInQuoted) cell_.push_back('"');
    state_ = State::kQuoted;
    return absl::OkStatus();
  }
  if (state_ == State::kQuoteInQuoted && fault_.ok()) fault_ = QuoteNotClosed();
  state_ = State::kPlain;
  cell_.push_back(c);
  return absl::OkStatus();
}

void CsvReader::EndCell() {
  cells_.push_back(std::move(cell_));
  cell_.clear();
  state_ = State::kCellStart;
}

absl::Status CsvReader::EndRow() {
  CsvRow row;
  row.line = line_++;
  const bool is_blank = cells_.empty() && cell_.empty() && state_ == State::kCellStart;
  if (state_ != State::kSkipping) {
    EndCell();
    row.cells = std::move(cells_);
  }
  cells_.clear();
  row.fault = std::exchange(fault_, absl::OkStatus());
  state_ = State::kCellStart;
  row_bytes_ = 0;
  if (is_blank) return absl::OkStatus();
  if (absl::Status decoded = Decode(row); !decoded.ok()) {
    row.cells.clear();
    row.fault = std::move(decoded);
  }
  return each_(std::move(row));
}

absl::Status CsvReader::Decode(CsvRow& row) const {
  for (std::string& cell : row.cells) {
    if (absl::StrContains(cell, '\0')) return Fail("UNREADABLE_CHARACTERS"_reason);
    if (IsAscii(cell)) continue;
    if (encoding_ == Encoding::kCp932) {
      absl::StatusOr<std::string> decoded = jp::FromCp932(cell);
      if (!decoded.ok()) return Fail("UNREADABLE_CHARACTERS"_reason);
      cell = *std::move(decoded);
    } else if (!jp::IsUtf8(cell)) {
      return Fail("UNREADABLE_CHARACTERS"_reason);
    }
  }
  return absl::OkStatus();
}

// In the first row: a heading without an end is no heading, so the file is something else.
absl::Status CsvReader::TooLong() {
  const bool quoted = state_ == State::kQuoted;
  if (line_ == 1) return quoted ? QuoteNotClosed() : Fail("NOT_CSV"_reason);
  fault_ = quoted ? QuoteNotClosed() : Fail("ROW_TOO_LONG"_reason);
  state_ = State::kSkipping;
  cell_.clear();
  cells_.clear();
  return absl::OkStatus();
}

absl::Status CsvReader::QuoteNotClosed() const {
  return Fail("QUOTE_NOT_CLOSED"_reason, {{"row", absl::StrCat(line_)}, {"column", absl::StrCat(cells_.size() + 1)}});
}

std::string CsvLine(absl::Span<const std::string> cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) line.push_back(',');
    const bool is_blank_row = cells.size() == 1 && cell.empty();
    if (is_blank_row || cell.find_first_of(",\"\r\n") != std::string::npos) {
      absl::StrAppend(&line, "\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\"");
    } else {
      absl::StrAppend(&line, cell);
    }
  }
  return absl::StrCat(line, "\r\n");
}

std::string MarkFormula(absl::string_view cell) {
  const bool starts_formula = !cell.empty() && absl::StrContains("=+-@'\t\r", cell[0]);
  return absl::StrCat(starts_formula ? "'" : "", cell);
}

std::string UnmarkFormula(absl::string_view cell) { return std::string(absl::StripPrefix(cell, "'")); }

bool HasReplacementCharacter(absl::Span<const std::string> cells) {
  return std::any_of(cells.begin(), cells.end(),
                     [](const std::string& cell) { return absl::StrContains(cell, "\xEF\xBF\xBD"); });
}

}  // namespace tsunagu::contract
