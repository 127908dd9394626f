// File imports of the training service: attendances arrive in a stream, and an exported file can be imported again and
// changes nothing.
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/access/access.h"
#include "common/contract/schema.h"
#include "common/host/host.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/training_test_base.h"
#include "tsunagu/training/v1/care_permit.pb.h"
#include "tsunagu/training/v1/permit_application.pb.h"
#include "tsunagu/training/v1/permit_rule.pb.h"
#include "tsunagu/training/v1/statement.pb.h"
#include "tsunagu/training/v1/test_result.pb.h"
#include "tsunagu/training/v1/trial.pb.h"
#include "tsunagu/training/v1/viewing.pb.h"
#include "tsunagu/training/v1/worker_filing.pb.h"

namespace tsunagu::wire {
namespace {

class TrainingFilesTest : public TrainingTest {
 protected:
  Imported Import(const std::string& collection, const std::string& file) {
    platform_v1::ImportRowsRequest options;
    options.set_parent("services/training");
    options.set_collection(collection);
    return ImportCsv(reader(), options, file);
  }
  template <typename M, typename Request>
  void Make(const char* method, std::string text) {
    for (const auto& [key, name] : names_) text = absl::StrReplaceAll(text, {{key, name}});
    Request request;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    const auto made = Ask<M>(method, request);
    ASSERT_EQ(Said(made), "OK") << method;
    names_[absl::StrCat("$", M::descriptor()->name(), ";")] = made->name();
  }

