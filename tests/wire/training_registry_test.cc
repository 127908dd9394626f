// A certificate reaches the registry: the trainings of coordinators and nurses, the report that counts them, and the
// round that relies on them.
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/access/access.h"
#include "common/jp/civil_day.h"
#include "common/service/service.h"
#include "common/work/outbox.h"
#include "services/training/templates.h"
#include "tests/wire/rounds.h"
#include "tests/wire/training_test_base.h"
#include "tsunagu/platform/v1/delivery.pb.h"
#include "tsunagu/platform/v1/report.pb.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/coordinator_training.pb.h"
#include "tsunagu/registry/v1/nurse_training.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"
#include "tsunagu/registry/v1/placement_report.pb.h"
#include "tsunagu/training/v1/training_report.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;

class TrainingRegistryTest : public TrainingTest {
 protected:
  Server::Options ServerOptions() override {
    Server::Options options;
    options.services = {"registry", "training", "matching"};
    return options;
  }
  void SetUp() override {
    TrainingTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    registry_v1::CreateCoordinatorRequest coordinator;
    coordinator.mutable_coordinator()->set_display_name("見本 花子");
    coordinator.mutable_coordinator()->set_home_area("areas/312011");
    coordinator_ = Made<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", coordinator);
    registry_v1::CreatePlacementRequest placement;
    placement.mutable_placement()->set_coordinator(coordinator_);
    placement.mutable_placement()->set_body("areas/312011");
    placement.mutable_placement()->set_stage(registry_v1::PLACEMENT_STAGE_ACTUAL);
    *placement.mutable_placement()->mutable_valid_from_date() = Day("2050-04-01");
    Made<registry_v1::Placement>("registry.v1.PlacementService/CreatePlacement", placement);
  }

  template <typename M>
  std::string Made(const std::string& method, const google::protobuf::Message& request) {
    const auto made = reader().Call<M>(method, request);
    EXPECT_EQ(Said(made), "OK") << method;
    return made.ok() ? made->name() : "";
  }

  void Link(const std::string& learner, const char* field, const std::string& person) {
    training_v1::UpdateLearnerRequest request;
    request.mutable_learner()->set_name(learner);
    (field == std::string("nurse") ? request.mutable_learner()->mutable_nurse()
                                   : request.mutable_learner()->mutable_coordinator())
        ->assign(person);
    request.mutable_update_mask()->add_paths(field);
    EXPECT_EQ(Said(Ask<training_v1::Learner>("LearnerService/UpdateLearner", request)), "OK");
  }
  // Returns the enrollment of a learner who has attended everything and is `coordinator`, if that is given.
  std::string EnrolledAndThere(const std::string& coordinator) {
    const std::string learner = MakeLearner("見本 花子");
    if (!coordinator.empty()) Link(learner, "coordinator", coordinator);
    const std::string enrollment = Enroll(course_, learner);
    AttendAll(enrollment);
    return enrollment;
  }

  std::vector<platform_v1::Delivery> Owed() {
    platform_v1::ListDeliveriesRequest request;
    request.set_parent("services/training");
    const auto listed =
        admin().Call<platform_v1::ListDeliveriesResponse>("platform.v1.DeliveryService/ListDeliveries", request);
    EXPECT_EQ(Said(listed), "OK");
    return {listed->deliveries().begin(), listed->deliveries().end()};
  }
  bool WaitUntil(absl::FunctionRef<bool()> done) {
    const Deadline patience = Deadline::After(absl::Seconds(40));
    while (!done()) {
      if (patience.Over()) return false;
      clock().Advance(absl::Milliseconds(50));
      server().host().Find("training")->outbox().Wake();
      std::this_thread::yield();
    }
    return true;
  }
  bool AllDelivered() {
    return WaitUntil([&] { return Owed().empty(); });
  }

  // "number|completed|revoked" of each.
  std::vector<std::string> TrainingsOf(const std::string& coordinator) {
    registry_v1::ListCoordinatorTrainingsRequest request;
    request.set_parent(coordinator);
    const auto listed = reader().Call<registry_v1::ListCoordinatorTrainingsResponse>(
        "registry.v1.CoordinatorTrainingService/ListCoordinatorTrainings", request);
    EXPECT_EQ(Said(listed), "OK");
    std::vector<std::string> said;
    for (const auto& training : listed->coordinator_trainings()) {
      said.push_back(absl::StrCat(training.certificate_number(), "|",
                                  jp::FormatIso(jp::DayOf(training.completion_date())), "|",
                                  training.revoked() ? "revoked" : "counts"));
    }
    return said;
  }
  // "trained of all" among the people placed by municipalities.
  std::string Trained(const char* day, const Caller* caller = nullptr) {
    clock().Advance(absl::Seconds(1));
    registry_v1::GetPlacementReportRequest request;
    *request.mutable_as_of_date() = Day(day);
    const auto report =
        (caller == nullptr ? admin() : *caller)
            .Call<platform_v1::Report>("registry.v1.PlacementReportService/GetPlacementReport", request);
    if (!report.ok()) return Said(report);
    for (const auto& figure : report->figures()) {
      if (figure.key() == "municipalities/trained_share") {
        return absl::StrCat(figure.numerator(), " of ", figure.denominator());
      }
    }
    return "no such figure";
  }

