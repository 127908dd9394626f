#include "services/subsidy/payment_file.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/jp/cp932.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "services/subsidy/payment_result.h"
#include "tsunagu/subsidy/v1/reason.pb.h"

namespace tsunagu::subsidy {
namespace {

class PaymentFileTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { Reason::Declare(v1::Reason_descriptor()); }
};
using PaymentResultTest = PaymentFileTest;

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

v1::PaymentBatch Batch(const std::string& form) {
  v1::PaymentBatch batch;
  batch.set_document_number("R8-1");
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      absl::StrCat("request_date { year: 2026 month: 4 day: 5 } form { ", form,
                   " result { key: '請求キー' day: '支払日' voucher: '伝票番号' yen: '金額' refusal: 'エラー' } }"),
      &batch));
  return batch;
}

// Of sheet A and sheet B of M23.
std::vector<v1::PaymentRequest> TwoRequests() {
  std::vector<v1::PaymentRequest> requests(2);
  for (int i = 0; i < 2; ++i) {
    requests[i].set_number(i + 1);
    requests[i].set_key(absl::StrCat("R8-1-000", i + 1));
    requests[i].set_kind(v1::Payment::KIND_SETTLEMENT);
    requests[i].set_yen(i == 0 ? 80'343 : 4'732);
    requests[i].set_payee_code(i == 0 ? "123" : "45");
    requests[i].set_payee_name(i == 0 ? "見本市" : "見本町, 会計");
    requests[i].set_budget_code("03-01");
    requests[i].set_fiscal_year(2025);
  }
  return requests;
}

constexpr char kCsv[] =
    "shape: SHAPE_CSV encoding: ENCODING_UTF8 has_heading: true trailer: '合計' columns { heading: '請求キー' source: "
    "SOURCE_KEY } "
    "columns { heading: '債権者' source: SOURCE_PAYEE_NAME } columns { heading: '区分' source: SOURCE_KIND } "
    "columns { heading: '請求日' source: SOURCE_REQUEST_DATE date_form: DATE_FORM_WAREKI } "
    "columns { heading: '金額' source: SOURCE_YEN }";
constexpr char kFixed[] =
    "shape: SHAPE_FIXED encoding: ENCODING_CP932 trailer: 'T' columns { source: SOURCE_TEXT text: 'D' width: 1 } "
    "columns { source: SOURCE_KEY width: 10 } columns { source: SOURCE_PAYEE_CODE width: 5 padding: PADDING_ZEROS } "
    "columns { source: SOURCE_PAYEE_NAME width: 14 } columns { source: SOURCE_REQUEST_DATE date_form: DATE_FORM_DIGITS "
    "width: 8 } "
    "columns { source: SOURCE_YEN width: 8 padding: PADDING_SPACES }";

TEST_F(PaymentFileTest, Csv) {
  const auto file = WritePaymentFile(Batch(kCsv), TwoRequests());
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->bytes,
            "請求キー,債権者,区分,請求日,金額\r\n"
            "R8-1-0001,見本市,精算払,令和8年4月5日,80343\r\n"
            "R8-1-0002,\"見本町, 会計\",精算払,令和8年4月5日,4732\r\n"
            "合計,2,85075\r\n");
}

TEST_F(PaymentFileTest, FixedWidthsAreBytesOfTheEncoding) {
  const auto file = WritePaymentFile(Batch(kFixed), TwoRequests());
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(*jp::FromCp932(file->bytes),
            "DR8-1-0001 00123見本市        20260405   80343\r\n"
            "DR8-1-0002 00045見本町, 会計  20260405    4732\r\n"
            "T000002000000000085075                        \r\n");
}

TEST_F(PaymentFileTest, WhatDoesNotFitIsNeverCut) {
  auto requests = TwoRequests();
  requests[0].set_yen(123'456'789);
  requests[1].set_payee_name("見本県見本郡見本町");
  const absl::Status status = WritePaymentFile(Batch(kFixed), requests).status();
  ASSERT_EQ(FaultOf(status).faults_size(), 2);
  EXPECT_EQ(Text(FaultOf(status).faults(0), Language::kJapanese),
            "「金額」の値「123456789」は8バイトに収まりません。様式の桁数を直してください。");
}

TEST_F(PaymentFileTest, WhatTheEncodingLacksIsTold) {
  auto requests = TwoRequests();
  requests[0].set_payee_name("𠮷田町");
  const auto file = WritePaymentFile(Batch(kFixed), requests);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(file->replaced, ElementsAre("𠮷"));
}

