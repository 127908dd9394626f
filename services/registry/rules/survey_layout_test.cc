#include "services/registry/rules/survey_layout.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tsunagu::registry::rules {
namespace {

using Form = v1::SurveyForm;

template <typename M>
M Read(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

Form Asked() {
  return Read<Form>(R"pb(
    name: "surveyForms/f"
    etag: "3"
    display_name: "見本調査票"
    items { code: "a" label: "一" kind: KIND_YES_NO section: "甲" }
    items { code: "b" label: "二" kind: KIND_NUMBER section: "甲" unit: "人" }
    items { code: "c" label: "三" kind: KIND_TEXT }
    items { code: "d" label: "四" kind: KIND_TEXT }
    items { code: "e" label: "五" kind: KIND_TEXT section: "甲" }
    layout { notes: "一つめ" notes: "二つめ" }
  )pb");
}

std::string Drawn(const std::vector<FormCell>& cells) {
  std::string drawn;
  int row = 0;
  for (const FormCell& cell : cells) {
    if (cell.row != row) absl::StrAppend(&drawn, drawn.empty() ? "" : "\n", cell.row, ":");
    row = cell.row;
    absl::StrAppend(&drawn, " ", std::string(1, static_cast<char>('A' + cell.column - 1)), "=", cell.text);
    if (cell.rows > 1 || cell.columns > 1) absl::StrAppend(&drawn, "[", cell.rows, "x", cell.columns, "]");
    if (cell.item >= 0) absl::StrAppend(&drawn, "#", cell.item);
  }
  return drawn;
}

TEST(SurveyLayoutTest, CellsStandWhereTheFormSays) {
  const auto round = Read<v1::SurveyRound>(
      "name: 'surveyRounds/r' display_name: '見本' as_of_date { year: 2019 month: 8 day: 1 } due_date { year: 2019 "
      "month: 9 "
      "day: 30 }");
  const auto response = Read<v1::SurveyResponse>(
      "body: 'areas/312011' answers { item: 'a' value: '0' counted: '1' } answers { item: 'b' value: '2' } note: "
      "'備考です'");
  EXPECT_EQ(Drawn(LayOut(Asked(), round, response, "鳥取市")),
            "1: A=tsunagu調査票1 B=surveyForms/f C=3 D=surveyRounds/r E=areas/312011\n"
            "2: A=見本調査票[1x6]\n"
            "3: A=団体[1x2] C=鳥取市（312011）[1x4]\n"
            "4: A=調査[1x2] C=見本[1x4]\n"
            "5: A=基準日[1x2] C=令和元年8月1日（回答期限 令和元年9月30日）[1x4]\n"
            "6: A=一つめ[1x6]\n"
            "7: A=二つめ[1x6]\n"
            "8: A=番号 B=区分 C=項目 D=回答 E=単位 F=登録からの集計\n"
            "9: A=1 B=甲[2x1] C=一 D=無#0 E= F=有\n"
            "10: A=2 C=二 D=2#1 E=人 F=\n"
            "11: A=3 B= C=三 D=#2 E= F=\n"
            "12: A=4 B= C=四 D=#3 E= F=\n"
            "13: A=5 B=甲 C=五 D=#4 E= F=\n"
            "14: C=備考 D=備考です#5");
  for (int item = 0; item <= 5; ++item) EXPECT_EQ(RowOfItem(Asked(), item), 9 + item);
}

TEST(SurveyLayoutTest, WhatAReaderFindsIsWhatWasLaidOut) {
  const auto all = LayOut(Asked(), v1::SurveyRound(), v1::SurveyResponse(), "");
  std::set<std::string> there;
  for (const FormCell& cell : all) there.insert(absl::StrCat(cell.row, ",", cell.column, " ", cell.text));
  const auto fixed = FixedCells(Asked());
  EXPECT_EQ(fixed.size(), 6 + 2 * 5 + 1u);
  for (const FormCell& cell : fixed) {
    EXPECT_EQ(there.count(absl::StrCat(cell.row, ",", cell.column, " ", cell.text)), 1u) << cell.text;
  }
}

TEST(SurveyLayoutTest, WhoseAFileIs) {
  const struct {
    const char* what;
    std::vector<std::string> row;
    bool is_one;
  } kCases[] = {
      {"a form", {"tsunagu調査票1", "surveyForms/f", "1", "surveyRounds/r", "areas/312011"}, true},
      {"with more behind it", {"tsunagu調査票1", "surveyForms/f", "1", "surveyRounds/r", "areas/312011", ""}, true},
      {"another layout", {"tsunagu調査票2", "surveyForms/f", "1", "surveyRounds/r", "areas/312011"}, false},
      {"a code alone", {"tsunagu調査票1", "surveyForms/f", "1", "surveyRounds/r", "312011"}, false},
      {"a name of something else", {"tsunagu調査票1", "rounds/f", "1", "surveyRounds/r", "areas/312011"}, false},
      {"a name below it", {"tsunagu調査票1", "surveyForms/f", "1", "surveyRounds/r/x", "areas/312011"}, false},
      {"a person", {"tsunagu調査票1", "surveyForms/f", "1", "surveyRounds/r", "areas/見本"}, false},
      {"a name without end",
       {"tsunagu調査票1", "surveyForms/f", "1", "surveyRounds/" + std::string(100, 'r'), "areas/1"},
       false},
      {"cut", {"tsunagu調査票1", "surveyForms/f", "1", "surveyRounds/r"}, false},
      {"nothing", {}, false},
  };
  for (const auto& c : kCases) EXPECT_EQ(IdentityOf(c.row).has_value(), c.is_one) << c.what;
}

}  // namespace
}  // namespace tsunagu::registry::rules
