// Arbitrary codes of files. A code that was read is stable: reading it again gives the same code without a warning; and
// the reported form of a code is true.
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/jp/area_code.h"
#include "tests/fuzz/fuzz.h"

namespace tsunagu::fuzz {
namespace {

void CheckCode(const jp::AreaCode& code) {
  const auto again = jp::AreaCode::Parse(code.six());
  Require(again.ok() && *again == code, "a code is well formed", code.six());
  Require(code.six().back() == jp::AreaCheckDigit(code.five()), "its check digit is right", code.six());
  const auto from_five = jp::AreaCode::FromFive(code.five());
  Require(from_five.ok() && *from_five == code, "five digits make the same code", code.six());
  Require(code.prefecture() >= "01" && code.prefecture() <= "47", "it lies in a prefecture", code.six());
  const auto reading = jp::ReadAreaCode(code.six());
  Require(reading.ok() && reading->code == code && reading->warning == Reason() && !reading->alternative.has_value(),
          "six digits are read as they stand", code.six());
}

void Check(absl::string_view text) {
  const auto parsed = jp::AreaCode::Parse(text);
  if (parsed.ok()) {
    Require(parsed->six() == text, "exactly six digits", text);
    CheckCode(*parsed);
  }
  const auto reading = jp::ReadAreaCode(text);
  if (!reading.ok()) {
    const Reason reason = ReasonOf(reading.status());
    Require(reason == "MALFORMED_AREA_CODE"_reason || reason == "WRONG_CHECK_DIGIT"_reason ||
                reason == "OTHER_CODE_SCHEME"_reason,
            "a refusal says what is wrong", text);
    Require(!parsed.ok(), "what is a code is read", text);
    return;
  }
  CheckCode(reading->code);
  if (reading->alternative.has_value()) {
    CheckCode(*reading->alternative);
    Require(!(*reading->alternative == reading->code), "an alternative is another one", text);
  }
}

}  // namespace
}  // namespace tsunagu::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tsunagu::fuzz::Check(tsunagu::fuzz::Input(data, size).Rest());
  return 0;
}
