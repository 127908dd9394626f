#include "common/base/percent.h"

#include "gtest/gtest.h"

namespace tsunagu {
namespace {

TEST(PercentTest, BytesThatMetadataCannotHoldAreEncoded) {
  EXPECT_EQ(PercentEncode("a b~"), "a b~");
  EXPECT_EQ(PercentEncode("100%"), "100%25");
  EXPECT_EQ(PercentEncode("鳥\n\x7F"), "%E9%B3%A5%0A%7F");
}

TEST(PercentTest, EveryByteComesBack) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  EXPECT_EQ(PercentDecode(PercentEncode(bytes)), bytes);
}

}  // namespace
}  // namespace tsunagu
