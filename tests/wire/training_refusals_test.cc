// The refusals of the training service, each with its own reason; and a course of care from its lectures to the last
// try.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/text_format.h"
#include "services/training/templates.h"
#include "tests/wire/training_test_base.h"
#include "tsunagu/training/v1/signing_key.pb.h"
#include "tsunagu/training/v1/statement.pb.h"
#include "tsunagu/training/v1/test_result.pb.h"
#include "tsunagu/training/v1/trial.pb.h"

namespace tsunagu::wire {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

const training_v1::Curriculum& Template(const std::string& series) {
  for (const training_v1::Curriculum& curriculum : training::Templates()) {
    if (curriculum.series() == series) return curriculum;
  }
  ADD_FAILURE() << series;
  return training_v1::Curriculum::default_instance();
}

class TrainingRefusalsTest : public TrainingTest {
 protected:
  // What is said to a request in text format.
  template <typename Request, typename Response>
  std::string Told(const std::string& method, const std::string& text) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    return Said(Ask<Response>(method, request));
  }
  std::string OfCurriculum(const std::string& rest) {
    return Told<training_v1::CreateCurriculumRequest, training_v1::Curriculum>(
        "CurriculumService/CreateCurriculum",
        absl::StrCat("validate_only: true curriculum { display_name: '見本' series: 'refused' subjects { code: '1' "
                     "display_name: '講義' method: METHOD_LECTURE minutes: 60 } ",
                     rest, " }"));
  }
  std::string OfSession(const std::string& course, const std::string& rest) {
    return Told<training_v1::CreateSessionRequest, training_v1::Session>(
        "SessionService/CreateSession",
        absl::StrCat("validate_only: true parent: '", course, "' session { mode: MODE_ON_SITE ", rest, " }"));
  }
  std::string OfEnrollment(const std::string& course, const std::string& rest) {
    return Told<training_v1::CreateEnrollmentRequest, training_v1::Enrollment>(
        "EnrollmentService/CreateEnrollment",
        absl::StrCat("validate_only: true parent: '", course, "' enrollment { learner: '", learner_,
                     "' nominating_body: 'areas/312011' rank: 1 ground: GROUND_OTHER ", rest, " }"));
  }
  void MakeCourseOf(const std::string& series) {
    ASSERT_EQ(Said(MakeCurriculum(Template(series), series)), "OK");
    ASSERT_EQ(Said(MakeCourse(series, "curricula/" + series, 5)), "OK");
  }
  std::string EnrollWith(const std::string& course, const std::string& rest) {
    training_v1::CreateEnrollmentRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("parent: '", course, "' enrollment { learner: '", learner_,
                     "' nominating_body: 'areas/312011' rank: 1 ground: GROUND_OTHER ", rest, " }"),
        &request));
    const auto enrollment = Ask<training_v1::Enrollment>("EnrollmentService/CreateEnrollment", request);
    EXPECT_EQ(Said(enrollment), "OK");
    training_v1::SelectLearnersRequest select;
    select.set_name(course);
    EXPECT_EQ(Said(Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", select)), "OK");
    return enrollment.ok() ? enrollment->name() : "";
  }
  std::string Try(const std::string& enrollment, const std::string& kind, const std::string& act, int number,
                  bool successful, const std::string& rest = "", int day = 2) {
    return Told<training_v1::CreateTrialRequest, training_v1::Trial>(
        "TrialService/CreateTrial",
        absl::StrCat("parent: '", enrollment, "' trial { kind: KIND_", kind, " act: ACT_", act, " number: ", number,
                     " successful: ", successful ? "true" : "false",
                     " judge: 'J1' trial_date { year: 2050 month: 4 day: ", day, " } ", rest, " }"));
  }
  std::string TestWith(const std::string& enrollment, const std::string& test, int correct, int day = 1) {
    return Told<training_v1::CreateTestResultRequest, training_v1::TestResult>(
        "TestResultService/CreateTestResult",
        absl::StrCat("parent: '", enrollment, "' test_result { test: '", test, "' correct: ", correct,
                     " test_date { year: 2050 month: 4 day: ", day, " } }"));
  }
  // All that is missing, as the refusal of a certificate says it.
  std::string Lacks(const std::string& enrollment) {
    const auto progress = Progress(enrollment);
    EXPECT_EQ(Said(progress), "OK");
    std::vector<std::string> lines;
    for (const auto& line : progress->lines()) {
      if (!line.met()) lines.push_back(line.en());
    }
    EXPECT_EQ(Issue(enrollment).ok(), lines.empty());
    return absl::StrJoin(lines, "; ");
  }

  std::string learner_;
};
WIRE_TEST_ON_BOTH(TrainingRefusalsTest);

struct Refusal {
  const char* name;
  std::string said;
  const char* end;
};

