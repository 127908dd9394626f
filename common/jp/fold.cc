#include "common/jp/fold.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "common/jp/code_points.h"
#include "common/jp/cp932.h"
#include "common/jp/kanji_variants.h"
#include "unicode/normalizer2.h"
#include "unicode/uchar.h"
#include "unicode/unistr.h"
#include "unicode/utf.h"

namespace tsunagu::jp {
namespace {

constexpr char32_t kLongVowel = U'ー';

template <size_t kSize>
bool IsOneOf(char32_t c, const char32_t (&list)[kSize]) {
  return std::find(list, list + kSize - 1, c) != list + kSize - 1;
}

// True for soft hyphen, zero-width space and joiners, word joiner, byte order mark.
bool IsInvisible(char32_t c) { return IsOneOf(c, U"\u00AD\u200B\u200C\u200D\u2060\uFEFF"); }

bool IsMiddleDot(char32_t c) { return IsOneOf(c, U"・･·•‧∙⋅"); }

// True for hyphens, dashes, minus, the box-drawing line and the long vowel sign, after NFKC.
bool IsDash(char32_t c) { return IsOneOf(c, U"-‐‒–—―−─ー"); }

bool IsSpace(char32_t c) { return u_isUWhiteSpace(static_cast<UChar32>(c)); }

bool IsDropped(char32_t c) { return IsSpace(c) || IsMiddleDot(c) || IsInvisible(c) || IsVariationSelector(c); }

bool IsHiragana(char32_t c) { return (c >= U'ぁ' && c <= U'ゖ') || c == U'ゝ' || c == U'ゞ'; }

bool IsAsciiAlphanumeric(char32_t c) { return c < 0x80 && absl::ascii_isalnum(static_cast<unsigned char>(c)); }

// Returns ゛ and ゜ as the marks that NFKC combines with the kana before them.
char32_t JoiningMark(char32_t c) { return c == 0x309B ? 0x3099 : c == 0x309C ? 0x309A : c; }

char32_t FoldOne(char32_t c) {
  if (c >= U'A' && c <= U'Z') return c - U'A' + U'a';
  if (c >= U'ァ' && c <= U'ヶ') c = c - U'ァ' + U'ぁ';
  switch (c) {
    case U'ヽ':
      return U'ゝ';
    case U'ヾ':
      return U'ゞ';
    case U'ゕ':
      return U'か';
    case U'ゖ':
      return U'け';
    case U'〜':
      return U'~';
    default:
      return EverydayKanji(c);
  }
}

std::u32string Dropped(std::u32string text) {
  text.erase(std::remove_if(text.begin(), text.end(), IsDropped), text.end());
  return text;
}

std::u32string Nfkc(const std::u32string& text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(error);
  if (U_FAILURE(error)) std::abort();  // the data is part of the library
  const auto units =
      icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(text.data()), static_cast<int32_t>(text.size()));
  const icu::UnicodeString normal = nfkc->normalize(units, error);
  if (U_FAILURE(error)) std::abort();
  std::u32string result;
  for (int32_t i = 0; i < normal.length(); i = normal.moveIndex32(i, 1)) {
    result.push_back(static_cast<char32_t>(normal.char32At(i)));
  }
  return result;
}

// Decides for each dash whether it is the sign for a long vowel.
void UnifyDashes(std::u32string& text) {
  bool after_kana = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsDash(text[i])) {
      const bool before_latin = i + 1 < text.size() && IsAsciiAlphanumeric(text[i + 1]);
      const bool long_vowel = after_kana && (text[i] == kLongVowel || !before_latin);
      text[i] = long_vowel ? kLongVowel : U'-';
    }
    after_kana = IsHiragana(text[i]) || text[i] == kLongVowel;
  }
}

bool IsControl(char32_t c) {
  const int8_t type = u_charType(static_cast<UChar32>(c));
  const bool override = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return type == U_CONTROL_CHAR || type == U_LINE_SEPARATOR || type == U_PARAGRAPH_SEPARATOR || override ||
         c == 0xFEFF || U_IS_UNICODE_NONCHAR(c);
}

}  // namespace

std::string Fold(absl::string_view utf8) {
  std::u32string text = Dropped(ToCodePoints(utf8));
  for (char32_t& c : text) c = JoiningMark(c);
  text = Dropped(Nfkc(text));
  for (char32_t& c : text) c = FoldOne(c);
  UnifyDashes(text);
  return ToUtf8(text);
}

bool IsWellFormedText(absl::string_view utf8) {
  if (utf8.empty()) return true;
  if (!IsUtf8(utf8)) return false;
  const std::u32string text = ToCodePoints(utf8);
  return !IsSpace(text.front()) && !IsSpace(text.back()) && std::none_of(text.begin(), text.end(), IsControl);
}

}  // namespace tsunagu::jp
