#include "services/suite/export.h"

#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/suite/import.h"
#include "services/suite/suite_fixture.h"

namespace tsunagu::suite {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class ExportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ImportOptions options;
    options.collection = "areas";
    const auto csv =
        Input::Of("code,kind,display_name,parent\n310000,PREFECTURE,鳥取県,\n312011,CITY,鳥取𠮟市,areas/310000\n");
    std::ostringstream told;
    ASSERT_TRUE(ImportRows(client_, options, *csv, told, silent_).ok());
    ASSERT_THAT(told.str(), HasSubstr("2 created"));
  }
  absl::StatusOr<int64_t> Export(const std::string& encoding, const std::string& filter = "") {
    ExportOptions options;
    options.collection = "areas";
    options.encoding = encoding;
    options.filter = filter;
    options.workbook = workbook_;
    const auto write = [this](absl::string_view bytes) {
      csv_.append(bytes.data(), bytes.size());
      return absl::OkStatus();
    };
    return ExportRows(client_, options, write, warnings_, silent_);
  }

  RunningSuite suite_;
  const Client client_ = suite_.Administrator();
  Progress silent_{nullptr, Language::kEnglish, Clock::System()};
  bool workbook_ = false;
  std::string csv_;
  std::ostringstream warnings_;
};

TEST_F(ExportTest, Utf8) {
  EXPECT_EQ(*Export("utf8"), 2);
  EXPECT_THAT(csv_, StartsWith("code,"));
  EXPECT_THAT(csv_, HasSubstr("鳥取𠮟市"));
  EXPECT_EQ(warnings_.str(), "");
}

TEST_F(ExportTest, ByteOrderMarkForExcel) {
  EXPECT_EQ(*Export("utf8-bom"), 2);
  EXPECT_THAT(csv_, StartsWith("\xEF\xBB\xBF"
                               "code,"));
}

TEST_F(ExportTest, WarnsAboutWhatCp932CannotHold) {
  EXPECT_EQ(*Export("cp932"), 2);
  EXPECT_THAT(csv_, HasSubstr("\x92\xB9\x8E\xE6"));  // 鳥取
  EXPECT_THAT(warnings_.str(), StartsWith("row 3  warned  -  CANNOT_ENCODE  "));
}

TEST_F(ExportTest, Filter) {
  EXPECT_EQ(*Export("utf8", "kind = AREA_KIND_CITY"), 1);
  EXPECT_EQ(ReasonOf(Export("utf8", "bogus = 1").status()), "FIELD_NOT_FILTERABLE"_reason);
}

TEST_F(ExportTest, AWorkbookGoesInAgain) {
  workbook_ = true;
  EXPECT_EQ(*Export("utf8-bom"), 2);
  EXPECT_THAT(csv_, StartsWith("PK"));
  ImportOptions options;
  options.collection = "areas";
  options.workbook = true;
  std::ostringstream told;
  ASSERT_TRUE(ImportRows(client_, options, *Input::Of(csv_), told, silent_).ok());
  EXPECT_THAT(told.str(), HasSubstr("2 unchanged"));
}

TEST_F(ExportTest, StopsWhereItCannotWrite) {
  ExportOptions options;
  options.collection = "areas";
  const auto full = [](absl::string_view) { return absl::ResourceExhaustedError("full"); };
  EXPECT_EQ(ExportRows(client_, options, full, warnings_, silent_).status().message(), "full");
}

}  // namespace
}  // namespace tsunagu::suite