  std::map<std::string, std::string> names_;
};

// A sheet of a whole session is one file; the platform's stream takes it in pieces.
TEST_P(TrainingFilesTest, AttendancesComeInAStream) {
  std::vector<std::string> enrollments;
  for (int i = 0; i < 2; ++i) enrollments.push_back(Enroll(course_, MakeLearner(absl::StrCat("見本 ", i))));
  std::string file = "受講申込,開催回,科目,出席（分）,備考\n";
  for (const std::string& enrollment : enrollments) {
    for (const auto& session : sessions_) {
      const auto& lesson = session.lessons(0);
      absl::StrAppend(&file, enrollment, ",", session.name(), ",", lesson.subject(), ",", lesson.minutes(), ",\n");
    }
  }
  absl::StrAppend(&file, enrollments[0], ",", sessions_[0].name(), ",1,61,遅刻\n");
  const Imported imported = Import("attendances", file);
  EXPECT_EQ(imported.counts.created_count(), 18) << Said(imported.status);
  EXPECT_THAT(imported.rows, testing::ElementsAre("20 refused :FACT_RECORDED 出席（分）:ATTENDANCE_LONGER_THAN_LESSON"))
      << "what two learners did alike is no repetition";
  for (const std::string& enrollment : enrollments) EXPECT_TRUE(Progress(enrollment)->complete());
}

// An overlooked cell is neither an absence nor a failure, and adds nothing to what is recorded.
TEST_P(TrainingFilesTest, ABlankCellIsNoZero) {
  const std::string enrollment = Enroll(course_, MakeLearner("見本 花子"));
  const std::string start = absl::StrCat(enrollment, ",", sessions_[0].name(), ",1,");
  const std::string heading = "受講申込,開催回,科目,出席（分）\n";
  EXPECT_THAT(Import("attendances", absl::StrCat(heading, start, "\n")).rows,
              testing::ElementsAre("2 refused 出席（分）:FIELD_REQUIRED"));
  EXPECT_EQ(Import("attendances", absl::StrCat(heading, start, "0\n")).counts.created_count(), 1);
  EXPECT_THAT(Import("attendances", absl::StrCat(heading, start, "0\n")).rows,
              testing::ElementsAre("2 refused :FACT_RECORDED"))
      << "it is not said to be stored";
  training_v1::CreateAttendanceRequest unsaid;
  unsaid.set_parent(enrollment);
  unsaid.mutable_attendance()->set_session(sessions_[1].name());
  unsaid.mutable_attendance()->set_subject("2");
  EXPECT_EQ(Said(Ask<training_v1::Attendance>("AttendanceService/CreateAttendance", unsaid)),
            "INVALID_ARGUMENT INVALID_REQUEST attendance.minutes:FIELD_REQUIRED");
  EXPECT_THAT(Import("testResults", absl::StrCat("受講申込,試験,実施日,正答数\n", enrollment, ",t,2050-03-26,\n")).rows,
              testing::ElementsAre("2 refused 正答数:FIELD_REQUIRED 試験:TEST_UNKNOWN"));
  const std::string trial = absl::StrCat(enrollment, ",演習,口腔内の喀痰吸引,2050-03-26,1,");
  EXPECT_THAT(Import("trials", absl::StrCat("受講申込,区分,行為,実施日,回,成功\n", trial, "\n")).rows,
              testing::ElementsAre("2 refused 成功:FIELD_REQUIRED 行為:ACT_NOT_LEARNED"));
}

// A fault is reported once, by the column name that a Japanese reader knows, even if the file has no such column.
TEST_P(TrainingFilesTest, AFaultNamesAColumn) {
  const std::string learner = MakeLearner("見本 花子");
  EXPECT_THAT(
      Import("attendances", absl::StrCat("受講申込,開催回,科目,出席（分）\nx,", sessions_[0].name(), ",1,60\n")).rows,
      testing::ElementsAre("2 refused 受講申込:MALFORMED_NAME"));
  training_v1::Curriculum curriculum;
  curriculum.set_display_name("見本");
  curriculum.set_series("one-client");
  auto& subject = *curriculum.add_subjects();
  subject.set_code("1");
  subject.set_display_name("講義");
  subject.set_method(training_v1::Curriculum::METHOD_LECTURE);
  subject.set_minutes(60);
  curriculum.set_for_one_client(true);
  ASSERT_EQ(Said(MakeCurriculum(curriculum, "one-client")), "OK");
  ASSERT_EQ(Said(MakeCourse("one", "curricula/one-client", 2)), "OK");
  EXPECT_THAT(Import("enrollments", absl::StrCat("研修,受講者,推薦団体,推薦順位,推薦理由\ncourses/one,", learner,
                                                 ",areas/312011,1,その他\n"))
                  .rows,
              testing::ElementsAre("2 refused 対象者の記号:CLIENT_REQUIRED"));
  EXPECT_THAT(Import("enrollments", absl::StrCat("course,learner,nominating_body,rank,ground\ncourses/one,", learner,
                                                 ",areas/312011,1,OTHER\n"))
                  .rows,
              testing::ElementsAre("2 refused client:CLIENT_REQUIRED"));
}

// However many are asked about at once, each one's progress is what it is alone.
TEST_P(TrainingFilesTest, ProgressOfManyIsThatOfEach) {
  constexpr int kLearners = 120;
  ASSERT_EQ(Said(MakeCourse("many", "curricula/coordinator-1", kLearners)), "OK");
  const auto session = MakeSession("courses/many", "1", "2050-03-25", 60);
  ASSERT_EQ(Said(session), "OK");
  std::string people = "取込元のキー,氏名,所属団体\n", nominated = "研修,受講者,推薦団体,推薦順位,推薦理由\n";
  for (int i = 0; i < kLearners; ++i) {
    absl::StrAppend(&people, "k", i, ",見本 ", i, ",areas/312011\n");
    absl::StrAppend(&nominated, "courses/many,k", i, ",areas/312011,", i + 1, ",その他\n");
  }
  ASSERT_EQ(Import("learners", people).counts.created_count(), kLearners);
  ASSERT_EQ(Import("enrollments", nominated).counts.created_count(), kLearners);
  training_v1::SelectLearnersRequest select;
  select.set_name("courses/many");
  const auto selected = Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", select);
  ASSERT_EQ(selected->accepted_size(), kLearners);
  std::string attended = "受講申込,開催回,科目,出席（分）\n";
  for (int i = 0; i < kLearners; ++i) {
    absl::StrAppend(&attended, selected->accepted(i), ",", session->name(), ",1,", i % 61, "\n");
  }
  ASSERT_EQ(Import("attendances", attended).counts.created_count(), kLearners);
  training_v1::ListAttendancesRequest list;
  list.set_parent(selected->accepted(0));
  const auto wrong = Ask<training_v1::ListAttendancesResponse>("AttendanceService/ListAttendances", list);
  ASSERT_EQ(Said(Attend(selected->accepted(0), session->name(), "1", 60, wrong->attendances(0).name())), "OK");

  training_v1::ListProgressRequest request;
  request.set_parent("courses/many");
  request.set_page_size(1000);
  const auto many = Ask<training_v1::ListProgressResponse>("EnrollmentService/ListProgress", request);
  ASSERT_EQ(Said(many), "OK");
  ASSERT_EQ(many->progress_size(), kLearners);
  std::map<int, int> earned;
  for (const auto& progress : many->progress()) {
    const auto alone = Progress(progress.enrollment());
    ASSERT_EQ(Said(alone), "OK");
    EXPECT_EQ(progress.DebugString(), alone->DebugString());
    ++earned[progress.subjects(0).earned()];
  }
  EXPECT_GT(earned.size(), 1u);
}

TEST_P(TrainingFilesTest, EveryResourceComesBackUnchanged) {
  namespace v1 = training_v1;
  Make<v1::Curriculum, v1::CreateCurriculumRequest>("CurriculumService/CreateCurriculum",
                                                    "curriculum_id: 'x' curriculum { display_name: '見本' series: 'x' "
                                                    "subjects { code: '1' display_name: '講義' method: "
                                                    "METHOD_LECTURE minutes: 60 } tests { code: 't' display_name: "
                                                    "'試験' questions: 1 pass_percent: 100 } acts { act: "
                                                    "ACT_ORAL_SUCTION exercises: 1 tries: 1 } acts_are_chosen: true "
                                                    "for_one_client: true credit_rule { make_up: true } }");
  ASSERT_EQ(Said(MakeCourse("x", "curricula/x", 2)), "OK");
  const auto session = MakeSession("courses/x", "1", "2050-03-25", 60);
  ASSERT_EQ(Said(session), "OK");
  names_["$Session;"] = session->name();
  names_["$Learner;"] = MakeLearner("𠮷田 髙子");
  Make<v1::Enrollment, v1::CreateEnrollmentRequest>(
      "EnrollmentService/CreateEnrollment",
      "parent: 'courses/x' enrollment { learner: '$Learner;' nominating_body: 'areas/312011' rank: 1 ground: "
      "GROUND_OTHER "
      "acts: ACT_ORAL_SUCTION client: '対象者—12' completed_elsewhere: 'y' elsewhere_evidence: '第1号' }");
  v1::SelectLearnersRequest select;
  select.set_name("courses/x");
  ASSERT_EQ(Said(Ask<v1::SelectLearnersResponse>("CourseService/SelectLearners", select)), "OK");
  Make<v1::Attendance, v1::CreateAttendanceRequest>(
      "AttendanceService/CreateAttendance",
      "parent: '$Enrollment;' attendance { session: '$Session;' subject: '1' minutes: 50 note: '遅刻〜' }");
  v1::CreateSessionRequest video;
  video.set_parent("courses/x");
  *video.mutable_session()->mutable_held_date() = Day("2050-03-20");
  video.mutable_session()->set_mode(v1::Session::MODE_ON_DEMAND);
  *video.mutable_session()->add_lessons() = session->lessons(0);
  names_["$Video;"] = Ask<v1::Session>("SessionService/CreateSession", video)->name();
  Make<v1::Viewing, v1::CreateViewingRequest>(
      "ViewingService/CreateViewing",
      "parent: '$Enrollment;' viewing { session: '$Video;' subject: '1' start_date { year: 2050 month: 3 day: 25 } "
      "start_minute: 1420 end_date { year: 2050 month: 3 day: 26 } end_minute: 0 note: '髙〜' }");
  Make<v1::Trial, v1::CreateTrialRequest>("TrialService/CreateTrial",
                                          "parent: '$Enrollment;' trial { kind: KIND_EXERCISE act: ACT_ORAL_SUCTION "
                                          "trial_date { year: 2050 month: 3 day: 26 } "
                                          "number: 1 successful: true judge: '指導者—3' }");
  Make<v1::TestResult, v1::CreateTestResultRequest>(
      "TestResultService/CreateTestResult",
      "parent: '$Enrollment;' test_result { test: 't' test_date { year: 2050 month: 3 day: 26 } correct: 1 }");
  Make<v1::Statement, v1::CreateStatementRequest>("StatementService/CreateStatement",
                                                  "parent: '$Enrollment;' statement { subject: '1' minutes: 10 "
                                                  "completion_date { year: 2049 month: 4 day: 1 } issuer: "
                                                  "'𠮷見県' evidence: '第1号' }");
  Make<v1::PermitRule, v1::CreatePermitRuleRequest>(
      "PermitRuleService/CreatePermitRule",
      "permit_rule { prefecture: 'areas/310000' any_client: UNIT_WORKER one_client: UNIT_ACT source: '手引き' }");
  Make<v1::PermitApplication, v1::CreatePermitApplicationRequest>(
      "PermitApplicationService/CreatePermitApplication",
      "permit_application { learner: '$Learner;' prefecture: 'areas/310000' acts: ACT_ORAL_SUCTION client: '対象者—12' "
      "evidence: '第1号' application_date { year: 2050 month: 3 day: 1 } }");
  v1::GrantPermitApplicationRequest grant;
  grant.set_name(names_["$PermitApplication;"]);
  grant.set_number("認-1");
  names_["$Permit;"] = Ask<v1::PermitApplication>("PermitApplicationService/GrantPermitApplication", grant)->permit();
  Make<v1::WorkerFiling, v1::CreateWorkerFilingRequest>("WorkerFilingService/CreateWorkerFiling",
                                                        "parent: '$Permit;' worker_filing { office: '31-1' kind: "
                                                        "KIND_ADDED filing_date { year: 2050 month: 4 day: 3 } }");

  int importable = 0;
  for (const auto& [collection, resource] : server().host().Find("training")->resources()) {
    if (!resource.table->schema().rule().importable()) continue;
    ++importable;
    for (const bool workbook : {false, true}) {
      platform_v1::ExportRowsRequest request;
      request.set_parent("services/training");
      request.set_collection(collection);
      if (workbook) request.set_format(platform_v1::FILE_FORMAT_XLSX);
      const Exported exported = Export(reader(), request);
      ASSERT_EQ(Said(exported.status), "OK") << collection;
      const Imported imported = Import(collection, exported.file);
      EXPECT_GT(imported.counts.row_count(), 0) << collection << ": a resource that becomes importable is made above";
      EXPECT_EQ(imported.counts.unchanged_count(), imported.counts.row_count())
          << collection << ": " << Said(imported.status) << absl::StrJoin(imported.rows, "; ");
    }
  }
  EXPECT_GE(importable, 11);
}

WIRE_TEST_ON_BOTH(TrainingFilesTest);

}  // namespace
}  // namespace tsunagu::wire
