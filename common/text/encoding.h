#ifndef TSUNAGU_COMMON_TEXT_ENCODING_H_
#define TSUNAGU_COMMON_TEXT_ENCODING_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::contract {

enum class Encoding { kAuto, kUtf8, kCp932 };

// Guesses the encoding of a text that begins with `window`: kAuto while all of it is ASCII; kUtf8 if more than half of
// the other lines are well-formed UTF-8, else kCp932. Errors: OTHER_ENCODING {encoding} for another encoding:
// ISO-2022-JP, by its escape sequences; EUC-JP, when nine of ten lines have its form and decode to everyday characters,
// which the only other reading, half-width kana in CP932, rarely does; Shift_JIS-2004, by characters that CP932 lacks.
absl::StatusOr<Encoding> GuessEncoding(absl::string_view window);

// Converts UTF-16, piece by piece, to UTF-8. An invalid unit (half a pair) becomes a byte that is not UTF-8.
class Utf16Text {
 public:
  // Whether the text begins with the byte order mark of UTF-16.
  static bool Begins(absl::string_view bytes);

  // `first` begins with the byte order mark.
  explicit Utf16Text(absl::string_view first) : big_endian_(first[0] == '\xFE') {}
  std::string Decode(absl::string_view bytes);
  // Returns the rest when the text ends in the middle of a character.
  std::string Finish() const;

 private:
  void Take(uint16_t unit, std::string& utf8);

  const bool big_endian_;
  std::string odd_;    // the first byte of a unit
  uint16_t high_ = 0;  // the first half of a pair
};

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_ENCODING_H_
