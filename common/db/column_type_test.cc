#include "common/db/column_type.h"

#include <ostream>
#include <string>

#include "gtest/gtest.h"

namespace tsunagu::store {
namespace {

struct Case {
  const char* name;
  const char* found;
  const char* wanted;
  TypeFit on_mysql;
  TypeFit on_sqlite;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class FitOfTest : public testing::TestWithParam<Case> {};

TEST_P(FitOfTest, Judges) {
  EXPECT_EQ(FitOf(GetParam().found, GetParam().wanted, Dialect::kMysql), GetParam().on_mysql);
  EXPECT_EQ(FitOf(GetParam().found, GetParam().wanted, Dialect::kSqlite), GetParam().on_sqlite);
}

constexpr TypeFit kServes = TypeFit::kServes, kShorter = TypeFit::kShorter, kDiffers = TypeFit::kDiffers;

INSTANTIATE_TEST_SUITE_P(
    All, FitOfTest,
    testing::Values(Case{"Same", "BIGINT", "BIGINT", kServes, kServes},
                    Case{"ShorterText", "VARCHAR(20)", "VARCHAR(191)", kShorter, kServes},
                    Case{"LongerTextOfANewerVersion", "VARCHAR(191)", "VARCHAR(20)", kServes, kServes},
                    Case{"TextOutsideTheRow", "TEXT", "VARCHAR(191)", kDiffers, kServes},
                    Case{"TextWithinTheRow", "VARCHAR(191)", "TEXT", kDiffers, kServes},
                    Case{"TextThatGrew", "TEXT", "MEDIUMTEXT", kShorter, kServes},
                    Case{"BlobThatGrew", "BLOB", "MEDIUMBLOB", kShorter, kServes},
                    Case{"BlobLongerThanAsked", "LONGBLOB", "BLOB", kServes, kServes},
                    Case{"OtherBinaryLength", "BINARY(16)", "BINARY(32)", kDiffers, kServes},
                    Case{"OtherCharset", "VARCHAR(64) CHARACTER SET latin1", "VARCHAR(64)", kDiffers, kServes},
                    Case{"NumberForText", "BIGINT", "VARCHAR(20)", kDiffers, kDiffers},
                    Case{"TextForNumber", "TEXT", "BIGINT", kDiffers, kDiffers},
                    Case{"TextForBlob", "TEXT", "BLOB", kDiffers, kDiffers}),
    [](const auto& info) { return info.param.name; });

TEST(TypeIn, LeavesOutWhatIsNotTheType) {
  EXPECT_EQ(TypeIn("BIGINT NOT NULL DEFAULT 0"), "BIGINT");
  EXPECT_EQ(TypeIn("VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL"), "VARCHAR(64) CHARACTER SET ascii");
  EXPECT_EQ(TypeIn("TEXT"), "TEXT");
}

}  // namespace
}  // namespace tsunagu::store
