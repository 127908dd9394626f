#include "common/jp/civil_day.h"

#include "common/base/error.h"
#include "common/jp/era.h"
#include "gtest/gtest.h"

namespace tsunagu::jp {
namespace {

google::type::Date Date(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

TEST(CheckDateTest, Rows) {
  struct Row {
    const char* name;
    google::type::Date date;
    Reason reason;  // none: accepted
  };
  const Row rows[] = {{"a day", Date(2025, 4, 1), Reason()},
                      {"leap day", Date(2024, 2, 29), Reason()},
                      {"last of all", Date(9999, 12, 31), Reason()},
                      {"unset", Date(0, 0, 0), "MALFORMED_DATE"_reason},
                      {"no day", Date(2025, 4, 0), "MALFORMED_DATE"_reason},
                      {"no month", Date(2025, 0, 1), "MALFORMED_DATE"_reason},
                      {"no year", Date(0, 4, 1), "MALFORMED_DATE"_reason},
                      {"no leap year", Date(2025, 2, 29), "DATE_DOES_NOT_EXIST"_reason},
                      {"century", Date(1900, 2, 29), "DATE_DOES_NOT_EXIST"_reason},
                      {"31 April", Date(2025, 4, 31), "DATE_DOES_NOT_EXIST"_reason},
                      {"month 13", Date(2025, 13, 1), "DATE_DOES_NOT_EXIST"_reason},
                      {"negative", Date(-1, 4, 1), "DATE_DOES_NOT_EXIST"_reason},
                      {"negative day", Date(2025, 4, -1), "DATE_DOES_NOT_EXIST"_reason},
                      {"year 10000", Date(10000, 1, 1), "DATE_DOES_NOT_EXIST"_reason}};
  for (const Row& row : rows) {
    const absl::Status status = CheckDate(row.date);
    EXPECT_EQ(status.ok() ? Reason() : ReasonOf(status), row.reason) << row.name;
    if (!status.ok()) continue;
    EXPECT_EQ(ToDate(DayOf(row.date)).DebugString(), row.date.DebugString()) << row.name;
  }
}

TEST(ParseDayTest, Taken) {
  struct Row {
    const char* text;
    const char* expected;
  };
  const Row rows[] = {{"2025-04-01", "2025-04-01"},
                      {"2025/4/1", "2025-04-01"},
                      {"2025.4.1", "2025-04-01"},
                      {"20250401", "2025-04-01"},
                      {"2025年4月1日", "2025-04-01"},
                      {"R7.4.1", "2025-04-01"},
                      {"R7/4/1", "2025-04-01"},
                      {"r07-04-01", "2025-04-01"},
                      {"令和7年4月1日", "2025-04-01"},
                      {"令和７年４月１日", "2025-04-01"},
                      {"Ｒ７．４．１", "2025-04-01"},
                      {"２０２５０４０１", "2025-04-01"},
                      {"　令和 7年 4月 1日 ", "2025-04-01"},
                      {"令和7.4.1", "2025-04-01"},
                      {"令和元年5月1日", "2019-05-01"},
                      {"令和1年5月1日", "2019-05-01"},
                      {"R元.5.1", "2019-05-01"},
                      {"平成31年4月30日", "2019-04-30"},
                      {"平成元年1月8日", "1989-01-08"},
                      {"H1.1.8", "1989-01-08"},
                      {"昭和64年1月7日", "1989-01-07"},
                      {"S1.12.25", "1926-12-25"},
                      {"大正15年12月25日", "1926-12-25"},
                      {"T1.7.30", "1912-07-30"},
                      {"明治45年7月30日", "1912-07-30"},
                      {"M6.1.1", "1873-01-01"},
                      {"2024-02-29", "2024-02-29"},
                      {"R6.2.29", "2024-02-29"},
                      {"0001-01-01", "0001-01-01"},
                      {"R99.1.1", "2117-01-01"},
                      {"昭60.4.2", "1985-04-02"},
                      {"平元.1.8", "1989-01-08"},
                      {"令7年4月1日", "2025-04-01"},
                      {"㍻元年1月8日", "1989-01-08"},
                      {"㍼60/4/2", "1985-04-02"},
                      {"㍽15.12.25", "1926-12-25"},
                      {"㍾45年7月30日", "1912-07-30"},
                      {"㋿７年４月１日", "2025-04-01"}};
  for (const Row& row : rows) {
    const auto day = ParseDay(row.text);
    ASSERT_TRUE(day.ok()) << row.text << ": " << day.status();
    EXPECT_EQ(FormatIso(*day), row.expected) << row.text;
  }
}

TEST(ParseDayTest, Refused) {
  struct Row {
    const char* text;
    Reason reason;
  };
  constexpr Reason kMalformed = "MALFORMED_DATE"_reason;
  constexpr Reason kNone = "DATE_DOES_NOT_EXIST"_reason;
  constexpr Reason kOutside = "DATE_OUTSIDE_ERA"_reason;
  const Row rows[] = {{"", kMalformed},
                      {"-", kMalformed},
                      {"45748", kMalformed},  // Excel's serial number
                      {"25/4/1", kMalformed},
                      {"2025-4", kMalformed},
                      {"2025-04/01", kMalformed},
                      {"2025-04-01T00:00", kMalformed},
                      {"2025-004-01", kMalformed},
                      {"20250401 ０", kMalformed},
                      {"2025年4月1", kMalformed},
                      {"令和年4月1日", kMalformed},
                      {"元年5月1日", kMalformed},
                      {"2025元-1-1", kMalformed},
                      {"X7.4.1", kMalformed},
                      {"昭昭60.4.2", kMalformed},
                      {"和60.4.2", kMalformed},
                      {"平60.4.2", kOutside},
                      {"R123.4.1", kMalformed},
                      {"慶応3年4月1日", kMalformed},
                      {"R-7.4.1", kMalformed},
                      {"\xFF", kMalformed},
                      {"2025-02-29", kNone},
                      {"20250431", kNone},
                      {"2025-13-01", kNone},
                      {"2025-00-10", kNone},
                      {"0000-01-01", kNone},
                      {"平成31年2月29日", kNone},
                      {"令和7年4月0日", kNone},
                      {"平成31年5月1日", kOutside},
                      {"昭和64年1月8日", kOutside},
                      {"令和0年5月1日", kOutside},
                      {"令和元年4月30日", kOutside},
                      {"H1.1.7", kOutside},
                      {"S1.12.24", kOutside},
                      {"T15.12.26", kOutside},
                      {"M45.7.31", kOutside},
                      {"明治5年12月31日", kOutside}};
  for (const Row& row : rows) EXPECT_EQ(ReasonOf(ParseDay(row.text).status()), row.reason) << row.text;
}

TEST(ParseDayTest, SaysWhichDaysTheEraHas) {
  const Fault fault = FaultOf(ParseDay("平成31年5月1日").status());
  EXPECT_EQ(fault.args().at("era"), "平成");
  EXPECT_EQ(fault.args().at("first"), "1989-01-08");
  EXPECT_EQ(fault.args().at("last"), "2019-04-30");
}

TEST(FormatTest, Rows) {
  struct Row {
    CivilDay day;
    const char* iso;
    const char* wareki;
  };
  const Row rows[] = {{CivilDay(2019, 5, 1), "2019-05-01", "令和元年5月1日"},
                      {CivilDay(2019, 4, 30), "2019-04-30", "平成31年4月30日"},
                      {CivilDay(2025, 12, 31), "2025-12-31", "令和7年12月31日"},
                      {CivilDay(1989, 1, 7), "1989-01-07", "昭和64年1月7日"},
                      {CivilDay(1926, 12, 25), "1926-12-25", "昭和元年12月25日"},
                      {CivilDay(1912, 7, 30), "1912-07-30", "大正元年7月30日"},
                      {CivilDay(1873, 1, 1), "1873-01-01", "明治6年1月1日"},
                      {CivilDay(1872, 12, 31), "1872-12-31", "1872年12月31日"}};
  for (const Row& row : rows) {
    EXPECT_EQ(FormatIso(row.day), row.iso);
    EXPECT_EQ(FormatWareki(row.day), row.wareki);
  }
}

TEST(FormatTest, EveryDaySince1873ReadsBack) {
  for (CivilDay day(1873, 1, 1); day < CivilDay(2118, 1, 1); day += 1) {
    ASSERT_EQ(*ParseDay(FormatIso(day)), day) << day;
    ASSERT_EQ(*ParseDay(FormatWareki(day)), day) << day;
  }
}

TEST(EraTest, NoDayBetweenTwoEras) {
  for (size_t i = 1; i < Eras().size(); ++i) {
    EXPECT_LE(Eras()[i - 1].first, Eras()[i].last + 1) << Eras()[i].name;
    EXPECT_GE(Eras()[i - 1].first, Eras()[i].last) << Eras()[i].name;
  }
}

TEST(JapanDayTest, TheDayTurnsAt15HoursUtc) {
  const absl::Time midnight = absl::FromCivil(absl::CivilSecond(2025, 3, 31, 15, 0, 0), absl::UTCTimeZone());
  EXPECT_EQ(JapanDay(midnight), CivilDay(2025, 4, 1));
  EXPECT_EQ(JapanDay(midnight - absl::Nanoseconds(1)), CivilDay(2025, 3, 31));
}

}  // namespace
}  // namespace tsunagu::jp
