// Batches of payments: what is asked for, the file, and the result that comes back.
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/subsidy_test_base.h"
#include "tsunagu/subsidy/v1/payment_batch.pb.h"
#include "tsunagu/subsidy/v1/payment_layout.pb.h"
#include "tsunagu/subsidy/v1/payment_request.pb.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr char kForm[] =
    "form { shape: SHAPE_CSV encoding: ENCODING_CP932 has_heading: true trailer: '合計' columns { heading: '請求キー' source: "
    "SOURCE_KEY } columns { heading: '債権者' source: SOURCE_PAYEE_CODE } columns { heading: '金額' source: SOURCE_YEN } result { "
    "key: '請求キー' day: '支払日' voucher: '伝票番号' yen: '金額' refusal: 'エラー' } } ";

class PaymentFileTest : public SubsidyTest {
 protected:
  void SetUp() override {
    SubsidyTest::SetUp();
    if (IsSkipped()) return;
    ASSERT_EQ(Said(Ask<PaymentLayout, CreatePaymentLayoutRequest>(
                  *budget_, "PaymentLayoutService/CreatePaymentLayout",
                  absl::StrCat("payment_layout_id: 'f1' payment_layout { display_name: '見本システム' body: 'areas/310000' ", kForm, "}"))),
              "OK");
  }

  absl::StatusOr<PaymentBatch> MakeBatch(const std::string& number, const std::string& more = "",
                                         const Caller* by = nullptr, const char* layout = "f1") {
    return Ask<PaymentBatch, CreatePaymentBatchRequest>(
        by == nullptr ? *officer_ : *by, "PaymentBatchService/CreatePaymentBatch",
        absl::StrCat("payment_batch { body: 'areas/310000' layout: 'paymentLayouts/", layout, "' document_number: '", number,
                     "' request_date { year: 2050 month: 4 day: 3 } ", more, " }"));
  }
  std::string MakeFixed(int64_t cost, const std::string& body = "areas/312011") {
    const std::string name = MakeGranted(cost, body);
    const Caller by = body == "areas/312011" ? *city_ : admin();
    EXPECT_EQ(Said(File(name, "kind: KIND_COMPLETION_REPORT completion_date { year: 2050 month: 4 day: 2 } " + Claim(cost),
                        "2050-04-02", &by)),
              "OK");
    EXPECT_EQ(Said(Decide(name, "kind: KIND_FIXING document_number: '2'")), "OK");
    return name;
  }
  absl::StatusOr<ReadPaymentFileResponse> ReadFile(const std::string& batch) {
    return Ask<ReadPaymentFileResponse, ReadPaymentFileRequest>(*treasurer_, "PaymentBatchService/ReadPaymentFile",
                                                                absl::StrCat("name: '", batch, "'"));
  }
  // `rows` are lines of "key,day,voucher,yen,refusal".
  absl::StatusOr<PaymentBatch> Import(const std::string& batch, const std::string& rows, const Caller* by = nullptr,
                                      int64_t stated_yen = 0) {
    ImportPaymentResultRequest request;
    request.set_name(batch);
    request.set_data(absl::StrCat("請求キー,支払日,伝票番号,金額,エラー\r\n", rows));
    request.set_stated_yen(stated_yen);
    return (by == nullptr ? *treasurer_ : *by)
        .Call<PaymentBatch>("subsidy.v1.PaymentBatchService/ImportPaymentResult", request);
  }
  // "R8-1-0001 OPEN 350000, …"
  std::string Requests(const std::string& batch) {
    const auto list = Ask<ListPaymentRequestsResponse, ListPaymentRequestsRequest>(
        *treasurer_, "PaymentRequestService/ListPaymentRequests", absl::StrCat("parent: '", batch, "' page_size: 1000"));
    EXPECT_EQ(Said(list), "OK");
    std::vector<std::string> lines;
    for (const auto& one : list->payment_requests()) {
      lines.push_back(absl::StrCat(one.key(), " ", PaymentRequest::Outcome_Name(one.outcome()).substr(8), " ", one.yen()));
    }
    return absl::StrJoin(lines, ", ");
  }
};

