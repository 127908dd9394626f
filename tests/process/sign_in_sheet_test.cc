// A sign-in sheet as a workbook: printed, filled in with a spreadsheet program, and imported.
#include <filesystem>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/text/sheet/reader.h"
#include "common/text/sheet/writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/small_course.h"
#include "tsunagu/training/v1/attendance.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"

namespace tsunagu::process {
namespace {

namespace v1 = training::v1;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class SignInSheetTest : public testing::Test {
 protected:
  SignInSheetTest() : server_(folder_ / "data", Suite()) {
    MakeSmallCourse(server_);
    enrollments_ = {EnrollInSmallCourse(server_, "髙橋 一子"), EnrollInSmallCourse(server_, "𠮷田 二子")};
  }
  static ServerProcess::Options Suite() {
    ServerProcess::Options options;
    options.command = {"tsunagu", "serve"};
    return options;
  }
  Outcome Tool(std::vector<std::string> command) const {
    command.insert(command.begin(), Binary("tsunagu"));
    command.insert(command.end(), {"--addr", server_.address(), "--key-file", folder_ / "data/admin.key", "--purpose",
                                   "受付", "--lang", "en"});
    return RunToEnd(std::move(command));
  }

  // Writes minutes beside names, and in the place to sign.
  void Fill(const std::string& printed, const std::map<std::string, std::string>& minutes,
            const std::string& filled) const {
    auto book = sheet::Workbook::Open(printed);
    ASSERT_TRUE(book.ok()) << book.status();
    auto rows = (*book)->Sheet(size_t{0});
    ASSERT_TRUE(rows.ok()) << rows.status();
    std::unique_ptr<sheet::Writer> writer;
    std::map<std::string, size_t> indexes;
    for (auto row = (*rows)->Next(); row.ok() && *row != nullptr; row = (*rows)->Next()) {
      std::vector<std::string> cells;
      for (const sheet::Cell& cell : (*row)->cells) cells.push_back(cell.text);
      if (writer == nullptr) {
        sheet::Layout layout{"受付簿"};
        for (const std::string& heading : cells) {
          indexes[heading] = layout.columns.size();
          layout.columns.push_back(
              {heading, heading == "出席（分）" ? sheet::ColumnKind::kInteger : sheet::ColumnKind::kText});
        }
        auto created = sheet::Writer::Create(std::move(layout), filled);
        ASSERT_TRUE(created.ok()) << created.status();
        writer = *std::move(created);
        continue;
      }
      cells.resize(indexes.size());
      const auto found = minutes.find(cells[indexes.at("氏名")]);
      if (found != minutes.end()) {
        cells[indexes.at("出席（分）")] = found->second;
        cells[indexes.at("署名")] = "署名した";
      }
      ASSERT_TRUE(writer->Add(cells).ok());
    }
    ASSERT_TRUE(writer != nullptr && writer->Finish().ok());
  }

  // Minutes of each attendance of an enrollment.
  std::vector<int> MinutesOf(const std::string& enrollment) {
    v1::ListAttendancesRequest request;
    request.set_parent(enrollment);
    const auto listed = AskTraining<v1::ListAttendancesResponse>(server_, "AttendanceService/ListAttendances", request);
    EXPECT_TRUE(listed.ok()) << listed.status();
    std::vector<int> minutes;
    for (const auto& attendance : listed->attendances()) minutes.push_back(attendance.minutes());
    return minutes;
  }

  Folder folder_;
  ServerProcess server_;
  std::vector<std::string> enrollments_;
};

TEST_F(SignInSheetTest, IsFilledInAndReadBack) {
  const std::string printed = folder_ / "sheet.xlsx", filled = folder_ / "filled.xlsx";
  const Outcome print = Tool({"print", "courses/small/sessions/hour", "-o", printed});
  ASSERT_EQ(print.code, 0) << print.errors;

  // As it is printed, nobody has attended yet.
  const Outcome blank = Tool({"import", "attendances", printed});
  EXPECT_EQ(blank.code, 1);
  EXPECT_THAT(blank.output + blank.errors, HasSubstr("MINUTES_BLANK"));
  EXPECT_THAT(blank.output + blank.errors, HasSubstr("2 rows: 0 created, 0 updated, 0 unchanged, 0 warned, 2 refused"));

  // One learner has been overlooked: she is not recorded as absent.
  Fill(printed, {{"髙橋 一子", "60"}}, filled);
  const Outcome partly = Tool({"import", "attendances", filled});
  EXPECT_THAT(partly.output + partly.errors,
              HasSubstr("2 rows: 1 created, 0 updated, 0 unchanged, 0 warned, 1 refused"));
  EXPECT_THAT(partly.output + partly.errors, Not(HasSubstr("COLUMNS_LEFT_OUT")));
  EXPECT_THAT(MinutesOf(enrollments_[0]), ElementsAre(60));
  EXPECT_THAT(MinutesOf(enrollments_[1]), ElementsAre());

  // Filled in with full-width digits. Recorded attendances are not recorded twice.
  Fill(printed, {{"髙橋 一子", "60"}, {"𠮷田 二子", "５０"}}, filled);
  const Outcome again = Tool({"import", "attendances", filled});
  EXPECT_THAT(again.output + again.errors, HasSubstr("2 rows: 1 created, 0 updated, 0 unchanged, 0 warned, 1 refused"));
  EXPECT_THAT(again.output + again.errors, HasSubstr("FACT_RECORDED"));
  EXPECT_THAT(MinutesOf(enrollments_[0]), ElementsAre(60));
  EXPECT_THAT(MinutesOf(enrollments_[1]), ElementsAre(50));

  EXPECT_TRUE(IssueCertificate(server_, enrollments_[0]).ok());
  EXPECT_FALSE(IssueCertificate(server_, enrollments_[1]).ok());
}

TEST_F(SignInSheetTest, IsOfTheKindThatTheEndingSays) {
  const std::string text = folder_ / "sheet.txt", certificate = folder_ / "certificate.xlsx";
  const Outcome sheet = Tool({"print", "courses/small/sessions/hour", "-o", text});
  EXPECT_EQ(sheet.code, 2);
  EXPECT_THAT(sheet.errors, HasSubstr(".xlsx"));
  EXPECT_FALSE(std::filesystem::exists(text));
  EXPECT_EQ(Tool({"print", "certificates/2050-00001-5", "-o", certificate}).code, 2);
  EXPECT_FALSE(std::filesystem::exists(certificate));
}

TEST_F(SignInSheetTest, SaysByItsHeadingsWhatIsWrong) {
  const std::string printed = folder_ / "sheet.xlsx", filled = folder_ / "filled.xlsx";
  ASSERT_EQ(Tool({"print", "courses/small/sessions/hour", "-o", printed}).code, 0);
  Fill(printed, {{"髙橋 一子", "61"}, {"𠮷田 二子", "一時間"}}, filled);
  const Outcome wrong = Tool({"import", "attendances", filled});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.output + wrong.errors, HasSubstr("出席（分）  ATTENDANCE_LONGER_THAN_LESSON"));
  EXPECT_THAT(wrong.output + wrong.errors, HasSubstr("出席（分）  MALFORMED_VALUE"));
}

}  // namespace
}  // namespace tsunagu::process
