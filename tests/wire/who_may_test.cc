// Permissions: every method, by every shipped role, on records of its own municipality, of another one in the same
// prefecture, and of another prefecture. The table is tests/wire/who_may.txt, and is reviewed by people: after an
// intended change, TSUNAGU_WRITE_TABLE=1 writes it again.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/access/access.h"
#include "common/contract/own_id.h"
#include "common/contract/schema.h"
#include "common/identity/principal.h"
#include "common/records/table.h"
#include "common/rpc/client.h"
#include "common/service/service.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/text_format.h"
#include "google/type/date.pb.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/commute_rule.pb.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/matching/v1/round_event.pb.h"
#include "tsunagu/matching/v1/travel_time.pb.h"
#include "tsunagu/matching/v1/visit_comparison.pb.h"
#include "tsunagu/matching/v1/visit_contract.pb.h"
#include "tsunagu/matching/v1/visit_event.pb.h"
#include "tsunagu/matching/v1/visit_round.pb.h"
#include "tsunagu/matching/v1/visit_supply.pb.h"
#include "tsunagu/options.pb.h"
#include "tsunagu/registry/v1/area_change.pb.h"
#include "tsunagu/registry/v1/area_role.pb.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/coordinator_training.pb.h"
#include "tsunagu/registry/v1/council.pb.h"
#include "tsunagu/registry/v1/joint_group.pb.h"
#include "tsunagu/registry/v1/joint_group_member.pb.h"
#include "tsunagu/registry/v1/local_issue.pb.h"
#include "tsunagu/registry/v1/meeting.pb.h"
#include "tsunagu/registry/v1/nurse_employment.pb.h"
#include "tsunagu/registry/v1/nurse_training.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"
#include "tsunagu/registry/v1/plan_target.pb.h"
#include "tsunagu/registry/v1/publication.pb.h"
#include "tsunagu/registry/v1/region.pb.h"
#include "tsunagu/registry/v1/region_member.pb.h"
#include "tsunagu/registry/v1/service_kind.pb.h"
#include "tsunagu/registry/v1/survey_form.pb.h"
#include "tsunagu/registry/v1/survey_round.pb.h"
#include "tsunagu/subsidy/v1/activity_scheme.pb.h"
#include "tsunagu/subsidy/v1/allotment.pb.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/approval_limit.pb.h"
#include "tsunagu/subsidy/v1/budget_change.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/commitment.pb.h"
#include "tsunagu/subsidy/v1/commitment_act.pb.h"
#include "tsunagu/subsidy/v1/commitment_override.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/forwarding.pb.h"
#include "tsunagu/subsidy/v1/override.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/payment_batch.pb.h"
#include "tsunagu/subsidy/v1/payment_layout.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/provider.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"
#include "tsunagu/subsidy/v1/service_record.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"
#include "tsunagu/subsidy/v1/usage_grant.pb.h"
#include "tsunagu/training/v1/attendance.pb.h"
#include "tsunagu/training/v1/care_permit.pb.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"
#include "tsunagu/training/v1/learner.pb.h"
#include "tsunagu/training/v1/permit_application.pb.h"
#include "tsunagu/training/v1/permit_rule.pb.h"
#include "tsunagu/training/v1/session.pb.h"
#include "tsunagu/training/v1/signing_key.pb.h"
#include "tsunagu/training/v1/statement.pb.h"
#include "tsunagu/training/v1/test_result.pb.h"
#include "tsunagu/training/v1/trial.pb.h"
#include "tsunagu/training/v1/viewing.pb.h"
#include "tsunagu/training/v1/worker_filing.pb.h"

