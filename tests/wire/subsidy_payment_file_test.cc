// Batches of payments: the requests, the file, and the result that comes back.
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/jp/civil_day.h"
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
    "form { shape: SHAPE_CSV encoding: ENCODING_CP932 has_heading: true trailer: '合計' columns { heading: '請求キー' "
    "source: "
    "SOURCE_KEY } columns { heading: '債権者' source: SOURCE_PAYEE_CODE } columns { heading: '金額' source: SOURCE_YEN "
    "} result { "
    "key: '請求キー' day: '支払日' voucher: '伝票番号' yen: '金額' refusal: 'エラー' } } ";

class PaymentFileTest : public SubsidyTest {
 protected:
  void SetUp() override {
    SubsidyTest::SetUp();
    if (IsSkipped()) return;
    ASSERT_EQ(
        Said(Ask<PaymentLayout, CreatePaymentLayoutRequest>(
            *budget_, "PaymentLayoutService/CreatePaymentLayout",
            absl::StrCat("payment_layout_id: 'f1' payment_layout { display_name: '見本システム' body: 'areas/310000' ",
                         kForm, "}"))),
        "OK");
  }

  absl::StatusOr<PaymentBatch> MakeBatch(const std::string& number, const std::string& more = "",
                                         const Caller* by = nullptr, const char* layout = "f1") {
    return Ask<PaymentBatch, CreatePaymentBatchRequest>(
        by == nullptr ? *officer_ : *by, "PaymentBatchService/CreatePaymentBatch",
        absl::StrCat("payment_batch { body: 'areas/310000' layout: 'paymentLayouts/", layout, "' document_number: '",
                     number, "' request_date { year: 2050 month: 4 day: 3 } ", more, " }"));
  }
  std::string MakeFixed(int64_t cost, const std::string& body = "areas/312011") {
    const std::string name = MakeGranted(cost, body);
    const Caller by = body == "areas/312011" ? *city_ : admin();
    EXPECT_EQ(
        Said(File(name, "kind: KIND_COMPLETION_REPORT completion_date { year: 2050 month: 4 day: 2 } " + Claim(cost),
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
    rpc::CallOptions options = (by == nullptr ? *treasurer_ : *by).options();
    options.timeout = absl::Minutes(5);  // a thousand rows, on a busy machine
    return rpc::Peer("suite", server().channel())
        .Unary<PaymentBatch>("tsunagu.subsidy.v1.PaymentBatchService/ImportPaymentResult", request, options);
  }
  absl::StatusOr<PaymentBatch> Release(const std::string& batch, const Caller* by = nullptr,
                                       const std::string& reason = "システムの障害で送れなかった") {
    return Ask<PaymentBatch, ReleasePaymentBatchRequest>(by == nullptr ? *treasurer_ : *by,
                                                         "PaymentBatchService/ReleasePaymentBatch",
                                                         absl::StrCat("name: '", batch, "' reason: '", reason, "'"));
  }
  // "R8-1-0001 OPEN 350000, …"
  std::string Requests(const std::string& batch) {
    const auto list = Ask<ListPaymentRequestsResponse, ListPaymentRequestsRequest>(
        *treasurer_, "PaymentRequestService/ListPaymentRequests",
        absl::StrCat("parent: '", batch, "' page_size: 1000"));
    EXPECT_EQ(Said(list), "OK");
    std::vector<std::string> lines;
    for (const auto& one : list->payment_requests()) {
      lines.push_back(
          absl::StrCat(one.key(), " ", PaymentRequest::Outcome_Name(one.outcome()).substr(8), " ", one.yen()));
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
  const std::string rows =
      absl::StrCat("R8-1-0001,2050-04-03,支-1,", first, ",\r\nR8-1-0002,,,", second, ",E12\r\n合計,2,500000\r\n");
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
  // Refused requests are requested again, and only those.
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
  EXPECT_EQ(Said(MakeBatch("2", item(1) + "items { application: 'applications/absent' yen: 1 }")),
            "INVALID_ARGUMENT INVALID_REQUEST payment_batch.items[1].application:REFERENCE_NOT_FOUND");
  EXPECT_EQ(Said(MakeBatch("2", item(1) + absl::StrCat("items { application: '", name, "' }"))),
            "INVALID_ARGUMENT INVALID_REQUEST payment_batch.items[1].yen:OUT_OF_RANGE")
      << "only a batch that names no item takes whatever is left";
  const std::string examined = MakeExamined(100'000);
  EXPECT_EQ(Said(MakeBatch("2", absl::StrCat("items { application: '", examined, "' yen: 1 }"))),
            "INVALID_ARGUMENT INVALID_REQUEST payment_batch.items[0]:PAYMENT_NOT_DUE");
  ASSERT_EQ(Said(MakeBatch("2", item(100'000))), "OK");
  EXPECT_EQ(Said(MakeBatch("2", item(1))),
            "INVALID_ARGUMENT INVALID_REQUEST payment_batch.items[0].yen:REQUEST_EXCEEDS_COMMITMENT");
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
  // Somebody has recorded one manually already: the result refers to that payment.
  ASSERT_EQ(Said(Pay(name, "kind: KIND_SETTLEMENT yen: 350000 document_number: 'v1'", "2050-04-03")), "OK");
  const std::string rows =
      in_order ? first + second
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
  EXPECT_EQ(layout("f2", absl::StrCat("body: 'areas/310000' payees { recipient: 'areas/313025' code: '7' } ", kForm)),
            "OK");
  EXPECT_EQ(Said(MakeBatch("1", "", nullptr, "f2")),
            "INVALID_ARGUMENT INVALID_REQUEST payment_batch.layout:PAYEE_UNKNOWN");
  EXPECT_EQ(
      layout("f3", absl::StrCat("body: 'areas/310000' payees { recipient: 'areas/312011' code: '00012' } ", kForm)),
      "OK");
  const auto batch = MakeBatch("1", "", nullptr, "f3");
  ASSERT_EQ(Said(batch), "OK");
  EXPECT_THAT(ReadFile(batch->name())->data(), HasSubstr("1-0001,00012,50000\r\n"));
  EXPECT_EQ(
      layout("f4",
             "body: 'areas/310000' form { shape: SHAPE_FIXED encoding: ENCODING_UTF8 columns { source: SOURCE_KEY } "
             "result { key: 'k' day: 'd' voucher: 'v' yen: 'y' } } "),
      "INVALID_ARGUMENT INVALID_REQUEST payment_layout.form.columns:LAYOUT_INCOMPLETE "
      "payment_layout.form.columns[0].width:WIDTH_MISSING");
}

TEST_P(PaymentFileTest, ABatchThatIsLetGoIsAskedForAgain) {
  const std::string name = MakeFixed(700'000);
  const auto batch = MakeBatch("R8-1");
  ASSERT_EQ(Said(batch), "OK");
  EXPECT_EQ(Said(MakeBatch("R8-2")), "FAILED_PRECONDITION NOTHING_TO_REQUEST");
  EXPECT_EQ(Said(Release(batch->name(), treasurer_.get(), "")),
            "INVALID_ARGUMENT INVALID_REQUEST reason:FIELD_REQUIRED");
  for (const Caller* one : {city_.get(), budget_.get()}) {
    EXPECT_EQ(Said(Release(batch->name(), one)), "PERMISSION_DENIED PERMISSION_DENIED");
  }
  const auto released = Release(batch->name());
  ASSERT_EQ(Said(released), "OK");
  EXPECT_EQ(released->releaser(), "treasurer");
  EXPECT_EQ(released->release_reason(), "システムの障害で送れなかった");
  EXPECT_EQ(jp::DayOf(released->release_date()), jp::CivilDay(2050, 4, 3));
  EXPECT_EQ(Requests(batch->name()), "R8-1-0001 RELEASED 350000");
  EXPECT_EQ(Line(), "1000000 = 650000 + 350000 + 0");
  EXPECT_EQ(Said(Release(batch->name())), "FAILED_PRECONDITION BATCH_RELEASED");
  const auto rows = [](const std::string& number) { return absl::StrCat(number, "-0001,2050-04-03,v1,350000,\r\n"); };
  EXPECT_EQ(Said(Import(batch->name(), rows("R8-1"))), "FAILED_PRECONDITION BATCH_RELEASED");
  const auto again = MakeBatch("R8-2");
  ASSERT_EQ(Said(again), "OK");
  ASSERT_EQ(Said(Import(again->name(), rows("R8-2"))), "OK");
  EXPECT_EQ(Stands(name), "SETTLED 350000/0/350000");
  EXPECT_EQ(Said(Release(again->name())), "FAILED_PRECONDITION BATCH_HAS_RESULT");
  EXPECT_EQ(Said(Import(batch->name(), rows("R8-1"))), "FAILED_PRECONDITION BATCH_RELEASED")
      << "also after the second one";
  EXPECT_EQ(Line(), "1000000 = 650000 + 0 + 350000");
}

// Four import the result, two let the batch go, and two ask for it again, all at once.
TEST_P(PaymentFileTest, OfEightWhoPayAndLetGoOneKindWins) {
  int paid = 0;
  for (int round = 0; round < 6; ++round) {
    MakeFixed(20'000);
    const std::string number = absl::StrCat("A", round);
    const auto batch = MakeBatch(number);
    ASSERT_EQ(Said(batch), "OK");
    const std::string rows = absl::StrCat(number, "-0001,2050-04-03,v1,10000,\r\n");
    std::vector<std::string> said(8);
    EightAtOnce([&](int i) {
      said[i] = i < 4   ? Said(Import(batch->name(), rows))
                : i < 6 ? Said(Release(batch->name()))
                        : Said(MakeBatch(absl::StrCat("B", round, i)));
      return said[i];
    });
    const bool is_paid = Requests(batch->name()) == number + "-0001 PAID 10000";
    for (int i = 0; i < 4; ++i) EXPECT_EQ(said[i], is_paid ? "OK" : "FAILED_PRECONDITION BATCH_RELEASED");
    const int released = (said[4] == "OK") + (said[5] == "OK"), asked = (said[6] == "OK") + (said[7] == "OK");
    EXPECT_EQ(released, is_paid ? 0 : 1) << said[4] << said[5];
    EXPECT_LE(asked, released) << "asked for again only once it was let go";
    // A released request that nobody repeated is requested now, and paid once.
    const auto open = Ask<ListPaymentRequestsResponse, ListPaymentRequestsRequest>(
        *treasurer_, "PaymentRequestService/ListPaymentRequests",
        "parent: 'paymentBatches/-' filter: 'outcome = OUTCOME_OPEN'");
    EXPECT_EQ(open->payment_requests_size(), asked);
    paid += is_paid;
    for (const auto& one : open->payment_requests()) {
      ASSERT_EQ(Said(Release(one.name().substr(0, one.name().find("/paymentRequests/")))), "OK");
    }
    if (is_paid) continue;
    const auto last = MakeBatch(absl::StrCat("C", round));
    ASSERT_EQ(Said(last), "OK");
    ASSERT_EQ(Said(Import(last->name(), absl::StrCat("C", round, "-0001,2050-04-03,v1,10000,\r\n"))), "OK");
  }
  EXPECT_EQ(Line(), "1000000 = 940000 + 0 + 60000") << "each is paid once; " << paid << " by the first batch";
}

TEST_P(PaymentFileTest, MoreThanAThousandTakeTwoBatches) {
  ASSERT_EQ(Said(ChangeBudget("budgetLines/l1", "kind: KIND_SUPPLEMENT yen: 1000000 document_number: '議決2'")), "OK");
  constexpr int kDue = 1003;
  EightAtOnce([&](int writer) {
    for (int i = writer; i < kDue; i += 8) MakeFixed(2'000);
    return "";
  });
  const auto first = MakeBatch("1");
  ASSERT_EQ(Said(first), "OK");
  EXPECT_EQ(first->request_count(), 1000);
  EXPECT_EQ(first->total_yen(), 1'000'000);
  EXPECT_EQ(first->left_count(), 3);
  const auto second = MakeBatch("2");
  ASSERT_EQ(Said(second), "OK");
  EXPECT_EQ(second->request_count(), 3);
  EXPECT_EQ(second->left_count(), 0);
  EXPECT_EQ(Said(MakeBatch("3")), "FAILED_PRECONDITION NOTHING_TO_REQUEST");
  std::string rows;
  for (int i = 1; i <= 1000; ++i) absl::StrAppend(&rows, absl::StrFormat("1-%04d,2050-04-03,v%d,1000,\r\n", i, i));
  ASSERT_EQ(Said(Import(first->name(), rows)), "OK");
  EXPECT_EQ(Line(), "2000000 = 997000 + 3000 + 1000000");
  EXPECT_EQ(Said(Release(second->name())), "OK");
  const auto third = MakeBatch("4");
  ASSERT_EQ(Said(third), "OK");
  EXPECT_EQ(third->request_count(), 3);
}

TEST_P(PaymentFileTest, AResultOfFixedWidths) {
  const std::string form =
      "form { shape: SHAPE_FIXED encoding: ENCODING_CP932 trailer: 'T' columns { source: SOURCE_KEY width: 12 } "
      "columns { source: "
      "SOURCE_YEN width: 12 padding: PADDING_ZEROS } result { key: 'k' day: 'd' voucher: 'v' yen: 'y' columns { "
      "heading: 'k' "
      "width: 12 } columns { heading: 'y' width: 12 } columns { heading: 'd' width: 8 } ";
  const auto layout = [&](const char* id, const std::string& rest) {
    return Said(Ask<PaymentLayout, CreatePaymentLayoutRequest>(
        *budget_, "PaymentLayoutService/CreatePaymentLayout",
        absl::StrCat("payment_layout_id: '", id, "' payment_layout { display_name: '固定長' body: 'areas/310000' ",
                     form, rest, " } } }")));
  };
  EXPECT_EQ(layout("f2", ""), "INVALID_ARGUMENT INVALID_REQUEST payment_layout.form.result.columns:LAYOUT_INCOMPLETE");
  EXPECT_EQ(layout("f2", "columns { heading: 'v' }"),
            "INVALID_ARGUMENT INVALID_REQUEST payment_layout.form.result.columns[3].width:OUT_OF_RANGE");
  ASSERT_EQ(layout("f2", "columns { heading: 'v' width: 8 }"), "OK");
  const std::string name = MakeFixed(700'000);
  const auto batch = MakeBatch("R8-1", "", nullptr, "f2");
  ASSERT_EQ(Said(batch), "OK");
  EXPECT_EQ(ReadFile(batch->name())->data(), "R8-1-0001   000000350000\r\nT000001000000000350000  \r\n");
  ImportPaymentResultRequest request;
  request.set_name(batch->name());
  const auto import = [&](const std::string& data) {
    request.set_data(data);
    return Said(treasurer_->Call<PaymentBatch>("subsidy.v1.PaymentBatchService/ImportPaymentResult", request));
  };
  const std::string line = "R8-1-0001   00000035000020500403v1      \r\n";
  EXPECT_EQ(import(line + "T000001000000000350001"), "INVALID_ARGUMENT INVALID_REQUEST line[2]:RESULT_SUM_DIFFERS");
  EXPECT_EQ(import("R8-1-0001\r\n"), "INVALID_ARGUMENT INVALID_REQUEST data:RESULT_LINE_WIDTH");
  ASSERT_EQ(import(line + "T000001000000000350000\r\n"), "OK");
  EXPECT_EQ(Stands(name), "SETTLED 350000/0/350000");
}

WIRE_TEST_ON_BOTH(PaymentFileTest);

}  // namespace
}  // namespace tsunagu::wire
