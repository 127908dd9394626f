// Prerequisites of a course: checked when somebody is nominated, and again at the selection.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/training/templates.h"
#include "tests/wire/training_test_base.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PrerequisiteTest : public TrainingTest {
 protected:
  // The follow-up of the coordinators' course as it is shipped, in a course of one seat.
  void MakeFollowUp(bool refuses) {
    const auto& templates = training::Templates();
    const auto shipped = std::find_if(templates.begin(), templates.end(), [](const training_v1::Curriculum& one) {
      return one.series() == "coordinator-follow-up";
    });
    ASSERT_NE(shipped, templates.end());
    training_v1::Curriculum curriculum = *shipped;
    curriculum.mutable_prerequisites(0)->set_refuses_nomination(refuses);
    ASSERT_EQ(Said(MakeCurriculum(curriculum, "follow-up-1")), "OK");
    training_v1::CreateCourseRequest request;
    request.set_course_id("f");
    auto& course = *request.mutable_course();
    course.set_display_name("フォローアップ研修");
    course.set_curriculum("curricula/follow-up-1");
    course.set_fiscal_year(2050);
    course.add_hosts("areas/310000");
    course.set_capacity(1);
    *course.mutable_start_date() = Day("2050-06-01");
    *course.mutable_end_date() = Day("2050-06-30");
    ASSERT_EQ(Said(Ask<training_v1::Course>("CourseService/CreateCourse", request)), "OK");
  }
  training_v1::SelectLearnersResponse Select() {
    training_v1::SelectLearnersRequest request;
    request.set_name("courses/f");
    const auto selected = Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", request);
    EXPECT_EQ(Said(selected), "OK");
    return selected.ok() ? *selected : training_v1::SelectLearnersResponse();
  }
  std::string Promote() {
    training_v1::PromoteLearnerRequest request;
    request.set_name("courses/f");
    return Said(Ask<training_v1::PromoteLearnerResponse>("CourseService/PromoteLearner", request));
  }
};

TEST_P(PrerequisiteTest, WhoLacksItIsNotNominated) {
  MakeFollowUp(true);
  const std::string learner = MakeLearner("見本 花子");
  EXPECT_EQ(Said(Nominate("courses/f", learner)),
            "INVALID_ARGUMENT INVALID_REQUEST enrollment.learner:PREREQUISITE_MISSING");
  const std::string before = Enroll(course_, learner);
  AttendAll(before);
  const auto certificate = Issue(before);
  ASSERT_EQ(Said(certificate), "OK");
  const auto nominated = Nominate("courses/f", learner);
  ASSERT_EQ(Said(nominated), "OK");
  EXPECT_THAT(Select().accepted(), ElementsAre(nominated->name()));
}

TEST_P(PrerequisiteTest, WhoCompletesItInBetweenGetsASeat) {
  MakeFollowUp(false);
  const std::string learner = MakeLearner("見本 花子");
  const auto nominated = Nominate("courses/f", learner);
  ASSERT_EQ(Said(nominated), "OK");
  EXPECT_THAT(nominated->missing_prerequisites(), ElementsAre("coordinator")) << "told to whoever nominates her";
  const auto held = Select();
  EXPECT_THAT(held.accepted(), IsEmpty());
  EXPECT_THAT(held.waiting(), IsEmpty());
  ASSERT_EQ(held.held_back_size(), 1);
  EXPECT_EQ(held.held_back(0).enrollment(), nominated->name());
  EXPECT_THAT(held.held_back(0).missing(), ElementsAre("coordinator"));
  const std::string before = Enroll(course_, learner);
  AttendAll(before);
  ASSERT_EQ(Said(Issue(before)), "OK");
  training_v1::UpdateEnrollmentRequest update;
  update.mutable_enrollment()->set_name(nominated->name());
  update.mutable_enrollment()->set_rank(2);
  update.mutable_update_mask()->add_paths("rank");
  const auto ranked = Ask<training_v1::Enrollment>("EnrollmentService/UpdateEnrollment", update);
  ASSERT_EQ(Said(ranked), "OK");
  EXPECT_THAT(ranked->missing_prerequisites(), IsEmpty()) << "looked at whenever it is written";
  const auto selected = Select();
  EXPECT_THAT(selected.accepted(), ElementsAre(nominated->name()));
  EXPECT_EQ(selected.held_back_size(), 0);
}

