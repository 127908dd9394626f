#include "common/text/page_token.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace tsunagu::contract {
namespace {

const SigningKey kKey{"k1", "01234567890123456789012345678901"};
const PageCall kCall{"principals/p1", "/tsunagu.testing.Samples/List", "title = a", "title desc", "parent"};
const std::vector<OrderValue> kLastRow = {"東京", int64_t{-5}, absl::monostate(), "s001"};
const absl::Time kNow = absl::FromUnixSeconds(1'760'000'000);

Reason Refusal(const std::string& token, const PageCall& call = kCall, absl::Time now = kNow,
               const std::vector<SigningKey>& keys = {kKey}) {
  const auto last_row = OpenPageToken(token, call, now, keys);
  if (last_row.ok()) return Reason();
  EXPECT_EQ(FaultOf(last_row.status()).faults(0).field(), "page_token");
  return ReasonOf(last_row.status());
}

TEST(PageToken, GivesTheLastRowBack) {
  const std::string token = SignPageToken(kCall, kLastRow, kNow, kKey);
  const auto last_row = OpenPageToken(token, kCall, kNow, {kKey});
  ASSERT_TRUE(last_row.ok());
  EXPECT_EQ(*last_row, kLastRow);
}

TEST(PageToken, FitsIntoUrls) {
  for (const char c : SignPageToken(kCall, kLastRow, kNow, kKey)) {
    EXPECT_TRUE(absl::ascii_isalnum(c) || c == '-' || c == '_') << c;
  }
}

TEST(PageToken, BelongsToOneCall) {
  const std::string token = SignPageToken(kCall, kLastRow, kNow, kKey);
  for (std::string PageCall::*part :
       {&PageCall::caller, &PageCall::method, &PageCall::filter, &PageCall::order_by, &PageCall::rest}) {
    PageCall other = kCall;
    other.*part += "x";
    EXPECT_EQ(Refusal(token, other), "INVALID_PAGE_TOKEN"_reason);
  }
  PageCall shifted = kCall;
  shifted.filter = kCall.filter + kCall.order_by;
  shifted.order_by = "";
  EXPECT_EQ(Refusal(token, shifted), "INVALID_PAGE_TOKEN"_reason);
}

TEST(PageToken, EndsAfterADay) {
  const std::string token = SignPageToken(kCall, kLastRow, kNow, kKey);
  EXPECT_EQ(Refusal(token, kCall, kNow + absl::Hours(24) - absl::Microseconds(1)), Reason());
  EXPECT_EQ(Refusal(token, kCall, kNow + absl::Hours(24)), "PAGE_TOKEN_EXPIRED"_reason);
}

TEST(PageToken, OutlivesTheChangeOfKeys) {
  const std::string token = SignPageToken(kCall, kLastRow, kNow, kKey);
  const SigningKey newer{"k2", "another key, another key, anothe"};
  EXPECT_EQ(Refusal(token, kCall, kNow, {newer, kKey}), Reason());
  EXPECT_EQ(Refusal(token, kCall, kNow, {newer}), "INVALID_PAGE_TOKEN"_reason);
  EXPECT_EQ(Refusal(token, kCall, kNow, {{"k1", newer.bytes}}), "INVALID_PAGE_TOKEN"_reason);
  EXPECT_EQ(Refusal(token, kCall, kNow, {}), "INVALID_PAGE_TOKEN"_reason);
}

TEST(PageToken, NoticesEveryChange) {
  const std::string token = SignPageToken(kCall, kLastRow, kNow, kKey);
  // The last character may hold bits that are not decoded.
  for (size_t i = 0; i + 1 < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(Refusal(changed), "INVALID_PAGE_TOKEN"_reason) << i;
    EXPECT_EQ(Refusal(token.substr(0, i)), "INVALID_PAGE_TOKEN"_reason) << i;
  }
}

TEST(PageToken, RefusesWhatIsNone) {
  for (const std::string& token : {std::string(), std::string("x"), std::string("こんにちは"), std::string(5, '\0'),
                                   std::string(100'000, 'A'), std::string(64, 'A')}) {
    EXPECT_EQ(Refusal(token), "INVALID_PAGE_TOKEN"_reason);
  }
}

}  // namespace
}  // namespace tsunagu::contract
