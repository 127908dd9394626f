// Arbitrary JSON. A message that was read can be written, and reading that again gives the same message and the same
// bytes.
#include "common/text/json.h"
#include "common/base/error.h"
#include "common/testing/sample.pb.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using tsunagu::fuzz::Require;
  using tsunagu::testing::Everything;
  tsunagu::fuzz::Input input(data, size);
  const bool pretty = input.Byte() % 2 == 0;
  Everything message;
  message.set_by_word("untouched");
  const absl::Status read = tsunagu::contract::JsonToMessage(input.Rest(), message);
  if (!read.ok()) {
    Require(tsunagu::ReasonOf(read) != tsunagu::Reason("INTERNAL"), "a refusal says what is wrong");
    Require(message.by_word() == "untouched", "what is refused changes nothing");
    return 0;
  }
  const auto json = tsunagu::contract::MessageToJson(message, pretty);
  Require(json.ok(), "what was read can be written", input.Rest());
  Everything again;
  Require(tsunagu::contract::JsonToMessage(*json, again).ok(), "what was written can be read", *json);
  // Does not use MessageDifferencer: there NaN is unequal to itself, and JSON can contain NaN.
  Require(*tsunagu::contract::MessageToJson(again, pretty) == *json, "the same message gives the same bytes", *json);
  return 0;
}
