// Arbitrary page tokens. A token that we sealed opens, for its own call only, and returns its position; no other token
// opens, however small the change.
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/text/page_token.h"
#include "tests/fuzz/fuzz.h"

namespace tsunagu::fuzz {
namespace {

using contract::OrderValue;

const absl::Time kNow = absl::FromUnixSeconds(1'760'000'000);

contract::PageCall CallOf(absl::string_view rest) {
  return {"officer-31", "/tsunagu.registry.v1.AreaService/ListAreas", std::string(rest), "name", ""};
}

bool Opens(absl::string_view token, const contract::PageCall& call, absl::Span<const contract::SigningKey> keys) {
  const auto position = contract::OpenPageToken(token, call, kNow, keys);
  if (position.ok()) return true;
  const Reason reason = ReasonOf(position.status());
  Require(reason == "INVALID_PAGE_TOKEN"_reason || reason == "PAGE_TOKEN_EXPIRED"_reason,
          "a refusal says what is wrong");
  return false;
}

// Text from outside: never sealed by us, since nobody knows the key.
void CheckForeign(absl::string_view token) {
  const std::vector<contract::SigningKey> keys = {{"", std::string(32, 'k')}, {"k1", std::string(32, 'l')}};
  Require(!Opens(token, CallOf(""), keys), "what we did not seal does not open", token);
  Require(!Opens(absl::WebSafeBase64Escape(token), CallOf(""), keys), "what we did not seal does not open", token);
}

// A token of ours with one byte changed.
void CheckChanged(Input input) {
  const std::vector<contract::SigningKey> keys = {{"k1", std::string(32, 'l')}};
  const uint8_t at = input.Byte(), change = input.Byte();
  const std::string text(input.Rest());
  std::vector<OrderValue> position = {OrderValue(text), OrderValue(int64_t{at} - 128), OrderValue()};
  if (change % 3 == 0) position.pop_back();
  const std::string token = contract::SignPageToken(CallOf("a"), position, kNow, keys[0]);
  const auto opened = contract::OpenPageToken(token, CallOf("a"), kNow, keys);
  const bool fits = token.size() <= 16 * 1024;
  Require(opened.ok() == fits, "what we sealed opens", token);
  if (fits) Require(*opened == position, "and gives its position back", token);
  Require(!Opens(token, CallOf(absl::StrCat("a", text)), keys) || text.empty(), "it opens for its own call only");
  std::string changed = token;
  changed[at % changed.size()] = static_cast<char>(change);
  std::string before, after;
  absl::WebSafeBase64Unescape(token, &before);
  const bool same = absl::WebSafeBase64Unescape(changed, &after) && before == after;
  Require(same || !Opens(changed, CallOf("a"), keys), "a changed token does not open", changed);
}

}  // namespace
}  // namespace tsunagu::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tsunagu::fuzz::Input input(data, size);
  if (input.Byte() % 2 == 0) {
    tsunagu::fuzz::CheckForeign(input.Rest());
  } else {
    tsunagu::fuzz::CheckChanged(input);
  }
  return 0;
}
