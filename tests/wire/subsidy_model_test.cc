// Random documents, acts of contracts, overrides and budget changes by concurrent officers: the books always agree with
// a model that shares no code with the service, in the year and after its accounts have closed. TSUNAGU_SEED=… repeats
// the choices, TSUNAGU_ACTS=… sets their number, TSUNAGU_TOLD=1 prints the answers.
#include <map>
#include <random>
#include <set>

#include "common/jp/civil_day.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "tests/faults/chance.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/subsidy_model_base.h"
#include "tsunagu/subsidy/v1/approval_limit.pb.h"
#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/commitment_act.pb.h"
#include "tsunagu/subsidy/v1/commitment_override.pb.h"
#include "tsunagu/subsidy/v1/override.pb.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen
using testing::IsEmpty;

class SubsidyModelTest : public SubsidyModelBase {
 protected:
  // One random act of an officer; what it is told.
  std::string Act(std::mt19937_64& random, size_t nth) override {
    const auto upto = [&](int most) { return static_cast<int>(random() % (most + 1)); };
    switch (upto(9)) {
      case 0:
      case 1:
        return ActOnContract(random, nth);
      case 2:
        return upto(1) == 0 ? ActOnBudget(random, nth) : MakeOverride(random);
      case 3:
        return is_late_ && upto(3) == 0 ? CloseOrReopen(random) : ActOnPayment(random);
      default:
        return ActOnApplication(random, nth);
    }
  }

  // One person in four has all roles, but still one duty in an application.
  const Caller* AnyJack(std::mt19937_64& random) {
    return random() % 4 == 0 ? &jacks_[random() % jacks_.size()] : nullptr;
  }
  // Of the year; of the next one once that has come, before and after the accounts close.
  std::string AnyDay(std::mt19937_64& random) {
    static const std::vector<std::string> late = {"2051-03-31", "2051-05-31", "2051-06-05", "2051-06-05"};
    return is_late_ ? late[random() % late.size()] : "2050-04-02";
  }
  // Three times in four a document that fits the application's state; else any.
  static std::string AnyKind(std::mt19937_64& random, subsidy_v1::Application::State state) {
    using A = subsidy_v1::Application;
    static const std::map<A::State, std::vector<std::string>> fitting = {
        {A::STATE_DRAFT, {"APPLICATION"}},
        {A::STATE_APPLIED, {"EXAMINATION", "EXAMINATION", "EXAMINATION", "SENDING_BACK"}},
        {A::STATE_EXAMINED, {"GRANT", "GRANT", "GRANT", "GRANT", "SENDING_BACK", "REFUSAL", "WITHDRAWAL"}},
        {A::STATE_GRANTED, {"CHANGE", "CHANGE", "ABOLITION", "COMPLETION_REPORT", "CANCELLATION", "WITHDRAWAL"}},
        {A::STATE_CHANGE_APPLIED,
         {"CHANGE_APPROVAL", "CHANGE_APPROVAL", "CHANGE_REFUSAL", "SENDING_BACK", "CANCELLATION"}},
        {A::STATE_ABOLITION_APPLIED, {"ABOLITION_APPROVAL", "ABOLITION_REFUSAL", "SENDING_BACK"}},
        {A::STATE_ABOLISHED, {"ABOLITION_REPORT"}},
        {A::STATE_REPORTED, {"FIXING", "FIXING", "SENDING_BACK"}},
        {A::STATE_FIXED, {"TAX_REPORT", "CANCELLATION", "RETURN_ORDER"}},
        {A::STATE_SETTLED, {"TAX_REPORT", "CANCELLATION"}},
    };
    const auto found = fitting.find(random() % 4 == 0 ? A::STATE_UNSPECIFIED : state);
    const auto& kinds =
        found != fitting.end() ? found->second : std::next(fitting.begin(), random() % fitting.size())->second;
    return kinds[random() % kinds.size()];
  }

