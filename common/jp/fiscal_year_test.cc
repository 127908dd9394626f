#include "common/jp/fiscal_year.h"

#include "gtest/gtest.h"

namespace tsunagu::jp {
namespace {

TEST(FiscalYearTest, OfDay) {
  struct Row {
    const char* name;
    CivilDay day;
    int expected;
  };
  const Row rows[] = {{"first day", CivilDay(2025, 4, 1), 2025},
                      {"last day", CivilDay(2026, 3, 31), 2025},
                      {"turn of the calendar year", CivilDay(2026, 1, 1), 2025},
                      {"day before the first", CivilDay(2025, 3, 31), 2024},
                      {"leap day", CivilDay(2024, 2, 29), 2023}};
  for (const Row& row : rows) {
    const FiscalYear year = FiscalYear::Of(row.day);
    EXPECT_EQ(year.year(), row.expected) << row.name;
    EXPECT_TRUE(year.Contains(row.day)) << row.name;
    EXPECT_FALSE(year.next().Contains(row.day)) << row.name;
    EXPECT_FALSE(year.previous().Contains(row.day)) << row.name;
  }
}

TEST(FiscalYearTest, Days) {
  EXPECT_EQ(FiscalYear(2019).first_day(), CivilDay(2019, 4, 1));
  EXPECT_EQ(FiscalYear(2019).last_day(), CivilDay(2020, 3, 31));
}

TEST(FiscalYearTest, Label) {
  struct Row {
    const char* name;
    int year;
    const char* expected;
  };
  const Row rows[] = {{"today", 2025, "令和7年度"},
                      {"令和 began in its second month", 2019, "令和元年度"},
                      {"the one before", 2018, "平成30年度"},
                      {"平成 began in its tenth month", 1988, "昭和63年度"},
                      {"first whole year of 平成", 1989, "平成元年度"},
                      {"大正 to 昭和", 1926, "昭和元年度"},
                      {"before the Gregorian calendar", 1870, "1870年度"}};
  for (const Row& row : rows) EXPECT_EQ(FiscalYear(row.year).Label(), row.expected) << row.name;
}

}  // namespace
}  // namespace tsunagu::jp
