// What a body does by contract or by itself, its claims for that, and applications that only pass through it.
#include "absl/strings/match.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/subsidy_test_base.h"
#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/commitment_act.pb.h"
#include "tsunagu/subsidy/v1/forwarding.pb.h"
#include "tsunagu/subsidy/v1/planning.pb.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen
using testing::Pair;
using testing::UnorderedElementsAre;

class SubsidyExecutionTest : public SubsidyTest {
 protected:
  void SetUp() override {
    SubsidyTest::SetUp();
    if (!IsSkipped()) everybody_ = std::make_unique<Caller>(CallerWith("everybody", {"admin@*"}, "subsidy"));
  }

  absl::StatusOr<Commitment> Plan(const std::string& text, const Caller* by = nullptr) {
    return Ask<Commitment, CreateCommitmentRequest>(
        by == nullptr ? *officer_ : *by, "CommitmentService/CreateCommitment",
        absl::StrCat("commitment { programme: 'programmes/p1' display_name: '見本' ",
                     absl::StrContains(text, "body:") ? "" : "body: 'areas/310000' ",
                     absl::StrContains(text, "item:") ? "" : "item: 'council' ", text, " }"));
  }
  std::string MakeContract(const std::string& more = "") {
    const auto made = Plan("kind: KIND_CONTRACT contractor: '見本医療センター' " + more);
    EXPECT_EQ(Said(made), "OK");
    return made.ok() ? made->name() : "";
  }
  absl::StatusOr<CommitmentAct> Do(const std::string& commitment, const std::string& text, const Caller* by = nullptr,
                                   const std::string& day = "year: 2050 month: 4 day: 2") {
    return Ask<CommitmentAct, CreateCommitmentActRequest>(
        by == nullptr ? *officer_ : *by, "CommitmentActService/CreateCommitmentAct",
        absl::StrCat("parent: '", commitment, "' commitment_act { ", text, " act_date { ", day, " } }"));
  }
  Commitment Read(const std::string& name) {
    const auto read = Ask<Commitment, GetCommitmentRequest>(admin(), "CommitmentService/GetCommitment",
                                                            absl::StrCat("name: '", name, "'"));
    EXPECT_EQ(Said(read), "OK");
    return read.ok() ? *read : Commitment();
  }
  absl::StatusOr<Explanation> Explain(const std::string& name) {
    return Ask<Explanation, ExplainAmountRequest>(admin(), "ExplanationService/ExplainAmount",
                                                  absl::StrCat("name: '", name, "'"));
  }
  // The State's programme s, by which p1 is funded from now on, and that applications go through 鳥取県.
  void FundByTheState(const std::string& more = "via: 'areas/310000' direct_bodies: 'areas/313025'") {
    ASSERT_EQ(Said(Ask<Programme, CreateProgrammeRequest>(
                  admin(), "ProgrammeService/CreateProgramme",
                  absl::StrCat("programme_id: 's' programme { display_name: '国の見本事業' fiscal_year: 2050 rule_set: "
                               "'ruleSets/r1' decided_elsewhere: true ",
                               more, " }"))),
              "OK");
    const auto own =
        Ask<Programme, GetProgrammeRequest>(admin(), "ProgrammeService/GetProgramme", "name: 'programmes/p1'");
    ASSERT_EQ(Said(own), "OK");
    ASSERT_EQ(Said(Ask<Programme, UpdateProgrammeRequest>(
                  admin(), "ProgrammeService/UpdateProgramme",
                  absl::StrCat("programme { name: 'programmes/p1' funded_by: 'programmes/s' etag: '", own->etag(),
                               "' } update_mask { paths: 'funded_by' }"))),
              "OK");
  }
  // Of the State's programme.
  absl::StatusOr<subsidy_v1::Application> Apply(const std::string& body, int64_t cost) {
    return Ask<subsidy_v1::Application, CreateApplicationRequest>(
        admin(), "ApplicationService/CreateApplication",
        absl::StrCat("application { programme: 'programmes/s' applicant: '", body, "' ", Claim(cost), " }"));
  }
  absl::StatusOr<Forwarding> Forward(const std::string& body = "areas/310000") {
    return Ask<Forwarding, CreateForwardingRequest>(
        *officer_, "ForwardingService/CreateForwarding",
        absl::StrCat("parent: 'programmes/s' forwarding { body: '", body,
                     "' document_number: '見本第9号' forwarding_date { year: 2050 month: 4 day: 3 } }"));
  }