  std::string ActOnApplication(std::mt19937_64& random, size_t nth) {
    static const std::set<std::string> filings = {"APPLICATION", "WITHDRAWAL",        "CHANGE",          "ABOLITION",
                                                  "TAX_REPORT",  "COMPLETION_REPORT", "ABOLITION_REPORT"};
    const std::string& application = Any(random, applications_);
    const std::string kind = AnyKind(random, Application(application).state());
    std::string text = absl::StrCat("kind: KIND_", kind);
    if (kind == "TAX_REPORT") absl::StrAppend(&text, " tax_yen: ", 1000 * (random() % 20));
    if (kind == "GRANT") absl::StrAppend(&text, " budget_line: 'budgetLines/l", 1 + random() % 2, "'");
    if (kind == "CANCELLATION" && random() % 4 != 0) absl::StrAppend(&text, " yen: ", AnyYen(random));
    if (kind == "RETURN_ORDER") absl::StrAppend(&text, " return_due_date { year: 2051 month: 7 day: 1 }");
    if (filings.count(kind) == 0) {
      absl::StrAppend(&text, " reason: 'r' document_number: '", nth, "'");
      return Said(Decide(application, text, AnyDay(random), AnyJack(random)));
    }
    const bool is_report = kind == "COMPLETION_REPORT" || kind == "ABOLITION_REPORT";
    if (is_report) absl::StrAppend(&text, " completion_date { year: 2050 month: 4 day: 2 }");
    if (is_report || kind == "APPLICATION" || kind == "CHANGE") {
      absl::StrAppend(&text, " ", Claim(1000 * static_cast<int>(1 + random() % 500)));
    }
    if (kind == "CHANGE" || kind == "ABOLITION" || kind == "WITHDRAWAL") absl::StrAppend(&text, " reason: 'r'");
    return Said(File(application, text, AnyDay(random), AnyJack(random)));
  }

  // Once the next year has come, one payment in two is charged on its line.
  std::string ActOnPayment(std::mt19937_64& random) {
    static const std::vector<std::string> kinds = {"ADVANCE", "ADVANCE", "SETTLEMENT", "RETURN"};
    const std::string later = is_late_ && random() % 2 == 0 ? " budget_line: 'budgetLines/l3'" : "";
    return Said(Pay(Any(random, applications_),
                    absl::StrCat("kind: KIND_", kinds[random() % kinds.size()], " yen: ", AnyYen(random),
                                 " document_number: 'v", random() % 12, "'", later),
                    AnyDay(random), AnyJack(random)));
  }

  std::string ActOnContract(std::mt19937_64& random, size_t nth) {
    static const std::vector<std::string> decided = {"CONCLUSION", "CHANGE",     "COMMITMENT", "COMMITMENT",
                                                     "INSPECTION", "INSPECTION", "RELEASE",    "TERMINATION"},
                                          paid = {"ADVANCE", "PAYMENT", "PAYMENT", "RETURN"};
    const bool pays = random() % 2 == 0;
    std::string kind = pays ? paid[random() % paid.size()] : decided[random() % decided.size()];
    if (kind == "TERMINATION" && random() % 4 != 0) kind = "COMMITMENT";
    const bool is_charged = pays || kind == "COMMITMENT" || kind == "RELEASE";
    const std::string line = absl::StrCat("budget_line: 'budgetLines/l", 1 + random() % (is_late_ ? 3 : 2), "'");
    const Caller* jack = AnyJack(random);
    const jp::CivilDay day = *jp::ParseDay(AnyDay(random));
    return Said(Ask<CommitmentAct, CreateCommitmentActRequest>(
        jack != nullptr ? *jack
        : pays          ? *treasurer_
                        : *officer_,
        "CommitmentActService/CreateCommitmentAct",
        absl::StrCat("parent: '", Any(random, commitments_), "' commitment_act { kind: KIND_", kind,
                     " yen: ", AnyYen(random), " document_number: '", pays ? random() % 12 : nth, "' ",
                     is_charged ? line : "", " act_date { ", jp::ToDate(day).ShortDebugString(), " } }")));
  }

