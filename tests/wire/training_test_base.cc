#include "tests/wire/training_test_base.h"

#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "services/training/templates.h"

namespace tsunagu::wire {

void TrainingTest::SetUp() {
  SuiteTest::SetUp();
  if (IsSkipped()) return;
  ASSERT_EQ(Said(MakeCurriculum(training::Templates()[0], "coordinator-1")), "OK");
  ASSERT_EQ(Said(MakeCourse("c1", "curricula/coordinator-1", 2)), "OK");
  int day = 25;
  for (const auto& subject : training::Templates()[0].subjects()) {
    const std::string date = day <= 31 ? absl::StrCat("2050-03-", day) : absl::StrCat("2050-04-0", day - 31);
    const auto session = MakeSession(course_, subject.code(), date.c_str(), subject.minutes());
    ASSERT_EQ(Said(session), "OK");
    sessions_.push_back(*session);
    ++day;
  }
}

absl::StatusOr<training_v1::Curriculum> TrainingTest::MakeCurriculum(training_v1::Curriculum curriculum,
                                                                     const std::string& id) {
  training_v1::CreateCurriculumRequest request;
  curriculum.clear_name();
  *request.mutable_curriculum() = std::move(curriculum);
  request.set_curriculum_id(id);
  return Ask<training_v1::Curriculum>("CurriculumService/CreateCurriculum", request);
}

absl::StatusOr<training_v1::Course> TrainingTest::MakeCourse(const std::string& id, const std::string& curriculum,
                                                             int capacity, const char* first_day,
                                                             const char* last_day) {
  training_v1::CreateCourseRequest request;
  request.set_course_id(id);
  training_v1::Course& course = *request.mutable_course();
  course.set_display_name("みほん研修");
  course.set_curriculum(curriculum);
  course.set_fiscal_year(2049);
  course.add_hosts("areas/310000");
  course.set_capacity(capacity);
  *course.mutable_start_date() = Day(first_day);
  *course.mutable_end_date() = Day(last_day);
  course.set_issuer("見本県知事");
  return Ask<training_v1::Course>("CourseService/CreateCourse", request);
}

absl::StatusOr<training_v1::Session> TrainingTest::MakeSession(const std::string& course, const std::string& subject,
                                                               const char* day, int minutes) {
  training_v1::CreateSessionRequest request;
  request.set_parent(course);
  training_v1::Session& session = *request.mutable_session();
  *session.mutable_held_date() = Day(day);
  session.set_start_minute(540);
  session.set_end_minute(540 + minutes);
  session.set_mode(training_v1::Session::MODE_ON_SITE);
  auto& lesson = *session.add_lessons();
  lesson.set_subject(subject);
  lesson.set_minutes(minutes);
  return Ask<training_v1::Session>("SessionService/CreateSession", request);
}

std::string TrainingTest::MakeLearner(const std::string& name, const std::string& area) {
  training_v1::CreateLearnerRequest request;
  request.mutable_learner()->set_display_name(name);
  request.mutable_learner()->set_body(area);
  const auto learner = Ask<training_v1::Learner>("LearnerService/CreateLearner", request);
  EXPECT_EQ(Said(learner), "OK");
  return learner.ok() ? learner->name() : "";
}

absl::StatusOr<training_v1::Enrollment> TrainingTest::Nominate(const std::string& course, const std::string& learner,
                                                               int rank) {
  training_v1::CreateEnrollmentRequest request;
  request.set_parent(course);
  request.mutable_enrollment()->set_learner(learner);
  request.mutable_enrollment()->set_nominating_body("areas/312011");
  request.mutable_enrollment()->set_rank(rank);
  request.mutable_enrollment()->set_ground(training_v1::Enrollment::GROUND_TO_BE_PLACED);
  return Ask<training_v1::Enrollment>("EnrollmentService/CreateEnrollment", request);
}

std::string TrainingTest::Enroll(const std::string& course, const std::string& learner) {
  const auto enrollment = Nominate(course, learner);
  EXPECT_EQ(Said(enrollment), "OK");
  training_v1::SelectLearnersRequest request;
  request.set_name(course);
  EXPECT_EQ(Said(Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", request)), "OK");
  return enrollment.ok() ? enrollment->name() : "";
}

absl::StatusOr<training_v1::Attendance> TrainingTest::Attend(const std::string& enrollment, const std::string& session,
                                                             const std::string& subject, int minutes,
                                                             const std::string& replaces) {
  training_v1::CreateAttendanceRequest request;
  request.set_parent(enrollment);
  request.mutable_attendance()->set_session(session);
  request.mutable_attendance()->set_subject(subject);
  request.mutable_attendance()->set_minutes(minutes);
  request.mutable_attendance()->set_replaces(replaces);
  return Ask<training_v1::Attendance>("AttendanceService/CreateAttendance", request);
}

void TrainingTest::AttendAll(const std::string& enrollment) {
  for (const auto& session : sessions_) {
    for (const auto& lesson : session.lessons()) {
      EXPECT_EQ(Said(Attend(enrollment, session.name(), lesson.subject(), lesson.minutes())), "OK");
    }
  }
}

absl::StatusOr<training_v1::Progress> TrainingTest::Progress(const std::string& enrollment, const char* as_of) {
  training_v1::GetProgressRequest request;
  request.set_name(enrollment);
  if (*as_of != 0) *request.mutable_as_of_date() = Day(as_of);
  return Ask<training_v1::Progress>("EnrollmentService/GetProgress", request);
}

absl::StatusOr<training_v1::Certificate> TrainingTest::Issue(const std::string& enrollment) {
  training_v1::IssueCertificateRequest request;
  request.set_enrollment(enrollment);
  return Ask<training_v1::Certificate>("CertificateService/IssueCertificate", request);
}

}  // namespace tsunagu::wire
