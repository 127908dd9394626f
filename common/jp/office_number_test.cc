#include "common/jp/office_number.h"

#include <string>

#include "gtest/gtest.h"

namespace tsunagu::jp {
namespace {

TEST(CheckOfficeNumberTest, Taken) {
  struct Row {
    const char* name;
    const char* number;
    Reason expected;
  };
  const Row rows[] = {{"Tokyo", "1350000012", Reason()},
                      {"Osaka", "2750000016", Reason()},
                      {"wrong last digit", "1350000013", "OFFICE_NUMBER_CHECK_DIGIT"_reason},
                      {"wrong middle digit", "1350100012", "OFFICE_NUMBER_CHECK_DIGIT"_reason}};
  for (const Row& row : rows) {
    const auto found = CheckOfficeNumber(row.number);
    ASSERT_TRUE(found.ok()) << row.name << ": " << found.status();
    EXPECT_EQ(*found, row.expected) << row.name;
  }
}

TEST(CheckOfficeNumberTest, Refused) {
  struct Row {
    const char* name;
    std::string number;
  };
  const Row rows[] = {{"empty", ""},
                      {"nine digits", "135000001"},
                      {"eleven digits", "13500000120"},
                      {"zeros", "0000000000"},
                      {"letter", "13500000I2"},
                      {"hyphen", "13-5000001"},
                      {"space", "1350000012 "},
                      {"full width", "１３５００００012"},
                      {"nul", std::string(10, '\0')}};
  for (const Row& row : rows) {
    EXPECT_EQ(ReasonOf(CheckOfficeNumber(row.number).status()), "MALFORMED_OFFICE_NUMBER"_reason) << row.name;
  }
}

TEST(OfficeCheckDigitTest, WorkedExamples) {
  EXPECT_EQ(OfficeCheckDigit("135000001"), '2');
  EXPECT_EQ(OfficeCheckDigit("275000001"), '6');
}

}  // namespace
}  // namespace tsunagu::jp