  std::string ActOnBudget(std::mt19937_64& random, size_t nth) {
    static const std::vector<std::string> kinds = {"SUPPLEMENT", "REDUCTION", "TRANSFER"};
    if (random() % 4 == 0) {
      UpdateAllotmentRequest update;
      update.mutable_allotment()->set_name(allotment_);
      update.mutable_allotment()->set_yen(1000 * (200 + random() % 300));
      update.mutable_update_mask()->add_paths("yen");
      return "allotment " + Said(admin().Call<Allotment>("subsidy.v1.AllotmentService/UpdateAllotment", update));
    }
    const std::string kind = kinds[random() % kinds.size()];
    const bool is_first = random() % 2 == 0;
    const std::string there = absl::StrCat(" to_line: 'budgetLines/l", is_first ? 2 : 1, "'");
    return Said(ChangeBudget(absl::StrCat("budgetLines/l", is_first ? 1 : 2),
                             absl::StrCat("kind: KIND_", kind, " yen: ", AnyYen(random), " document_number: '", nth,
                                          "'", kind == "TRANSFER" ? there : ""),
                             AnyDay(random)));
  }

  // Somebody asks for an override, and mostly somebody approves it: at times who has asked himself.
  std::string MakeOverride(std::mt19937_64& random) {
    const Caller& jack = jacks_[random() % jacks_.size()];
    if (random() % 3 == 0) return MakeOverrideOfContract(random, jack);
    const auto asked = Ask<Override, CreateOverrideRequest>(
        jack, "OverrideService/CreateOverride",
        absl::StrCat("parent: '", Any(random, applications_),
                     "' override { reason: 'r' last_date { year: 2051 month: 6 day: 30 } }"));
    if (!asked.ok() || random() % 4 == 0) return "override " + Said(asked);
    return "override " + Said(Ask<Override, ApproveOverrideRequest>(random() % 4 == 0 ? jack : *treasurer_,
                                                                    "OverrideService/ApproveOverride",
                                                                    absl::StrCat("name: '", asked->name(), "'")));
  }

  std::string MakeOverrideOfContract(std::mt19937_64& random, const Caller& jack) {
    const auto asked = Ask<CommitmentOverride, CreateCommitmentOverrideRequest>(
        jack, "CommitmentOverrideService/CreateCommitmentOverride",
        absl::StrCat("parent: '", Any(random, commitments_),
                     "' commitment_override { reason: 'r' last_date { year: 2051 month: 6 day: 30 } }"));
    if (!asked.ok() || random() % 4 == 0) return "override " + Said(asked);
    return "override " +
           Said(Ask<CommitmentOverride, ApproveCommitmentOverrideRequest>(
               random() % 4 == 0 ? jack : *treasurer_, "CommitmentOverrideService/ApproveCommitmentOverride",
               absl::StrCat("name: '", asked->name(), "'")));
  }

  std::string CloseOrReopen(std::mt19937_64& random) {
    const std::string name = absl::StrCat("name: 'budgetLines/l", 1 + random() % 2, "' ");
    if (random() % 2 == 0) {
      return "line " +
             Said(Ask<BudgetLine, CloseBudgetLineRequest>(*budget_, "BudgetLineService/CloseBudgetLine", name));
    }
    return "line " +
           Said(Ask<BudgetLine, ReopenBudgetLineRequest>(random() % 2 == 0 ? *budget_ : admin(),
                                                         "BudgetLineService/ReopenBudgetLine", name + "reason: 'r'"));
  }

