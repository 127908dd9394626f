#include "services/suite/payments.h"

#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "services/suite/subsidy_fixture.h"
#include "tsunagu/subsidy/v1/payment_layout.pb.h"

namespace tsunagu::suite {
namespace {

using testing::HasSubstr;

class PaymentsTest : public testing::Test {
 protected:
  void SetUp() override {
    using namespace subsidy::v1;  // NOLINT: requests by the dozen
    subsidy_.Ask<PaymentLayout, CreatePaymentLayoutRequest>(
        "PaymentLayoutService/CreatePaymentLayout",
        R"pb(payment_layout_id: "f1"
             payment_layout {
               display_name: "見本"
               body: "areas/310000"
               form {
                 shape: SHAPE_CSV
                 encoding: ENCODING_CP932
                 columns { source: SOURCE_KEY }
                 columns { source: SOURCE_YEN }
                 columns { source: SOURCE_TEXT text: "𠮷" }
                 result { key: "キー" day: "日" voucher: "伝票" yen: "額" refusal: "エラー" }
               }
             })pb");
    for (const char* body : {"areas/312011", "areas/313025"}) {
      const std::string name = subsidy_.Apply(20'000, body);
      subsidy_.File(
          name,
          "kind: KIND_COMPLETION_REPORT filing_date { year: 2025 month: 6 day: 1 } completion_date { year: 2025 "
          "month: 5 day: 31 } " +
              SubsidySuite::Claim(20'000));
      subsidy_.Decide(name, "kind: KIND_FIXING document_number: '2' decision_date { year: 2025 month: 6 day: 2 }");
    }
    batch_.set_body("areas/310000");
    batch_.set_layout("paymentLayouts/f1");
    batch_.set_document_number("R7-1");
    batch_.mutable_request_date()->set_year(2025);
    batch_.mutable_request_date()->set_month(6);
    batch_.mutable_request_date()->set_day(3);
  }
  // What a command tells, or its failure.
  template <typename Command, typename... More>
  static std::string Told(Command command, const Client& client, const More&... more) {
    std::ostringstream told;
    const absl::Status done = command(client, more..., told);
    return done.ok() ? told.str() : ErrorJson(done, client.once.language);
  }
  std::string Make(const Client& client) {
    const std::string told = Told(MakePayments, client, batch_);
    return std::vector<std::string>(absl::StrSplit(told, '\n'))[0];
  }
  std::string InFolder(const std::string& name) const { return (subsidy_.suite.folder.path / name).string(); }

  const SubsidySuite subsidy_;
  const Client officer_ = subsidy_.As("prefecture-officer"), treasurer_ = subsidy_.As("treasurer", "ja");
  subsidy::v1::PaymentBatch batch_;
};

TEST_F(PaymentsTest, FromTheBatchToItsResult) {
  const std::string made = Told(MakePayments, officer_, batch_), name = made.substr(0, made.find('\n'));
  EXPECT_EQ(made, absl::StrCat(name, "\nasked for: 2, ¥20,000\n"));
  const std::string file = InFolder("r7-1.csv");
  EXPECT_THAT(Told(WritePayments, treasurer_, name, file),
              testing::AllOf(HasSubstr(absl::StrCat(file, ": 2件 20,000円\nSHA-256: ")),
                             HasSubstr("文字コードにないため置き換えた文字: 𠮷\n")));
  EXPECT_THAT(subsidy_.suite.folder.Read("r7-1.csv"), testing::StartsWith("R7-1-0001,10000,"));
  const std::string rows = "キー,日,伝票,額,エラー\nR7-1-0001,2025-06-04,支-1,10000,\nR7-1-0002,,,10000,E1\n";
  const std::string result = subsidy_.suite.folder.Write("result.csv", rows);
  EXPECT_THAT(Told(ReadPaymentResult, treasurer_, std::string("R7-1"), result, StatedResult{2, 19'999}),
              HasSubstr("RESULT_SUM_DIFFERS"));
  EXPECT_EQ(Told(ReadPaymentResult, treasurer_, std::string("R7-1"), result, StatedResult{2, 20'000}),
            "支払済: 1件 10,000円\nエラー: 1件 10,000円\n");
  EXPECT_THAT(Told(ReleasePayments, treasurer_, name, std::string("誤り")), HasSubstr("BATCH_HAS_RESULT"));
  EXPECT_THAT(Told(WritePayments, treasurer_, name, InFolder("none/x")), HasSubstr("FILE_NOT_WRITABLE"));
  EXPECT_THAT(Told(ReadPaymentResult, treasurer_, name, InFolder("none"), StatedResult()),
              HasSubstr("FILE_NOT_READABLE"));
  const std::string large = subsidy_.suite.folder.Write("large.csv", std::string((3 << 20) + 1, 'x'));
  EXPECT_THAT(Told(ReadPaymentResult, treasurer_, name, large, StatedResult()), HasSubstr("PAYMENT_RESULT_TOO_LARGE"));
}

TEST_F(PaymentsTest, WhatIsLetGoIsMadeAgain) {
  const std::string name = Make(officer_);
  EXPECT_THAT(Told(MakePayments, officer_, batch_), HasSubstr("NOTHING_TO_REQUEST"));
  EXPECT_THAT(Told(ReleasePayments, treasurer_, std::string("R7\"1"), std::string("送れなかった")),
              HasSubstr("PAYMENT_BATCH_NOT_FOUND"));
  EXPECT_EQ(Told(ReleasePayments, treasurer_, name, std::string("送れなかった")), "取消: 2件 20,000円\n");
  batch_.set_document_number("R7-2");
  EXPECT_THAT(Make(officer_), HasSubstr("paymentBatches/"));
}

}  // namespace
}  // namespace tsunagu::suite