  std::string coordinator_;
};
WIRE_TEST_ON_BOTH(TrainingRegistryTest);

TEST_P(TrainingRegistryTest, ACertificateIsToldAndCounted) {
  EXPECT_EQ(Trained("2050-04-03"), "0 of 1");
  const auto certificate = Issue(EnrolledAndThere(coordinator_));
  ASSERT_EQ(Said(certificate), "OK");
  ASSERT_TRUE(AllDelivered());
  EXPECT_THAT(TrainingsOf(coordinator_), ElementsAre(certificate->number() + "|2050-04-03|counts"));
  EXPECT_EQ(Trained("2050-04-03"), "1 of 1");
  EXPECT_EQ(Trained("2050-04-02"), "0 of 1") << "on the day before nobody was trained";

  // With another name she has another number, and was trained on the same day.
  clock().Advance(absl::Hours(48));
  training_v1::ReissueCertificateRequest reissue;
  reissue.set_name(certificate->name());
  reissue.set_reason("改姓");
  const auto successor = Ask<training_v1::Certificate>("CertificateService/ReissueCertificate", reissue);
  ASSERT_EQ(Said(successor), "OK");
  ASSERT_TRUE(AllDelivered());
  EXPECT_THAT(TrainingsOf(coordinator_), ElementsAre(successor->number() + "|2050-04-03|counts"));

  training_v1::RevokeCertificateRequest revoke;
  revoke.set_name(successor->name());
  revoke.set_reason("判定の誤り");
  ASSERT_EQ(Said(Ask<training_v1::Certificate>("CertificateService/RevokeCertificate", revoke)), "OK");
  ASSERT_TRUE(AllDelivered());
  EXPECT_THAT(TrainingsOf(coordinator_), ElementsAre(successor->number() + "|2050-04-03|revoked"));
  EXPECT_EQ(Trained("2050-04-03"), "0 of 1");

  // Issued once more, it is the same training.
  const auto again = Issue(certificate->enrollment());
  ASSERT_EQ(Said(again), "OK");
  ASSERT_TRUE(AllDelivered());
  EXPECT_THAT(TrainingsOf(coordinator_), ElementsAre(again->number() + "|2050-04-05|counts"));
}

TEST_P(TrainingRegistryTest, WhoIsLinkedLaterIsToldThen) {
  const auto certificate = Issue(EnrolledAndThere(""));
  ASSERT_EQ(Said(certificate), "OK");
  EXPECT_EQ(certificate->registry_record(), "");
  training_v1::TellRegistryRequest tell;
  tell.set_name(certificate->name());
  const auto told = [&] { return Said(Ask<training_v1::Certificate>("CertificateService/TellRegistry", tell)); };
  EXPECT_EQ(told(), "FAILED_PRECONDITION LEARNER_NOT_IN_REGISTRY");
  registry_v1::CreateCoordinatorRequest other;
  other.mutable_coordinator()->set_display_name("見本 間違子");
  other.mutable_coordinator()->set_home_area("areas/312011");
  const std::string wrong = Made<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", other);
  const std::string number = certificate->number();
  for (const std::string& linked : {wrong, coordinator_, wrong, coordinator_}) {
    Link(certificate->learner(), "coordinator", linked);
    EXPECT_EQ(told(), "OK");
  }
  ASSERT_TRUE(AllDelivered());
  EXPECT_THAT(TrainingsOf(coordinator_), ElementsAre(number + "|2050-04-03|counts"));
  EXPECT_THAT(TrainingsOf(wrong), ElementsAre(number + "|2050-04-03|revoked"));
}

