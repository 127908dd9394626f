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