namespace tsunagu::wire {
namespace {

using contract::Schema;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr char kTable[] = TSUNAGU_SOURCE_DIR "/tests/wire/who_may.txt";
constexpr int kPlaces = 3;
constexpr const char* kAreas[kPlaces] = {"areas/312011", "areas/313025", "areas/322016"};

std::unique_ptr<Message> New(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}
void SetText(Message& message, const std::string& field, const std::string& text) {
  const FieldDescriptor* at = message.GetDescriptor()->FindFieldByName(field);
  if (at == nullptr || at->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return;
  at->is_repeated() ? message.GetReflection()->AddString(&message, at, text)
                    : message.GetReflection()->SetString(&message, at, text);
}

// A column of the table.
struct Column {
  std::string title, scope;
  rpc::CallOptions options;
};

class WhoMayTest : public SuiteTest {
 protected:
  Server::Options ServerOptions() override {
    Server::Options options;
    options.services = {"registry", "training", "subsidy", "matching"};
    return options;
  }
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    peer_ = std::make_unique<rpc::Peer>("table", server().channel());
    CreateAreas();
    for (int i = 0; i < kPlaces; ++i) {
      CreateAt(i);
      CreateCouncilAt(i);
      CreateTrainingAt(i);
      CreateSubsidyAt(i);
      CreateActivitiesAt(i);
    }
    Make<training::v1::SigningKey>("training.v1.SigningKeyService/RotateSigningKey",
                                   training::v1::RotateSigningKeyRequest());
    for (std::string& name : names_["signingKeys"]) name = "signingKeys/1";
  }
  template <typename M>
  M Make(const std::string& method, const Message& request) {
    const auto made = reader().Call<M>(method, request);
    EXPECT_EQ(Said(made), "OK") << method;
    return made.ok() ? *made : M();
  }
  // One record of each kind in the place.
  void CreateAt(int place) {
    const std::string area = kAreas[place], id = absl::StrCat("x", place);
    const auto keep = [&](const char* collection, const std::string& name) { names_[collection][place] = name; };
    keep("areas", area);
    keep("facilities", Create(id, AFacility("みほん", area)).name());
    registry_v1::Nurse nurse = ANurse("見本 花子", area);
    nurse.set_seeking(true);
    keep("nurses", Create(nurse).name());
    registry_v1::CreateCoordinatorRequest person;
    person.mutable_coordinator()->set_display_name("見本 花子");
    person.mutable_coordinator()->set_home_area(area);
    keep("coordinators",
         Make<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", person).name());
    registry_v1::CreatePlacementRequest placement;
    placement.mutable_placement()->set_coordinator(names_["coordinators"][place]);
    placement.mutable_placement()->set_body(area);
    placement.mutable_placement()->set_stage(registry_v1::PLACEMENT_STAGE_ACTUAL);
    *placement.mutable_placement()->mutable_valid_from_date() = jp::ToDate(*jp::ParseDay("2050-04-01"));
    registry_v1::CreateCoordinatorTrainingRequest trained;
    trained.set_parent(names_["coordinators"][place]);
    trained.mutable_coordinator_training()->set_display_name("見本研修");
    *trained.mutable_coordinator_training()->mutable_completion_date() = jp::ToDate(*jp::ParseDay("2050-04-01"));
    keep("coordinatorTrainings", Make<registry_v1::CoordinatorTraining>(
                                     "registry.v1.CoordinatorTrainingService/CreateCoordinatorTraining", trained)
                                     .name());
    registry_v1::CreateNurseTrainingRequest taught;
    taught.set_parent(names_["nurses"][place]);
    taught.mutable_nurse_training()->set_display_name("見本研修");
    *taught.mutable_nurse_training()->mutable_completion_date() = jp::ToDate(*jp::ParseDay("2050-04-01"));
    keep("nurseTrainings",
         Make<registry_v1::NurseTraining>("registry.v1.NurseTrainingService/CreateNurseTraining", taught).name());
    keep("placements", Make<registry_v1::Placement>("registry.v1.PlacementService/CreatePlacement", placement).name());
    registry_v1::CreateNurseEmploymentRequest employed;
    employed.set_parent(names_["nurses"][place]);
    employed.mutable_nurse_employment()->set_facility("facilities/" + id);
    *employed.mutable_nurse_employment()->mutable_start_date() = jp::ToDate(*jp::ParseDay("2050-04-01"));
    keep("nurseEmployments",
         Make<registry_v1::NurseEmployment>("registry.v1.NurseEmploymentService/CreateNurseEmployment", employed)
             .name());
    matching_v1::CreateOpeningRequest opening;
    opening.set_opening_id(id);
    opening.mutable_opening()->set_facility("facilities/" + id);
    opening.mutable_opening()->set_area(area);
    opening.mutable_opening()->set_posts(1);
    opening.mutable_opening()->set_weekly_minutes(600);
    keep("openings", Make<matching_v1::Opening>("matching.v1.OpeningService/CreateOpening", opening).name());
    keep("rounds", CreateRound(admin(), id, 1, area)->name());
    // A notice covers all openings in its area, so that nothing is refused without a ground.
    MakeNamed<matching_v1::LegalBasis, matching_v1::CreateLegalBasisRequest>(
        "legalBases", place, "matching.v1.LegalBasisService/CreateLegalBasis",
        absl::StrCat(
            "legal_basis_id: '", id,
            "' legal_basis { operator_code: '$areas;' area: '$areas;' kind: "
            "BASIS_KIND_NOTICE number: '1' opening_kinds: OPENING_KIND_EMPLOYMENT refusal_grounds { code: 'a' text: "
            "'見本' } }"));
    MakeNamed<matching_v1::CommuteRule, matching_v1::CreateCommuteRuleRequest>(
        "commuteRules", place, "matching.v1.CommuteRuleService/CreateCommuteRule",
        "commute_rule { area: '$areas;' road_factor_permille: 1300 valid_from_date { year: 2041 month: 4 day: 1 } }");
    MakeNamed<matching_v1::TravelTime, matching_v1::CreateTravelTimeRequest>(
        "travelTimes", place, "matching.v1.TravelTimeService/CreateTravelTime",
        "parent: '$commuteRules;' travel_time { origin: '53341188' destination: 'facilities/a' minutes: 20 }");
    CreateProposalAt(place);
    registry_v1::CreateServiceKindRequest kind;
    kind.mutable_service_kind()->set_code(absl::StrCat("9", place));
    kind.mutable_service_kind()->set_display_name(absl::StrCat("見本サービス", place));
    keep("serviceKinds",
         Make<registry_v1::ServiceKind>("registry.v1.ServiceKindService/CreateServiceKind", kind).name());
    CreateRegionAt(place);
    CreateSurveyAt(place);
    CreatePublicationAt(place);
    CreateJointGroupAt(place);
    CreateAreaChangeAt(place);
    CreateAreaRoleAt(place);
  }
  // One that the facility sees, since the nurse has consented; and a contract of visits.
  void CreateProposalAt(int place) {
    MakeNamed<matching_v1::Proposal, matching_v1::CreateProposalRequest>(
        "proposals", place, "matching.v1.ProposalService/CreateProposal",
        "proposal { nurse: '$nurses;' opening: '$openings;' legal_basis: '$legalBases;' }");
    matching_v1::ConsentProposalRequest consent;
    consent.set_name(names_["proposals"][place]);
    consent.set_nurse(names_["nurses"][place]);
    consent.set_nurse_display_name("見本花子");
    consent.set_evidence("見本");
    Make<matching_v1::Proposal>("matching.v1.ProposalService/ConsentProposal", consent);
    MakeNamed<matching_v1::Opening, matching_v1::CreateOpeningRequest>(
        "openings for visits", place, "matching.v1.OpeningService/CreateOpening",
        absl::StrCat("opening_id: 'v", place,
                     "' opening { facility: '$facilities;' area: '$areas;' posts: 1 "
                     "weekly_minutes: 60 kind: OPENING_KIND_VISIT school_half_days: HALF_DAY_MON_AM }"));
    MakeNamed<matching_v1::VisitContract, matching_v1::CreateVisitContractRequest>(
        "visitContracts", place, "matching.v1.VisitContractService/CreateVisitContract",
        "visit_contract { opening: '$openings for visits;' supplier_code: '31' school_half_days: HALF_DAY_MON_AM "
        "valid_from_date { year: 2050 month: 4 day: 1 } }");
    MakeNamed<matching_v1::VisitSupply, matching_v1::CreateVisitSupplyRequest>(
        "visitSupplies", place, "matching.v1.VisitSupplyService/CreateVisitSupply",
        "visit_supply { supplier_code: '31' kind: SUPPLIER_POOL area: '$areas;' latitude_e6: 35500000 longitude_e6: "
        "134230000 "
        "reach_metres: 9000 licence: LICENCE_NURSE school_half_days: HALF_DAY_MON_AM }");
  }
  // From a method and the text of its request, in which $… stands for the names that were made for the place.
  template <typename M, typename Request>
  void MakeTraining(const char* collection, int place, const char* method, const std::string& text) {
    MakeNamed<M, Request>(collection, place, absl::StrCat("training.v1.", method), text);
  }
  template <typename M, typename Request>
  void MakeSubsidy(const char* collection, int place, const char* method, const std::string& text) {
    MakeNamed<M, Request>(collection, place, absl::StrCat("subsidy.v1.", method), text);
  }
  template <typename M, typename Request>
  void MakeNamed(const char* collection, int place, const std::string& method, std::string text) {
    for (const auto& [made, names] : names_)
      text = absl::StrReplaceAll(text, {{absl::StrCat("$", made, ";"), names[place]}});
    Request request;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    names_[collection][place] = Make<M>(method, request).name();
  }
  void CreateTrainingAt(int place) {
    namespace v1 = training::v1;
    const std::string id = absl::StrCat("x", place);
    MakeTraining<v1::Curriculum, v1::CreateCurriculumRequest>(
        "curricula", place, "CurriculumService/CreateCurriculum",
        absl::StrCat(
            "curriculum_id: '", id, "' curriculum { display_name: '見本' series: '", id,
            "' subjects { code: '1' display_name: '講義' method: METHOD_LECTURE minutes: 60 } tests { code: 't' "
            "display_name: '試験' questions: 1 pass_percent: 100 } acts { act: ACT_ORAL_SUCTION exercises: 1 } "
            "credit_rule { make_up: true } }"));
    MakeTraining<v1::Course, v1::CreateCourseRequest>(
        "courses", place, "CourseService/CreateCourse",
        absl::StrCat(
            "course_id: '", id,
            "' course { display_name: '見本研修' curriculum: '$curricula;' fiscal_year: 2049 "
            "hosts: 'areas/310000' capacity: 5 start_date { year: 2049 month: 4 day: 1 } end_date { year: 2050 "
            "month: 3 day: 31 } }"));
    MakeTraining<v1::Session, v1::CreateSessionRequest>(
        "sessions", place, "SessionService/CreateSession",
        "parent: '$courses;' session_id: 's' session { held_date { year: 2049 month: 5 day: 1 } start_minute: 540 "
        "end_minute: 600 mode: MODE_ON_SITE lessons { subject: '1' minutes: 60 } }");
    MakeTraining<v1::Learner, v1::CreateLearnerRequest>("learners", place, "LearnerService/CreateLearner",
                                                        "learner { display_name: '見本 花子' body: '$areas;' }");
    MakeTraining<v1::Enrollment, v1::CreateEnrollmentRequest>(
        "enrollments", place, "EnrollmentService/CreateEnrollment",
        "parent: '$courses;' enrollment { learner: '$learners;' nominating_body: '$areas;' rank: 1 ground: "
        "GROUND_OTHER }");
    v1::SelectLearnersRequest select;
    select.set_name(names_["courses"][place]);
    Make<v1::SelectLearnersResponse>("training.v1.CourseService/SelectLearners", select);
    MakeTraining<v1::Attendance, v1::CreateAttendanceRequest>(
        "attendances", place, "AttendanceService/CreateAttendance",
        "parent: '$enrollments;' attendance { session: '$sessions;' subject: '1' minutes: 60 }");
    MakeTraining<v1::Session, v1::CreateSessionRequest>(
        "videos", place, "SessionService/CreateSession",
        "parent: '$courses;' session_id: 'v' session { held_date { year: 2049 month: 5 day: 1 } mode: MODE_ON_DEMAND "
        "lessons { subject: '1' minutes: 60 } }");
    MakeTraining<v1::Viewing, v1::CreateViewingRequest>(
        "viewings", place, "ViewingService/CreateViewing",
        "parent: '$enrollments;' viewing { session: '$videos;' subject: '1' start_date { year: 2049 month: 5 day: 2 } "
        "start_minute: 600 end_date { year: 2049 month: 5 day: 2 } end_minute: 630 }");
    MakeTraining<v1::TestResult, v1::CreateTestResultRequest>(
        "testResults", place, "TestResultService/CreateTestResult",
        "parent: '$enrollments;' test_result { test: 't' test_date { year: 2049 month: 5 day: 2 } correct: 1 }");
    MakeTraining<v1::Trial, v1::CreateTrialRequest>("trials", place, "TrialService/CreateTrial",
                                                    "parent: '$enrollments;' trial { kind: KIND_EXERCISE act: "
                                                    "ACT_ORAL_SUCTION trial_date { year: 2049 month: 5 day: "
                                                    "3 } number: 1 successful: true }");
    MakeTraining<v1::Statement, v1::CreateStatementRequest>(
        "statements", place, "StatementService/CreateStatement",
        "parent: '$enrollments;' statement { subject: '1' minutes: 10 completion_date { year: 2049 month: 4 day: 1 } "
        "issuer: '見本県' evidence: '第1号' }");
    MakeTraining<v1::Certificate, v1::IssueCertificateRequest>(
        "certificates", place, "CertificateService/IssueCertificate", "enrollment: '$enrollments;'");
    CreatePermitAt(place);
  }
  void CreatePermitAt(int place) {
    namespace v1 = training::v1;
    const std::string prefecture = place < 2 ? "areas/310000" : "areas/320005";
    MakeTraining<v1::PermitRule, v1::CreatePermitRuleRequest>(
        "permitRules", place, "PermitRuleService/CreatePermitRule",
        absl::StrCat("permit_rule { prefecture: '", prefecture,
                     "' any_client: UNIT_APPLICATION one_client: UNIT_WORKER ",
                     place == 1 ? "valid_to_date { year: 2049 month: 12 day: 31 }"
                                : "valid_from_date { year: 2050 month: 1 day: 1 }",
                     " }"));
    MakeTraining<v1::PermitApplication, v1::CreatePermitApplicationRequest>(
        "permitApplications", place, "PermitApplicationService/CreatePermitApplication",
        absl::StrCat("permit_application { learner: '$learners;' prefecture: '", prefecture,
                     "' acts: ACT_ORAL_SUCTION "
                     "evidence: '第1号' application_date { year: 2050 month: 1 day: 1 } }"));
    v1::GrantPermitApplicationRequest grant;
    grant.set_name(names_["permitApplications"][place]);
    grant.set_number(absl::StrCat("認-", place));
    names_["carePermits"][place] =
        Make<v1::PermitApplication>("training.v1.PermitApplicationService/GrantPermitApplication", grant).permit();
    MakeTraining<v1::WorkerFiling, v1::CreateWorkerFilingRequest>(
        "workerFilings", place, "WorkerFilingService/CreateWorkerFiling",
        "parent: '$carePermits;' worker_filing { office: '31-1' kind: KIND_ADDED filing_date { year: 2050 month: 4 "
        "day: 3 "
        "} }");
  }
  void CreateSubsidyAt(int place) {
    namespace v1 = subsidy::v1;
    const std::string id = absl::StrCat("x", place), day = " { year: 2050 month: 4 day: 1 } ";
    MakeSubsidy<v1::RuleSet, v1::CreateRuleSetRequest>(
        "ruleSets", place, "RuleSetService/CreateRuleSet",
        absl::StrCat("rule_set_id: '", id,
                     "' rule_set { display_name: '見本' result: 'grant' items { code: 'a' ja: '見本' en: "
                     "'sample' inputs { name: 'spent' ja: '経費' en: 'cost' unit: UNIT_YEN } steps { name: 'grant' ja: "
                     "'補助額' en: 'grant' formula: 'spent' } } }"));
    // Another body decides, so that one person may do all of it.
    MakeSubsidy<v1::Programme, v1::CreateProgrammeRequest>(
        "programmes", place, "ProgrammeService/CreateProgramme",
        absl::StrCat("programme_id: '", id,
                     "' programme { display_name: '見本' fiscal_year: 2050 grantor: '$areas;' rule_set: "
                     "'$ruleSets;' decided_elsewhere: true }"));
    MakeSubsidy<v1::Allotment, v1::CreateAllotmentRequest>(
        "allotments", place, "AllotmentService/CreateAllotment",
        "parent: '$programmes;' allotment { body: '$areas;' yen: 1000 }");
    MakeSubsidy<v1::BudgetLine, v1::CreateBudgetLineRequest>(
        "budgetLines", place, "BudgetLineService/CreateBudgetLine",
        absl::StrCat("budget_line_id: '", id, "' budget_line { display_name: '見本費' fiscal_year: 2050 code: '", id,
                     "' body: '$areas;' }"));
    MakeSubsidy<v1::BudgetChange, v1::CreateBudgetChangeRequest>(
        "budgetChanges", place, "BudgetChangeService/CreateBudgetChange",
        "parent: '$budgetLines;' budget_change { kind: KIND_INITIAL yen: 1000 document_number: '1' change_date" + day +
            "}");
    names_["postings"][place] = absl::StrCat("budgetLines/", id, "/postings/000000001");
    MakeSubsidy<v1::Application, v1::CreateApplicationRequest>(
        "applications", place, "ApplicationService/CreateApplication",
        "application { programme: '$programmes;' applicant: '$areas;' claim { items { code: 'a' entries { input: "
        "'spent' "
        "value: 500 } } } }");
    MakeSubsidy<v1::Filing, v1::CreateFilingRequest>(
        "filings", place, "FilingService/CreateFiling",
        "parent: '$applications;' filing { kind: KIND_APPLICATION filing_date" + day + "}");
    for (const char* kind : {"KIND_EXAMINATION", "KIND_GRANT"}) {
      MakeSubsidy<v1::Decision, v1::CreateDecisionRequest>(
          "decisions", place, "DecisionService/CreateDecision",
          absl::StrCat("parent: '$applications;' decision { kind: ", kind, " document_number: '1' decision_date", day,
                       "}"));
    }
    MakeSubsidy<v1::Payment, v1::CreatePaymentRequest>(
        "payments", place, "PaymentService/CreatePayment",
        "parent: '$applications;' payment { kind: KIND_ADVANCE yen: 1 document_number: '1' payment_date" + day + "}");
    MakeSubsidy<v1::Programme, v1::CreateProgrammeRequest>(
        "ownProgrammes", place, "ProgrammeService/CreateProgramme",
        absl::StrCat("programme_id: 'own", id,
                     "' programme { display_name: '見本' fiscal_year: 2050 grantor: '$areas;' "
                     "rule_set: '$ruleSets;' }"));
    MakeSubsidy<v1::Commitment, v1::CreateCommitmentRequest>(
        "commitments", place, "CommitmentService/CreateCommitment",
        "commitment { programme: '$ownProgrammes;' body: '$areas;' item: 'a' kind: KIND_DIRECT display_name: '見本' }");
    MakeSubsidy<v1::CommitmentAct, v1::CreateCommitmentActRequest>(
        "commitmentActs", place, "CommitmentActService/CreateCommitmentAct",
        "parent: '$commitments;' commitment_act { kind: KIND_COMMITMENT yen: 1 document_number: '1' budget_line: "
        "'$budgetLines;' act_date" +
            day + "}");
    MakeSubsidy<v1::Programme, v1::CreateProgrammeRequest>(
        "passingProgrammes", place, "ProgrammeService/CreateProgramme",
        absl::StrCat("programme_id: 'via", id,
                     "' programme { display_name: '見本' fiscal_year: 2050 rule_set: '$ruleSets;' "
                     "decided_elsewhere: true via: '$areas;' }"));
    MakeSubsidy<v1::Application, v1::CreateApplicationRequest>(
        "passingApplications", place, "ApplicationService/CreateApplication",
        "application { programme: '$passingProgrammes;' applicant: '$areas;' claim { items { code: 'a' entries { "
        "input: "
        "'spent' value: 500 } } } }");
    MakeSubsidy<v1::Filing, v1::CreateFilingRequest>(
        "passingFilings", place, "FilingService/CreateFiling",
        "parent: '$passingApplications;' filing { kind: KIND_APPLICATION filing_date" + day + "}");
    MakeSubsidy<v1::Decision, v1::CreateDecisionRequest>(
        "passingDecisions", place, "DecisionService/CreateDecision",
        "parent: '$passingApplications;' decision { kind: KIND_EXAMINATION decision_date" + day + "}");
    MakeSubsidy<v1::Forwarding, v1::CreateForwardingRequest>(
        "forwardings", place, "ForwardingService/CreateForwarding",
        "parent: '$passingProgrammes;' forwarding { body: '$areas;' document_number: '1' forwarding_date" + day + "}");
    CreateBatchAt(place);
    MakeSubsidy<v1::ApprovalLimit, v1::CreateApprovalLimitRequest>(
        "approvalLimits", place, "ApprovalLimitService/CreateApprovalLimit",
        "approval_limit { body: '$areas;' holder: 'somebody' yen: 1000 valid_from_date" + day + "}");
    MakeSubsidy<v1::Override, v1::CreateOverrideRequest>(
        "overrides", place, "OverrideService/CreateOverride",
        "parent: '$applications;' override { reason: '見本' last_date { year: 2051 month: 3 day: 31 } }");
    MakeSubsidy<v1::CommitmentOverride, v1::CreateCommitmentOverrideRequest>(
        "commitmentOverrides", place, "CommitmentOverrideService/CreateCommitmentOverride",
        "parent: '$commitments;' commitment_override { reason: '見本' last_date { year: 2051 month: 3 day: 31 } }");
  }
  // Somebody else decides, since whoever files does not.
  void CreateBatchAt(int place) {
    namespace v1 = subsidy::v1;
    const std::string day = " { year: 2050 month: 4 day: 1 } ";
    const Caller officer = CallerWith("decides", {"prefecture-officer@*"}, "subsidy");
    MakeSubsidy<v1::Programme, v1::CreateProgrammeRequest>(
        "ownProgrammes", place, "ProgrammeService/CreateProgramme",
        "programme { display_name: '見本' fiscal_year: 2050 grantor: '$areas;' rule_set: '$ruleSets;' }");
    MakeSubsidy<v1::Application, v1::CreateApplicationRequest>(
        "ownApplications", place, "ApplicationService/CreateApplication",
        "application { programme: '$ownProgrammes;' applicant: '$areas;' claim { items { code: 'a' entries { input: "
        "'spent' "
        "value: 10 } } } }");
    MakeSubsidy<v1::Filing, v1::CreateFilingRequest>(
        "ownFilings", place, "FilingService/CreateFiling",
        "parent: '$ownApplications;' filing { kind: KIND_APPLICATION filing_date" + day + "}");
    for (const char* kind : {"KIND_EXAMINATION", "KIND_GRANT"}) {
      v1::CreateDecisionRequest decide;
      decide.set_parent(names_["ownApplications"][place]);
      ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
          absl::StrCat("kind: ", kind, " document_number: '1' decision_date", day), decide.mutable_decision()));
      if (decide.decision().kind() == v1::Decision::KIND_GRANT) {
        decide.mutable_decision()->set_budget_line(names_["budgetLines"][place]);
      }
      ASSERT_EQ(Said(officer.Call<v1::Decision>("subsidy.v1.DecisionService/CreateDecision", decide)), "OK");
    }
    MakeSubsidy<v1::PaymentLayout, v1::CreatePaymentLayoutRequest>(
        "paymentLayouts", place, "PaymentLayoutService/CreatePaymentLayout",
        absl::StrCat(
            "payment_layout_id: 'x", place,
            "' payment_layout { display_name: '見本' body: '$areas;' form { shape: SHAPE_CSV encoding: ENCODING_UTF8 "
            "columns { source: SOURCE_KEY } columns { source: SOURCE_YEN } result { key: 'k' day: 'd' "
            "voucher: 'v' yen: 'y' } } }"));
    MakeSubsidy<v1::PaymentBatch, v1::CreatePaymentBatchRequest>(
        "paymentBatches", place, "PaymentBatchService/CreatePaymentBatch",
        absl::StrCat("payment_batch { body: '$areas;' layout: '$paymentLayouts;' document_number: 'x", place,
                     "' items { application: '$ownApplications;' yen: 1 } request_date", day, "}"));
    names_["paymentRequests"][place] = names_["paymentBatches"][place] + "/paymentRequests/0001";
  }
  void CreateActivitiesAt(int place) {
    namespace v1 = subsidy::v1;
    const std::string day = " { year: 2050 month: 3 day: 1 } ";
    MakeSubsidy<v1::ActivityScheme, v1::CreateActivitySchemeRequest>(
        "activitySchemes", place, "ActivitySchemeService/CreateActivityScheme",
        absl::StrCat("activity_scheme_id: 'x", place,
                     "' activity_scheme { display_name: '見本' body: '$areas;' activity: "
                     "ACTIVITY_RESPITE unit_minutes: 30 rest: REST_DROPPED start: START_DECISION }"));
    MakeSubsidy<v1::Provider, v1::CreateProviderRequest>(
        "providers", place, "ProviderService/CreateProvider",
        "provider { display_name: '見本' body: '$areas;' activity: ACTIVITY_RESPITE registration_date" + day + "}");
    MakeSubsidy<v1::UsageGrant, v1::CreateUsageGrantRequest>(
        "usageGrants", place, "UsageGrantService/CreateUsageGrant",
        "usage_grant { body: '$areas;' scheme: '$activitySchemes;' child: 'a-1' fiscal_year: 2049 application_date" +
            day + "decision_date" + day + "}");
    MakeSubsidy<v1::ServiceRecord, v1::CreateServiceRecordRequest>(
        "serviceRecords", place, "ServiceRecordService/CreateServiceRecord",
        "parent: '$usageGrants;' service_record { provider: '$providers;' begins_at: '9:00' ends_at: '10:00' place: "
        "SERVICE_PLACE_HOME served_by: SERVED_BY_NURSE service_date" +
            day + "}");
    MakeSubsidy<v1::UsageClaim, v1::CreateUsageClaimRequest>(
        "usageClaims", place, "UsageClaimService/CreateUsageClaim",
        "parent: '$providers;' usage_claim { lines { usage_grant: '$usageGrants;' minutes: 60 } month_date" + day +
            "}");
  }
  void CreateCouncilAt(int place) {
    namespace v1 = registry_v1;
    const std::string day = " { year: 2050 month: 4 day: 1 } ";
    MakeNamed<v1::Council, v1::CreateCouncilRequest>(
        "councils", place, "registry.v1.CouncilService/CreateCouncil",
        "council { display_name: '見本協議会' level: COUNCIL_LEVEL_MUNICIPALITY convener: '$areas;' form: "
        "COUNCIL_FORM_OWN "
        "sharing: COUNCIL_SHARING_SINGLE stage: COUNCIL_STAGE_ACTUAL valid_from_date" +
            day + "}");
    MakeNamed<v1::Meeting, v1::CreateMeetingRequest>(
        "meetings", place, "registry.v1.MeetingService/CreateMeeting",
        "parent: '$councils;' meeting { agenda: '見本' held_date" + day + "}");
    MakeNamed<v1::LocalIssue, v1::CreateLocalIssueRequest>(
        "localIssues", place, "registry.v1.LocalIssueService/CreateLocalIssue",
        "local_issue { area: '$areas;' title: '見本' state: ISSUE_STATE_OPEN raised_date" + day + "}");
    MakeNamed<v1::PlanTarget, v1::CreatePlanTargetRequest>(
        "planTargets", place, "registry.v1.PlanTargetService/CreatePlanTarget",
        "plan_target { body: '$areas;' fiscal_year: 2050 indicator: PLAN_INDICATOR_COUNCILS target: 1 }");
  }
  void CreateRegionAt(int place) {
    const std::string prefecture = place < 2 ? "areas/310000" : "areas/320005", id = absl::StrCat("x", place);
    registry_v1::CreateRegionRequest region;
    region.set_region_id(id);
    region.mutable_region()->set_display_name("見本圏域");
    region.mutable_region()->set_prefecture(prefecture);
    region.mutable_region()->set_kind(static_cast<registry_v1::RegionKind>(1));
    names_["regions"][place] = Make<registry_v1::Region>("registry.v1.RegionService/CreateRegion", region).name();
    registry_v1::CreateRegionMemberRequest member;
    member.mutable_region_member()->set_region("regions/" + id);
    member.mutable_region_member()->set_area(kAreas[place]);
    *member.mutable_region_member()->mutable_valid_from_date() = jp::ToDate(*jp::ParseDay("2050-04-01"));
    names_["regionMembers"][place] =
        Make<registry_v1::RegionMember>("registry.v1.RegionMemberService/CreateRegionMember", member).name();
  }

