// Facts that are entered after a certificate and concern an earlier day.
#include "google/protobuf/text_format.h"
#include "tests/wire/training_test_base.h"
#include "tsunagu/training/v1/trial.pb.h"

namespace tsunagu::wire {
namespace {

class LateFactTest : public TrainingTest {
 protected:
  // One lecture, then two tries, of which the last and seven of ten must succeed.
  std::string EnrollInTries() {
    training_v1::Curriculum curriculum;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        "display_name: '見本' series: 'tries' subjects { code: '1' display_name: '講義' method: METHOD_LECTURE "
        "minutes: 60 } "
        "acts { act: ACT_ORAL_SUCTION tries: 2 success_percent: 70 last_successes: 1 }",
        &curriculum));
    EXPECT_EQ(Said(MakeCurriculum(curriculum, "tries-1")), "OK");
    EXPECT_EQ(Said(MakeCourse("t", "curricula/tries-1", 2)), "OK");
    const auto session = MakeSession("courses/t", "1", "2050-03-25", 60);
    EXPECT_EQ(Said(session), "OK");
    const std::string enrollment = Enroll("courses/t", MakeLearner("見本 花子"));
    EXPECT_EQ(Said(Attend(enrollment, session->name(), "1", 60)), "OK");
    return enrollment;
  }
  std::string Try(const std::string& enrollment, const char* day, int number, bool successful) {
    training_v1::CreateTrialRequest request;
    request.set_parent(enrollment);
    request.mutable_trial()->set_kind(training_v1::Trial::KIND_PRACTICUM);
    request.mutable_trial()->set_act(training_v1::ACT_ORAL_SUCTION);
    *request.mutable_trial()->mutable_trial_date() = Day(day);
    request.mutable_trial()->set_number(number);
    request.mutable_trial()->set_successful(successful);
    return Said(Ask<training_v1::Trial>("TrialService/CreateTrial", request));
  }
};
WIRE_TEST_ON_BOTH(LateFactTest);

// Whoever may not read certificates is told that there is one, and not which.
TEST_P(LateFactTest, ACertificateThatIsNotSeenIsNotNamed) {
  const std::string enrollment = EnrollInTries();
  ASSERT_EQ(Try(enrollment, "2050-03-28", 1, true), "OK");
  ASSERT_EQ(Try(enrollment, "2050-03-29", 2, true), "OK");
  ASSERT_EQ(Said(Issue(enrollment)), "OK");
  SetRole("recorder", {"trials.write", "enrollments.read", "enrollments.write", "certificates.issue"}, "training");
  const Caller recorder = CallerWith("recorder", {"recorder@areas/312011"}, "training");
  training_v1::CreateTrialRequest failed;
  ASSERT_TRUE(
      google::protobuf::TextFormat::ParseFromString("trial { kind: KIND_PRACTICUM act: ACT_ORAL_SUCTION trial_date { "
                                                    "year: 2050 month: 3 day: 27 } number: 3 successful: false }",
                                                    &failed));
  failed.set_parent(enrollment);
  EXPECT_EQ(Said(recorder.Call<training_v1::Trial>("training.v1.TrialService/CreateTrial", failed)),
            "INVALID_ARGUMENT INVALID_REQUEST trial:CERTIFICATE_ISSUED_UNSEEN");
  training_v1::IssueCertificateRequest issue;
  issue.set_enrollment(enrollment);
  EXPECT_EQ(Said(recorder.Call<training_v1::Certificate>("training.v1.CertificateService/IssueCertificate", issue)),
            "FAILED_PRECONDITION CERTIFICATE_ISSUED_UNSEEN");
  training_v1::WithdrawEnrollmentRequest withdraw;
  withdraw.set_name(enrollment);
  withdraw.set_reason("都合");
  EXPECT_EQ(Said(recorder.Call<training_v1::Enrollment>("training.v1.EnrollmentService/WithdrawEnrollment", withdraw)),
            "FAILED_PRECONDITION CERTIFICATE_ISSUED_UNSEEN");
}

TEST_P(LateFactTest, AFailedTryOfADayBeforeDoesNotUnmakeACertificate) {
  const std::string enrollment = EnrollInTries();
  ASSERT_EQ(Try(enrollment, "2050-03-28", 1, true), "OK");
  ASSERT_EQ(Try(enrollment, "2050-03-29", 2, true), "OK");
  ASSERT_EQ(Said(Issue(enrollment)), "OK");
  EXPECT_EQ(Try(enrollment, "2050-03-27", 3, false), "INVALID_ARGUMENT INVALID_REQUEST trial:CERTIFICATE_ISSUED");
  EXPECT_EQ(Try(enrollment, "2050-04-03", 3, false), "INVALID_ARGUMENT INVALID_REQUEST trial:CERTIFICATE_ISSUED");
  clock().Advance(absl::Hours(24));
  EXPECT_EQ(Try(enrollment, "2050-04-04", 3, false), "OK") << "what is met stays met";
  EXPECT_TRUE(Progress(enrollment)->complete());
}

}  // namespace
}  // namespace tsunagu::wire
