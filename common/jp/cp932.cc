#include "common/jp/cp932.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <set>

#include "common/base/error.h"
#include "common/jp/code_points.h"
#include "unicode/ucnv.h"
#include "unicode/utf8.h"

namespace tsunagu::jp {
namespace {

constexpr char32_t kGeta = U'〓';
constexpr size_t kCodes = 0x10000;

bool IsLead(unsigned byte) { return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC); }

// NEC's copies of IBM's extensions, which Windows reads but never writes.
bool IsNecCopy(unsigned lead) { return lead == 0xED || lead == 0xEE; }

// The tables of both directions. Codes are a single byte or lead * 256 + trail; 0 means none, except for NUL itself.
struct Tables {
  std::array<char16_t, kCodes> character = {};  // by code
  std::array<uint16_t, kCodes> code = {};       // by character

  void Add(unsigned code_of_it, char16_t c) {
    character[code_of_it] = c;
    if (c != 0 && code[c] == 0) code[c] = static_cast<uint16_t>(code_of_it);
  }
};

// Returns the character for one code in ICU's table of Windows-31J; 0 if there is none.
char16_t Decode(UConverter* converter, unsigned lead, unsigned trail) {
  const char bytes[] = {static_cast<char>(lead), static_cast<char>(trail)};
  UChar units[4];
  UErrorCode error = U_ZERO_ERROR;
  ucnv_reset(converter);
  const int32_t size = ucnv_toUChars(converter, units, 4, bytes, IsLead(lead) ? 2 : 1, &error);
  return U_SUCCESS(error) && size == 1 && units[0] != kReplacement ? units[0] : 0;
}

// When one character has several codes, Windows writes the lowest, but not one of NEC's copies.
std::unique_ptr<const Tables> MakeTables() {
  UErrorCode error = U_ZERO_ERROR;
  UConverter* converter = ucnv_open("ibm-943_P15A-2003", &error);
  ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
  if (U_FAILURE(error)) std::abort();  // the data is part of the library
  auto tables = std::make_unique<Tables>();
  // ICU follows IBM and exchanges three control characters; Windows does not.
  for (unsigned byte = 0; byte < 0x80; ++byte) tables->Add(byte, static_cast<char16_t>(byte));
  for (unsigned byte = 0x80; byte < 0x100; ++byte) {
    if (!IsLead(byte)) tables->Add(byte, Decode(converter, byte, 0));
  }
  for (const bool copies : {false, true}) {
    for (unsigned lead = 0x81; lead <= 0xFC; ++lead) {
      if (!IsLead(lead) || IsNecCopy(lead) != copies) continue;
      for (unsigned trail = 0x40; trail <= 0xFC; ++trail) {
        tables->Add(lead * 256 + trail, Decode(converter, lead, trail));
      }
    }
  }
  ucnv_close(converter);
  return tables;
}

const Tables& TheTables() {
  static const Tables* const tables = MakeTables().release();
  return *tables;
}

// Returns the character that Windows reads at the cell of JIS X 0208 where others read `c`.
char32_t AsInWindows(char32_t c) {
  switch (c) {
    case 0x301C:
      return 0xFF5E;  // 〜
    case 0x2212:
      return 0xFF0D;  // −
    case 0x2016:
      return 0x2225;  // ‖
    case 0x00A2:
      return 0xFFE0;  // ¢
    case 0x00A3:
      return 0xFFE1;  // £
    case 0x00AC:
      return 0xFFE2;  // ¬
    default:
      return c;
  }
}

char32_t InPlaceOf(char32_t missing) {
  switch (missing) {
    case 0x2014:
      return 0x2015;  // —
    case 0x00A5:
      return 0xFFE5;  // ¥
    case 0x203E:
      return 0xFFE3;  // ‾
    case 0x00A6:
      return 0xFFE4;  // ¦
    default:
      return kGeta;
  }
}

bool Has(const Tables& tables, char32_t c) { return c == 0 || (c < kCodes && tables.code[c] != 0); }

void Append(const Tables& tables, char32_t c, std::string& bytes) {
  const unsigned code = tables.code[c];
  if (code > 0xFF) bytes.push_back(static_cast<char>(code >> 8));
  bytes.push_back(static_cast<char>(code & 0xFF));
}

}  // namespace

bool IsUtf8(absl::string_view bytes) {
  const int64_t size = static_cast<int64_t>(bytes.size());
  for (int64_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT(bytes.data(), i, size, c);
    if (c < 0) return false;
  }
  return true;
}

absl::StatusOr<std::string> FromCp932(absl::string_view bytes) {
  const Tables& tables = TheTables();
  std::u32string text;
  text.reserve(bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i) {
    unsigned code = static_cast<unsigned char>(bytes[i]);
    if (IsLead(code) && i + 1 < bytes.size()) code = code * 256 + static_cast<unsigned char>(bytes[++i]);
    if (code != 0 && tables.character[code] == 0) return Fail("UNREADABLE_CHARACTERS"_reason);
    text.push_back(tables.character[code]);
  }
  return ToUtf8(text);
}

Encoded ToCp932(absl::string_view utf8) {
  const Tables& tables = TheTables();
  Encoded result;
  result.bytes.reserve(utf8.size());
  std::set<char32_t> listed;
  for (const char32_t given : ToCodePoints(utf8)) {
    const char32_t c = AsInWindows(given);
    if (Has(tables, c)) {
      Append(tables, c, result.bytes);
      continue;
    }
    if (!IsVariationSelector(c)) Append(tables, InPlaceOf(c), result.bytes);
    if (listed.insert(c).second) result.missing.push_back(ToUtf8({c}));
  }
  return result;
}

}  // namespace tsunagu::jp