  void CreateSurveyAt(int place) {
    const std::string id = absl::StrCat("x", place), area = kAreas[place];
    registry_v1::CreateSurveyFormRequest form;
    form.set_survey_form_id(id);
    form.mutable_survey_form()->set_display_name("見本調査票");
    auto& item = *form.mutable_survey_form()->add_items();
    item.set_code("a");
    item.set_label("人数");
    item.set_kind(registry_v1::SurveyForm::KIND_NUMBER);
    names_["surveyForms"][place] =
        Make<registry_v1::SurveyForm>("registry.v1.SurveyFormService/CreateSurveyForm", form).name();
    registry_v1::CreateSurveyRoundRequest round;
    round.set_survey_round_id(id);
    round.mutable_survey_round()->set_display_name("見本調査");
    round.mutable_survey_round()->set_form(names_["surveyForms"][place]);
    round.mutable_survey_round()->set_prefecture(place < 2 ? "areas/310000" : "areas/320005");
    *round.mutable_survey_round()->mutable_as_of_date() = jp::ToDate(*jp::ParseDay("2050-04-01"));
    *round.mutable_survey_round()->mutable_due_date() = jp::ToDate(*jp::ParseDay("2050-04-30"));
    names_["surveyRounds"][place] =
        Make<registry_v1::SurveyRound>("registry.v1.SurveyRoundService/CreateSurveyRound", round).name();
    names_["surveyResponses"][place] =
        absl::StrCat(names_["surveyRounds"][place], "/surveyResponses/", contract::OwnId(area));
  }
  void CreatePublicationAt(int place) {
    registry_v1::CreatePublicationRequest request;
    request.set_publication_id(absl::StrCat("x", place));
    registry_v1::Publication& publication = *request.mutable_publication();
    publication.set_display_name("見本の公表");
    publication.set_prefecture(place < 2 ? "areas/310000" : "areas/320005");
    *publication.mutable_as_of_date() = jp::ToDate(*jp::ParseDay("2050-04-01"));
    publication.add_tables(registry_v1::Publication::TABLE_STAGES);
    publication.set_least_count(1);
    names_["publications"][place] =
        Make<registry_v1::Publication>("registry.v1.PublicationService/CreatePublication", request).name();
  }
  void CreateJointGroupAt(int place) {
    registry_v1::CreateJointGroupRequest group;
    group.set_joint_group_id(absl::StrCat("x", place));
    group.mutable_joint_group()->set_display_name("見本共同配置");
    group.mutable_joint_group()->set_prefecture(place < 2 ? "areas/310000" : "areas/320005");
    names_["jointGroups"][place] =
        Make<registry_v1::JointGroup>("registry.v1.JointGroupService/CreateJointGroup", group).name();
    registry_v1::CreateJointGroupMemberRequest member;
    member.mutable_joint_group_member()->set_joint_group(names_["jointGroups"][place]);
    member.mutable_joint_group_member()->set_area(kAreas[place]);
    names_["jointGroupMembers"][place] =
        Make<registry_v1::JointGroupMember>("registry.v1.JointGroupMemberService/CreateJointGroupMember", member)
            .name();
  }