  void Prepare() {
    for (const char* line : {"budget_line_id: 'l2' budget_line { fiscal_year: 2050 code: '03-02'",
                             "budget_line_id: 'l3' budget_line { fiscal_year: 2051 code: '2051-03'"}) {
      ASSERT_EQ(Said(Ask<BudgetLine, CreateBudgetLineRequest>(
                    admin(), "BudgetLineService/CreateBudgetLine",
                    absl::StrCat(line, " display_name: '他の費' body: 'areas/310000' }"))),
                "OK");
    }
    for (const char* id : {"jack", "jill", "joan"}) {
      jacks_.push_back(CallerWith(
          id, {"municipality-officer@areas/312011", "prefecture-officer@areas/310000", "treasurer@areas/310000"},
          "subsidy"));
    }
    for (const char* limit :
         {"holder: 'officer' yen: 1000000", "holder: 'jack' yen: 100000", "holder: 'jill' yen: 1000000"}) {
      ASSERT_EQ(Said(Ask<ApprovalLimit, CreateApprovalLimitRequest>(
                    *budget_, "ApprovalLimitService/CreateApprovalLimit",
                    absl::StrCat("approval_limit { body: 'areas/310000' ", limit,
                                 " valid_from_date { year: 2050 month: 4 day: 1 } }"))),
                "OK");
    }
    const auto allotment = Ask<Allotment, CreateAllotmentRequest>(
        admin(), "AllotmentService/CreateAllotment",
        "parent: 'programmes/p1' allotment { body: 'areas/312011' yen: 400000 }");
    ASSERT_EQ(Said(allotment), "OK");
    allotment_ = allotment->name();
    for (size_t i = 0; i < 8 + most_acts_ / 40; ++i) applications_.push_back(MakeDraft(300'000));
    for (size_t i = 0; i < 3 + most_acts_ / 200; ++i) {
      const char* kind = i % 3 == 2 ? "kind: KIND_DIRECT" : "kind: KIND_CONTRACT contractor: '見本法人'";
      const auto made = Ask<Commitment, CreateCommitmentRequest>(
          *officer_, "CommitmentService/CreateCommitment",
          absl::StrCat(
              "commitment { programme: 'programmes/p1' body: 'areas/310000' display_name: '見本' item: 'council' ",
              kind, " }"));
      ASSERT_EQ(Said(made), "OK");
      commitments_.push_back(made->name());
    }
  }

  // Prepares payments for after the accounts have closed: granted and fixed applications, and further drafts.
  void PrepareNextYear() {
    UpdateAllotmentRequest update;
    update.mutable_allotment()->set_name(allotment_);
    update.mutable_allotment()->set_yen(9'000'000);
    update.mutable_update_mask()->add_paths("yen");
    ASSERT_EQ(Said(admin().Call<Allotment>("subsidy.v1.AllotmentService/UpdateAllotment", update)), "OK");
    ASSERT_EQ(
        Said(ChangeBudget("budgetLines/l1", "kind: KIND_SUPPLEMENT yen: 900000 document_number: '2'", "2050-04-02")),
        "OK");
    applications_.clear();
    for (int i = 0; i < 6; ++i) {
      applications_.push_back(MakeGranted(300'000));
      if (i % 2 == 0) continue;
      ASSERT_EQ(
          Said(File(applications_.back(),
                    "kind: KIND_COMPLETION_REPORT completion_date { year: 2050 month: 4 day: 2 } " + Claim(280'000))),
          "OK");
      ASSERT_EQ(Said(Decide(applications_.back(), "kind: KIND_FIXING document_number: '1'")), "OK");
    }
    clock().Advance(absl::Hours(24 * 433));  // 10 June 2051
    is_late_ = true;
    ASSERT_EQ(Said(ChangeBudget("budgetLines/l3", "kind: KIND_INITIAL yen: 600000 document_number: '1'", "2051-04-01")),
              "OK");
  }

  std::vector<Caller> jacks_;  // of all trades: they have the roles of all three duties
  std::vector<std::string> applications_, commitments_;
  std::string allotment_;  // of the body that applies
  bool is_late_ = false;   // it is June 2051
};

TEST_P(SubsidyModelTest, WhateverEightOfficersDoAtOnce) {
  const uint64_t seed = faults::Seed();
  SCOPED_TRACE(absl::StrCat("TSUNAGU_SEED=", seed));
  const int acts = static_cast<int>(faults::Given("TSUNAGU_ACTS", GetParam() == Engine::kSqlite ? 400 : 100));
  PlanActs(acts);
  Prepare();
  auto all = Run(seed, acts);
  EXPECT_GT(all["FAILED_PRECONDITION DUTIES_OF_ONE_PERSON"], 0);
  EXPECT_GT(all["OK"], acts / 2) << "too few came through to mean anything";
  EXPECT_THAT(Faults(), IsEmpty());
  PrepareNextYear();
  all = Run(seed + 8, acts / 2);
  EXPECT_GT(all["OK"], acts / 8) << "too few came through to mean anything";
  EXPECT_THAT(Faults(), IsEmpty());
}

// Eight concurrent grants to one body, each from a line with enough budget, do not exceed the body's allotment.
TEST_P(SubsidyModelTest, EightGrantsToOneBody) {
  ASSERT_EQ(Said(Ask<Allotment, CreateAllotmentRequest>(
                admin(), "AllotmentService/CreateAllotment",
                "parent: 'programmes/p1' allotment { body: 'areas/312011' yen: 350000 }")),
            "OK");
  std::vector<std::string> applications;
  for (int i = 0; i < 8; ++i) {
    ASSERT_EQ(Said(Ask<BudgetLine, CreateBudgetLineRequest>(
                  admin(), "BudgetLineService/CreateBudgetLine",
                  absl::StrCat("budget_line_id: 'e", i,
                               "' budget_line { display_name: '見本費' fiscal_year: 2050 "
                               "code: 'e",
                               i, "' body: 'areas/310000' }"))),
              "OK");
    const std::string line = absl::StrCat("budgetLines/e", i);
    ASSERT_EQ(Said(ChangeBudget(line, "kind: KIND_INITIAL yen: 100000 document_number: '1'")), "OK");
    applications.push_back(MakeExamined(200'000));
  }
  const auto told = EightAtOnce([&](int writer) {
    const std::string line = absl::StrCat("budget_line: 'budgetLines/e", writer, "'");
    return Said(Decide(applications[writer], "kind: KIND_GRANT document_number: '1' " + line));
  });
  const std::map<std::string, int> expected = {{"OK", 3}, {"FAILED_PRECONDITION ALLOTMENT_EXCEEDED", 5}};
  EXPECT_EQ(told, expected);
  EXPECT_THAT(Faults(), IsEmpty());
}

// The checker finds what is wrong.
TEST_P(SubsidyModelTest, ASwappedBalanceAndALostPostingAreFound) {
  const std::string name = MakeGranted(300'000);
  EXPECT_THAT(Faults(), IsEmpty());
  const auto change = [&](const char* sql) {
    Execute(server().database("subsidy"), sql, {});
    EXPECT_TRUE(server().host().Find("subsidy")->store().FindTable("budgetLines")->SignRows().ok());
  };
  change(
      "UPDATE `budget_lines` SET `available_yen` = `available_yen` + 1, `committed_yen` = `committed_yen` - 1, `mac` = "
      "NULL");
  EXPECT_THAT(Faults(), testing::ElementsAre("budgetLines/l1: balances are not those of its postings"));
  change(
      "UPDATE `budget_lines` SET `available_yen` = `available_yen` - 1, `committed_yen` = `committed_yen` + 1, `mac` = "
      "NULL");
  EXPECT_THAT(Faults(), IsEmpty());
  Execute(server().database("subsidy"), "DELETE FROM `postings` WHERE `act` = 'ACT_RESERVE'", {});
  EXPECT_EQ(Faults().size(), 2u);
}

WIRE_TEST_ON_BOTH(SubsidyModelTest);

}  // namespace
}  // namespace tsunagu::wire