TEST_P(PrerequisiteTest, WhatWasCompletedElsewhereNeedsItsPaper) {
  MakeFollowUp(true);
  training_v1::CreateEnrollmentRequest request;
  request.set_parent("courses/f");
  auto& enrollment = *request.mutable_enrollment();
  enrollment.set_learner(MakeLearner("見本 花子"));
  enrollment.set_nominating_body("areas/312011");
  enrollment.set_rank(1);
  enrollment.set_ground(training_v1::Enrollment::GROUND_OTHER);
  enrollment.add_completed_elsewhere("coordinator");
  EXPECT_EQ(Said(Ask<training_v1::Enrollment>("EnrollmentService/CreateEnrollment", request)),
            "INVALID_ARGUMENT INVALID_REQUEST enrollment.elsewhere_evidence:EVIDENCE_REQUIRED");
  enrollment.set_elsewhere_evidence("見本県 修了証書 第3号 2048-03-31");
  EXPECT_EQ(Said(Ask<training_v1::Enrollment>("EnrollmentService/CreateEnrollment", request)), "OK");
  EXPECT_EQ(Select().accepted_size(), 1);
}

// A caller cannot claim that no prerequisite is missing.
TEST_P(PrerequisiteTest, WhatIsMissingIsNotTakenFromTheRequest) {
  MakeFollowUp(false);
  training_v1::CreateEnrollmentRequest request;
  request.set_parent("courses/f");
  auto& enrollment = *request.mutable_enrollment();
  enrollment.set_learner(MakeLearner("見本 花子"));
  enrollment.set_nominating_body("areas/312011");
  enrollment.set_rank(1);
  enrollment.set_ground(training_v1::Enrollment::GROUND_OTHER);
  enrollment.add_missing_prerequisites("何か");
  const auto made = Ask<training_v1::Enrollment>("EnrollmentService/CreateEnrollment", request);
  ASSERT_EQ(Said(made), "OK");
  EXPECT_THAT(made->missing_prerequisites(), ElementsAre("coordinator"));
  training_v1::WithdrawEnrollmentRequest withdraw;
  withdraw.set_name(made->name());
  const auto out = Ask<training_v1::Enrollment>("EnrollmentService/WithdrawEnrollment", withdraw);
  ASSERT_EQ(Said(out), "OK");
  EXPECT_THAT(out->missing_prerequisites(), IsEmpty()) << "nothing is asked of who is out";
}

TEST_P(PrerequisiteTest, WhoHasLostItIsNotPromoted) {
  MakeFollowUp(false);
  std::vector<std::string> names;
  training_v1::Certificate last;
  for (int i = 0; i < 2; ++i) {
    const std::string learner = MakeLearner(absl::StrCat("見本 ", i));
    const std::string before = Enroll(course_, learner);
    AttendAll(before);
    last = *Issue(before);
    names.push_back(Nominate("courses/f", learner, i + 1)->name());
  }
  EXPECT_THAT(Select().waiting(), ElementsAre(names[1]));
  training_v1::RevokeCertificateRequest revoke;
  revoke.set_name(last.name());
  revoke.set_reason("誤り");
  ASSERT_EQ(Said(Ask<training_v1::Certificate>("CertificateService/RevokeCertificate", revoke)), "OK");
  training_v1::WithdrawEnrollmentRequest withdraw;
  withdraw.set_name(names[0]);
  ASSERT_EQ(Said(Ask<training_v1::Enrollment>("EnrollmentService/WithdrawEnrollment", withdraw)), "OK");
  EXPECT_EQ(Promote(), "FAILED_PRECONDITION PREREQUISITE_MISSING");
}

WIRE_TEST_ON_BOTH(PrerequisiteTest);

}  // namespace
}  // namespace tsunagu::wire