  void CreateAreaChangeAt(int place) {
    registry_v1::CreateAreaChangeRequest request;
    request.set_area_change_id(absl::StrCat("x", place));
    registry_v1::AreaChange& change = *request.mutable_area_change();
    change.set_kind(registry_v1::AREA_CHANGE_KIND_RENAME);
    *change.mutable_effective_date() = jp::ToDate(*jp::ParseDay("2050-04-01"));
    for (auto* areas : {change.mutable_from_areas(), change.mutable_to_areas()}) areas->Add(kAreas[place]);
    for (auto* names : {change.mutable_from_names(), change.mutable_to_names()}) names->Add("見本");
    names_["areaChanges"][place] =
        Make<registry_v1::AreaChange>("registry.v1.AreaChangeService/CreateAreaChange", request).name();
  }

  void CreateAreaRoleAt(int place) {
    registry_v1::CreateAreaRoleRequest request;
    request.set_area_role_id(absl::StrCat("x", place));
    request.mutable_area_role()->set_area(kAreas[place]);
    request.mutable_area_role()->set_role(registry_v1::AREA_ROLE_KIND_DIRECT_ANSWERER);
    *request.mutable_area_role()->mutable_valid_from_date() = jp::ToDate(*jp::ParseDay("2050-04-01"));
    names_["areaRoles"][place] =
        Make<registry_v1::AreaRole>("registry.v1.AreaRoleService/CreateAreaRole", request).name();
  }

