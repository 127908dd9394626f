#include "services/registry/rules/open_data.h"

#include "gtest/gtest.h"

namespace tsunagu::registry::rules {
namespace {

TEST(WithoutControls, LeavesTextAlone) {
  struct Case {
    const char* cell;
    const char* line;   // in one line
    const char* lines;  // where several may be
  };
  const Case cases[] = {{"架空の家", "架空の家", "架空の家"},
                        {"Unit\x7f", "Unit", "Unit"},
                        {"一\x01二", "一二", "一二"},
                        {"一\n二", "一 二", "一\n二"},
                        {"一\r\n二", "一 二", "一\n二"},
                        {"一\r二", "一 二", "一\n二"},
                        {"一\t", "一", "一"},
                        {"\x1f 一", "一", "一"},
                        {"\x7f", "", ""},
                        {"", "", ""},
                        {"一\u202E二", "一二", "一二"},
                        {"一\uFFFD", "一\uFFFD", "一\uFFFD"}};
  for (const Case& c : cases) {
    EXPECT_EQ(WithoutControls(c.cell, false), c.line) << c.cell;
    EXPECT_EQ(WithoutControls(c.cell, true), c.lines) << c.cell;
  }
}

TEST(ReadCapacity, OnlyNumbersOfChildren) {
  struct Case {
    const char* cell;
    int32_t children;  // 0: unknown
  };
  const Case cases[] = {{"10", 10},   {"１０", 10}, {"10人", 10}, {"１０ 名", 10}, {" 5 ", 5},       {"10000", 10000},
                        {"10001", 0}, {"0", 0},     {"-", 0},     {"−5", 0},       {"5-10", 0},      {"5〜10", 0},
                        {"人", 0},    {"+5", 0},    {"5.0", 0},   {"", 0},         {"9999999999", 0}};
  for (const Case& c : cases) EXPECT_EQ(ReadCapacity(c.cell).value_or(0), c.children) << c.cell;
}

}  // namespace
}  // namespace tsunagu::registry::rules
