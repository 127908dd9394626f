#include "services/subsidy/claim_file.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/jp/cp932.h"
#include "common/text/sheet/archive_test.h"
#include "gmock/gmock.h"
#include "tsunagu/subsidy/v1/reason.pb.h"

namespace tsunagu::subsidy {
namespace {

class ClaimFileTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { Reason::Declare(v1::Reason_descriptor()); }

  // "2:決-1 60 7500, …", or each fault with its text.
  static std::string Told(const std::string& bytes, Language language = Language::kEnglish) {
    const auto rows = ReadClaimFile(bytes);
    std::string told;
    if (rows.ok()) {
      for (const ClaimRow& row : *rows) {
        absl::StrAppend(&told, told.empty() ? "" : ", ", row.line, ":", row.grant, " ", row.minutes, " ", row.yen);
      }
      return told;
    }
    const Fault all = FaultOf(rows.status());
    for (const Fault& fault : all.faults()) {
      absl::StrAppend(&told, told.empty() ? "" : "\n", fault.field(), " ", ReasonWord(fault), ": ",
                      Text(fault, language));
    }
    return told;
  }
};

TEST_F(ClaimFileTest, RowsAndWhatIsStated) {
  constexpr char kHeading[] = "決定番号,時間（分）,請求額（円）\n";
  struct Row {
    const char* what;
    std::string file, told;
  };
  for (const Row& row : {
           Row{"one row", absl::StrCat(kHeading, "決-1,60,7500\n"), "2:決-1 60 7500"},
           Row{"with its totals", absl::StrCat(kHeading, "決-1,60,\"7,500\"\n決-2,30,3750\n合計,90,11250\n"),
               "2:決-1 60 7500, 3:決-2 30 3750"},
           Row{"nothing is stated", absl::StrCat(kHeading, "決-1,60,7500\n合 計,,\n"), "2:決-1 60 7500"},
           Row{"a title, other columns, another order",
               "2049年7月分\n氏名欄なし\n請求額（円）,備考,決定番号,時間（分）\n７５００,x,決-1,６０\n",
               "4:決-1 60 7500"},
           Row{"by field names", "code,minutes,yen\nd-1,60,7500\n", "2:d-1 60 7500"},
           Row{"nobody", kHeading, ""},
           Row{"M23", absl::StrCat(kHeading, "A,60,80343\nB,60,4732\n計,120,85029\n"),
               "line[4].yen RESULT_SUM_DIFFERS: 4行目: "
               "合計は85029円とありますが、各行の合計は85075円です（差-46円）。"},
           Row{"minutes", absl::StrCat(kHeading, "A,60,1\n合計,90,1\n"),
               "line[3].minutes CLAIM_MINUTES_DIFFER: 3行目: 合計は90分とありますが、各行の合計は60分です（差30分）。"},
           Row{"another file", "決定番号,時間（分）\nA,60\n",
               "data CLAIM_COLUMN_MISSING: ファイルに「請求額（円）」の列がありません。"},
           Row{"no table at all", "x\n", "data CLAIM_COLUMN_MISSING: ファイルに「決定番号」の列がありません。"},
       }) {
    EXPECT_EQ(Told(row.file, Language::kJapanese), row.told) << row.what;
  }
  EXPECT_EQ(Told(jp::ToCp932(absl::StrCat(kHeading, "決-1,60,7500\n")).bytes), "2:決-1 60 7500")
      << "as Excel in Japan writes it";
  EXPECT_THAT(Told(absl::StrCat(kHeading, ",60,1\nA,x,-1\n")),
              testing::AllOf(testing::HasSubstr("line[2].code FIELD_REQUIRED"),
                             testing::HasSubstr("line[3].minutes MALFORMED_VALUE"),
                             testing::HasSubstr("line[3].yen MALFORMED_VALUE")))
      << "all at once";
}

TEST_F(ClaimFileTest, AWorkbook) {
  const auto row = [](const char* code, const char* minutes, const char* yen) {
    std::string cells;
    for (const char* text : {code, minutes, yen})
      absl::StrAppend(&cells, "<c t='inlineStr'><is><t>", text, "</t></is></c>");
    return absl::StrCat("<row>", cells, "</row>");
  };
  const sheet::testing::Book book{row("決定番号", "時間（分）", "請求額（円）") + row("決-1", "60", "7500") +
                                  row("合計", "60", "7454")};
  EXPECT_EQ(Told(book.Bytes()),
            "line[3].yen RESULT_SUM_DIFFERS: line 3: the total is stated as 7454 yen, and the rows come to 7500 "
            "(difference -46).");
}

}  // namespace
}  // namespace tsunagu::subsidy
