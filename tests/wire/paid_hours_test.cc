// Claims of hours: approved, let go, asked for by batches of payments, and paid.
#include <atomic>

#include "common/base/error.h"
#include "common/contract/own_id.h"
#include "tests/wire/activities_test_base.h"
#include "tests/wire/eight_writers.h"
#include "tsunagu/platform/v1/due.pb.h"
#include "tsunagu/platform/v1/report.pb.h"
#include "tsunagu/subsidy/v1/approval_limit.pb.h"
#include "tsunagu/subsidy/v1/explanation.pb.h"
#include "tsunagu/subsidy/v1/payment_batch.pb.h"
#include "tsunagu/subsidy/v1/payment_layout.pb.h"
#include "tsunagu/subsidy/v1/planning.pb.h"
#include "tsunagu/subsidy/v1/subsidy_report.pb.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen
using testing::Pair;
using testing::UnorderedElementsAre;

class PaidHoursTest : public ActivitiesTest {
 protected:
  void SetUp() override {
    ActivitiesTest::SetUp();
    if (IsSkipped()) return;
    chief_ = std::make_unique<Caller>(CallerWith("chief", {"municipality-officer@areas/312011"}, "subsidy"));
    cashier_ = std::make_unique<Caller>(CallerWith("cashier", {"treasurer@areas/312011"}, "subsidy"));
    const Caller books = CallerWith("books", {"budget-officer@areas/312011"}, "subsidy");
    for (const char* line : {"h49 2049", "h50 2050"}) {
      const std::string id(line, 3), year(line + 4);
      ASSERT_EQ(Said(Ask<BudgetLine, CreateBudgetLineRequest>(
                    books, "BudgetLineService/CreateBudgetLine",
                    absl::StrCat("budget_line_id: '", id, "' budget_line { display_name: '見本費' fiscal_year: ", year,
                                 " code: '", id, "' body: 'areas/312011' }"))),
                "OK");
    }
    ASSERT_EQ(Said(Ask<BudgetChange, CreateBudgetChangeRequest>(
                  books, "BudgetChangeService/CreateBudgetChange",
                  "parent: 'budgetLines/h49' budget_change { kind: KIND_INITIAL yen: 20000 document_number: '1' " +
                      Day("change_date", "2049-04-01") + "}")),
              "OK");
    ASSERT_EQ(Said(Ask<PaymentLayout, CreatePaymentLayoutRequest>(
                  books, "PaymentLayoutService/CreatePaymentLayout",
                  "payment_layout_id: 'h' payment_layout { display_name: '見本' body: 'areas/312011' form { shape: "
                  "SHAPE_CSV encoding: "
                  "ENCODING_UTF8 columns { source: SOURCE_KEY } columns { source: SOURCE_PAYEE_CODE } columns { "
                  "source: SOURCE_PROGRAMME "
                  "} columns { source: SOURCE_DECISION_NUMBER } columns { source: SOURCE_YEN } result { key: 'k' day: "
                  "'d' voucher: 'v' "
                  "yen: 'y' refusal: 'e' } } }")),
              "OK");
  }
  // Of one visit of an hour and a half, at 10,125 yen.
  std::string MakeClaim(const std::string& child = "a-1", const std::string& provider = "") {
    const std::string& by = provider.empty() ? station_ : provider;
    const std::string grant = MakeGrant(child);
    EXPECT_EQ(Said(Record(grant, Visit(by, "2049-07-01", "9:00", "10:30"))), "OK");
    const auto claim = File(by, Line(grant, 90, 10'125), 10'125);
    EXPECT_EQ(Said(claim), "OK");
    return claim.ok() ? claim->name() : "";
  }
  absl::StatusOr<UsageClaim> Approve(const std::string& claim, const Caller& by, const std::string& line = "h49",
                                     const std::string& day = "2049-08-10") {
    return Ask<UsageClaim, ApproveUsageClaimRequest>(
        by, "UsageClaimService/ApproveUsageClaim",
        absl::StrCat("name: '", claim, "' budget_line: 'budgetLines/", line, "' ", Day("approval_date", day)));
  }
  absl::StatusOr<PaymentBatch> MakeBatch(const std::string& number) {
    return Ask<PaymentBatch, CreatePaymentBatchRequest>(
        *cashier_, "PaymentBatchService/CreatePaymentBatch",
        absl::StrCat("payment_batch { body: 'areas/312011' layout: 'paymentLayouts/h' document_number: '", number, "' ",
                     Day("request_date", "2050-04-03"), "}"));
  }
  absl::StatusOr<PaymentBatch> Import(const std::string& batch, const std::string& row, const Caller* by = nullptr) {
    ImportPaymentResultRequest request;
    request.set_name(batch);
    request.set_data("k,d,v,y,e\n" + row + "\n");
    return (by == nullptr ? *cashier_ : *by)
        .Call<PaymentBatch>("subsidy.v1.PaymentBatchService/ImportPaymentResult", request);
  }
  absl::StatusOr<UsageClaim> Release(const std::string& claim, const Caller& by,
                                     const std::string& day = "2049-08-11") {
    return Ask<UsageClaim, ReleaseUsageClaimRequest>(
        by, "UsageClaimService/ReleaseUsageClaim",
        absl::StrCat("name: '", claim, "' reason: '科目の誤り' ", Day("release_date", day)));
  }
  absl::StatusOr<UsageClaim> Pay(const std::string& claim, const Caller& by, const std::string& voucher = "v9",
                                 const std::string& day = "2049-08-20") {
    return Ask<UsageClaim, PayUsageClaimRequest>(
        by, "UsageClaimService/PayUsageClaim",
        absl::StrCat("name: '", claim, "' voucher: '", voucher, "' ", Day("payment_date", day)));
  }
  UsageClaim Read(const std::string& claim) {
    const auto read = Ask<UsageClaim, GetUsageClaimRequest>(admin(), "UsageClaimService/GetUsageClaim",
                                                            absl::StrCat("name: '", claim, "'"));
    EXPECT_EQ(Said(read), "OK");
    return read.ok() ? *read : UsageClaim();
  }
  // What the report says of claims of hours on a day.
  std::string Reported(const std::string& day) {
    const auto made = Ask<platform_v1::Report, GetSubsidyReportRequest>(
        admin(), "SubsidyReportService/GetSubsidyReport",
        absl::StrCat("fiscal_year: 2049 group_by: SUBSIDY_GROUPING_BODIES ", Day("as_of_date", day)));
    std::string told;
    for (const auto& figure : made->figures()) {
      if (figure.population() == "usage")
        absl::StrAppend(&told, figure.group(), " ", figure.measure(), " ", figure.value(), ", ");
    }
    return told;
  }

  std::unique_ptr<Caller> chief_, cashier_;
};

TEST_P(PaidHoursTest, FromTheClaimToThePayment) {
  const std::string claim = MakeClaim();
  EXPECT_EQ(Read(claim).body(), "areas/312011");
  EXPECT_EQ(Said(MakeBatch("1")), "FAILED_PRECONDITION NOTHING_TO_REQUEST") << "nobody has approved it";
  const std::string invalid = "INVALID_ARGUMENT INVALID_REQUEST ";
  EXPECT_EQ(Said(Approve(claim, *city_)), "FAILED_PRECONDITION DUTIES_OF_ONE_PERSON") << "she has filed it";
  EXPECT_EQ(Said(Approve(claim, *cashier_)), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(Said(Approve(claim, *chief_, "h50", "2049-07-30")),
            invalid + "approval_date:DOCUMENT_OUT_OF_ORDER budget_line:LINE_OF_WRONG_YEAR");
  EXPECT_EQ(Said(Approve(claim, *chief_, "l1", "2050-04-04")),
            invalid + "approval_date:DOCUMENT_TO_COME budget_line:LINE_OF_ANOTHER_BODY budget_line:LINE_OF_WRONG_YEAR");
  EXPECT_EQ(Said(Approve(claim, *chief_, "none")), invalid + "budget_line:REFERENCE_NOT_FOUND");
  EXPECT_EQ(Said(Approve(claim, *chief_, "h49", "2050-04-01")), "FAILED_PRECONDITION YEAR_SETTLING");
  const auto approved = Approve(claim, *chief_);
  ASSERT_EQ(Said(approved), "OK");
  EXPECT_EQ(approved->approver(), "chief");
  EXPECT_EQ(approved->state(), UsageClaim::STATE_APPROVED);
  EXPECT_EQ(SubsidyTest::Line("budgetLines/h49"), "20000 = 9875 + 10125 + 0");
  EXPECT_EQ(Said(Approve(claim, *chief_)), "FAILED_PRECONDITION CLAIM_APPROVED");
  EXPECT_EQ(Said(Withdraw(claim)), "FAILED_PRECONDITION CLAIM_APPROVED");
  EXPECT_EQ(Said(File(station_, Line(MakeGrant("a-9"), 0, 0), 0)), "ALREADY_EXISTS MONTH_CLAIMED_ALREADY");
  const auto due = [&] {
    platform_v1::ListDueRequest request;
    request.set_parent("services/subsidy");
    *request.mutable_until_date() = jp::ToDate(*jp::ParseDay("2050-05-31"));
    std::string told;
    const auto listed = cashier_->Call<platform_v1::ListDueResponse>("platform.v1.DueService/ListDue", request);
    EXPECT_EQ(Said(listed), "OK");
    for (const auto& item : listed->due())
      absl::StrAppend(&told, item.kind(), " ", item.resource_name(), " ", item.text());
    return told;
  };
  EXPECT_EQ(due(),
            absl::StrCat("PAYMENT_DUE ", claim, " 10125 yen have to be paid before the accounts of the year close."));
  const auto batch = MakeBatch("1");
  ASSERT_EQ(Said(batch), "OK");
  EXPECT_EQ(batch->total_yen(), 10'125);
  const auto file = Ask<ReadPaymentFileResponse, ReadPaymentFileRequest>(
      *cashier_, "PaymentBatchService/ReadPaymentFile", absl::StrCat("name: '", batch->name(), "'"));
  EXPECT_EQ(file->data(), absl::StrCat("1-0001,", contract::OwnId(station_), ",家族のレスパイト,,10125\r\n"));
  EXPECT_EQ(Said(MakeBatch("2")), "FAILED_PRECONDITION NOTHING_TO_REQUEST") << "asked for already";
  // Refused, let go, asked for again and paid.
  ASSERT_EQ(Said(Import(batch->name(), "1-0001,,,10125,E1")), "OK");
  EXPECT_EQ(Read(claim).state(), UsageClaim::STATE_APPROVED);
  const auto second = MakeBatch("2");
  ASSERT_EQ(Said(second), "OK");
  ASSERT_EQ(
      Said(Ask<PaymentBatch, ReleasePaymentBatchRequest>(*cashier_, "PaymentBatchService/ReleasePaymentBatch",
                                                         absl::StrCat("name: '", second->name(), "' reason: '障害'"))),
      "OK");
  const auto third = MakeBatch("3");
  ASSERT_EQ(Said(third), "OK");
  EXPECT_EQ(Said(Import(third->name(), "3-0001,2049-08-09,v1,10125,")),
            invalid + "line[2].payment_date:DOCUMENT_OUT_OF_ORDER");
  CallerWith("chief", {"municipality-officer@areas/312011", "treasurer@areas/312011"}, "subsidy");
  EXPECT_EQ(Said(Import(third->name(), "3-0001,2050-04-03,v1,10125,", chief_.get())),
            invalid + "line[2]:DUTIES_OF_ONE_PERSON");
  ASSERT_EQ(Said(Import(third->name(), "3-0001,2050-04-03,v1,10125,")), "OK");
  const UsageClaim paid = Read(claim);
  EXPECT_EQ(paid.state(), UsageClaim::STATE_PAID);
  EXPECT_EQ(paid.payer(), "cashier");
  EXPECT_EQ(paid.voucher(), "v1");
  EXPECT_EQ(SubsidyTest::Line("budgetLines/h49"), "20000 = 9875 + 0 + 10125");
  EXPECT_EQ(due(), "");
  EXPECT_EQ(Said(MakeBatch("4")), "FAILED_PRECONDITION NOTHING_TO_REQUEST");
  EXPECT_EQ(Said(Withdraw(claim)), "ALREADY_EXISTS PAID_ALREADY");
  // The ledger and the report say the same.
  const auto posting = Ask<Posting, GetPostingRequest>(admin(), "PostingService/GetPosting",
                                                       "name: 'budgetLines/h49/postings/000000003'");
  EXPECT_EQ(posting->usage_claim(), claim);
  EXPECT_EQ(posting->application(), "");
  const auto explained = Ask<Explanation, ExplainAmountRequest>(*cashier_, "ExplanationService/ExplainAmount",
                                                                "name: 'budgetLines/h49/postings/000000003'");
  ASSERT_EQ(Said(explained), "OK");
  EXPECT_EQ(explained->source(), claim);
  EXPECT_EQ(explained->yen(), 10'125);
  EXPECT_TRUE(explained->agrees());
  EXPECT_EQ(explained->postings_size(), 2);
  clock().Advance(absl::Seconds(1));
  EXPECT_EQ(Reported("2049-08-09"), " commitments 0,  committed 0,  paid 0, ");
  EXPECT_EQ(Reported("2049-08-10"),
            " commitments 1,  committed 10125,  paid 0, areas/312011 commitments 1, areas/312011 committed "
            "10125, areas/312011 paid 0, ");
  EXPECT_EQ(Reported("2050-04-03"),
            " commitments 1,  committed 10125,  paid 10125, areas/312011 commitments 1, areas/312011 "
            "committed 10125, areas/312011 paid 10125, ");
}

TEST_P(PaidHoursTest, EveryYenIsExplained) {
  MakeScheme("hours", "ACTIVITY_OTHER",
             "unit_minutes: 60 rest: REST_DROPPED start: START_DECISION unit_price_yen: 4000 yearly_cap_yen: 9000");
  const auto explain = [&](const std::string& name) {
    const auto explained = Ask<Explanation, ExplainAmountRequest>(admin(), "ExplanationService/ExplainAmount",
                                                                  absl::StrCat("name: '", name, "'"));
    EXPECT_EQ(Said(explained), "OK");
    std::string told = absl::StrCat(explained->yen(), explained->agrees() ? " agrees:" : " differs:");
    for (const auto& line : explained->trace().lines()) {
      absl::StrAppend(&told, " ", line.step(), " ", line.exact(), line.exact().empty() ? "" : " > ", line.value());
    }
    return told;
  };
  const auto visit = Record(MakeGrant("a-1"), Visit(station_, "2049-07-01", "9:00", "11:20", "insured_minutes: 30"));
  ASSERT_EQ(Said(visit), "OK");
  EXPECT_EQ(explain(visit->name()),
            "10125 agrees: length 140 insured 30 fee 0 minutes 90 cost 11,250 own 1,125 yen 10,125");
  const std::string grant = MakeGrant("a-2", "", "hours"), office = MakeProvider("ACTIVITY_OTHER");
  ASSERT_EQ(Said(Record(grant, Visit(office, "2049-07-01", "9:00", "12:30"))), "OK");
  const auto claim = File(office, Line(grant, 180, 9'000), 9'000);
  ASSERT_EQ(Said(claim), "OK");
  EXPECT_EQ(explain(claim->name()), "9000 agrees: minutes 180 yen 12,000 > 9,000") << "cut to the cap of the year";
}

TEST_P(PaidHoursTest, WhoeverApprovesHasALimit) {
  const std::string claim = MakeClaim();
  ASSERT_EQ(Said(Ask<ApprovalLimit, CreateApprovalLimitRequest>(
                admin(), "ApprovalLimitService/CreateApprovalLimit",
                absl::StrCat("approval_limit { body: 'areas/312011' holder: 'chief' yen: 10124 ",
                             Day("valid_from_date", "2049-04-01"), "}"))),
            "OK");
  EXPECT_EQ(Said(Approve(claim, *chief_)), "FAILED_PRECONDITION APPROVAL_LIMIT_EXCEEDED");
  EXPECT_EQ(Read(claim).state(), UsageClaim::STATE_FILED);
  EXPECT_EQ(SubsidyTest::Line("budgetLines/h49"), "20000 = 20000 + 0 + 0");
}

TEST_P(PaidHoursTest, EightAtOnceApproveAskAndPayOnce) {
  const std::string claim = MakeClaim();
  const auto decided =
      EightAtOnce([&](int i) { return i < 2 ? Said(Withdraw(claim)) : Said(Approve(claim, *chief_)); });
  EXPECT_EQ(decided.at("OK"), 1) << testing::PrintToString(decided);
  std::string held = claim;
  if (Read(claim).state() == UsageClaim::STATE_WITHDRAWN) {
    EXPECT_EQ(SubsidyTest::Line("budgetLines/h49"), "20000 = 20000 + 0 + 0");
    held = MakeClaim("a-2", MakeProvider("ACTIVITY_RESPITE"));
    ASSERT_EQ(Said(Approve(held, *chief_)), "OK");
  }
  EXPECT_EQ(SubsidyTest::Line("budgetLines/h49"), "20000 = 9875 + 10125 + 0");
  std::vector<std::string> made(8);
  EXPECT_THAT(EightAtOnce([&](int i) {
                const auto batch = MakeBatch(absl::StrCat("b", i));
                if (batch.ok()) made[i] = batch->name();
                return Said(batch);
              }),
              UnorderedElementsAre(Pair("OK", 1), Pair("FAILED_PRECONDITION NOTHING_TO_REQUEST", 7)));
  std::string batch, number;
  for (int i = 0; i < 8; ++i) {
    if (!made[i].empty()) batch = made[i], number = absl::StrCat("b", i);
  }
  EXPECT_THAT(EightAtOnce([&](int) { return Said(Import(batch, number + "-0001,2050-04-03,v1,10125,")); }),
              UnorderedElementsAre(Pair("OK", 8)));
  EXPECT_EQ(SubsidyTest::Line("budgetLines/h49"), "20000 = 9875 + 0 + 10125");
  EXPECT_EQ(Read(held).state(), UsageClaim::STATE_PAID);
}

TEST_P(PaidHoursTest, AnApprovalIsLetGo) {
  const std::string claim = MakeClaim();
  const std::string invalid = "INVALID_ARGUMENT INVALID_REQUEST ";
  EXPECT_EQ(Said(Release(claim, *chief_)), "FAILED_PRECONDITION CLAIM_NOT_APPROVED");
  ASSERT_EQ(Said(Approve(claim, *chief_)), "OK");
  EXPECT_EQ(Said(Release(claim, *city_)), "FAILED_PRECONDITION DUTIES_OF_ONE_PERSON") << "she has filed it";
  EXPECT_EQ(Said(Release(claim, *cashier_)), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(Said(Release(claim, *chief_, "2049-08-09")), invalid + "release_date:DOCUMENT_OUT_OF_ORDER");
  EXPECT_EQ(Said(Release(claim, *chief_, "2050-04-04")), invalid + "release_date:DOCUMENT_TO_COME");
  const auto batch = MakeBatch("1");
  ASSERT_EQ(Said(batch), "OK");
  EXPECT_EQ(Said(Release(claim, *chief_)), "FAILED_PRECONDITION PAYMENT_ASKED_FOR_UNSEEN")
      << "she approves, and reads no batch";
  SetRole("reads-batches", {"paymentBatches.read", "usageClaims.approve"}, "subsidy");
  EXPECT_EQ(Said(Release(claim, CallerWith("reader-of-batches", {"reads-batches@areas/312011"}, "subsidy"))),
            "FAILED_PRECONDITION PAYMENT_ASKED_FOR");
  EXPECT_EQ(SubsidyTest::Line("budgetLines/h49"), "20000 = 9875 + 10125 + 0");
  ASSERT_EQ(Said(Import(batch->name(), "1-0001,,,10125,E1")), "OK");
  const auto released = Release(claim, *chief_);
  ASSERT_EQ(Said(released), "OK");
  EXPECT_EQ(released->state(), UsageClaim::STATE_FILED);
  EXPECT_EQ(released->release_reason(), "科目の誤り");
  EXPECT_EQ(released->approver(), "");
  EXPECT_EQ(released->budget_line(), "");
  EXPECT_EQ(SubsidyTest::Line("budgetLines/h49"), "20000 = 20000 + 0 + 0");
  EXPECT_EQ(Said(MakeBatch("2")), "FAILED_PRECONDITION NOTHING_TO_REQUEST");
  EXPECT_EQ(Said(Release(claim, *chief_)), "FAILED_PRECONDITION CLAIM_NOT_APPROVED");
  EXPECT_EQ(Said(Approve(claim, *chief_)), invalid + "approval_date:DOCUMENT_OUT_OF_ORDER") << "before it was let go";
  ASSERT_EQ(Said(Approve(claim, *chief_, "h49", "2049-08-12")), "OK");
  EXPECT_EQ(SubsidyTest::Line("budgetLines/h49"), "20000 = 9875 + 10125 + 0");
  ASSERT_EQ(Said(Release(claim, *chief_, "2049-08-12")), "OK");
  EXPECT_EQ(Said(Withdraw(claim)), "OK");
  // A released amount counts until then.
  clock().Advance(absl::Seconds(1));
  EXPECT_EQ(Reported("2049-08-10"),
            " commitments 1,  committed 10125,  paid 0, areas/312011 commitments 1, areas/312011 "
            "committed 10125, areas/312011 paid 0, ");
  EXPECT_EQ(Reported("2049-08-11"), " commitments 0,  committed 0,  paid 0, ");
}

TEST_P(PaidHoursTest, PaidByHandOnce) {
  const std::string claim = MakeClaim();
  const std::string invalid = "INVALID_ARGUMENT INVALID_REQUEST ";
  EXPECT_EQ(Said(Pay(claim, *cashier_)), "FAILED_PRECONDITION CLAIM_NOT_APPROVED");
  ASSERT_EQ(Said(Approve(claim, *chief_)), "OK");
  EXPECT_EQ(Said(Pay(claim, *chief_)), "PERMISSION_DENIED PERMISSION_DENIED");
  const Caller both = CallerWith("chief", {"municipality-officer@areas/312011", "treasurer@areas/312011"}, "subsidy");
  EXPECT_EQ(Said(Pay(claim, both)), "FAILED_PRECONDITION DUTIES_OF_ONE_PERSON") << "he has approved it";
  EXPECT_EQ(Said(Pay(claim, *cashier_, "v9", "2049-08-09")), invalid + "payment_date:DOCUMENT_OUT_OF_ORDER");
  EXPECT_EQ(Said(Pay(claim, *cashier_, "")), invalid + "voucher:FIELD_REQUIRED");
  // The accounting system paid it, somebody records that, and then comes the result.
  const auto batch = MakeBatch("1");
  ASSERT_EQ(Said(batch), "OK");
  const auto paid = Pay(claim, *cashier_);
  ASSERT_EQ(Said(paid), "OK");
  EXPECT_EQ(paid->state(), UsageClaim::STATE_PAID);
  EXPECT_EQ(paid->payer(), "cashier");
  EXPECT_EQ(Said(Pay(claim, *cashier_)), "ALREADY_EXISTS PAID_ALREADY");
  EXPECT_EQ(Said(Release(claim, *chief_, "2049-08-21")), "ALREADY_EXISTS PAID_ALREADY");
  EXPECT_EQ(Said(Approve(claim, *chief_)), "ALREADY_EXISTS PAID_ALREADY");
  EXPECT_EQ(Said(Withdraw(claim)), "ALREADY_EXISTS PAID_ALREADY");
  EXPECT_EQ(Said(Import(batch->name(), "1-0001,2049-08-20,v8,10125,")), invalid + "line[2]:PAID_ALREADY")
      << "another voucher";
  EXPECT_EQ(Said(Import(batch->name(), "1-0001,2049-08-21,v9,10125,")), invalid + "line[2]:PAID_ALREADY")
      << "another day";
  ASSERT_EQ(Said(Import(batch->name(), "1-0001,2049-08-20,v9,10125,")), "OK");
  EXPECT_EQ(Said(Release(claim, *chief_, "2049-08-21")), "ALREADY_EXISTS PAID_ALREADY");
  EXPECT_EQ(SubsidyTest::Line("budgetLines/h49"), "20000 = 9875 + 0 + 10125");
}

// An amount that was approved in time and not paid by 31 May is released, and paid from a line of a later year.
TEST_P(PaidHoursTest, AfterTheAccountsOfTheYearAreClosed) {
  ASSERT_EQ(
      Said(Ask<BudgetChange, CreateBudgetChangeRequest>(
          CallerWith("books", {"budget-officer@areas/312011"}, "subsidy"), "BudgetChangeService/CreateBudgetChange",
          "parent: 'budgetLines/h50' budget_change { kind: KIND_INITIAL yen: 50000 document_number: '1' " +
              Day("change_date", "2050-04-01") + "}")),
      "OK");
  const std::string claim = MakeClaim();
  ASSERT_EQ(Said(Approve(claim, *chief_)), "OK");
  const std::string invalid = "INVALID_ARGUMENT INVALID_REQUEST ";
  clock().Advance(absl::Hours(24 * 60));  // to 2 June 2050
  EXPECT_EQ(Said(Pay(claim, *cashier_, "v9", "2050-06-01")), "FAILED_PRECONDITION YEAR_CLOSED");
  ASSERT_EQ(Said(Release(claim, *chief_, "2050-06-01")), "OK");
  EXPECT_EQ(SubsidyTest::Line("budgetLines/h49"), "20000 = 20000 + 0 + 0");
  EXPECT_EQ(Said(Approve(claim, *chief_, "h49", "2050-06-01")), invalid + "budget_line:LINE_OF_WRONG_YEAR");
  const auto again = Approve(claim, *chief_, "h50", "2050-06-01");
  ASSERT_EQ(Said(again), "OK");
  EXPECT_TRUE(again->past_year());
  ASSERT_EQ(Said(Pay(claim, *cashier_, "v9", "2050-06-01")), "OK");
  EXPECT_EQ(SubsidyTest::Line("budgetLines/h50"), "50000 = 39875 + 0 + 10125");
}

TEST_P(PaidHoursTest, IsClaimedFromWhoeverFundsTheBody) {
  ASSERT_EQ(
      Said(Ask<Programme, CreateProgrammeRequest>(
          admin(), "ProgrammeService/CreateProgramme",
          "programme_id: 's49' programme { display_name: '県の見本事業' fiscal_year: 2049 rule_set: 'ruleSets/r1' "
          "decided_elsewhere: true }")),
      "OK");
  for (const char* own : {"c49 2049 areas/312011", "c50 2050 areas/312011", "x49 2049 areas/312029"}) {
    ASSERT_EQ(Said(Ask<Programme, CreateProgrammeRequest>(
                  admin(), "ProgrammeService/CreateProgramme",
                  absl::StrCat("programme_id: '", std::string(own, 3),
                               "' programme { display_name: '市の見本事業' fiscal_year: ", std::string(own + 4, 4),
                               " rule_set: 'ruleSets/r1' grantor: '", own + 9, "' funded_by: 'programmes/s49' }"))),
              "OK");
  }
  const std::string claim = MakeClaim();
  const auto approve = [&](const std::string& more) {
    return Ask<UsageClaim, ApproveUsageClaimRequest>(
        *chief_, "UsageClaimService/ApproveUsageClaim",
        absl::StrCat("name: '", claim, "' budget_line: 'budgetLines/h49' ", Day("approval_date", "2049-08-10"), more));
  };
  const std::string invalid = "INVALID_ARGUMENT INVALID_REQUEST ";
  EXPECT_EQ(Said(approve("programme: 'programmes/none' item: 'respite'")), invalid + "programme:REFERENCE_NOT_FOUND");
  EXPECT_EQ(Said(approve("programme: 'programmes/c49'")), invalid + "item:FIELD_REQUIRED");
  EXPECT_EQ(Said(approve("item: 'respite'")), invalid + "programme:FIELD_REQUIRED");
  EXPECT_EQ(Said(approve("programme: 'programmes/c50' item: 'none'")),
            invalid + "item:ITEM_UNKNOWN programme:PROGRAMME_OF_WRONG_YEAR");
  EXPECT_EQ(Said(approve("programme: 'programmes/x49' item: 'respite'")), invalid + "programme:NOT_THE_GRANTOR");
  ASSERT_EQ(Said(approve("programme: 'programmes/c49' item: 'respite'")), "OK");
  const auto drawn = [&](const std::string& basis) {
    const auto draft = Ask<DraftedClaim, DraftClaimRequest>(
        admin(), "PlanningService/DraftClaim",
        "programme: 'programmes/s49' body: 'areas/312011' input: 'spent' basis: " + basis);
    EXPECT_EQ(Said(draft), "OK");
    std::string told;
    for (const auto& row : draft->rows()) absl::StrAppend(&told, row.ShortDebugString(), ";");
    return told;
  };
  const std::string row = "item: \"respite\" source: SOURCE_USAGE count: 1 yen: 10125;";
  EXPECT_EQ(drawn("BASIS_COMMITTED"), row);
  EXPECT_EQ(drawn("BASIS_PAID"), "");
  ASSERT_EQ(Said(Pay(claim, *cashier_)), "OK");
  EXPECT_EQ(drawn("BASIS_PAID"), row);
}

// One writer releases and approves again what another has read, so that nothing seems to have changed.
TEST_P(PaidHoursTest, EightAtOnceApproveAndLetGoInTurn) {
  const std::string claim = MakeClaim();
  EightAtOnce([&](int i) {
    for (int round = 0; round < 12; ++round)
      (void)(i % 2 == 0 ? Approve(claim, *chief_, "h49", "2049-08-10") : Release(claim, *chief_, "2049-08-10"));
    return "";
  });
  const bool is_approved = Read(claim).state() == UsageClaim::STATE_APPROVED;
  EXPECT_EQ(SubsidyTest::Line("budgetLines/h49"), is_approved ? "20000 = 9875 + 10125 + 0" : "20000 = 20000 + 0 + 0");
}

// Releasing and requesting or paying exclude each other.
TEST_P(PaidHoursTest, EightAtOnceLetGoAskAndPayByHand) {
  const std::string claim = MakeClaim();
  ASSERT_EQ(Said(Approve(claim, *chief_)), "OK");
  std::atomic<bool> asked = false;
  const auto told = EightAtOnce([&](int i) {
    if (i < 3) return absl::StrCat("release ", Said(Release(claim, *chief_)));
    if (i < 6) return absl::StrCat("pay ", Said(Pay(claim, *cashier_, absl::StrCat("v", i))));
    const auto batch = MakeBatch(absl::StrCat("b", i));
    if (batch.ok()) asked = true;
    return absl::StrCat("ask ", Said(batch));
  });
  const int released = told.count("release OK") ? told.at("release OK") : 0,
            paid = told.count("pay OK") ? told.at("pay OK") : 0;
  EXPECT_EQ(released + paid, 1) << testing::PrintToString(told);
  EXPECT_FALSE(asked && released == 1) << "what a batch asks for is not let go: " << testing::PrintToString(told);
  EXPECT_EQ(SubsidyTest::Line("budgetLines/h49"), released ? "20000 = 20000 + 0 + 0" : "20000 = 9875 + 0 + 10125");
}

WIRE_TEST_ON_BOTH(PaidHoursTest);

}  // namespace
}  // namespace tsunagu::wire