// Data of a placed person that the municipality may not see still counts in its figure, and is not listed.
TEST_P(TrainingRegistryTest, ABodyThatPlacesHerCountsHerAsTrained) {
  registry_v1::CreateCoordinatorRequest afar;
  afar.mutable_coordinator()->set_display_name("見本 遠子");
  afar.mutable_coordinator()->set_home_area("areas/322016");
  const std::string her = Made<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", afar);
  registry_v1::CreatePlacementRequest placement;
  placement.mutable_placement()->set_coordinator(her);
  placement.mutable_placement()->set_body("areas/313025");
  placement.mutable_placement()->set_stage(registry_v1::PLACEMENT_STAGE_ACTUAL);
  *placement.mutable_placement()->mutable_valid_from_date() = Day("2050-04-01");
  Made<registry_v1::Placement>("registry.v1.PlacementService/CreatePlacement", placement);
  registry_v1::CreateCoordinatorTrainingRequest training;
  training.set_parent(her);
  training.mutable_coordinator_training()->set_display_name("他県の養成研修");
  *training.mutable_coordinator_training()->mutable_completion_date() = Day("2049-10-01");
  *training.mutable_coordinator_training()->mutable_expiry_date() = Day("2050-04-02");
  Made<registry_v1::CoordinatorTraining>("registry.v1.CoordinatorTrainingService/CreateCoordinatorTraining", training);
  const Caller officer = CallerWith("officer", {"municipality-officer@areas/313025"});
  EXPECT_EQ(Trained("2050-04-02", &officer), "1 of 1");
  EXPECT_EQ(Trained("2050-04-03", &officer), "0 of 1") << "it has expired";
  registry_v1::ListCoordinatorTrainingsRequest list;
  list.set_parent("coordinators/-");
  EXPECT_EQ(officer
                .Call<registry_v1::ListCoordinatorTrainingsResponse>(
                    "registry.v1.CoordinatorTrainingService/ListCoordinatorTrainings", list)
                ->coordinator_trainings_size(),
            0);
}

TEST_P(TrainingRegistryTest, WhoMayNotWriteThereIsRefusedThereAndLosesNothing) {
  const std::string enrollment = EnrolledAndThere(coordinator_);
  for (const char* service : {"registry", "training"}) {
    SetRole("issuer", {"certificates.*", "enrollments.read", "learners.*"}, service);
  }
  CallerWith("issuer", {"issuer@*"}, "registry");
  const Caller issuer = CallerWith("issuer", {"issuer@*"}, "training").For("tests");
  training_v1::IssueCertificateRequest request;
  request.set_enrollment(enrollment);
  ASSERT_EQ(Said(issuer.Call<training_v1::Certificate>("training.v1.CertificateService/IssueCertificate", request)),
            "OK");
  ASSERT_TRUE(WaitUntil([&] {
    const auto owed = Owed();
    return owed.size() == 1 && owed[0].state() == platform_v1::Delivery::STATE_REFUSED;
  }));
  EXPECT_EQ(Owed()[0].reason(), "PERMISSION_DENIED");
  EXPECT_EQ(Owed()[0].resource_name(), enrollment);
  EXPECT_EQ(Trained("2050-04-03"), "0 of 1");
  SetRole("issuer", {"coordinators.read", "coordinatorTrainings.*"}, "registry");
  platform_v1::RetryDeliveryRequest retry;
  retry.set_name(Owed()[0].name());
  EXPECT_EQ(Said(admin().Call<platform_v1::Delivery>("platform.v1.DeliveryService/RetryDelivery", retry)), "OK");
  ASSERT_TRUE(AllDelivered());
  EXPECT_EQ(Trained("2050-04-03"), "1 of 1");
}

TEST_P(TrainingRegistryTest, ARecordThatIsToldBadlySaysWhy) {
  const auto told = [&](const std::string& name, const char* day, const Caller& caller) {
    registry_v1::RecordCoordinatorTrainingRequest request;
    request.mutable_coordinator_training()->set_name(name);
    request.mutable_coordinator_training()->set_display_name("見本研修");
    *request.mutable_coordinator_training()->mutable_completion_date() = Day("2050-04-01");
    if (*day != 0) *request.mutable_coordinator_training()->mutable_expiry_date() = Day(day);
    return Said(caller.Call<registry_v1::CoordinatorTraining>(
        "registry.v1.CoordinatorTrainingService/RecordCoordinatorTraining", request));
  };
  const std::string good = coordinator_ + "/coordinatorTrainings/t1";
  EXPECT_EQ(told(good, "", admin()), "OK");
  EXPECT_EQ(told(good, "2050-03-31", admin()), "INVALID_ARGUMENT INVALID_REQUEST expiry_date:PERIOD_ENDS_BEFORE_START");
  for (const std::string& bad : {std::string(), std::string("nurses/x/nurseTrainings/t"), coordinator_,
                                 coordinator_ + "/coordinatorTrainings/", coordinator_ + "/coordinatorTrainings/a b"}) {
    EXPECT_THAT(told(bad, "", admin()), testing::StartsWith("INVALID_ARGUMENT")) << bad;
  }
  EXPECT_EQ(told("coordinators/none/coordinatorTrainings/t1", "", admin()),
            "NOT_FOUND COORDINATOR_NOT_FOUND parent:COORDINATOR_NOT_FOUND");
  const Caller elsewhere = CallerWith("elsewhere", {"municipality-officer@areas/322016"});
  EXPECT_EQ(told(good, "", elsewhere), "NOT_FOUND COORDINATOR_NOT_FOUND parent:COORDINATOR_NOT_FOUND")
      << "as one that is not there";
}

