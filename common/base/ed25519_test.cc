#include "common/base/ed25519.h"

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace tsunagu::ed25519 {
namespace {

// RFC 8032, section 7.1, test 2.
TEST(Ed25519Test, KnownAnswer) {
  const std::string seed = absl::HexStringToBytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  const std::string key = absl::HexStringToBytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_EQ(PublicKeyOf(seed), key);
  const std::string signature = Sign(seed, "\x72");
  EXPECT_EQ(absl::BytesToHexString(signature),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_TRUE(Verify(key, "\x72", signature));
}

TEST(Ed25519Test, NothingElseVerifies) {
  const std::string seed(32, 's');
  const std::string key = PublicKeyOf(seed);
  std::string signature = Sign(seed, "text");
  EXPECT_FALSE(Verify(key, "texts", signature));
  EXPECT_FALSE(Verify(PublicKeyOf(std::string(32, 't')), "text", signature));
  EXPECT_FALSE(Verify(key.substr(1), "text", signature));
  EXPECT_FALSE(Verify(key, "text", signature.substr(1)));
  signature[5] ^= 1;
  EXPECT_FALSE(Verify(key, "text", signature));
}

}  // namespace
}  // namespace tsunagu::ed25519