TEST_P(TrainingRefusalsTest, EachHasItsReason) {
  learner_ = MakeLearner("見本 花子");
  MakeCourseOf("care-type-2");
  MakeCourseOf("care-type-3");
  ASSERT_EQ(Said(MakeCourse("closed", "curricula/coordinator-1", 2)), "OK");
  training_v1::UpdateCourseRequest close;
  close.mutable_course()->set_name("courses/closed");
  *close.mutable_course()->mutable_nomination_end_date() = Day("2050-04-02");
  close.mutable_update_mask()->add_paths("nomination_end_date");
  ASSERT_EQ(Said(Ask<training_v1::Course>("CourseService/UpdateCourse", close)), "OK");
  const std::string care = "courses/care-type-2", client = "courses/care-type-3";
  const std::string day = "held_date { year: 2050 month: 4 day: 2 } start_minute: 540 ";
  const std::string hour = day + "end_minute: 600 ";
  const auto practical = [&](const char* teachers) {
    return OfSession(care, absl::StrCat(hour, "lessons { subject: '3' minutes: 60 ", teachers, " }"));
  };
  const Refusal kCases[] = {
      {"a subject that comes after one that is not there",
       OfCurriculum("subjects { code: '2' display_name: '演習' method: "
                    "METHOD_EXERCISE minutes: 60 after: '3' }"),
       ":SUBJECT_AFTER_UNKNOWN"},
      {"a lecture after an exercise, where exercises come after all lectures",
       OfCurriculum("staged: true subjects { code: '2' display_name: '演習' method: METHOD_EXERCISE minutes: 60 } "
                    "subjects { code: '3' display_name: '振り返り' method: METHOD_LECTURE minutes: 60 after: '2' }"),
       ":SUBJECT_AFTER_UNKNOWN"},
      {"the same without stages",
       OfCurriculum("subjects { code: '2' display_name: '演習' method: METHOD_EXERCISE minutes: 60 } "
                    "subjects { code: '3' display_name: '振り返り' method: METHOD_LECTURE minutes: 60 after: '2' }"),
       "OK"},
      {"a subject twice",
       OfCurriculum("subjects { code: '1' display_name: '演習' method: METHOD_EXERCISE minutes: 60 }"),
       ":CODE_REPEATED"},
      {"an act that asks nothing", OfCurriculum("acts { act: ACT_ORAL_SUCTION }"), ":ACT_ASKS_NOTHING"},
      {"it ends before it begins", OfSession(course_, day + "end_minute: 540 lessons { subject: '1' minutes: 60 }"),
       ":SESSION_ENDS_BEFORE_START"},
      {"lessons longer than the session", OfSession(course_, hour + "lessons { subject: '1' minutes: 61 }"),
       ":LESSONS_LONGER_THAN_SESSION"},
      {"outside the course",
       OfSession(course_,
                 "held_date { year: 2050 month: 5 day: 1 } start_minute: 540 end_minute: 600 "
                 "lessons { subject: '1' minutes: 60 }"),
       ":SESSION_OUTSIDE_COURSE"},
      {"a subject that the curriculum has not", OfSession(course_, hour + "lessons { subject: '77' minutes: 60 }"),
       ":SUBJECT_UNKNOWN"},
      {"a practical subject without a teacher", practical(""), ":TEACHER_WITHOUT_LICENCE"},
      {"taught by an assistant nurse", practical("teachers: LICENCE_ASSISTANT_NURSE"), ":TEACHER_WITHOUT_LICENCE"},
      {"one of two teachers without the licence", practical("teachers: LICENCE_NURSE teachers: LICENCE_CARE_WORKER"),
       ":TEACHER_WITHOUT_LICENCE"},
      {"taught by a physician and a nurse", practical("teachers: LICENCE_PHYSICIAN teachers: LICENCE_NURSE"), "OK"},
      {"no act chosen", OfEnrollment(care, ""), ":ACTS_REQUIRED"},
      {"an act that nobody teaches", OfEnrollment(care, "acts: ACT_GASTROSTOMY_FEEDING"), ":ACT_NOT_TAUGHT"},
      {"acts where all are learned", OfEnrollment(course_, "acts: ACT_ORAL_SUCTION"), ":ACT_NOT_TAUGHT"},
      {"a client where it is for any", OfEnrollment(care, "acts: ACT_ORAL_SUCTION client: 'K1'"), ":CLIENT_NOT_WANTED"},
      {"no client where it is for one", OfEnrollment(client, "acts: ACT_ORAL_SUCTION"), ":CLIENT_REQUIRED"},
      {"a client, and no act", OfEnrollment(client, "client: 'K1'"), ":ACTS_REQUIRED"},
      {"a client and an act", OfEnrollment(client, "client: 'K1' acts: ACT_ORAL_SUCTION"), "OK"},
      {"after the nominations closed", OfEnrollment("courses/closed", ""), ":NOMINATION_CLOSED"},
  };
  for (const Refusal& test : kCases) EXPECT_THAT(test.said, EndsWith(test.end)) << test.name;
}