  // Every shipped role where it is usually granted.
  std::vector<Column> ColumnsOf(Service& service) {
    const std::map<std::string, std::string> usual = {{"admin", "*"},
                                                      {"auditor", "*"},
                                                      {"service", "*"},
                                                      {"facility-manager", "facilities/x0"},
                                                      {"nurse", names_["nurses"][0]},
                                                      {"coordinator", names_["coordinators"][0]},
                                                      {"municipality-officer", kAreas[0]},
                                                      {"centre-staff", kAreas[0]}};
    std::vector<Column> columns;
    for (const auto& [id, role] : service.access().shipped()) {
      const auto found = usual.find(id);
      Column column{id, found == usual.end() ? "areas/310000" : found->second, {}};
      const std::string key = column.scope == "areas/310000" ? "areas/31" : column.scope;
      column.options.api_key = absl::StrCat("tsunagu_key_of_", id);
      column.options.purpose = "care";
      const auto scope = key == "*" ? identity::Scope::Everything() : identity::Scope::Of({key});
      service.access().AddFixed(column.options.api_key,
                                {id, "", {{{role.permissions.begin(), role.permissions.end()}, scope}}, nullptr});
      // The registry is asked about an opening's facility in the name of whoever makes it, and has to know her.
      if (service.name() == "matching" && id != "admin" && id != "auditor" && id != "service") {
        Grant(id, {AGrant(id, column.scope)});
      }
      if (id == "nurse") column.scope = "nurses/x0";
      if (id == "coordinator") column.scope = "coordinators/x0";
      columns.push_back(column);
    }
    Column acting =
        *std::find_if(columns.begin(), columns.end(), [](const Column& one) { return one.title == "service"; });
    acting.title = "service for prefecture-officer";
    acting.options.on_behalf_of = "prefecture-officer";
    columns.push_back(acting);
    return columns;
  }

