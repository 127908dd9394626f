// Permits of care workers: from the certificate of a training to the check whether a worker may act.
#include "services/training/templates.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/training_test_base.h"
#include "tsunagu/training/v1/care_permit.pb.h"
#include "tsunagu/training/v1/permit_application.pb.h"
#include "tsunagu/training/v1/permit_rule.pb.h"
#include "tsunagu/training/v1/worker_filing.pb.h"

namespace tsunagu::wire {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;
using Application = training_v1::PermitApplication;
using Unit = training_v1::PermitRule::Unit;
constexpr auto kOral = training_v1::ACT_ORAL_SUCTION;
constexpr auto kNasal = training_v1::ACT_NASAL_SUCTION;
constexpr auto kAdded = training_v1::WorkerFiling::KIND_ADDED;
constexpr auto kRemoved = training_v1::WorkerFiling::KIND_REMOVED;

class CarePermitTest : public TrainingTest {
 protected:
  void SetUp() override {
    TrainingTest::SetUp();
    if (IsSkipped()) return;
    learner_ = MakeLearner("見本 花子");
  }
  std::string MakeRule(Unit unit, const char* from = "", const char* to = "") {
    training_v1::CreatePermitRuleRequest request;
    auto& rule = *request.mutable_permit_rule();
    rule.set_prefecture("areas/310000");
    rule.set_any_client(unit);
    rule.set_one_client(unit);
    if (*from != 0) *rule.mutable_valid_from_date() = Day(from);
    if (*to != 0) *rule.mutable_valid_to_date() = Day(to);
    return Said(Ask<training_v1::PermitRule>("PermitRuleService/CreatePermitRule", request));
  }
  // On the ground of a paper from elsewhere.
  absl::StatusOr<Application> Apply(training_v1::Act act, const std::string& client, const char* day = "2050-03-01") {
    training_v1::CreatePermitApplicationRequest request;
    auto& application = *request.mutable_permit_application();
    application.set_learner(learner_);
    application.set_prefecture("areas/310000");
    application.add_acts(act);
    application.set_client(client);
    application.set_evidence("見本県 修了証明書 第7号");
    *application.mutable_application_date() = Day(day);
    return Ask<Application>("PermitApplicationService/CreatePermitApplication", request);
  }
  absl::StatusOr<Application> Grant(const std::string& application, const std::string& number,
                                    const char* day = "2050-03-10") {
    training_v1::GrantPermitApplicationRequest request;
    request.set_name(application);
    request.set_number(number);
    *request.mutable_certified_date() = Day(day);
    return Ask<Application>("PermitApplicationService/GrantPermitApplication", request);
  }
  std::string Certified(training_v1::Act act, const std::string& client, const std::string& number) {
    const auto application = Apply(act, client);
    EXPECT_EQ(Said(application), "OK");
    const auto granted = Grant(application->name(), number);
    EXPECT_EQ(Said(granted), "OK");
    return granted.ok() ? granted->permit() : "";
  }
  absl::StatusOr<training_v1::WorkerFiling> File(const std::string& permit, training_v1::WorkerFiling::Kind kind,
                                                 const char* day, const std::string& replaces = "") {
    training_v1::CreateWorkerFilingRequest request;
    request.set_parent(permit);
    request.mutable_worker_filing()->set_office("31-001");
    request.mutable_worker_filing()->set_kind(kind);
    *request.mutable_worker_filing()->mutable_filing_date() = Day(day);
    request.mutable_worker_filing()->set_replaces(replaces);
    return Ask<training_v1::WorkerFiling>("WorkerFilingService/CreateWorkerFiling", request);
  }
  training_v1::CheckActRequest Question(training_v1::Act act, const std::string& client, const char* day) {
    training_v1::CheckActRequest request;
    request.set_learner(learner_);
    request.set_office("31-001");
    request.set_act(act);
    request.set_client(client);
    if (*day != 0) *request.mutable_act_date() = Day(day);
    return request;
  }
  // The rule of the line that decides.
  std::string Check(training_v1::Act act, const std::string& client, const char* day = "") {
    const auto told = Ask<training_v1::CheckActResponse>("CarePermitService/CheckAct", Question(act, client, day));
    return told.ok() ? told->line().rule() : Said(told);
  }
  absl::StatusOr<training_v1::CarePermit> GetPermit(const std::string& name) {
    training_v1::GetCarePermitRequest request;
    request.set_name(name);
    return Ask<training_v1::CarePermit>("CarePermitService/GetCarePermit", request);
  }

