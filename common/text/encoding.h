#ifndef TSUNAGU_COMMON_TEXT_ENCODING_H_
#define TSUNAGU_COMMON_TEXT_ENCODING_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::contract {

enum class Encoding { kAuto, kUtf8, kCp932 };

// The encoding of a text whose beginning is `window`: kAuto while all of it is ASCII; kUtf8 if more of its other lines
// are well-formed UTF-8 than not, else kCp932. OTHER_ENCODING {encoding} for what is surely none of the two:
// ISO-2022-JP by its escape sequences; EUC-JP, where nine of ten lines are in its form and what they say is in everyday
// characters, which half-width kana in CP932, the only other reading, rarely give; Shift_JIS-2004 by characters that
// CP932 lacks.
absl::StatusOr<Encoding> GuessEncoding(absl::string_view window);

// UTF-16 that comes in pieces, as UTF-8. What is no character (half a pair) becomes a byte that is no UTF-8.
class Utf16Text {
 public:
  // Whether the text begins with the byte order mark of UTF-16.
  static bool Begins(absl::string_view bytes);

  // `first` begins with the byte order mark.
  explicit Utf16Text(absl::string_view first) : big_endian_(first[0] == '\xFE') {}
  std::string Decode(absl::string_view bytes);
  // What is left where the text ends in the middle of a character.
  std::string Finish() const;

 private:
  void Take(uint16_t unit, std::string& utf8);

  const bool big_endian_;
  std::string odd_;    // the first byte of a unit
  uint16_t high_ = 0;  // the first half of a pair
};

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_ENCODING_H_