  static bool ListsOfRound(const MethodDescriptor& method) {
    return method.name() == "ListAssignments" || method.name() == "ListLeftOut" || method.name() == "ListCutoffs" ||
           method.name() == "ListRoundEvents" || method.name() == "ListSeats" || method.name() == "ListVisits" ||
           method.name() == "ListVisitEvents";
  }

  // Returns the cell of the table for `place`: + answered, . not found, - not permitted.
  char Cell(const Service& service, const MethodDescriptor& method, const Schema* schema, const Column& column,
            int place) {
    const auto request = RequestOf(service, method, schema, place), response = New(method.output_type());
    const std::string path = absl::StrCat(method.service()->full_name(), "/", method.name());
    absl::Status status;
    if (method.client_streaming() || method.server_streaming()) {
      const auto stream = peer_->Stream(path, column.options);
      stream->Write(*request);
      stream->WritesDone();
      const auto read = stream->Read(*response);
      status = !read.ok() ? read.status() : *read ? absl::OkStatus() : stream->Finish();
    } else {
      status = peer_->UnaryUntyped(path, *request, *response, column.options);
    }
    if (absl::IsUnauthenticated(status) || ReasonWord(FaultOf(status)) == "PERMISSION_DENIED") return '-';
    const std::string said = Said(status);
    for (const char* unseen : {"OUT_OF_SCOPE", "REFERENCE_NOT_FOUND", "SURVEY_FILE_OF_ANOTHER_BODY"}) {
      if (absl::StrContains(said, unseen)) return '.';
    }
    const bool of_a_record = method.name() == "ListRevisions" || absl::StartsWith(method.name(), "Recommend");
    if (schema == nullptr && !of_a_record) return '+';
    if (absl::IsNotFound(status)) return '.';
    if (schema == nullptr) return '+';
    const bool lists = absl::StartsWith(method.name(), "List") || absl::StartsWith(method.name(), "Search");
    const bool of_round = ListsOfRound(method);
    if (!lists || of_round || absl::EndsWith(method.name(), "Templates")) return '+';
    return absl::StrContains(response->DebugString(), absl::StrCat("\"", NameOf(*schema, place), "\"")) ? '+' : '.';
  }
  const std::string& NameOf(const Schema& schema, int place) { return names_.at(schema.collection())[place]; }