TEST_F(PaymentFileTest, AFormHasKeyAndYenAndItsWidths) {
  Faults faults;
  CheckPaymentForm(Batch("shape: SHAPE_FIXED encoding: ENCODING_UTF8 columns { source: SOURCE_NUMBER }").form(),
                   faults);
  std::vector<std::string> said;
  for (const Fault& fault : faults.all()) said.push_back(absl::StrCat(fault.field(), ":", ReasonWord(fault)));
  EXPECT_THAT(said, ElementsAre("form.columns:LAYOUT_INCOMPLETE", "form.columns:LAYOUT_INCOMPLETE",
                                "form.columns[0].width:WIDTH_MISSING"));
  Faults none;
  CheckPaymentForm(Batch(kCsv).form(), none);
  CheckPaymentForm(Batch(kFixed).form(), none);
  EXPECT_TRUE(none.empty());
}

// Returns the error of a result; "" if it is accepted.
std::string Said(const std::string& rows, StatedTotals stated = {}, Language language = Language::kEnglish,
                 const std::vector<v1::PaymentRequest>& requests = TwoRequests()) {
  const auto read =
      ReadPaymentResult(Batch(kCsv).form(), "請求キー,支払日,伝票番号,金額,エラー\r\n" + rows, stated, requests);
  if (read.ok()) return "";
  std::string text;
  const Fault all = FaultOf(read.status());
  for (const Fault& fault : all.faults()) {
    absl::StrAppend(&text, fault.field(), " ", ReasonWord(fault), ": ", Text(fault, language), "\n");
  }
  return text;
}

TEST_F(PaymentResultTest, TellsWhatWasPaidAndWhatWasNot) {
  const auto read = ReadPaymentResult(
      Batch(kCsv).form(),
      jp::ToCp932(
          "伝票番号,金額,支払日,エラー,請求キー\r\n,\"4,732\",,E01,R8-1-0002\r\n支-9,80343,R8.4.10,,R8-1-0001\r\n")
          .bytes,
      {2, 85'075}, TwoRequests());
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].request, 1u);
  EXPECT_EQ((*read)[0].refusal, "E01");
  EXPECT_FALSE((*read)[0].paid.has_value());
  EXPECT_EQ((*read)[1].request, 0u);
  EXPECT_EQ((*read)[1].voucher, "支-9");
  EXPECT_EQ(*(*read)[1].paid, jp::CivilDay(2026, 4, 10));
}

