// Random documents by concurrent officers: whatever is taken, the books are those of a model that shares no code with the
// service. TSUNAGU_SEED=… repeats the choices, TSUNAGU_ACTS=… says how many there are.
#include <array>
#include <map>
#include <random>

#include "absl/strings/match.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "tests/faults/chance.h"
#include "tests/faults/subsidy_books.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/subsidy_test_base.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen
using testing::IsEmpty;

class SubsidyModelTest : public SubsidyTest {
 protected:
  std::vector<std::string> Faults() {
    return faults::FaultsOfSubsidyBooks(
        [&](const std::string& method, const google::protobuf::Message& request, google::protobuf::Message& response) {
          return server().admin().CallUntyped("subsidy.v1." + method, request, response);
        });
  }

  // One random document or budget change; what it is told.
  std::string Act(std::mt19937_64& random, const std::vector<std::string>& applications, int nth) {
    const auto upto = [&](int most) { return static_cast<int>(random() % (most + 1)); };
    const std::string& application = applications[upto(static_cast<int>(applications.size()) - 1)];
    const std::string line = absl::StrCat("budgetLines/l", 1 + upto(1));
    const std::string yen = absl::StrCat(1000 * (1 + upto(200)));
    // Every fourth document is by somebody who has all roles, but still one duty in an application.
    const Caller* by = upto(3) == 0 ? &jacks_[upto(static_cast<int>(jacks_.size()) - 1)] : nullptr;
    const auto file = [&](const std::string& text) { return Said(File(application, text, "2050-04-02", by)); };
    const auto decide = [&](const std::string& text) { return Said(Decide(application, text, "2050-04-02", by)); };
    const auto pay = [&](const std::string& text) { return Said(Pay(application, text, "2050-04-02", by)); };
    const std::string number = absl::StrCat("document_number: '", nth, "' ");
    switch (upto(21)) {
      case 0:
      case 1:
      case 2:
        return file("kind: KIND_APPLICATION " + Claim(1000 * (1 + upto(500))));
      case 3:
        return file("kind: KIND_CHANGE reason: 'r' " + Claim(1000 * (1 + upto(500))));
      case 4:
        return file(absl::StrCat("kind: ", upto(9) == 0 ? "KIND_WITHDRAWAL" : "KIND_ABOLITION", " reason: 'r'"));
      case 5:
      case 6:
        return file(absl::StrCat("kind: ", upto(2) == 0 ? "KIND_ABOLITION_REPORT" : "KIND_COMPLETION_REPORT",
                                 " completion_date { year: 2050 month: 4 day: 2 } ", Claim(1000 * (1 + upto(500)))));
      case 7:
        return file(absl::StrCat("kind: KIND_TAX_REPORT tax_yen: ", 1000 * upto(20)));
      case 8:
      case 9:
        return decide("kind: KIND_EXAMINATION");
      case 10:
      case 11:
        return decide(absl::StrCat("kind: KIND_GRANT ", number, "budget_line: '", line, "'"));
      case 12:
        return decide(absl::StrCat("kind: ", upto(1) == 0 ? "KIND_CHANGE_APPROVAL " : "KIND_CHANGE_REFUSAL ",
                                   "reason: 'r' ", number));
      case 13:
        return decide(absl::StrCat("kind: ", upto(1) == 0 ? "KIND_ABOLITION_APPROVAL " : "KIND_ABOLITION_REFUSAL ",
                                   "reason: 'r' ", number));
      case 14:
        return decide(absl::StrCat("kind: KIND_FIXING ", number));
      case 15:
        return decide(absl::StrCat("kind: ", upto(3) == 0 ? "KIND_CANCELLATION yen: " + yen : "KIND_SENDING_BACK",
                                   " reason: 'r' ", number));
      case 16:
      case 17:
        return pay(absl::StrCat("kind: KIND_ADVANCE yen: ", yen, " document_number: 'v", upto(5), "'"));
      case 18:
        return pay(absl::StrCat("kind: ", upto(1) == 0 ? "KIND_SETTLEMENT" : "KIND_RETURN", " yen: ", yen,
                                " document_number: 'v", upto(5), "'"));
      case 19:
        return Said(ChangeBudget(line, absl::StrCat("kind: ", upto(1) == 0 ? "KIND_SUPPLEMENT" : "KIND_REDUCTION", " yen: ", yen,
                                                    " ", number), "2050-04-02"));
      case 20: {
        UpdateAllotmentRequest update;
        update.mutable_allotment()->set_name(allotment_);
        update.mutable_allotment()->set_yen(1000 * (200 + upto(300)));
        update.mutable_update_mask()->add_paths("yen");
        return "allotment " + Said(admin().Call<Allotment>("subsidy.v1.AllotmentService/UpdateAllotment", update));
      }
      default:
        return Said(ChangeBudget(line, absl::StrCat("kind: KIND_TRANSFER to_line: 'budgetLines/l",
                                                    line == "budgetLines/l1" ? 2 : 1, "' yen: ", yen, " ", number), "2050-04-02"));
    }
  }