  std::unique_ptr<Message> RequestOf(const Service& service, const MethodDescriptor& method, const Schema* schema,
                                     int place) {
    auto request = New(method.input_type());
    const bool own = schema != nullptr;
    SetText(*request, "name", own ? NameOf(*schema, place) : absl::StrCat("services/", service.name(), "/none/none"));
    SetText(*request, "parent", ParentFor(service, method, schema, place));
    if (own && schema->collection() == "rounds") {
      for (const char* field : {"round", "other"}) SetText(*request, field, NameOf(*schema, place));
      SetText(*request, "nurse", "nurses/none");
      SetText(*request, "opening", "openings/none");
      if (method.name() == "ApplyEvents") {
        static_cast<matching_v1::ApplyEventsRequest&>(*request).add_changes()->mutable_start_over();
      }
      if (method.name() == "WhatIfVisits") {
        static_cast<matching_v1::WhatIfVisitsRequest&>(*request).add_changes()->mutable_remove_supply()->set_supply(
            "x");
      }
      if (method.name() == "ApplyVisitEvents") {
        static_cast<matching_v1::ApplyVisitEventsRequest&>(*request).add_changes()->mutable_remove_supply()->set_supply(
            "x");
      }
      if (method.name() == "ExplainVisit") {
        static_cast<matching_v1::ExplainVisitRequest&>(*request).set_half_day(registry_v1::HALF_DAY_MON_AM);
      }
    }
    const char* collection = service.name() == "registry"   ? "facilities"
                             : service.name() == "training" ? "learners"
                             : service.name() == "subsidy"  ? "applications"
                                                            : "openings";
    SetText(*request, "resource_name", names_.at(collection)[place]);
    SetText(*request, "collection", collection);
    SetText(*request, "enrollment", names_.at("enrollments")[place]);
    SetText(*request, "course", names_.at("courses")[place]);
    SetText(*request, "session", names_.at("sessions")[place]);
    SetText(*request, "learner", names_.at("learners")[place]);
    SetText(*request, "coordinator", names_.at("coordinators")[place]);
    SetText(*request, "office", "31-1");
    SetText(*request, "display_name", "見本花子");
    SetText(*request, "etag", "never");  // what would change something says ETAG_MISMATCH instead
    SetText(*request, "viewer", "nobody");
    SetText(*request, "subject", "nurses/none");
    SetText(*request, "reason", "見本");
    SetText(*request, "voucher", "1");
    SetText(*request, "budget_line", names_.at("budgetLines")[place]);
    if (method.name() == "RecommendNurses") SetText(*request, "opening", names_.at("openings")[place]);
    if (method.name() == "ImportPaymentResult") SetText(*request, "data", "x");
    if (method.name() == "FileUsageClaim") SetText(*request, "data", "code,minutes,yen\n");
    if (method.name() == "ImportSurveyFile") SetText(*request, "data", BeginOfSurveyFile(place));
    SetText(*request, "previous", names_.at("surveyRounds")[place]);
    SetText(*request, "legal_basis", names_.at("legalBases")[place]);
    SetText(*request, "nurse", names_.at("nurses")[place]);
    SetText(*request, "nurse_display_name", "見本花子");
    SetText(*request, "evidence", "見本");
    SetText(*request, "ground", "a");
    const auto* type = request->GetDescriptor();
    for (const char* field : {"end_date", "month_date", "approval_date", "release_date", "payment_date",
                              "interview_date", "start_date", "check_date", "leave_date"}) {
      const auto* day = type->FindFieldByName(field);
      if (day == nullptr) continue;
      *static_cast<google::type::Date*>(request->GetReflection()->MutableMessage(request.get(), day)) =
          jp::ToDate(*jp::ParseDay("2050-05-01"));
    }
    for (const char* field : {"act", "reason"}) {
      const auto* said = type->FindFieldByName(field);
      if (said != nullptr && said->enum_type() != nullptr)
        request->GetReflection()->SetEnumValue(request.get(), said, 1);
    }
    if (const auto* months = type->FindFieldByName("months"))
      request->GetReflection()->SetInt32(request.get(), months, 1);
    if (const auto* dry = type->FindFieldByName("validate_only")) {
      request->GetReflection()->SetBool(request.get(), dry, true);
    }
    if (own) PutRecord(*request, *schema, method.name() == "Create" + schema->message()->name(), place);
    return request;
  }
  // Whose it is; what it answers is looked at afterwards.
  std::string BeginOfSurveyFile(int place) {
    const std::string& response = names_.at("surveyResponses")[place];
    return absl::StrCat("tsunagu調査票1,", names_.at("surveyForms")[place], ",1,", names_.at("surveyRounds")[place],
                        ",areas/", contract::OwnId(response), "\n");
  }
  std::string ParentFor(const Service& service, const MethodDescriptor& method, const Schema* schema, int place) {
    if (ListsOfRound(method)) return NameOf(*schema, place);
    if (schema == nullptr || !schema->has_parent()) return absl::StrCat("services/", service.name());
    const std::string& name = NameOf(*schema, place);
    return name.substr(0, name.rfind('/', name.rfind('/') - 1));
  }
  // The record of the place, in a request that has room for one: to be made again, or with all of it named.
  void PutRecord(Message& request, const Schema& schema, bool create, int place) {
    for (int i = 0; i < request.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = request.GetDescriptor()->field(i);
      if (field->message_type() != schema.message()) continue;
      Message& record = *request.GetReflection()->MutableMessage(&request, field);
      ReadAsAdmin(schema, place, record);
      if (create) {
        schema.SetName(record, "");
        PutIntoThePast(schema, record);  // where nothing is in its way
        SetText(request, absl::StrCat(field->name(), "_id"), schema.rule().server_id() ? "" : "new");
      } else {
        const FieldDescriptor* mask = request.GetDescriptor()->FindFieldByName("update_mask");
        if (mask == nullptr) continue;  // Record… puts all of it in the place of what is there
        static_cast<google::protobuf::FieldMask&>(*request.GetReflection()->MutableMessage(&request, mask))
            .add_paths("*");
      }
    }
  }
  static void PutIntoThePast(const Schema& schema, Message& record) {
    if (schema.message() == registry_v1::PlanTarget::descriptor()) {
      static_cast<registry_v1::PlanTarget&>(record).set_fiscal_year(2040);
    }
    if (!schema.has_period()) return;
    const auto put = [&](const contract::Field* field, const char* day) {
      static_cast<google::type::Date&>(*record.GetReflection()->MutableMessage(&record, field->descriptor)) =
          jp::ToDate(*jp::ParseDay(day));
    };
    put(schema.period_from(), "2040-04-01");
    put(schema.period_to(), "2041-03-31");
  }
  void ReadAsAdmin(const Schema& schema, int place, Message& record) {
    const auto& file = *schema.message()->file();
    for (int i = 0; i < file.service_count(); ++i) {
      const auto* get = file.service(i)->FindMethodByName("Get" + schema.message()->name());
      if (get == nullptr) continue;
      const auto request = New(get->input_type());
      SetText(*request, "name", NameOf(schema, place));
      const absl::Status read = peer_->UnaryUntyped(absl::StrCat(get->service()->full_name(), "/", get->name()),
                                                    *request, record, reader().options());
      ASSERT_EQ(Said(read), "OK") << get->full_name();
    }
  }