TEST_F(PaymentResultTest, NamesTheLineAndTheDifference) {
  const std::string first = "R8-1-0001,2026-04-10,v1,80343,\r\n", second = "R8-1-0002,2026-04-10,v2,4732,\r\n";
  EXPECT_EQ(Said(first + second), "");
  EXPECT_EQ(Said(first + second + "合計,2,\"85,075\"\r\n"), "");
  EXPECT_EQ(Said(first + second + "合計,2,85029\r\n", {}, Language::kJapanese),
            "line[4] RESULT_SUM_DIFFERS: 4行目: 合計は85029円とありますが、各行の合計は85075円です（差-46円）。\n")
      << "M23";
  EXPECT_THAT(
      Said(first + second, {3, 85'029}),
      AllOf(HasSubstr(
                "stated_count RESULT_COUNT_DIFFERS: the sheet: there are 2 rows, and 3 were expected (difference -1)"),
            HasSubstr("stated_yen RESULT_SUM_DIFFERS: the sheet: the total is stated as 85029 yen")));
  EXPECT_THAT(Said(first),
              HasSubstr("data RESULT_COUNT_DIFFERS: the batch: there are 1 rows, and 2 were expected (difference "
                        "-1). Not in the file: R8-1-0002"));
  EXPECT_THAT(Said(first + first),
              HasSubstr("line[3] RESULT_KEY_REPEATED: Line 3: R8-1-0001 stands in line 2 already."));
  EXPECT_THAT(Said(first + "R8-2-0002,2026-04-10,v2,4732,\r\n"), HasSubstr("line[3] RESULT_KEY_UNKNOWN"));
  EXPECT_THAT(
      Said(first + "R8-1-0002,2026-04-10,v2,4686,\r\n"),
      HasSubstr(
          "line[3] RESULT_YEN_DIFFERS: Line 3: R8-1-0002 has 4686 yen, and 4732 were asked for (difference -46)."));
  EXPECT_THAT(Said(first + "R8-1-0002,4/10,,4732,\r\n"),
              AllOf(HasSubstr("line[3].voucher FIELD_REQUIRED"), HasSubstr("line[3].payment_date ")));
}

TEST_F(PaymentResultTest, NamesTenMissingRequestsAndSaysThatThereAreMore) {
  std::vector<v1::PaymentRequest> requests;
  for (int i = 1; i <= 12; ++i) {
    v1::PaymentRequest& request = requests.emplace_back();
    request.set_key(absl::StrCat("k", i));
    request.set_yen(1);
  }
  const std::string first = "k1,2026-04-10,v1,1,\r\n", second = "k2,2026-04-10,v2,1,\r\n";
  const std::string ten = " Not in the file: k3, k4, k5, k6, k7, k8, k9, k10, k11, k12\n";
  EXPECT_THAT(Said(first + second, {}, Language::kEnglish, requests), EndsWith(ten));
  const std::string more = " Not in the file: k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, …\n";
  EXPECT_THAT(Said(first, {}, Language::kEnglish, requests), EndsWith(more)) << "one more than ten";
  EXPECT_THAT(Said("k12,2026-04-10,v1,1,\r\n", {}, Language::kEnglish, requests),
              EndsWith(" Not in the file: k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, …\n"));
}

// As kFixed, with a result whose columns are 10 bytes of the key, 8 of the day, 6 of the voucher, 8 of yen, 4 unused
// and 3 of the refusal.
v1::PaymentLayout::Form FixedResult() {
  v1::PaymentLayout::Form form = Batch(kFixed).form();
  for (const auto& [heading, width] : std::vector<std::pair<const char*, int>>{
           {"請求キー", 10}, {"支払日", 8}, {"伝票番号", 6}, {"金額", 8}, {"", 4}, {"エラー", 3}}) {
    auto& column = *form.mutable_result()->add_columns();
    column.set_heading(heading);
    column.set_width(width);
  }
  return form;
}

TEST_F(PaymentResultTest, OfFixedWidths) {
  const std::string first = "R8-1-0001 20260410支-9  00080343予備   \r\n",
                    second = "R8-1-0002                   4732    E01\r\n";
  const std::string totals = "T000002000000000085075                 \r\n";
  const auto read =
      ReadPaymentResult(FixedResult(), jp::ToCp932(first + second + totals + "\x1A").bytes, {}, TwoRequests());
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].voucher, "支-9");
  EXPECT_EQ(*(*read)[0].paid, jp::CivilDay(2026, 4, 10));
  EXPECT_EQ((*read)[1].refusal, "E01");
  struct Row {
    const char* what;
    std::string file;
    Reason reason;
  };
  const auto said = [](const std::string& file) {
    const Fault fault = FaultOf(ReadPaymentResult(FixedResult(), file, {}, TwoRequests()).status());
    return fault.faults_size() > 0 ? fault.faults(0) : fault;
  };
  for (const Row& row : {
           Row{"a line that is too short", jp::ToCp932(first).bytes + "R8-1-0002\r\n", "RESULT_LINE_WIDTH"_reason},
           Row{"another encoding", first + second, "RESULT_LINE_WIDTH"_reason},
           Row{"another sum", jp::ToCp932(first + second).bytes + "T000002000000000085029\r\n",
               "RESULT_SUM_DIFFERS"_reason},
           Row{"nothing", "", "RESULT_COUNT_DIFFERS"_reason},
           Row{"half a character", jp::ToCp932(first).bytes + "R8-1-0002 20260410\x8Ex-9\x8E 00004732       \r\n",
               "UNREADABLE_CHARACTERS"_reason},
       }) {
    EXPECT_EQ(ReasonWord(said(row.file)), row.reason.word()) << row.what;
  }
  EXPECT_EQ(Text(said("x\r\n"), Language::kEnglish), "Line 1 has 1 bytes; the layout says 39.");
  // A key that begins with the letters of the line of totals is not that line.
  auto requests = TwoRequests();
  requests[0].set_key("T1-1-0001");
  EXPECT_TRUE(ReadPaymentResult(FixedResult(),
                                jp::ToCp932(absl::StrReplaceAll(first + second, {{"R8-1-0001", "T1-1-0001"}})).bytes,
                                {}, requests)
                  .ok());
  Faults faults;
  v1::PaymentLayout::Form lacking = FixedResult();
  lacking.mutable_result()->mutable_columns()->RemoveLast();
  CheckPaymentForm(lacking, faults);
  ASSERT_EQ(faults.all().size(), 1u);
  EXPECT_EQ(Text(faults.all()[0], Language::kJapanese), "様式に「エラー」の列がありません。");
}

TEST_F(PaymentResultTest, AnotherFileIsNoResult) {
  const auto read = ReadPaymentResult(Batch(kCsv).form(), "キー,支払日\r\n1,2\r\n", {}, TwoRequests());
  EXPECT_EQ(ReasonOf(read.status()), "RESULT_COLUMN_MISSING"_reason);
  EXPECT_EQ(ReasonOf(ReadPaymentResult(Batch(kCsv).form(), "", {}, TwoRequests()).status()),
            "RESULT_COLUMN_MISSING"_reason);
}

}  // namespace
}  // namespace tsunagu::subsidy