TEST_P(TrainingRefusalsTest, FactsAreHeldAgainstTheCurriculum) {
  learner_ = MakeLearner("見本 花子");
  MakeCourseOf("care-type-2");
  const std::string enrollment = EnrollWith("courses/care-type-2", "acts: ACT_ORAL_SUCTION");
  const Refusal kCases[] = {
      {"more right than there are questions", TestWith(enrollment, "written", 31), ":MORE_RIGHT_THAN_ASKED"},
      {"a test that there is not", TestWith(enrollment, "oral", 30), ":TEST_UNKNOWN"},
      {"an act that she has not chosen", Try(enrollment, "PRACTICUM", "NASAL_SUCTION", 1, true), ":ACT_NOT_LEARNED"},
      {"resuscitation on a client", Try(enrollment, "PRACTICUM", "RESUSCITATION", 1, true), ":ACT_NOT_LEARNED"},
      {"hours from elsewhere where none count",
       Told<training_v1::CreateStatementRequest, training_v1::Statement>(
           "StatementService/CreateStatement",
           absl::StrCat("parent: '", enrollment,
                        "' statement { subject: '1' minutes: 90 issuer: '見本県' evidence: '第1号' "
                        "completion_date { year: 2050 month: 3 day: 1 } }")),
       "STATEMENTS_DO_NOT_COUNT"},
      {"the paper of a subject that there is not",
       Told<training_v1::CreateStatementRequest, training_v1::Statement>(
           "StatementService/CreateStatement",
           absl::StrCat("parent: '", Enroll(course_, learner_),
                        "' statement { subject: '77' minutes: 90 issuer: '見本県' "
                        "evidence: '第1号' completion_date { year: 2050 month: 3 day: 1 } }")),
       ":SUBJECT_UNKNOWN"},
  };
  for (const Refusal& test : kCases) EXPECT_THAT(test.said, EndsWith(test.end)) << test.name;
  training_v1::UpdateEnrollmentRequest update;
  update.mutable_enrollment()->set_name(enrollment);
  update.mutable_enrollment()->set_rank(2);
  update.mutable_update_mask()->add_paths("rank");
  EXPECT_THAT(Said(Ask<training_v1::Enrollment>("EnrollmentService/UpdateEnrollment", update)),
              HasSubstr("ENROLLMENT_DECIDED"));
}

// K1 to K6 from beginning to end: 50 hours, 27 of 30, five exercises and one of resuscitation, ten tries.
TEST_P(TrainingRefusalsTest, OneTryThatIsMissingIsNamed) {
  learner_ = MakeLearner("見本 花子");
  MakeCourseOf("care-type-2");
  const std::string enrollment = EnrollWith("courses/care-type-2", "acts: ACT_ORAL_SUCTION");
  EXPECT_EQ(Try(enrollment, "EXERCISE", "ORAL_SUCTION", 1, true, "", 1), "OK") << "before its stage: it does not count";
  int day = 1;
  for (const auto& subject : Template("care-type-2").subjects()) {
    const std::string date = absl::StrCat("day: ", day++);
    const std::string session = absl::StrCat("s", subject.code());
    ASSERT_EQ((Told<training_v1::CreateSessionRequest, training_v1::Session>(
                  "SessionService/CreateSession",
                  absl::StrCat("parent: 'courses/care-type-2' session_id: '", session,
                               "' session { mode: MODE_ON_SITE held_date { year: 2050 month: 3 ", date,
                               " } start_minute: 540 end_minute: 1300 lessons { subject: '", subject.code(),
                               "' minutes: ", subject.minutes(), " teachers: LICENCE_NURSE } }"))),
              "OK");
    ASSERT_EQ(Said(Attend(enrollment, "courses/care-type-2/sessions/" + session, subject.code(), subject.minutes())),
              "OK");
  }
  EXPECT_EQ(TestWith(enrollment, "written", 26), "OK");
  EXPECT_THAT(Lacks(enrollment), HasSubstr("筆記試験: 27 of 30 right to pass, best result 26; "));
  EXPECT_EQ(TestWith(enrollment, "written", 27, 2), "OK");
  EXPECT_EQ(Try(enrollment, "EXERCISE", "RESUSCITATION", 1, true), "OK");
  for (int number = 2; number <= 6; ++number) {
    EXPECT_EQ(Try(enrollment, "EXERCISE", "ORAL_SUCTION", number, number == 4), "OK");
  }
  EXPECT_EQ(
      Lacks(enrollment),
      "Exercise, oral suction: 5 times or more, the last one in order; done 5 times (1 before what comes first was "
      "done do not count); Practicum, oral suction: 10 times or more, 70 % successful, the last 3 in a row; done 0 "
      "times, 0 successful, the last 0 in a row");
  EXPECT_EQ(Try(enrollment, "EXERCISE", "ORAL_SUCTION", 7, true), "OK");  // K5
  const std::string kTries = "++-++-+++";                                 // and a tenth
  for (size_t i = 0; i < kTries.size(); ++i) {
    EXPECT_EQ(Try(enrollment, "PRACTICUM", "ORAL_SUCTION", static_cast<int>(i) + 1, kTries[i] == '+'), "OK");
  }
  EXPECT_EQ(Lacks(enrollment),
            "Practicum, oral suction: 10 times or more, 70 % successful, the last 3 in a row; done 9 "
            "times, 7 successful, the last 3 in a row");
  EXPECT_EQ(Said(Issue(enrollment)), "INVALID_ARGUMENT INVALID_REQUEST enrollment:REQUIREMENT_MISSING");
  EXPECT_EQ(Try(enrollment, "PRACTICUM", "ORAL_SUCTION", 10, true), "OK");
  EXPECT_EQ(Lacks(enrollment), "");
}

