#include "services/training/badge.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/training/bitstring.h"

namespace tsunagu::training {
namespace {

using testing::HasSubstr;
using testing::Not;
using Response = v1::VerifyCertificateResponse;

const std::string kSeed(32, 's');
const jp::CivilDay kIssued(2026, 11, 28);

Badge ABadge() {
  return {
      "2026-00012-1", "𠮷田 髙子", "見本県知事", "医療的ケア児等コーディネーター養成研修", "curricula/coordinator-1",
      kIssued};
}

Checked Check(const std::string& token, const std::string& list = "", jp::CivilDay day = kIssued) {
  const auto checked = CheckBadge(token, KeySetOf({{kSeed, {}}}, kIssued), list, day);
  EXPECT_TRUE(checked.ok()) << checked.status();
  return checked.ok() ? *checked : Checked();
}

TEST(BadgeTest, SaysWhatWasSigned) {
  Badge badge = ABadge();
  badge.expires = jp::CivilDay(2027, 11, 27);
  badge.status_index = 131'100;
  const Checked checked = Check(SignBadge(badge, kSeed));
  EXPECT_EQ(checked.verdict, Response::VERDICT_VALID);
  EXPECT_EQ(checked.badge.number, badge.number);
  EXPECT_EQ(checked.badge.holder, badge.holder);
  EXPECT_EQ(checked.badge.issuer, badge.issuer);
  EXPECT_EQ(checked.badge.achievement, badge.achievement);
  EXPECT_EQ(checked.badge.curriculum, badge.curriculum);
  EXPECT_EQ(checked.badge.issued, badge.issued);
  EXPECT_EQ(checked.badge.expires, badge.expires);
  EXPECT_EQ(checked.badge.status_index, badge.status_index);
}

TEST(BadgeTest, HoldsUntilItsLastDay) {
  Badge badge = ABadge();
  badge.expires = jp::CivilDay(2027, 11, 27);
  const std::string token = SignBadge(badge, kSeed);
  EXPECT_EQ(Check(token, "", jp::CivilDay(2027, 11, 27)).verdict, Response::VERDICT_VALID);
  EXPECT_EQ(Check(token, "", jp::CivilDay(2027, 11, 28)).verdict, Response::VERDICT_EXPIRED);
}

TEST(BadgeTest, TheListEndsWhatItNames) {
  Badge badge = ABadge();
  badge.status_index = 9;
  const std::string token = SignBadge(badge, kSeed);
  EXPECT_EQ(Check(token, SignStatusList({8, 10, 200'000}, kIssued, kSeed)).verdict, Response::VERDICT_VALID);
  EXPECT_EQ(Check(token, SignStatusList({9}, kIssued, kSeed)).verdict, Response::VERDICT_REVOKED);
  EXPECT_FALSE(
      CheckBadge(token, KeySetOf({{kSeed, {}}}, kIssued), SignStatusList({9}, kIssued, std::string(32, 't')), kIssued)
          .ok());
  EXPECT_FALSE(CheckBadge(token, KeySetOf({{kSeed, {}}}, kIssued), token, kIssued).ok());
  EXPECT_FALSE(CheckBadge(token, "{}", "", kIssued).ok());
}

// A person who has stolen a key can sign any day.
TEST(BadgeTest, NothingOfARetiredKeyHolds) {
  const std::string token = SignBadge(ABadge(), kSeed);
  const std::string fresh(32, 't');
  const std::vector<BadgeKey> keys = {{kSeed, kIssued + 5}, {fresh, {}}};
  const auto verdict = [&](const std::string& text, jp::CivilDay published, jp::CivilDay asked) {
    const auto checked = CheckBadge(text, KeySetOf(keys, published), "", asked);
    EXPECT_TRUE(checked.ok()) << checked.status();
    return checked->verdict;
  };
  EXPECT_EQ(verdict(token, kIssued, kIssued + 4), Response::VERDICT_VALID);
  EXPECT_EQ(verdict(token, kIssued, kIssued + 5), Response::VERDICT_RETIRED_KEY) << "said in advance";
  EXPECT_EQ(verdict(token, kIssued + 9, kIssued + 9), Response::VERDICT_RETIRED_KEY);
  EXPECT_EQ(verdict(token.substr(0, token.size() - 4) + "AAAA", kIssued + 9, kIssued + 9), Response::VERDICT_FORGED);
  EXPECT_EQ(verdict(SignBadge(ABadge(), fresh), kIssued + 9, kIssued + 9), Response::VERDICT_VALID);
  EXPECT_EQ(verdict(SignBadge(ABadge(), std::string(32, 'u')), kIssued, kIssued), Response::VERDICT_UNKNOWN_KEY);
  // A library that knows only JOSE does not find it.
  const std::string set = KeySetOf(keys, kIssued + 9);
  EXPECT_THAT(set.substr(0, set.find("retired_keys")), Not(HasSubstr(KeyIdOf(kSeed))));
  EXPECT_THAT(set.substr(set.find("retired_keys")), HasSubstr(KeyIdOf(kSeed)));
  // A status list signed by such a key is not accepted either.
  EXPECT_FALSE(CheckBadge(token, set, SignStatusList({}, kIssued, kSeed), kIssued + 9).ok());
}

// What a QR code holds: 2,953 bytes.
TEST(BadgeTest, FitsIntoAQrCode) {
  EXPECT_LE(SignBadge(ABadge(), kSeed).size(), 1950u);
  Badge longest = ABadge();
  longest.expires = jp::CivilDay(2027, 11, 27);
  longest.status_index = 99'999'999;
  longest.holder = longest.issuer = longest.achievement = "";
  for (int i = 0; i < 40; ++i) longest.holder += "髙";
  for (int i = 0; i < 100; ++i) longest.issuer += "県";
  for (int i = 0; i < 150; ++i) longest.achievement += "研";
  EXPECT_LE(SignBadge(longest, kSeed).size(), 2953u);
}

// No character can be changed, removed or added.
TEST(BadgeTest, AnyOtherTextIsNone) {
  const std::string token = SignBadge(ABadge(), kSeed);
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(Check(changed).verdict, Response::VERDICT_VALID) << i;
    EXPECT_NE(Check(token.substr(0, i)).verdict, Response::VERDICT_VALID) << i;
    EXPECT_NE(Check(token.substr(0, i) + "A" + token.substr(i)).verdict, Response::VERDICT_VALID) << i;
  }
}

// Excludes "none" and other ways of not signing.
TEST(BadgeTest, OnlyOneAlgorithm) {
  const std::vector<std::string> parts = absl::StrSplit(SignBadge(ABadge(), kSeed), '.');
  for (const char* header : {R"({"alg":"none"})", R"({"alg":"HS256","kid":"x"})", R"([])", ""}) {
    EXPECT_EQ(Check(absl::WebSafeBase64Escape(header) + "." + parts[1] + "." + parts[2]).verdict,
              Response::VERDICT_MALFORMED)
        << header;
  }
}

TEST(BitstringTest, BitsFromTheLeft) {
  const auto bits = UnpackBits(PackBits({0, 9, 131'072}));
  ASSERT_TRUE(bits.has_value());
  EXPECT_EQ(bits->size(), 131'072 / 8 + 1);
  EXPECT_EQ(static_cast<unsigned char>((*bits)[0]), 0x80);
  EXPECT_EQ(static_cast<unsigned char>((*bits)[1]), 0x40);
  EXPECT_TRUE(HasBit(*bits, 131'072));
  EXPECT_FALSE(HasBit(*bits, 131'073));
  EXPECT_FALSE(HasBit(*bits, 1'000'000));
  EXPECT_FALSE(HasBit(*bits, -1));
}

}  // namespace
}  // namespace tsunagu::training