TEST_P(PaymentFileTest, FromTheRequestToThePayment) {
  const std::string name = MakeFixed(700'000), other = MakeFixed(300'000, "areas/313025");
  MakeGranted(200'000);  // not fixed: nothing is due by itself
  const auto batch = MakeBatch("R8-1");
  ASSERT_EQ(Said(batch), "OK");
  EXPECT_EQ(batch->request_count(), 2);
  EXPECT_EQ(batch->total_yen(), 500'000);
  EXPECT_EQ(batch->maker(), "officer");
  const bool in_order = name < other;
  const std::string first = in_order ? "350000" : "150000", second = in_order ? "150000" : "350000";
  EXPECT_EQ(Requests(batch->name()), absl::StrCat("R8-1-0001 OPEN ", first, ", R8-1-0002 OPEN ", second));
  const auto file = ReadFile(batch->name());
  ASSERT_EQ(Said(file), "OK");
  EXPECT_EQ(file->total_yen(), 500'000);
  EXPECT_THAT(file->data(), HasSubstr(absl::StrCat("R8-1-0001,", in_order ? "312011" : "313025", ",", first, "\r\n")));
  EXPECT_THAT(file->data(), HasSubstr(",2,500000\r\n")) << "the line of totals";
  EXPECT_EQ(Line(), "1000000 = 400000 + 600000 + 0") << "nothing is paid by asking";
  // The same bytes, whatever becomes of the layout.
  UpdatePaymentLayoutRequest update;
  update.mutable_payment_layout()->set_name("paymentLayouts/f1");
  ASSERT_TRUE(google::protobuf::TextFormat::MergeFromString(
      absl::StrReplaceAll(kForm, {{"ENCODING_CP932", "ENCODING_UTF8"}}), update.mutable_payment_layout()));
  update.mutable_update_mask()->add_paths("form");
  ASSERT_EQ(Said(budget_->Call<PaymentLayout>("subsidy.v1.PaymentLayoutService/UpdatePaymentLayout", update)), "OK");
  EXPECT_EQ(ReadFile(batch->name())->data(), file->data());
  // One is paid, the other refused; the same file again changes nothing.
  const std::string rows = absl::StrCat("R8-1-0001,2050-04-03,支-1,", first, ",\r\nR8-1-0002,,,", second, ",E12\r\n合計,2,500000\r\n");
  const auto paid = Import(batch->name(), rows);
  ASSERT_EQ(Said(paid), "OK");
  EXPECT_EQ(paid->paid_count(), 1);
  EXPECT_EQ(paid->refused_count(), 1);
  EXPECT_EQ(absl::StrCat(paid->paid_yen()), first);
  EXPECT_EQ(paid->payer(), "treasurer");
  EXPECT_EQ(Requests(batch->name()), absl::StrCat("R8-1-0001 PAID ", first, ", R8-1-0002 REFUSED ", second));
  const std::string line = Line();
  const auto again = Import(batch->name(), rows);
  ASSERT_EQ(Said(again), "OK");
  EXPECT_EQ(again->etag(), paid->etag());
  EXPECT_EQ(Line(), line);
  EXPECT_EQ(Stands(in_order ? name : other), absl::StrCat("SETTLED ", first, "/0/", first));
  const auto payments = Ask<ListPaymentsResponse, ListPaymentsRequest>(
      *treasurer_, "PaymentService/ListPayments", absl::StrCat("parent: '", in_order ? name : other, "'"));
  ASSERT_EQ(payments->payments_size(), 1);
  EXPECT_EQ(payments->payments(0).maker(), "treasurer") << "who imports pays";
  EXPECT_EQ(payments->payments(0).document_number(), "支-1");
  EXPECT_EQ(Said(Import(batch->name(), absl::StrReplaceAll(rows, {{"支-1", "支-2"}}))),
            "INVALID_ARGUMENT INVALID_REQUEST line[2]:RESULT_CONTRADICTS");
  EXPECT_EQ(ReadFile(batch->name())->data(), file->data());
  // What was refused is asked for again, and only that.
  const auto next = MakeBatch("R8-2");
  ASSERT_EQ(Said(next), "OK");
  EXPECT_EQ(Requests(next->name()), absl::StrCat("R8-2-0001 OPEN ", second));
  EXPECT_EQ(Said(MakeBatch("R8-3")), "FAILED_PRECONDITION NOTHING_TO_REQUEST");
}

TEST_P(PaymentFileTest, AdvancesAreAskedForUpToWhatIsCommitted) {
  const std::string name = MakeGranted(600'000);
  const auto item = [&](int64_t yen) { return absl::StrCat("items { application: '", name, "' yen: ", yen, " } "); };
  EXPECT_EQ(Said(MakeBatch("1", item(300'001))),
            "INVALID_ARGUMENT INVALID_REQUEST payment_batch.items[0].yen:REQUEST_EXCEEDS_COMMITMENT");
  ASSERT_EQ(Said(MakeBatch("1", item(200'000))), "OK");
  EXPECT_EQ(Said(MakeBatch("2", item(100'001))),
            "INVALID_ARGUMENT INVALID_REQUEST payment_batch.items[0].yen:REQUEST_EXCEEDS_COMMITMENT");
  EXPECT_EQ(Said(MakeBatch("2", item(1) + item(1))),
            "INVALID_ARGUMENT INVALID_REQUEST payment_batch.items[1]:APPLICATION_REPEATED");
  const std::string examined = MakeExamined(100'000);
  EXPECT_EQ(Said(MakeBatch("2", absl::StrCat("items { application: '", examined, "' yen: 1 }"))),
            "INVALID_ARGUMENT INVALID_REQUEST payment_batch.items[0]:PAYMENT_NOT_DUE");
  ASSERT_EQ(Said(MakeBatch("2", item(100'000))), "OK");
  EXPECT_EQ(Said(MakeBatch("2", item(1))), "INVALID_ARGUMENT INVALID_REQUEST payment_batch.items[0].yen:REQUEST_EXCEEDS_COMMITMENT");
  EXPECT_EQ(Said(MakeBatch("3", "", city_.get())), "PERMISSION_DENIED PERMISSION_DENIED");
}

TEST_P(PaymentFileTest, WhatDoesNotAddUpIsRefusedAsAWhole) {
  const std::string name = MakeFixed(700'000), other = MakeFixed(300'000, "areas/313025");
  const auto batch = MakeBatch("R8-1");
  ASSERT_EQ(Said(batch), "OK");
  const bool in_order = name < other;
  const std::string first = absl::StrCat("R8-1-0001,2050-04-03,v1,", in_order ? 350'000 : 150'000, ",\r\n");
  const std::string second = absl::StrCat("R8-1-0002,2050-04-03,v2,", in_order ? 150'000 : 350'000, ",\r\n");
  const std::string before = Requests(batch->name());
  EXPECT_EQ(Said(Import(batch->name(), first + second + "合計,2,499954\r\n")),
            "INVALID_ARGUMENT INVALID_REQUEST line[4]:RESULT_SUM_DIFFERS");
  EXPECT_EQ(Said(Import(batch->name(), first + second, nullptr, 499'954)),
            "INVALID_ARGUMENT INVALID_REQUEST stated_yen:RESULT_SUM_DIFFERS");
  EXPECT_EQ(Said(Import(batch->name(), first)), "INVALID_ARGUMENT INVALID_REQUEST data:RESULT_COUNT_DIFFERS");
  EXPECT_EQ(Said(Import(batch->name(), first + absl::StrReplaceAll(second, {{"0000,", "0001,"}}))),
            "INVALID_ARGUMENT INVALID_REQUEST line[3]:RESULT_YEN_DIFFERS");
  // A day to come, and whoever decided: the rules of payments, by line.
  EXPECT_EQ(Said(Import(batch->name(), first + absl::StrReplaceAll(second, {{"04-03", "04-04"}}))),
            "INVALID_ARGUMENT INVALID_REQUEST line[3].payment_date:DOCUMENT_TO_COME");
  CallerWith("officer", {"prefecture-officer@areas/310000", "treasurer@areas/310000"}, "subsidy");
  EXPECT_EQ(Said(Import(batch->name(), first + second, officer_.get())),
            "INVALID_ARGUMENT INVALID_REQUEST line[2]:DUTIES_OF_ONE_PERSON line[3]:DUTIES_OF_ONE_PERSON");
  EXPECT_EQ(Requests(batch->name()), before) << "nothing is half-paid";
  EXPECT_EQ(Line(), "1000000 = 500000 + 500000 + 0");
  // Somebody has recorded one by hand already: it is that payment.
  ASSERT_EQ(Said(Pay(name, "kind: KIND_SETTLEMENT yen: 350000 document_number: 'v1'", "2050-04-03")), "OK");
  const std::string rows = in_order ? first + second
                                    : absl::StrReplaceAll(first, {{"v1", "v3"}}) + absl::StrReplaceAll(second, {{"v2", "v1"}});
  EXPECT_EQ(Said(Import(batch->name(), rows)), "OK");
  EXPECT_EQ(Line(), "1000000 = 500000 + 0 + 500000");
}

TEST_P(PaymentFileTest, OfEightWhoAskAtOnceOneGetsIt) {
  for (int i = 0; i < 4; ++i) MakeFixed(100'000);
  std::vector<std::string> made(8);
  EXPECT_THAT(EightAtOnce([&](int i) {
                const auto batch = MakeBatch(absl::StrCat("R8-", i));
                if (batch.ok()) made[i] = batch->name();
                return Said(batch);
              }),
              UnorderedElementsAre(Pair("OK", 1), Pair("FAILED_PRECONDITION NOTHING_TO_REQUEST", 7)));
  int64_t open = 0;
  const auto list = Ask<ListPaymentRequestsResponse, ListPaymentRequestsRequest>(
      *treasurer_, "PaymentRequestService/ListPaymentRequests", "parent: 'paymentBatches/-' page_size: 1000");
  ASSERT_EQ(Said(list), "OK");
  EXPECT_EQ(list->payment_requests_size(), 4) << "nothing is in two batches";
  for (const auto& one : list->payment_requests()) open += one.yen();
  EXPECT_EQ(open, 200'000);
  // And of eight who import at once, one pays.
  std::string rows, batch;
  for (const std::string& one : made) batch += one;
  for (const auto& one : list->payment_requests()) {
    absl::StrAppend(&rows, one.key(), ",2050-04-03,", one.key(), ",", one.yen(), ",\r\n");
  }
  EXPECT_THAT(EightAtOnce([&](int) { return Said(Import(batch, rows)); }), ElementsAre(Pair("OK", 8)));
  EXPECT_EQ(Line(), "1000000 = 800000 + 0 + 200000");
}

TEST_P(PaymentFileTest, ALayoutKnowsItsPayees) {
  MakeFixed(100'000);
  const auto layout = [&](const char* id, const std::string& more) {
    return Said(Ask<PaymentLayout, CreatePaymentLayoutRequest>(
        *budget_, "PaymentLayoutService/CreatePaymentLayout",
        absl::StrCat("payment_layout_id: '", id, "' payment_layout { display_name: '見本' ", more, "}")));
  };
  EXPECT_EQ(layout("f2", absl::StrCat("body: 'areas/310000' payees { recipient: 'areas/313025' code: '7' } ", kForm)), "OK");
  EXPECT_EQ(Said(MakeBatch("1", "", nullptr, "f2")), "INVALID_ARGUMENT INVALID_REQUEST payment_batch.layout:PAYEE_UNKNOWN");
  EXPECT_EQ(layout("f3", absl::StrCat("body: 'areas/310000' payees { recipient: 'areas/312011' code: '00012' } ", kForm)), "OK");
  const auto batch = MakeBatch("1", "", nullptr, "f3");
  ASSERT_EQ(Said(batch), "OK");
  EXPECT_THAT(ReadFile(batch->name())->data(), HasSubstr("1-0001,00012,50000\r\n"));
  EXPECT_EQ(layout("f4", "body: 'areas/310000' form { shape: SHAPE_FIXED encoding: ENCODING_UTF8 columns { source: SOURCE_KEY } "
                         "result { key: 'k' day: 'd' voucher: 'v' yen: 'y' } } "),
            "INVALID_ARGUMENT INVALID_REQUEST payment_layout.form.columns:LAYOUT_INCOMPLETE "
            "payment_layout.form.columns[0].width:WIDTH_MISSING");
}

WIRE_TEST_ON_BOTH(PaymentFileTest);

}  // namespace
}  // namespace tsunagu::wire