TEST_P(TrainingRegistryTest, BodiesAreCalledWhatTheRegistryCallsThem) {
  Issue(EnrolledAndThere(coordinator_)).status().IgnoreError();
  ASSERT_EQ(Said(server().host().Find("training")->access().LoadPlaces()), "OK");
  clock().Advance(absl::Seconds(1));
  training_v1::GetTrainingReportRequest request;
  request.set_group_by(training_v1::TRAINING_GROUPING_BODIES);
  const auto report = admin().Call<platform_v1::Report>("training.v1.TrainingReportService/GetTrainingReport", request);
  ASSERT_EQ(Said(report), "OK");
  EXPECT_EQ(report->figures(report->figures_size() - 1).group_label().ja(), "鳥取市");
}

// A nurse without the skill that an opening asks for gets the certificate of a course that teaches it.
TEST_P(TrainingRegistryTest, ARoundReliesOnWhatANurseWasTaught) {
  EXPECT_EQ(ImportCsv(admin(), "facilities",
                      "facility_id,display_name,area,latitude_e6,longitude_e6\nakane,見本あかね,areas/312011,35495111,"
                      "134231278\n")
                .summary,
            "1 rows: 1 created");
  EXPECT_EQ(
      ImportCsv(admin(), "nurses",
                "source_key,display_name,licence,skills,weekly_minutes,home_mesh,home_area,commute_limit_metres,"
                "wishes,seeking\nn/1,見本 看子,NURSE,OXYGEN,1200,53341188,areas/312011,12000,facilities/akane,true\n")
          .summary,
      "1 rows: 1 created");
  EXPECT_EQ(ImportCsv(admin(), "openings",
                      "opening_id,facility,area,display_name,posts,required_skills,weekly_minutes\n"
                      "o-1,facilities/akane,areas/312011,求人一,1,OXYGEN;SUCTION,1200\n")
                .summary,
            "1 rows: 1 created");
  const auto matched = [&](const std::string& round) {
    EXPECT_EQ(Said(CreateRound(admin(), round, 7)), "OK");
    EXPECT_EQ(Said(SolveRound(reader(), round)), "OK");
    const auto assignments = ListAssignments(admin(), round);
    EXPECT_EQ(assignments->assignments_size(), 1);
    return assignments->assignments(0).opening();
  };
  EXPECT_EQ(matched("before"), "");

  registry_v1::ListNursesRequest list;
  const std::string nurse =
      admin().Call<registry_v1::ListNursesResponse>("registry.v1.NurseService/ListNurses", list)->nurses(0).name();
  training_v1::Curriculum curriculum;
  curriculum.set_display_name("みほん看護職員研修");
  curriculum.set_series("nurse-sample");
  curriculum.set_trains(training_v1::Curriculum::TRAINS_NURSES);
  curriculum.add_skills(registry_v1::SKILL_SUCTION);
  auto& subject = *curriculum.add_subjects();
  subject.set_code("1");
  subject.set_display_name("吸引");
  subject.set_method(training_v1::Curriculum::METHOD_LECTURE);
  subject.set_minutes(60);
  ASSERT_EQ(Said(MakeCurriculum(curriculum, "nurse-sample-1")), "OK");
  ASSERT_EQ(Said(MakeCourse("n1", "curricula/nurse-sample-1", 5)), "OK");
  const auto session = MakeSession("courses/n1", "1", "2050-04-02", 60);
  ASSERT_EQ(Said(session), "OK");
  const std::string learner = MakeLearner("見本 看子");
  Link(learner, "nurse", nurse);
  const std::string enrollment = Enroll("courses/n1", learner);
  ASSERT_EQ(Said(Attend(enrollment, session->name(), "1", 60)), "OK");
  const auto certificate = Issue(enrollment);
  ASSERT_EQ(Said(certificate), "OK");
  ASSERT_TRUE(AllDelivered());
  EXPECT_EQ(matched("after"), "openings/o-1");

  training_v1::RevokeCertificateRequest revoke;
  revoke.set_name(certificate->name());
  revoke.set_reason("判定の誤り");
  ASSERT_EQ(Said(Ask<training_v1::Certificate>("CertificateService/RevokeCertificate", revoke)), "OK");
  ASSERT_TRUE(AllDelivered());
  EXPECT_EQ(matched("revoked"), "");
}

}  // namespace
}  // namespace tsunagu::wire
