#include "common/base/gzip.h"

#include "gtest/gtest.h"

namespace tsunagu {
namespace {

TEST(GzipTest, ThereAndBack) {
  for (const std::string& bytes : {std::string(), std::string("つなぐ"), std::string(1 << 20, '\0')}) {
    const std::string packed = Gzip(bytes);
    EXPECT_EQ(packed.substr(0, 2), "\x1f\x8b");
    EXPECT_EQ(Gunzip(packed, 1 << 20), bytes);
  }
}

TEST(GzipTest, WhatIsNoneOrTooLong) {
  const std::string packed = Gzip(std::string(100'000, 'a'));
  EXPECT_FALSE(Gunzip(packed, 99'999).has_value());
  EXPECT_FALSE(Gunzip(packed.substr(0, packed.size() - 1), 1 << 20).has_value());
  EXPECT_FALSE(Gunzip("gzip", 1 << 20).has_value());
  EXPECT_FALSE(Gunzip("", 1 << 20).has_value());
}

}  // namespace
}  // namespace tsunagu
