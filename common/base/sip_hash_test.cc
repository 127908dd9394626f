#include "common/base/sip_hash.h"

#include "gtest/gtest.h"

namespace tsunagu {
namespace {

TEST(SipHashTest, DependsOnKeyAndBytesAndNothingElse) {
  const std::string key(32, 'k'), other(32, 'o');
  const std::string mac = SipHash(key, "a row");
  EXPECT_EQ(mac.size(), 16u);
  EXPECT_NE(mac, SipHash(other, "a row"));
  EXPECT_NE(mac, SipHash(key, "a rov"));
  EXPECT_NE(SipHash(key, ""), SipHash(key, std::string(1, '\0')));
  EXPECT_EQ(mac, SipHash(key, "a row")) << "after another key";
}

}  // namespace
}  // namespace tsunagu