  std::string learner_;
};

struct FurtherActCase {
  const char* name;
  Unit unit;
  const char* number;  // with the further act
  const char* said;
  Application::State state;
  int acts_of_first;
};

TEST_P(CarePermitTest, K9AFurtherActChangesThePermitOrTakesANewOne) {
  const FurtherActCase kCases[] = {
      {"one for worker and client", training_v1::PermitRule::UNIT_WORKER, "", "OK", Application::STATE_CHANGED, 2},
      {"one for each application", training_v1::PermitRule::UNIT_APPLICATION, "2", "OK", Application::STATE_GRANTED, 1},
      {"one for each act", training_v1::PermitRule::UNIT_ACT, "3", "OK", Application::STATE_GRANTED, 1},
  };
  ASSERT_EQ(MakeRule(kCases[0].unit, "", "2050-02-01"), "OK");
  ASSERT_EQ(MakeRule(kCases[1].unit, "2050-02-02", "2050-03-01"), "OK");
  ASSERT_EQ(MakeRule(kCases[2].unit, "2050-03-02"), "OK");
  const char* const days[] = {"2050-02-01", "2050-03-01", "2050-03-02"};
  for (int i = 0; i < 3; ++i) {
    const std::string client = absl::StrCat("対象者", i);
    const auto first = Grant(Apply(kOral, client, "2050-01-15")->name(), absl::StrCat("認-", i), days[i]);
    ASSERT_EQ(Said(first), "OK") << kCases[i].name;
    EXPECT_EQ(first->state(), Application::STATE_GRANTED);
    const auto further = Grant(Apply(kNasal, client, "2050-01-20")->name(), kCases[i].number, days[i]);
    ASSERT_EQ(Said(further), kCases[i].said) << kCases[i].name;
    EXPECT_EQ(further->state(), kCases[i].state) << kCases[i].name;
    EXPECT_EQ(further->permit() == first->permit(), kCases[i].state == Application::STATE_CHANGED) << kCases[i].name;
    const auto permit = GetPermit(first->permit());
    ASSERT_EQ(Said(permit), "OK");
    EXPECT_EQ(permit->acts_size(), kCases[i].acts_of_first) << kCases[i].name;
    EXPECT_EQ(permit->client(), client);
    EXPECT_EQ(permit->number(), absl::StrCat("認-", i));
  }
}

TEST_P(CarePermitTest, K10CertifiedAndNotFiledIsNotEnough) {
  ASSERT_EQ(MakeRule(training_v1::PermitRule::UNIT_WORKER), "OK");
  EXPECT_EQ(Check(kOral, "対象者12"), "NO_PERMIT");
  const std::string permit = Certified(kOral, "対象者12", "認-1");
  EXPECT_EQ(Check(kOral, "対象者12"), "NOT_FILED");
  const auto filed = File(permit, kAdded, "2050-03-20");
  ASSERT_EQ(Said(filed), "OK");
  EXPECT_EQ(Check(kOral, "対象者12"), "FILED");
  EXPECT_EQ(Check(kOral, "対象者12", "2050-03-19"), "NOT_FILED");
  EXPECT_EQ(Check(kOral, "対象者12", "2050-03-09"), "NOT_YET_CERTIFIED");
  EXPECT_EQ(Check(kOral, "対象者13"), "NO_PERMIT");
  EXPECT_EQ(Check(kOral, ""), "NO_PERMIT");
  const auto told = Ask<training_v1::CheckActResponse>("CarePermitService/CheckAct", Question(kOral, "対象者12", ""));
  EXPECT_TRUE(told->may_act());
  EXPECT_EQ(told->permit(), permit);
  EXPECT_EQ(told->filing(), filed->name());
  EXPECT_EQ(told->line().ja(), "認定証 認-1：事業所 31-001 が2050-03-20に届け出ています。");
  // A further act, and the office has to file again.
  ASSERT_EQ(Said(Grant(Apply(kNasal, "対象者12")->name(), "", "2050-03-25")), "OK");
  EXPECT_EQ(Check(kNasal, "対象者12"), "NOT_FILED");
  ASSERT_EQ(Said(File(permit, kAdded, "2050-03-26")), "OK");
  EXPECT_EQ(Check(kNasal, "対象者12"), "FILED");
  ASSERT_EQ(Said(File(permit, kRemoved, "2050-04-01")), "OK");
  EXPECT_EQ(Check(kOral, "対象者12"), "TAKEN_OFF");
  EXPECT_EQ(Check(kOral, "対象者12", "2050-03-31"), "FILED");
}

TEST_P(CarePermitTest, ACorrectedFilingHoldsInsteadOfTheWrongOne) {
  ASSERT_EQ(MakeRule(training_v1::PermitRule::UNIT_WORKER), "OK");
  const std::string permit = Certified(kOral, "", "認-1");
  const auto wrong = File(permit, kAdded, "2050-03-12");
  ASSERT_EQ(Said(wrong), "OK");
  EXPECT_EQ(Said(File(permit, kAdded, "2050-03-12")), "INVALID_ARGUMENT INVALID_REQUEST worker_filing:FACT_RECORDED");
  ASSERT_EQ(Said(File(permit, kAdded, "2050-03-20", wrong->name())), "OK");
  EXPECT_EQ(Check(kOral, "", "2050-03-15"), "NOT_FILED");
  EXPECT_EQ(Check(kOral, "", "2050-03-20"), "FILED");
  EXPECT_THAT(Said(File(permit, kAdded, "2050-03-21", wrong->name())), HasSubstr("replaces:FACT_REPLACED"));
  EXPECT_THAT(Said(File(permit, kAdded, "2050-03-09")), HasSubstr("filing_date:FILED_BEFORE_PERMIT"));
  EXPECT_THAT(Said(File(permit, kRemoved, "2050-03-19")), HasSubstr("filing_date:NOT_ON_ROSTER"));
  EXPECT_THAT(Said(File(permit, kAdded, "2050-04-04")), HasSubstr("filing_date:DAY_TO_COME"));
}

TEST_P(CarePermitTest, WhatAGrantIsRefusedFor) {
  const auto first = Apply(kOral, "");
  ASSERT_EQ(Said(first), "OK");
  EXPECT_EQ(Said(Grant(first->name(), "認-1")), "FAILED_PRECONDITION PERMIT_RULE_MISSING");
  ASSERT_EQ(MakeRule(training_v1::PermitRule::UNIT_WORKER), "OK");
  EXPECT_THAT(Said(Grant(first->name(), "")), HasSubstr("number:PERMIT_NUMBER_REQUIRED"));
  EXPECT_THAT(Said(Grant(first->name(), "認-1", "2050-04-04")), HasSubstr("certified_date:DAY_TO_COME"));
  EXPECT_THAT(Said(Grant(first->name(), "認-1", "2050-02-28")), HasSubstr("certified_date:PERIOD_ENDS_BEFORE_START"));
  ASSERT_EQ(Said(Grant(first->name(), "認-1")), "OK");
  EXPECT_EQ(Said(Grant(first->name(), "認-2")), "FAILED_PRECONDITION APPLICATION_DECIDED");
  EXPECT_THAT(Said(Grant(Apply(kOral, "")->name(), "")), HasSubstr("acts[0]:ACT_PERMITTED_ALREADY"));
  const auto further = Apply(kNasal, "");
  EXPECT_THAT(Said(Grant(further->name(), "認-2")), HasSubstr("number:PERMIT_NUMBER_STAYS"));
  training_v1::RefusePermitApplicationRequest refuse;
  refuse.set_name(further->name());
  refuse.set_reason("取下げ");
  ASSERT_EQ(Said(Ask<Application>("PermitApplicationService/RefusePermitApplication", refuse)), "OK");
  EXPECT_EQ(Said(Grant(further->name(), "")), "FAILED_PRECONDITION APPLICATION_DECIDED");
  EXPECT_EQ(Said(Ask<Application>("PermitApplicationService/RefusePermitApplication", refuse)),
            "FAILED_PRECONDITION APPLICATION_DECIDED");

  training_v1::RevokeCarePermitRequest revoke;
  revoke.set_name("carePermits/none");
  revoke.set_reason("返納");
  EXPECT_EQ(Said(Ask<training_v1::CarePermit>("CarePermitService/RevokeCarePermit", revoke)),
            "NOT_FOUND CARE_PERMIT_NOT_FOUND");
  training_v1::ListCarePermitsRequest list;
  const auto listed = Ask<training_v1::ListCarePermitsResponse>("CarePermitService/ListCarePermits", list);
  ASSERT_EQ(listed->care_permits_size(), 1);
  revoke.set_name(listed->care_permits(0).name());
  ASSERT_EQ(Said(Ask<training_v1::CarePermit>("CarePermitService/RevokeCarePermit", revoke)), "OK");
  EXPECT_EQ(Said(Ask<training_v1::CarePermit>("CarePermitService/RevokeCarePermit", revoke)),
            "FAILED_PRECONDITION PERMIT_NOT_VALID");
  EXPECT_EQ(Check(kOral, ""), "REVOKED");
  EXPECT_THAT(Said(File(revoke.name(), kAdded, "2050-04-03")), HasSubstr("PERMIT_NOT_VALID"));
  // A new application gets a new permit.
  EXPECT_EQ(Said(Grant(Apply(kOral, "")->name(), "認-3")), "OK");
}

TEST_P(CarePermitTest, AnApplicationRestsOnACertificateOrAPaper) {
  const std::string enrollment = Enroll(course_, learner_);
  AttendAll(enrollment);
  const auto certificate = Issue(enrollment);
  ASSERT_EQ(Said(certificate), "OK");
  training_v1::CreatePermitApplicationRequest request;
  auto& application = *request.mutable_permit_application();
  application.set_learner(learner_);
  application.set_prefecture("areas/310000");
  application.add_acts(kOral);
  *application.mutable_application_date() = Day("2050-04-04");
  const auto said = [&] { return Said(Ask<Application>("PermitApplicationService/CreatePermitApplication", request)); };
  EXPECT_EQ(said(),
            "INVALID_ARGUMENT INVALID_REQUEST permit_application.application_date:DAY_TO_COME "
            "permit_application.evidence:EVIDENCE_REQUIRED");
  *application.mutable_application_date() = Day("2050-04-03");
  application.set_certificate(certificate->name());
  application.set_client("対象者12");
  EXPECT_EQ(said(),
            "INVALID_ARGUMENT INVALID_REQUEST permit_application.acts[0]:ACT_NOT_COMPLETED "
            "permit_application.client:CLIENT_COMES_WITH_CERTIFICATE")
      << "coordinators learn no acts";
  application.clear_client();
  application.set_learner(MakeLearner("見本 次子"));
  EXPECT_EQ(said(), "INVALID_ARGUMENT INVALID_REQUEST permit_application.certificate:CERTIFICATE_OF_ANOTHER");
}

// Only a caller who may see clients learns whether a client was named correctly.
TEST_P(CarePermitTest, AClientIsNotGuessed) {
  ASSERT_EQ(MakeRule(training_v1::PermitRule::UNIT_WORKER), "OK");
  const std::string permit = Certified(kOral, "対象者12", "認-1");
  ASSERT_EQ(Said(File(permit, kAdded, "2050-03-20")), "OK");
  SetRole("clerk",
          {"carePermits.read", "carePermits.check", "carePermits.grant", "permitApplications.read",
           "permitApplications.write", "learners.read"},
          "training");
  const Caller clerk = CallerWith("clerk", {"clerk@*"}, "training").For("tests");
  for (const char* guess : {"対象者12", "対象者13"}) {
    const auto told =
        clerk.Call<training_v1::CheckActResponse>("training.v1.CarePermitService/CheckAct", Question(kOral, guess, ""));
    EXPECT_EQ(Said(told), "PERMISSION_DENIED PERMISSION_DENIED");
    training_v1::GrantPermitApplicationRequest grant;
    grant.set_name(Apply(kOral, guess)->name());
    grant.set_number("認-2");
    EXPECT_EQ(Said(clerk.Call<Application>("training.v1.PermitApplicationService/GrantPermitApplication", grant)),
              "PERMISSION_DENIED PERMISSION_DENIED");
  }
  EXPECT_EQ(Said(clerk.Call<training_v1::CheckActResponse>("training.v1.CarePermitService/CheckAct",
                                                           Question(kOral, "", ""))),
            "OK");
  EXPECT_EQ(Said(admin().Call<training_v1::CheckActResponse>("training.v1.CarePermitService/CheckAct",
                                                             Question(kOral, "対象者12", ""))),
            "INVALID_ARGUMENT PURPOSE_REQUIRED");
}

TEST_P(CarePermitTest, OfEightGrantsOneHoldsAndTheActsGoIntoOnePermit) {
  ASSERT_EQ(MakeRule(training_v1::PermitRule::UNIT_WORKER), "OK");
  const auto application = Apply(kOral, "対象者12");
  EXPECT_THAT(EightAtOnce([&](int writer) { return Said(Grant(application->name(), absl::StrCat("認-", writer))); }),
              UnorderedElementsAre(Pair("OK", 1), Pair("FAILED_PRECONDITION APPLICATION_DECIDED", 7)));
  std::vector<std::string> same;
  for (int i = 0; i < 8; ++i) same.push_back(Apply(kNasal, "対象者12")->name());
  EXPECT_THAT(EightAtOnce([&](int writer) { return Said(Grant(same[writer], "")); }),
              UnorderedElementsAre(Pair("OK", 1), Pair(HasSubstr("acts[0]:ACT_PERMITTED_ALREADY"), 7)));
}

TEST_P(CarePermitTest, OfEightFilingsOneIsKept) {
  ASSERT_EQ(MakeRule(training_v1::PermitRule::UNIT_WORKER), "OK");
  const std::string permit = Certified(kOral, "", "認-1");
  EXPECT_THAT(
      EightAtOnce([&](int) { return Said(File(permit, kAdded, "2050-03-20")); }),
      UnorderedElementsAre(Pair("OK", 1), Pair("INVALID_ARGUMENT INVALID_REQUEST worker_filing:FACT_RECORDED", 7)));
}

WIRE_TEST_ON_BOTH(CarePermitTest);

}  // namespace
}  // namespace tsunagu::wire