  std::unique_ptr<Caller> everybody_;
};

TEST_P(SubsidyExecutionTest, AContractFromItsConclusionToItsPayment) {
  const std::string name = MakeContract("tax_rate: '1/10'");
  EXPECT_EQ(Read(name).state(), Commitment::STATE_PLANNED);
  const auto concluded = Do(name, "kind: KIND_CONCLUSION yen: 440000 document_number: '契1'");
  ASSERT_EQ(Said(concluded), "OK");
  EXPECT_EQ(concluded->tax_yen(), 40'000);
  EXPECT_EQ(Line(), "1000000 = 1000000 + 0 + 0") << "a contract alone charges no line";
  ASSERT_EQ(Said(Do(name, "kind: KIND_COMMITMENT yen: 440000 document_number: '負1' budget_line: 'budgetLines/l1'")),
            "OK");
  EXPECT_EQ(Line(), "1000000 = 560000 + 440000 + 0");
  const std::string paying = "kind: KIND_PAYMENT yen: 100001 document_number: 'v1' budget_line: 'budgetLines/l1'";
  EXPECT_EQ(Said(Do(name, paying, treasurer_.get())), "FAILED_PRECONDITION NOT_INSPECTED");
  ASSERT_EQ(Said(Do(name, "kind: KIND_INSPECTION yen: 200000 document_number: '検1'")), "OK");
  const auto paid = Do(name, paying, treasurer_.get());
  ASSERT_EQ(Said(paid), "OK");
  EXPECT_EQ(paid->tax_yen(), 9'091) << "100,001 × 10/110, cut";
  EXPECT_EQ(paid->maker(), "treasurer");
  EXPECT_EQ(Said(Do(name, paying, treasurer_.get())), "ALREADY_EXISTS PAID_ALREADY");
  EXPECT_EQ(Line(), "1000000 = 560000 + 339999 + 100001");
  const Commitment stands = Read(name);
  EXPECT_EQ(stands.contracted_yen(), 440'000);
  EXPECT_EQ(stands.inspected_yen(), 200'000);
  EXPECT_EQ(stands.act_count(), 4);
  ASSERT_EQ(stands.shares_size(), 1);
  EXPECT_EQ(stands.shares(0).paid_yen(), 100'001);
  const auto explained = Explain(name);
  ASSERT_EQ(Said(explained), "OK");
  EXPECT_TRUE(explained->agrees());
  EXPECT_EQ(explained->yen(), 440'000);
  EXPECT_EQ(explained->trace().lines_size(), 4);
  const auto of_payment = Explain(paid->name());
  ASSERT_EQ(Said(of_payment), "OK");
  ASSERT_EQ(of_payment->postings_size(), 1);
  const auto posting = Ask<Posting, GetPostingRequest>(admin(), "PostingService/GetPosting",
                                                       absl::StrCat("name: '", of_payment->postings(0), "'"));
  ASSERT_EQ(Said(posting), "OK");
  EXPECT_EQ(posting->commitment(), name);
  EXPECT_EQ(posting->application(), "");
  EXPECT_EQ(posting->cause(), paid->name());
}

TEST_P(SubsidyExecutionTest, GrantsContractsAndOwnWorkShareOneLine) {
  MakeGranted(800'000);  // 400,000
  const auto own = Plan("kind: KIND_DIRECT expense: '報償費'");
  ASSERT_EQ(Said(own), "OK");
  EXPECT_EQ(own->state(), Commitment::STATE_RUNNING);
  ASSERT_EQ(
      Said(Do(own->name(), "kind: KIND_COMMITMENT yen: 500000 document_number: '負1' budget_line: 'budgetLines/l1'")),
      "OK");
  EXPECT_EQ(Line(), "1000000 = 100000 + 900000 + 0");
  const std::string contract = MakeContract();
  ASSERT_EQ(Said(Do(contract, "kind: KIND_CONCLUSION yen: 300000 document_number: '契1'")), "OK");
  const std::string charge = "kind: KIND_COMMITMENT document_number: '負1' budget_line: 'budgetLines/l1' yen: ";
  EXPECT_EQ(Said(Do(contract, charge + "100001")), "FAILED_PRECONDITION BUDGET_EXCEEDED");
  EXPECT_EQ(Read(contract).act_count(), 1) << "nothing half-done";
  ASSERT_EQ(Said(Do(contract, charge + "100000")), "OK");
  EXPECT_EQ(Line(), "1000000 = 0 + 1000000 + 0");
  EXPECT_EQ(Said(Decide(MakeExamined(2'000), Granting())), "FAILED_PRECONDITION BUDGET_EXCEEDED");
}

TEST_P(SubsidyExecutionTest, WhatIsRefused) {
  const std::string invalid = "INVALID_ARGUMENT INVALID_REQUEST ";
  EXPECT_EQ(Said(Plan("kind: KIND_CONTRACT expense: '旅費' tax_rate: '10%' start_date { year: 2050 month: 5 day: 1 } "
                      "end_date { year: 2050 month: 4 day: 1 }")),
            invalid +
                "commitment.contractor:FIELD_REQUIRED commitment.end_date:PERIOD_ENDS_BEFORE_START "
                "commitment.expense:FIELD_NOT_OF_KIND commitment.tax_rate:TAX_RATE_UNCLEAR");
  EXPECT_EQ(Said(Plan("kind: KIND_DIRECT contractor: '見本' item: 'unknown'")),
            invalid + "commitment.contractor:FIELD_NOT_OF_KIND commitment.item:ITEM_UNKNOWN");
  EXPECT_EQ(Said(Plan("kind: KIND_DIRECT body: 'areas/312011'", everybody_.get())),
            invalid + "commitment.body:NOT_THE_GRANTOR");
  EXPECT_EQ(Said(Plan("kind: KIND_DIRECT", city_.get())), "PERMISSION_DENIED PERMISSION_DENIED");
  const std::string name = MakeContract();
  EXPECT_EQ(Said(Do(name, "kind: KIND_CONCLUSION yen: 1 document_number: '1' budget_line: 'budgetLines/l1'")),
            invalid + "commitment_act.budget_line:FIELD_NOT_OF_KIND");
  EXPECT_EQ(Said(Do(name, "kind: KIND_CONCLUSION yen: 1 document_number: '1'", nullptr, "year: 2050 month: 4 day: 4")),
            invalid + "commitment_act.act_date:DOCUMENT_TO_COME");
  ASSERT_EQ(Said(Do(name, "kind: KIND_CONCLUSION yen: 1000 document_number: '1'")), "OK");
  EXPECT_EQ(Said(Do(name, "kind: KIND_COMMITMENT yen: 1 document_number: '1'")),
            invalid + "commitment_act.budget_line:FIELD_REQUIRED");
  EXPECT_EQ(Said(Do(name, "kind: KIND_CHANGE yen: 1 document_number: '2'", nullptr, "year: 2050 month: 4 day: 1")),
            invalid + "commitment_act.act_date:DOCUMENT_OUT_OF_ORDER");
  ASSERT_EQ(
      Said(Ask<BudgetLine, CreateBudgetLineRequest>(
          admin(), "BudgetLineService/CreateBudgetLine",
          R"pb(budget_line_id: "city"
               budget_line { display_name: "市の費" fiscal_year: 2050 code: "c-1" body: "areas/312011" })pb")),
      "OK");
  EXPECT_EQ(Said(Do(name, "kind: KIND_COMMITMENT yen: 1 document_number: '1' budget_line: 'budgetLines/city'")),
            invalid + "commitment_act.budget_line:LINE_OF_ANOTHER_BODY");
}

TEST_P(SubsidyExecutionTest, WhoDecidesOrInspectsPaysNothing) {
  const Caller both = CallerWith("both", {"prefecture-officer@areas/310000", "treasurer@areas/310000"}, "subsidy");
  const std::string name = MakeContract(), charged = " budget_line: 'budgetLines/l1'";
  ASSERT_EQ(Said(Do(name, "kind: KIND_CONCLUSION yen: 1000 document_number: '1'")), "OK");
  ASSERT_EQ(Said(Do(name, "kind: KIND_COMMITMENT yen: 1000 document_number: '1'" + charged)), "OK");
  ASSERT_EQ(Said(Do(name, "kind: KIND_INSPECTION yen: 500 document_number: '1'", &both)), "OK");
  const std::string paying = "kind: KIND_PAYMENT yen: 500 document_number: 'v1'" + charged;
  EXPECT_EQ(Said(Do(name, paying, &both)), "FAILED_PRECONDITION DUTIES_OF_ONE_PERSON");
  ASSERT_EQ(Said(Do(name, paying, treasurer_.get())), "OK");
  const Caller payer =
      CallerWith("treasurer", {"prefecture-officer@areas/310000", "treasurer@areas/310000"}, "subsidy");
  EXPECT_EQ(Said(Do(name, "kind: KIND_RELEASE yen: 1 document_number: '1'" + charged, &payer)),
            "FAILED_PRECONDITION DUTIES_OF_ONE_PERSON");
}

TEST_P(SubsidyExecutionTest, WhoMayEnterPaymentsMayEnterNothingElse) {
  const std::string name = MakeContract(), charged = " budget_line: 'budgetLines/l1'";
  const Caller system = CallerWith("accounting", {"integrator@areas/310000"}, "subsidy");
  // Two grants never lend each other their place.
  const Caller elsewhere =
      CallerWith("elsewhere", {"prefecture-officer@areas/310000", "treasurer@areas/312011"}, "subsidy");
  const std::string denied = "PERMISSION_DENIED PERMISSION_DENIED";
  const auto permits = [&](const std::string& text, bool is_payment) {
    const auto is_denied = [&](const Caller& one) { return Said(Do(name, text, &one)) == denied; };
    EXPECT_EQ(is_denied(*treasurer_), !is_payment) << text;
    EXPECT_EQ(is_denied(system), !is_payment) << text;
    EXPECT_EQ(is_denied(*officer_), is_payment) << text;
    EXPECT_EQ(is_denied(elsewhere), is_payment) << text;
    EXPECT_TRUE(is_denied(*city_)) << text;
    EXPECT_TRUE(is_denied(*budget_)) << text;
  };
  ASSERT_EQ(Said(Do(name, "kind: KIND_CONCLUSION yen: 1000 document_number: '1'")), "OK");
  for (const char* kind : {"CHANGE", "INSPECTION"}) {
    permits(absl::StrCat("kind: KIND_", kind, " yen: 1 document_number: '0'"), false);
  }
  for (const char* kind : {"COMMITMENT", "RELEASE"}) {
    permits(absl::StrCat("kind: KIND_", kind, " yen: 1 document_number: '0'", charged), false);
  }
  for (const char* kind : {"ADVANCE", "PAYMENT", "RETURN"}) {
    permits(absl::StrCat("kind: KIND_", kind, " yen: 1 document_number: '0'", charged), true);
  }
  permits("kind: KIND_TERMINATION yen: 500 document_number: '0'", false);
  permits("kind: KIND_CONCLUSION yen: 500 document_number: '0'", false);
}

TEST_P(SubsidyExecutionTest, NothingIsPaidBeforeItIsCommitted) {
  const std::string name = MakeContract(), charged = " budget_line: 'budgetLines/l1'";
  const auto on = [](int day) { return absl::StrCat("year: 2050 month: 4 day: ", day); };
  const auto advance = [&](int yen, int day, const char* number) {
    return Said(Do(name, absl::StrCat("kind: KIND_ADVANCE yen: ", yen, " document_number: '", number, "'", charged),
                   treasurer_.get(), on(day)));
  };
  const std::string early = "INVALID_ARGUMENT INVALID_REQUEST commitment_act.act_date:PAID_BEFORE_COMMITMENT";
  ASSERT_EQ(Said(Do(name, "kind: KIND_CONCLUSION yen: 1000 document_number: '1'", nullptr, on(1))), "OK");
  ASSERT_EQ(Said(Do(name, "kind: KIND_COMMITMENT yen: 400 document_number: '1'" + charged, nullptr, on(2))), "OK");
  ASSERT_EQ(Said(Do(name, "kind: KIND_COMMITMENT yen: 600 document_number: '2'" + charged, nullptr, on(3))), "OK");
  EXPECT_EQ(advance(1, 1, "v1"), early);
  EXPECT_EQ(advance(401, 2, "v1"), early);
  ASSERT_EQ(advance(600, 3, "v1"), "OK");
  ASSERT_EQ(advance(300, 2, "v2"), "OK");
  EXPECT_EQ(advance(101, 2, "v3"), "FAILED_PRECONDITION COMMITMENT_EXCEEDED");
  ASSERT_EQ(advance(100, 2, "v3"), "OK");
  EXPECT_EQ(Line(), "1000000 = 999000 + 0 + 1000");
}

// M24: a contract of 32,700 thousand yen over three years, a third in each.
TEST_P(SubsidyExecutionTest, AContractOfThreeYearsChargesTheLineOfEach) {
  ASSERT_EQ(Said(ChangeBudget("budgetLines/l1", "kind: KIND_SUPPLEMENT yen: 9900000 document_number: '補1'")), "OK");
  for (const char* year : {"2051", "2052"}) {
    ASSERT_EQ(Said(Ask<BudgetLine, CreateBudgetLineRequest>(
                  admin(), "BudgetLineService/CreateBudgetLine",
                  absl::StrCat("budget_line_id: 'y", year, "' budget_line { display_name: '見本費' fiscal_year: ", year,
                               " code: '", year, "-03' body: 'areas/310000' }"))),
              "OK");
  }
  const std::string name = MakeContract("end_date { year: 2053 month: 3 day: 31 }");
  ASSERT_EQ(Said(Do(name, "kind: KIND_CONCLUSION yen: 32700000 document_number: '契1'")), "OK");
  const auto charge = [](const std::string& line, int number) {
    return absl::StrCat("kind: KIND_COMMITMENT yen: 10900000 document_number: '負", number,
                        "' budget_line: 'budgetLines/", line, "'");
  };
  ASSERT_EQ(Said(Do(name, charge("l1", 1))), "OK");
  EXPECT_EQ(Said(Do(name, charge("y2051", 2))), "INVALID_ARGUMENT OUTSIDE_FISCAL_YEAR") << "each year by itself";
  const auto begin = [&](int year, const std::string& line) {
    const std::string day = absl::StrCat(year, "-04-01"), given = absl::StrCat("year: ", year, " month: 4 day: 1");
    clock().Advance(absl::Hours(24 * 366));
    ASSERT_EQ(
        Said(ChangeBudget("budgetLines/" + line, "kind: KIND_INITIAL yen: 10900000 document_number: '議決'", day)),
        "OK");
    ASSERT_EQ(Said(Do(name, absl::StrCat("kind: KIND_INSPECTION yen: 10900000 document_number: '検", year, "'"),
                      nullptr, absl::StrCat("year: ", year, " month: 3 day: 31"))),
              "OK");
    ASSERT_EQ(Said(Do(name, charge(line, year), nullptr, given)), "OK");
  };
  begin(2051, "y2051");
  ASSERT_EQ(Said(Do(name, "kind: KIND_PAYMENT yen: 10900000 document_number: 'v1' budget_line: 'budgetLines/l1'",
                    treasurer_.get(), "year: 2051 month: 4 day: 3")),
            "OK");
  begin(2052, "y2052");
  EXPECT_EQ(Line(), "10900000 = 0 + 0 + 10900000");
  EXPECT_EQ(Line("budgetLines/y2051"), "10900000 = 0 + 10900000 + 0");
  EXPECT_EQ(Line("budgetLines/y2052"), "10900000 = 0 + 10900000 + 0");
  EXPECT_EQ(Read(name).committed_yen() + Read(name).paid_yen(), 32'700'000);
  EXPECT_EQ(Said(Do(name, "kind: KIND_COMMITMENT yen: 1 document_number: '負9' budget_line: 'budgetLines/y2052'",
                    nullptr, "year: 2052 month: 4 day: 1")),
            "FAILED_PRECONDITION CONTRACT_EXCEEDED");
}

TEST_P(SubsidyExecutionTest, EightContractsOnOneLineAndEightPaymentsOfOne) {
  std::vector<std::string> names;
  for (int i = 0; i < 8; ++i) {
    names.push_back(MakeContract());
    ASSERT_EQ(Said(Do(names.back(), "kind: KIND_CONCLUSION yen: 150000 document_number: '契1'")), "OK");
  }
  const std::string charged = " budget_line: 'budgetLines/l1'";
  EXPECT_THAT(EightAtOnce([&](int writer) {
                return Said(Do(names[writer], "kind: KIND_COMMITMENT yen: 150000 document_number: '負1'" + charged));
              }),
              UnorderedElementsAre(Pair("OK", 6), Pair("FAILED_PRECONDITION BUDGET_EXCEEDED", 2)));
  EXPECT_EQ(Line(), "1000000 = 100000 + 900000 + 0");
  std::string name;
  for (const std::string& one : names) name = Read(one).committed_yen() > 0 ? one : name;
  ASSERT_EQ(Said(Do(name, "kind: KIND_INSPECTION yen: 100000 document_number: '検1'")), "OK");
  EXPECT_THAT(
      EightAtOnce([&](int writer) {
        return Said(Do(name, absl::StrCat("kind: KIND_PAYMENT yen: 30000 document_number: 'v", writer, "'", charged),
                       treasurer_.get()));
      }),
      UnorderedElementsAre(Pair("OK", 3), Pair("FAILED_PRECONDITION NOT_INSPECTED", 5)));
  EXPECT_EQ(Line(), "1000000 = 100000 + 810000 + 90000");
}

TEST_P(SubsidyExecutionTest, TheClaimToTheStateSumsGrantsContractsAndOwnWork) {
  FundByTheState();
  const std::string granted = MakeGranted(500'000);  // 250,000
  const std::string contract = MakeContract();
  ASSERT_EQ(Said(Do(contract, "kind: KIND_CONCLUSION yen: 300000 document_number: '契1'")), "OK");
  ASSERT_EQ(
      Said(Do(contract, "kind: KIND_COMMITMENT yen: 300000 document_number: '負1' budget_line: 'budgetLines/l1'")),
      "OK");
  ASSERT_EQ(Said(Do(contract, "kind: KIND_ADVANCE yen: 100000 document_number: 'v1' budget_line: 'budgetLines/l1'",
                    treasurer_.get())),
            "OK");
  const auto own = Plan("kind: KIND_DIRECT item: 'respite'");
  ASSERT_EQ(Said(own), "OK");
  ASSERT_EQ(
      Said(Do(own->name(), "kind: KIND_COMMITMENT yen: 70000 document_number: '負1' budget_line: 'budgetLines/l1'")),
      "OK");
  ASSERT_EQ(Said(Pay(granted, "kind: KIND_ADVANCE yen: 50000 document_number: 'v1'")), "OK");
  const auto draft = [&](const std::string& basis) {
    return Ask<DraftedClaim, DraftClaimRequest>(
        *budget_, "PlanningService/DraftClaim",
        "programme: 'programmes/s' body: 'areas/310000' input: 'spent' basis: " + basis);
  };
  const auto committed = draft("BASIS_COMMITTED");
  ASSERT_EQ(Said(committed), "OK");
  std::vector<std::string> rows;
  for (const auto& row : committed->rows()) {
    rows.push_back(
        absl::StrCat(row.item(), " ", DraftedClaim::Source_Name(row.source()), " ", row.count(), " ", row.yen()));
  }
  EXPECT_THAT(rows, testing::ElementsAre("council SOURCE_GRANT 1 250000", "council SOURCE_CONTRACT 1 300000",
                                         "respite SOURCE_DIRECT 1 70000"));
  EXPECT_EQ(committed->yen(), 620'000);
  EXPECT_EQ(committed->trace().amount(), 275'000 + 35'000) << "half of it, by the State's rule set";
  EXPECT_EQ(committed->claim().items(0).entries(0).value(), 550'000);
  const auto paid = draft("BASIS_PAID");
  ASSERT_EQ(Said(paid), "OK");
  EXPECT_EQ(paid->yen(), 150'000);
  const auto wrong = Ask<DraftedClaim, DraftClaimRequest>(
      *budget_, "PlanningService/DraftClaim",
      "programme: 'programmes/s' body: 'areas/310000' input: 'unknown' basis: BASIS_PAID");
  ASSERT_EQ(Said(wrong), "OK");
  EXPECT_FALSE(wrong->has_trace());
  EXPECT_NE(wrong->refused_ja(), "");
  // What was drawn up is what the prefecture applies with.
  const auto applied = Ask<subsidy_v1::Application, CreateApplicationRequest>(
      admin(), "ApplicationService/CreateApplication",
      absl::StrCat("application { programme: 'programmes/s' applicant: 'areas/310000' claim { ",
                   committed->claim().ShortDebugString(), " } }"));
  ASSERT_EQ(Said(applied), "OK");
  const auto filed = File(applied->name(), "kind: KIND_APPLICATION", "2050-04-02", everybody_.get());
  ASSERT_EQ(Said(filed), "OK");
  EXPECT_EQ(filed->amount_yen(), 310'000);
}

TEST_P(SubsidyExecutionTest, WhatPassesThroughIsExaminedSummedAndForwarded) {
  FundByTheState();
  EXPECT_EQ(Said(Apply("areas/313025", 100'000)), "FAILED_PRECONDITION APPLIES_DIRECTLY");
  EXPECT_EQ(Said(Forward()), "FAILED_PRECONDITION NOTHING_TO_FORWARD");
  std::vector<std::string> names;
  for (const char* body : {"areas/312011", "areas/312029"}) {
    const auto applied = Apply(body, 200'000);
    ASSERT_EQ(Said(applied), "OK");
    names.push_back(applied->name());
    ASSERT_EQ(Said(File(names.back(), "kind: KIND_APPLICATION", "2050-04-01", everybody_.get())), "OK");
    ASSERT_EQ(Said(Decide(names.back(), "kind: KIND_EXAMINATION", "2050-04-01")), "OK");
  }
  const std::string granting = "kind: KIND_GRANT document_number: '国1'";
  EXPECT_EQ(Said(Decide(names[0], granting)), "FAILED_PRECONDITION NOT_FORWARDED");
  EXPECT_EQ(Said(Forward("areas/312011")), "INVALID_ARGUMENT INVALID_REQUEST forwarding.body:NOT_PASSED_THROUGH");
  const auto forwarded = Forward();
  ASSERT_EQ(Said(forwarded), "OK");
  EXPECT_EQ(forwarded->yen(), 200'000);
  EXPECT_EQ(forwarded->lines_size(), 2);
  ASSERT_EQ(forwarded->items_size(), 1);
  EXPECT_EQ(forwarded->items(0).ShortDebugString(), "code: \"council\" count: 2 yen: 200000");
  EXPECT_EQ(Application(names[0]).forwarding(), forwarded->name());
  EXPECT_EQ(Said(Forward()), "FAILED_PRECONDITION NOTHING_TO_FORWARD");
  // The State decides about one and sends the other back, which is examined and forwarded again.
  EXPECT_EQ(Said(Decide(names[0], granting)), "OK");
  EXPECT_EQ(Stands(names[0]), "GRANTED 100000/100000/0");
  EXPECT_EQ(Line(), "1000000 = 1000000 + 0 + 0") << "it is nobody's budget here";
  ASSERT_EQ(Said(Decide(names[1], "kind: KIND_SENDING_BACK reason: '内訳' back_to: STATE_APPLIED")), "OK");
  EXPECT_EQ(Application(names[1]).forwarding(), "");
  ASSERT_EQ(Said(Decide(names[1], "kind: KIND_EXAMINATION")), "OK");
  EXPECT_EQ(Said(Decide(names[1], granting)), "FAILED_PRECONDITION NOT_FORWARDED");
  const auto again = Forward();
  ASSERT_EQ(Said(again), "OK");
  EXPECT_EQ(again->yen(), 100'000);
  // A change that is sent back leaves the grant where it is.
  ASSERT_EQ(Said(File(names[0], "kind: KIND_CHANGE reason: '増' " + Claim(300'000), "2050-04-02", everybody_.get())),
            "OK");
  ASSERT_EQ(Said(Decide(names[0], "kind: KIND_SENDING_BACK reason: '内訳'")), "OK");
  EXPECT_EQ(Application(names[0]).forwarding(), forwarded->name());
  const std::string invalid = "INVALID_ARGUMENT INVALID_REQUEST ";
  EXPECT_EQ(Said(Ask<Programme, CreateProgrammeRequest>(
                admin(), "ProgrammeService/CreateProgramme",
                "programme { display_name: '見本' fiscal_year: 2050 rule_set: 'ruleSets/r1' via: 'areas/310000' }")),
            invalid + "programme.via:FIELD_NOT_OF_KIND");
}

TEST_P(SubsidyExecutionTest, EightForwardingsAndAnOfficerWhoSendsBack) {
  FundByTheState();
  const auto applied = Apply("areas/312011", 200'000);
  ASSERT_EQ(Said(applied), "OK");
  ASSERT_EQ(Said(File(applied->name(), "kind: KIND_APPLICATION", "2050-04-01", everybody_.get())), "OK");
  ASSERT_EQ(Said(Decide(applied->name(), "kind: KIND_EXAMINATION", "2050-04-01")), "OK");
  const auto told = EightAtOnce([&](int writer) {
    return writer == 7 ? Said(Decide(applied->name(), "kind: KIND_SENDING_BACK reason: '内訳'")) : Said(Forward());
  });
  EXPECT_GE(told.at("OK"), 1);
  EXPECT_LE(told.at("OK"), 2);
  EXPECT_EQ(told.size(), 2u) << testing::PrintToString(told)
                             << "forwarded and sent back, or sent back and nothing to forward";
  EXPECT_EQ(Stands(applied->name()), "DRAFT 0/0/0");
  EXPECT_EQ(Application(applied->name()).forwarding(), "") << "a draft is forwarded nowhere";
}

WIRE_TEST_ON_BOTH(SubsidyExecutionTest);

}  // namespace
}  // namespace tsunagu::wire
