#include "services/suite/report.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "absl/strings/str_join.h"
#include "common/text/row_source.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/suite/report_lines.h"
#include "services/suite/suite_fixture.h"
#include "tsunagu/registry/v1/area.pb.h"

namespace tsunagu::suite {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ReportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    registry::v1::CreateAreaRequest create;
    create.mutable_area()->set_code("310000");
    create.mutable_area()->set_kind(registry::v1::AREA_KIND_PREFECTURE);
    create.mutable_area()->set_display_name("見本県");
    const auto area =
        client_.peer->Unary<registry::v1::Area>("tsunagu.registry.v1.AreaService/CreateArea", create, client_.once);
    ASSERT_TRUE(area.ok()) << area.status();
    options_.name = "placement";
    options_.as_of = "2026-08-01";
  }

  std::string Written() const {
    std::ostringstream out;
    const absl::Status done = WriteReport(client_, options_, out);
    return done.ok() ? out.str() : ErrorJson(done, Language::kJapanese);
  }

  // Returns the cells of each row separated by |, as an import would read them.
  static std::vector<std::string> RowsOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    const auto source = WorkbookRows("");
    EXPECT_TRUE(source->Feed(bytes).ok());
    EXPECT_TRUE(source->Finish().ok());
    std::vector<std::string> rows;
    for (auto row = source->Next(); row.ok() && row->has_value(); row = source->Next()) {
      rows.push_back(absl::StrJoin((*row)->cells, "|"));
    }
    return rows;
  }

  RunningSuite suite_;
  const Client client_ = suite_.Administrator();
  ReportOptions options_;
};

TEST_F(ReportTest, IsATableAFileOrJson) {
  EXPECT_THAT(Written(), HasSubstr("Placement of coordinators as of 2026-08-01"));
  options_.form = ReportOptions::Form::kCsv;
  EXPECT_THAT(Written(), HasSubstr("\r\nprefectures/placing_share,prefectures,placing share,0,%,0,1,\r\n"));
  options_.form = ReportOptions::Form::kJson;
  EXPECT_THAT(Written(), HasSubstr(R"("key":"prefectures/bodies","population":"prefectures")"));
}

TEST_F(ReportTest, AWorkbookHoldsTheFiguresOrTheRowsBehindOne) {
  options_.form = ReportOptions::Form::kWorkbook;
  options_.file = (suite_.folder.path / "report.xlsx").string();
  EXPECT_EQ(Written(), "");
  const std::vector<std::string> figures = RowsOf(options_.file);
  ASSERT_EQ(figures.size(), 79u) << "a heading, and 13 measures of 6 populations";
  EXPECT_EQ(figures[0], "key|population|measure|value|unit|numerator|denominator|notes");
  EXPECT_EQ(figures[1], "prefectures/bodies|prefectures|bodies|1|bodies|1");
  EXPECT_EQ(figures[6], "prefectures/placing_share|prefectures|placing share|0|%|0|1");
  options_.key = "prefectures/bodies";
  EXPECT_EQ(Written(), "");
  EXPECT_THAT(RowsOf(options_.file), ElementsAre("record|name|counted as|value", "areas/310000|見本県||1"));
}

// Groups appear in every format, and their figures can be opened like the others.
TEST_F(ReportTest, SaysItsFiguresForEachGroupToo) {
  options_.by = "prefectures";
  EXPECT_THAT(Written(), testing::AllOf(HasSubstr("group   population            bodies"),
                                        HasSubstr("\nall     prefectures                1"),
                                        HasSubstr("\n見本県  prefectures                1")));
  options_.form = ReportOptions::Form::kCsv;
  EXPECT_THAT(Written(),
              testing::AllOf(HasSubstr("key,group,population,"), HasSubstr("\r\nprefectures/bodies,all,prefectures,"),
                             HasSubstr("\r\nareas/310000/prefectures/bodies,見本県,prefectures,bodies,1,")));
  options_.form = ReportOptions::Form::kJson;
  EXPECT_THAT(Written(), HasSubstr(R"("group":"areas/310000","group_label":{"ja":"見本県","en":"見本県"})"));
  options_.form = ReportOptions::Form::kWorkbook;
  options_.file = (suite_.folder.path / "report.xlsx").string();
  EXPECT_EQ(Written(), "");
  const std::vector<std::string> figures = RowsOf(options_.file);
  ASSERT_EQ(figures.size(), 157u);
  EXPECT_EQ(figures[0], "key|group|population|measure|value|unit|numerator|denominator|notes");
  EXPECT_EQ(figures[79], "areas/310000/prefectures/bodies|見本県|prefectures|bodies|1|bodies|1");
  options_.form = ReportOptions::Form::kCsv;
  options_.key = "areas/310000/prefectures/bodies";
  EXPECT_EQ(Written(), "record,name,counted as,value\r\nareas/310000,見本県,,1\r\n");
  options_.key.clear();
  options_.by = "圏域";
  EXPECT_THAT(Written(), HasSubstr("key,population,")) << "there is no region";
  options_.by = "horses";
  EXPECT_THAT(Written(), testing::AllOf(HasSubstr("UNKNOWN_ENUM_VALUE"), HasSubstr("都道府県, 圏域")));
}

TEST_F(ReportTest, WhatCannotBeWrittenLeavesNothingBehind) {
  options_.form = ReportOptions::Form::kWorkbook;
  options_.file = "/nonexistent/report.xlsx";
  EXPECT_THAT(Written(), testing::AllOf(HasSubstr("FILE_NOT_WRITABLE"), HasSubstr("フォルダーがありません")));
  options_.file = (suite_.folder.path / "report.xlsx").string();
  options_.key = "prefectures/horses";
  EXPECT_THAT(Written(), HasSubstr("FIGURE_NOT_FOUND"));
  EXPECT_FALSE(std::filesystem::exists(options_.file));
}

TEST_F(ReportTest, WhatIsNotThereIsToldWithWhatIs) {
  options_.name = "horses";
  EXPECT_THAT(Written(), testing::AllOf(HasSubstr("REPORT_NOT_FOUND"), HasSubstr("placement")));
  options_.name = "";
  EXPECT_EQ(Written(),
            "activities  Activities for families\ncouncil  Councils\nfairness  Fairness of a round\n"
            "indicator  Targets and what is there\nplacement  Placement of coordinators\nsubsidy  Subsidies\n"
            "supply  Shortages, and what would close them\ntraining  Training\n"
            "visits  Shortages of visits, and what would close them\n"
            "visits-fairness  Fairness of a round of visits\n");
  options_.name = "placement";
  options_.fields = {"horse=1"};
  EXPECT_THAT(Written(), HasSubstr("UNKNOWN_FIELD"));
  options_.fields = {"area"};
  options_.as_of = "2026-13-01";
  EXPECT_THAT(Written(), HasSubstr("DATE_DOES_NOT_EXIST"));
}

TEST(ReportLines, SayThatSomebodyWasErased) {
  std::vector<platform::v1::FigureRow> rows(2);
  rows[0].set_resource_name("placements/p1");
  rows[0].set_counted_as("coordinators/c1");
  rows[0].set_erased(true);
  rows[1].set_resource_name("placements/p2");
  rows[1].set_counted_as("coordinators/c2");
  EXPECT_EQ(RowLines(rows, Language::kJapanese).rows[0][1], "消去済み");
  EXPECT_EQ(RowLines(rows, Language::kEnglish).rows[0][1], "erased");
  EXPECT_EQ(RowLines(rows, Language::kEnglish).rows[1][1], "");
}

}  // namespace
}  // namespace tsunagu::suite