  void AddMethods(Service& service, const google::protobuf::ServiceDescriptor& methods, const Schema* schema,
                  const std::vector<Column>& columns, std::string& table) {
    for (int i = 0; i < methods.method_count(); ++i) {
      const MethodDescriptor& method = *methods.method(i);
      std::string row = absl::StrCat(methods.name(), "/", method.name());
      row.resize(std::max<size_t>(row.size(), 44), ' ');
      for (const Column& column : columns) {
        absl::StrAppend(&row, "  ");
        for (int place = 0; place < kPlaces; ++place) {
          row += Cell(service, method, schema, column, place);
        }
      }
      absl::StrAppend(&table, row, "\n");
    }
  }
  std::string TableOf(const std::string& name) {
    Service& service = *server().host().Find(name);
    const std::vector<Column> columns = ColumnsOf(service);
    std::string table = absl::StrCat("## ", name, "\n\n");
    for (size_t i = 0; i < columns.size(); ++i) {
      absl::StrAppend(&table, std::string(46 + 5 * i, ' '), columns[i].title, " @ ", columns[i].scope, "\n");
    }
    const auto* pool = google::protobuf::DescriptorPool::generated_pool();
    for (const auto& [collection, resource] : service.resources()) {
      const Schema& schema = resource.table->schema();
      const auto& file = *schema.message()->file();
      for (int i = 0; i < file.service_count(); ++i) AddMethods(service, *file.service(i), &schema, columns, table);
    }
    std::vector<std::string> others;
    if (name == "registry") {
      others.push_back("tsunagu.registry.v1.PlacementReportService");
      others.push_back("tsunagu.registry.v1.CouncilReportService");
      others.push_back("tsunagu.registry.v1.IndicatorReportService");
      others.push_back("tsunagu.registry.v1.NurseHandoverService");
    }
    if (name == "training") {
      others.push_back("tsunagu.training.v1.TrainingReportService");
      others.push_back("tsunagu.training.v1.RosterService");
      others.push_back("tsunagu.training.v1.SignInSheetService");
    }
    if (name == "subsidy") {
      others.push_back("tsunagu.subsidy.v1.ActivitiesReportService");
      others.push_back("tsunagu.subsidy.v1.CatalogueService");
      others.push_back("tsunagu.subsidy.v1.ExplanationService");
      others.push_back("tsunagu.subsidy.v1.PlanningService");
      others.push_back("tsunagu.subsidy.v1.SubsidyReportService");
    }
    if (name == "matching") {
      const Schema& rounds = service.resources().at("rounds").table->schema();
      for (const char* one : {"RoundComparison", "RoundEvent", "RoundExplanation", "RoundReport", "VisitRound",
                              "VisitComparison", "VisitEvent", "VisitReport"}) {
        const auto* methods = pool->FindServiceByName(absl::StrCat("tsunagu.matching.v1.", one, "Service"));
        if (methods != nullptr) AddMethods(service, *methods, &rounds, columns, table);
      }
      others.push_back("tsunagu.matching.v1.RecommendationService");
      others.push_back("tsunagu.matching.v1.HandoverService");
    }
    for (const char* one : {"Access", "AccessLog", "Change", "Delivery", "Due", "Erasure", "Operation", "Report",
                            "Revision", "Transfer"}) {
      others.push_back(absl::StrCat("tsunagu.platform.v1.", one, "Service"));
    }
    for (const std::string& one : others) {
      const auto* methods = pool->FindServiceByName(one);
      EXPECT_NE(methods, nullptr) << one;
      if (methods != nullptr) AddMethods(service, *methods, nullptr, columns, table);
    }
    return table;
  }

 private:
  std::unique_ptr<rpc::Peer> peer_;
  std::map<std::string, std::string[kPlaces]> names_;  // by collection
};
WIRE_TEST_ON_BOTH(WhoMayTest);

TEST_P(WhoMayTest, IsAsTheTableSays) {
  std::string table =
      "# Who may do what where\n\n"
      "Each method, called by each shipped role with a purpose, as it is usually granted. Three signs: what lies in "
      "鳥取市\n"
      "(areas/312011), in 岩美町 of the same prefecture (areas/313025), in 松江市 of another (areas/322016).\n\n"
      "  +  permitted, and found or taken\n"
      "  .  permitted, but the record is not there for this caller, or may not be put there\n"
      "  -  not permitted\n\n";
  absl::StrAppend(&table, TableOf("registry"), "\n", TableOf("training"), "\n", TableOf("subsidy"), "\n",
                  TableOf("matching"));
  if (std::getenv("TSUNAGU_WRITE_TABLE") != nullptr) std::ofstream(kTable) << table;
  std::ostringstream expected;
  expected << std::ifstream(kTable).rdbuf();
  EXPECT_EQ(table, expected.str());
}

}  // namespace
}  // namespace tsunagu::wire
