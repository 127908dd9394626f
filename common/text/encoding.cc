#include "common/text/encoding.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/utf8.h"
#include "common/jp/cp932.h"

namespace tsunagu::contract {
namespace {

constexpr char kNoUtf8 = '\xFF';
constexpr int kFewestPairs = 3;

unsigned Byte(char c) { return static_cast<unsigned char>(c); }

// How a text reads as EUC-JP. The rows of its two-byte characters begin at 0xA1: signs, kana and the kanji of the first
// level are in 0xA1, 0xA3 to 0xA5 and 0xB0 to 0xCF.
struct EucReading {
  bool well_formed = true;
  int pairs = 0;
  int everyday = 0;
};

EucReading ReadEuc(absl::string_view line) {
  EucReading reading;
  const auto is_part = [&](size_t at, unsigned least, unsigned most) {
    return at < line.size() && Byte(line[at]) >= least && Byte(line[at]) <= most;
  };
  for (size_t i = 0; i < line.size();) {
    const unsigned lead = Byte(line[i]);
    if (lead < 0x80) {
      ++i;
    } else if (lead == 0x8E && is_part(i + 1, 0xA1, 0xDF)) {  // half-width kana
      i += 2;
    } else if (lead == 0x8F && is_part(i + 1, 0xA1, 0xFE) && is_part(i + 2, 0xA1, 0xFE)) {  // rare kanji
      i += 3;
    } else if (is_part(i, 0xA1, 0xFE) && is_part(i + 1, 0xA1, 0xFE)) {
      ++reading.pairs;
      if (lead == 0xA1 || (lead >= 0xA3 && lead <= 0xA5) || (lead >= 0xB0 && lead <= 0xCF)) ++reading.everyday;
      i += 2;
    } else {
      reading.well_formed = false;
      return reading;
    }
  }
  return reading;
}

// Returns whether the bytes have the form of Shift_JIS, even when it assigns them no character.
bool HasFormOfShiftJis(absl::string_view line) {
  for (size_t i = 0; i < line.size(); ++i) {
    const unsigned lead = Byte(line[i]);
    if (lead < 0x80 || (lead >= 0xA1 && lead <= 0xDF)) continue;
    if (lead == 0x80 || lead == 0xA0 || lead > 0xFC || ++i == line.size()) return false;
    const unsigned trail = Byte(line[i]);
    if (trail < 0x40 || trail == 0x7F || trail > 0xFC) return false;
  }
  return true;
}

// Counts the lines of a text that are not all ASCII, by what they look like.
struct Lines {
  int all = 0, utf8 = 0, euc = 0, shift_jis_2004 = 0;
  int pairs = 0, everyday = 0;  // in the lines that look like EUC-JP
};

void Count(absl::string_view line, Lines& lines) {
  ++lines.all;
  if (jp::IsUtf8(line)) {
    ++lines.utf8;
    return;
  }
  const EucReading euc = ReadEuc(line);
  if (euc.well_formed) {
    ++lines.euc;
    lines.pairs += euc.pairs;
    lines.everyday += euc.everyday;
  } else if (HasFormOfShiftJis(line) && !jp::FromCp932(line).ok()) {
    ++lines.shift_jis_2004;
  }
}

absl::Status Refuse(absl::string_view name) { return Fail("OTHER_ENCODING"_reason, {{"encoding", std::string(name)}}); }

}  // namespace

// Counts line by line, so that one broken line does not change the encoding of a whole file. The last line may have
// been cut anywhere; it counts only when it is the only one.
absl::StatusOr<Encoding> GuessEncoding(absl::string_view window) {
  if (absl::StrContains(window, "\x1B$") || absl::StrContains(window, "\x1B(")) return Refuse("ISO-2022-JP");
  if (IsAscii(window)) return Encoding::kAuto;
  Lines lines;
  while (!window.empty()) {
    const size_t end = window.find_first_of("\r\n");
    const bool is_last = end == absl::string_view::npos;
    absl::string_view line = window.substr(0, end);
    window.remove_prefix(is_last ? window.size() : end + 1);
    if (IsAscii(line) || (is_last && lines.all > 0)) continue;
    // A cut character has at most three bytes.
    const absl::string_view whole = line;
    for (int i = 0; is_last && i < 3 && !jp::IsUtf8(line); ++i) line.remove_suffix(1);
    Count(jp::IsUtf8(line) && !IsAscii(line) ? line : whole, lines);
  }
  if (lines.utf8 > lines.all - lines.utf8) return Encoding::kUtf8;
  const bool is_euc =
      lines.euc * 10 >= lines.all * 9 && lines.pairs >= kFewestPairs && lines.everyday * 10 >= lines.pairs * 9;
  if (is_euc) return Refuse("EUC-JP");
  if (lines.shift_jis_2004 > 0) return Refuse("Shift_JIS-2004 (JIS X 0213)");
  return Encoding::kCp932;
}

bool Utf16Text::Begins(absl::string_view bytes) {
  return absl::StartsWith(bytes, "\xFF\xFE") || absl::StartsWith(bytes, "\xFE\xFF");
}

std::string Utf16Text::Decode(absl::string_view bytes) {
  std::string utf8;
  for (const char c : bytes) {
    odd_.push_back(c);
    if (odd_.size() < 2) continue;
    const unsigned first = Byte(odd_[0]), second = Byte(odd_[1]);
    odd_.clear();
    Take(static_cast<uint16_t>(big_endian_ ? first << 8 | second : second << 8 | first), utf8);
  }
  return utf8;
}

void Utf16Text::Take(uint16_t unit, std::string& utf8) {
  const bool is_high = unit >= 0xD800 && unit < 0xDC00, is_low = unit >= 0xDC00 && unit < 0xE000;
  const uint16_t high = high_;
  high_ = is_high ? unit : 0;
  if (high != 0 && !is_low) utf8.push_back(kNoUtf8);
  if (is_high) return;
  if (is_low && high == 0) {
    utf8.push_back(kNoUtf8);
  } else if (is_low) {
    AppendUtf8(static_cast<char32_t>(0x10000 + (high - 0xD800) * 0x400 + (unit - 0xDC00)), utf8);
  } else {
    AppendUtf8(unit, utf8);
  }
}

std::string Utf16Text::Finish() const { return odd_.empty() && high_ == 0 ? "" : std::string(1, kNoUtf8); }

}  // namespace tsunagu::contract
