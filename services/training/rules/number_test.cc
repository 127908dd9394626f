#include "services/training/rules/number.h"

#include "gtest/gtest.h"

namespace tsunagu::training::rules {
namespace {

TEST(CertificateNumberTest, CarriesItsCheckDigit) {
  EXPECT_EQ(CertificateNumber(2026, 12), "2026-00012-1");
  EXPECT_TRUE(IsCertificateNumber(CertificateNumber(2026, kMostOfYear)));
  for (const char* wrong :
       {"2026-00012-2", "2026-00021-1", "2062-00012-1", "2026-0012-1", "2026-00012", "2026/00012/1", ""}) {
    EXPECT_FALSE(IsCertificateNumber(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace tsunagu::training::rules