// The practicum of one client ends when the supervising nurse says so, not with a number.
TEST_P(TrainingRefusalsTest, ForOneClientTheNurseJudges) {
  learner_ = MakeLearner("見本 花子");
  training_v1::Curriculum curriculum = Template("care-type-3");
  curriculum.clear_subjects();
  *curriculum.add_subjects() = Template("care-type-3").subjects(0);
  ASSERT_EQ(Said(MakeCurriculum(curriculum, "short")), "OK");
  ASSERT_EQ(Said(MakeCourse("short", "curricula/short", 5)), "OK");
  const auto session = MakeSession("courses/short", "1", "2050-04-01", 120);
  const std::string enrollment =
      EnrollWith("courses/short", "client: 'K1' acts: ACT_ORAL_SUCTION acts: ACT_NASAL_SUCTION");
  ASSERT_EQ(Said(Attend(enrollment, session->name(), "1", 120)), "OK");
  EXPECT_EQ(Try(enrollment, "PRACTICUM", "ORAL_SUCTION", 1, true), "OK");
  EXPECT_THAT(Lacks(enrollment), HasSubstr("Practicum, oral suction: until the supervising nurse judges it sound"));
  EXPECT_EQ(Try(enrollment, "PRACTICUM", "ORAL_SUCTION", 2, true, "judged_sound: true"), "OK");
  EXPECT_THAT(Lacks(enrollment), testing::StartsWith("Practicum, nasal suction: until the supervising nurse"));
  EXPECT_EQ(Try(enrollment, "PRACTICUM", "NASAL_SUCTION", 1, true, "judged_sound: true"), "OK");
  EXPECT_EQ(Lacks(enrollment), "");
}

// Scope does not limit courses; the permission does.
TEST_P(TrainingRefusalsTest, ACourseIsLookedUpWithThePermissionToReadIt) {
  SetRole("blind", {"sessions.write"}, "training");
  const Caller blind = CallerWith("blind", {"blind@*"}, "training");
  for (const std::string& course : {course_, std::string("courses/none")}) {
    training_v1::CreateSessionRequest request;
    request.set_parent(course);
    *request.mutable_session()->mutable_held_date() = Day("2050-04-10");
    request.mutable_session()->set_mode(training_v1::Session::MODE_ON_DEMAND);
    auto& lesson = *request.mutable_session()->add_lessons();
    lesson.set_subject("1");
    lesson.set_minutes(60);
    EXPECT_EQ(Said(blind.Call<training_v1::Session>("training.v1.SessionService/CreateSession", request)),
              "NOT_FOUND COURSE_NOT_FOUND parent:COURSE_NOT_FOUND")
        << course;
  }
}

TEST_P(TrainingRefusalsTest, AKeyIsNotRetiredForADayThatIsOver) {
  const std::string enrollment = Enroll(course_, MakeLearner("見本 花子"));
  AttendAll(enrollment);
  ASSERT_EQ(Said(Issue(enrollment)), "OK");
  ASSERT_EQ(
      Said(Ask<training_v1::SigningKey>("SigningKeyService/RotateSigningKey", training_v1::RotateSigningKeyRequest())),
      "OK");
  EXPECT_THAT((Told<training_v1::RetireSigningKeyRequest, training_v1::SigningKey>(
                  "SigningKeyService/RetireSigningKey",
                  "name: 'signingKeys/1' reason: '見本' retire_date { year: 2050 month: 4 day: 2 }")),
              HasSubstr("RETIREMENT_DAY_OVER"));
}

}  // namespace
}  // namespace tsunagu::wire