  std::vector<Caller> jacks_;  // of all trades: they have the roles of all three duties
  std::string allotment_;      // of the body that applies
};

TEST_P(SubsidyModelTest, WhateverEightOfficersDoAtOnce) {
  const uint64_t seed = faults::Seed();
  SCOPED_TRACE(absl::StrCat("TSUNAGU_SEED=", seed));
  const int acts = static_cast<int>(faults::Given("TSUNAGU_ACTS", GetParam() == Engine::kSqlite ? 150 : 60));
  ASSERT_EQ(Said(Ask<BudgetLine, CreateBudgetLineRequest>(
                admin(), "BudgetLineService/CreateBudgetLine",
                R"pb(budget_line_id: "l2" budget_line { display_name: "他の費" fiscal_year: 2050 code: "03-02" body: "areas/310000" })pb")),
            "OK");
  for (const char* id : {"jack", "jill", "joan"}) {
    jacks_.push_back(CallerWith(
        id, {"municipality-officer@areas/312011", "prefecture-officer@areas/310000", "treasurer@areas/310000"},
        "subsidy"));
  }
  const auto allotment = Ask<Allotment, CreateAllotmentRequest>(
      admin(), "AllotmentService/CreateAllotment",
      "parent: 'programmes/p1' allotment { body: 'areas/312011' yen: 400000 }");
  ASSERT_EQ(Said(allotment), "OK");
  allotment_ = allotment->name();
  std::vector<std::string> applications;
  for (int i = 0; i < 6; ++i) applications.push_back(MakeDraft(300'000));
  std::array<std::map<std::string, int>, 8> told;
  EightAtOnce([&](int writer) {
    std::mt19937_64 random(seed + writer);
    for (int i = 0; i < acts; ++i) ++told[writer][Act(random, applications, writer * acts + i)];
    return "";
  });
  std::map<std::string, int> all;
  for (const auto& one : told) {
    for (const auto& [said, times] : one) all[said] += times;
  }
  EXPECT_GT(all["FAILED_PRECONDITION DUTIES_OF_ONE_PERSON"], 0);
  EXPECT_GT(all["OK"], acts / 2) << "too few came through to mean anything";
  for (const auto& [said, times] : all) {
    EXPECT_TRUE(said == "OK" || absl::StartsWith(said, "FAILED_PRECONDITION") ||
                absl::StartsWith(said, "INVALID_ARGUMENT") || said == "ALREADY_EXISTS PAID_ALREADY" ||
                said == "allotment OK" || said == "allotment ABORTED ETAG_MISMATCH" ||
                said == "allotment FAILED_PRECONDITION ALLOTMENT_EXCEEDED")
        << said << " " << times << " times";
  }
  EXPECT_THAT(Faults(), IsEmpty());
}

// Of eight grants to one body at once, each from a line with enough on it, no more than the body was allotted.
TEST_P(SubsidyModelTest, EightGrantsToOneBody) {
  ASSERT_EQ(Said(Ask<Allotment, CreateAllotmentRequest>(
                admin(), "AllotmentService/CreateAllotment",
                "parent: 'programmes/p1' allotment { body: 'areas/312011' yen: 350000 }")),
            "OK");
  std::vector<std::string> applications;
  for (int i = 0; i < 8; ++i) {
    ASSERT_EQ(Said(Ask<BudgetLine, CreateBudgetLineRequest>(
                  admin(), "BudgetLineService/CreateBudgetLine",
                  absl::StrCat("budget_line_id: 'e", i, "' budget_line { display_name: '見本費' fiscal_year: 2050 "
                               "code: 'e", i, "' body: 'areas/310000' }"))),
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
  change("UPDATE `budget_lines` SET `available_yen` = `available_yen` + 1, `committed_yen` = `committed_yen` - 1, `mac` = NULL");
  EXPECT_THAT(Faults(), testing::ElementsAre("budgetLines/l1: balances are not those of its postings"));
  change("UPDATE `budget_lines` SET `available_yen` = `available_yen` - 1, `committed_yen` = `committed_yen` + 1, `mac` = NULL");
  EXPECT_THAT(Faults(), IsEmpty());
  Execute(server().database("subsidy"), "DELETE FROM `postings` WHERE `act` = 'ACT_RESERVE'", {});
  EXPECT_EQ(Faults().size(), 2u);
}

WIRE_TEST_ON_BOTH(SubsidyModelTest);

}  // namespace
}  // namespace tsunagu::wire
