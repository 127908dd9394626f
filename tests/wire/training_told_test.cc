// What the training service reports to others: the roster of those who agreed, the report, and due items.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/jp/civil_day.h"
#include "services/training/templates.h"
#include "tests/wire/training_test_base.h"
#include "tsunagu/platform/v1/due.pb.h"
#include "tsunagu/platform/v1/report.pb.h"
#include "tsunagu/training/v1/roster.pb.h"
#include "tsunagu/training/v1/training_report.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Consent = training_v1::Learner::Consent;
using ReadRosterRequest = training_v1::ReadRosterRequest;

class TrainingToldTest : public TrainingTest {
 protected:
  void SetUp() override {
    TrainingTest::SetUp();
    if (IsSkipped()) return;
    training_v1::UpdateCourseRequest more;
    more.mutable_course()->set_name(course_);
    more.mutable_course()->set_capacity(100);
    more.mutable_update_mask()->add_paths("capacity");
    ASSERT_EQ(Said(Ask<training_v1::Course>("CourseService/UpdateCourse", more)), "OK");
  }

  std::string MakeLearnerWhoAgrees(const std::string& name, Consent consent) {
    training_v1::CreateLearnerRequest request;
    request.mutable_learner()->set_display_name(name);
    request.mutable_learner()->set_body("areas/312011");
    request.mutable_learner()->set_office(absl::StrCat(name, "の事業所"));
    request.mutable_learner()->set_consent(consent);
    return Ask<training_v1::Learner>("LearnerService/CreateLearner", request)->name();
  }
  std::string Enrolled(const std::string& learner) {
    const std::string enrollment = Enroll(course_, learner);
    AttendAll(enrollment);
    return enrollment;
  }
  training_v1::Certificate Certified(const std::string& name, Consent consent) {
    const auto certificate = Issue(Enrolled(MakeLearnerWhoAgrees(name, consent)));
    EXPECT_EQ(Said(certificate), "OK");
    return *certificate;
  }

  // "holder/office" of each line, or what was refused.
  static std::vector<std::string> Roster(const Caller& caller, ReadRosterRequest::Audience audience,
                                         const char* day = "2050-04-03") {
    ReadRosterRequest request;
    request.set_audience(audience);
    *request.mutable_as_of_date() = Day(day);
    const auto stream = caller.Stream("training.v1.RosterService/ReadRoster");
    stream->Write(request);
    stream->WritesDone();
    std::vector<std::string> lines;
    training_v1::RosterEntry entry;
    for (;;) {
      entry.Clear();
      const absl::StatusOr<bool> more = stream->Read(entry);
      if (!more.ok() || !*more) break;
      EXPECT_EQ(entry.holder().empty(), entry.certificate_number().empty());
      lines.push_back(absl::StrCat(entry.holder(), "/", entry.office()));
    }
    const absl::Status end = stream->Finish();
    if (!end.ok()) return {Said(end)};
    return lines;
  }

  absl::StatusOr<platform_v1::Report> Report(const Caller& caller, training_v1::GetTrainingReportRequest request,
                                             const char* day = "2050-04-03") {
    clock().Advance(absl::Seconds(1));
    *request.mutable_as_of_date() = Day(day);
    return caller.Call<platform_v1::Report>("training.v1.TrainingReportService/GetTrainingReport", request);
  }
  // Courses, learners, completions, their share and hours of a population, in a group or all together.
  static std::string Values(const absl::StatusOr<platform_v1::Report>& report, const std::string& population = "all",
                            const std::string& group = "") {
    if (!report.ok()) return Said(report);
    std::vector<std::string> values;
    for (const auto& figure : report->figures()) {
      if (figure.population() == population && figure.group() == group) {
        values.push_back(figure.value().empty() ? "-" : figure.value());
      }
    }
    return absl::StrJoin(values, " ");
  }
};
WIRE_TEST_ON_BOTH(TrainingToldTest);

TEST_P(TrainingToldTest, ARosterTellsWhatEachAgreedTo) {
  Certified("見本 一子", training_v1::Learner::CONSENT_UNSPECIFIED);
  Certified("見本 二子", training_v1::Learner::CONSENT_NONE);
  Certified("見本 三子", training_v1::Learner::CONSENT_MUNICIPALITIES);
  Certified("見本 四子", training_v1::Learner::CONSENT_OFFICE);
  const training_v1::Certificate five = Certified("見本 五子", training_v1::Learner::CONSENT_NAME);
  EXPECT_THAT(Roster(reader(), ReadRosterRequest::AUDIENCE_PUBLIC),
              ElementsAre("/見本 四子の事業所", "見本 五子/見本 五子の事業所"));
  EXPECT_THAT(Roster(reader(), ReadRosterRequest::AUDIENCE_MUNICIPALITIES),
              ElementsAre("見本 三子/見本 三子の事業所", "/見本 四子の事業所", "見本 五子/見本 五子の事業所"));
  EXPECT_THAT(Roster(reader(), ReadRosterRequest::AUDIENCE_PUBLIC, "2050-04-02"), IsEmpty()) << "nobody was certified";
  EXPECT_THAT(Roster(admin(), ReadRosterRequest::AUDIENCE_PUBLIC), ElementsAre("INVALID_ARGUMENT PURPOSE_REQUIRED"));
  EXPECT_THAT(Roster(reader(), ReadRosterRequest::AUDIENCE_UNSPECIFIED).front(), HasSubstr("audience:FIELD_REQUIRED"));

  // A municipality elsewhere reads it too: that is what people agreed to. Who only runs courses does not.
  const Caller elsewhere = CallerWith("elsewhere", {"municipality-officer@areas/322016"}, "training").For("tests");
  EXPECT_THAT(Roster(elsewhere, ReadRosterRequest::AUDIENCE_MUNICIPALITIES).size(), 3);
  const Caller operating = CallerWith("operating", {"training-operator@*"}, "training").For("tests");
  EXPECT_THAT(Roster(operating, ReadRosterRequest::AUDIENCE_PUBLIC).front(), HasSubstr("PERMISSION_DENIED"));

  // Each name that was told is in the access log.
  EXPECT_THAT(
      Column(server().database("training"),
             "SELECT COUNT(*) FROM `access_log_names` n JOIN `access_log` a ON a.`id` = n.`id` WHERE a.`actor` = "
             "'elsewhere'"),
      ElementsAre("2"));

  // She changes her mind; another's certificate is revoked.
  training_v1::UpdateLearnerRequest update;
  update.mutable_learner()->set_name(five.learner());
  update.mutable_learner()->set_consent(training_v1::Learner::CONSENT_NONE);
  update.mutable_update_mask()->add_paths("consent");
  ASSERT_EQ(Said(Ask<training_v1::Learner>("LearnerService/UpdateLearner", update)), "OK");
  EXPECT_THAT(Roster(reader(), ReadRosterRequest::AUDIENCE_PUBLIC), ElementsAre("/見本 四子の事業所"));
}

TEST_P(TrainingToldTest, AReportCountsByKindByBodyAndByYear) {
  EXPECT_EQ(Values(Report(admin(), {})), "1 0 0 - 0.0");
  Certified("見本 一子", training_v1::Learner::CONSENT_NONE);
  const std::string other = Enroll(course_, MakeLearner("見本 二子"));
  ASSERT_EQ(Said(Attend(other, sessions_[0].name(), sessions_[0].lessons(0).subject(), 30)), "OK");
  Nominate(course_, MakeLearner("見本 三子"), 3).IgnoreError();  // who is not decided upon does not learn
  ASSERT_EQ(Said(MakeCurriculum(training::Templates().back(), "nurse-1")), "OK");
  ASSERT_EQ(Said(MakeCourse("n1", "curricula/nurse-1", 5)), "OK");

  EXPECT_EQ(Values(Report(admin(), {})), "2 2 1 50 28.5");
  EXPECT_EQ(Values(Report(admin(), {}), "coordinators"), "1 2 1 50 28.5");
  EXPECT_EQ(Values(Report(admin(), {}), "nurses"), "1 0 0 - 0.0");
  EXPECT_EQ(Values(Report(admin(), {}, "2050-04-02")), "2 2 0 0 28.5") << "complete, and without a certificate yet";
  EXPECT_EQ(Values(Report(admin(), {}, "2050-02-28")), "0 0 0 - 0.0") << "before it began";
  training_v1::GetTrainingReportRequest request;
  request.set_fiscal_year(2050);
  EXPECT_EQ(Values(Report(admin(), request)), "0 0 0 - 0.0");
  request.set_fiscal_year(2049);
  request.set_group_by(training_v1::TRAINING_GROUPING_BODIES);
  EXPECT_EQ(Values(Report(admin(), request), "all", "areas/312011"), "1 2 1 50 28.5");
  request.set_group_by(training_v1::TRAINING_GROUPING_FISCAL_YEARS);
  EXPECT_EQ(Values(Report(admin(), request), "all", "fiscalYears/2049"), "2 2 1 50 28.5");
  request.set_area("areas/320005");
  EXPECT_EQ(Values(Report(admin(), request)), "0 0 0 - 0.0") << "the neighbouring prefecture";
  request.set_area("areas/310000");
  EXPECT_EQ(Values(Report(admin(), request)), "1 2 1 50 28.5");
  const Caller officer = CallerWith("officer", {"municipality-officer@areas/322016"}, "training");
  EXPECT_EQ(Values(Report(officer, {})), "0 0 0 - 0.0");

  // An attendance that was corrected counts once.
  training_v1::ListAttendancesRequest list;
  list.set_parent(other);
  const auto attended = Ask<training_v1::ListAttendancesResponse>("AttendanceService/ListAttendances", list);
  ASSERT_EQ(
      Said(Attend(other, sessions_[0].name(), sessions_[0].lessons(0).subject(), 60, attended->attendances(0).name())),
      "OK");
  const auto report = Report(admin(), {});
  EXPECT_EQ(Values(report), "2 2 1 50 29.0");
  platform_v1::ListFigureRowsRequest rows;
  rows.set_parent("services/training");
  rows.set_report_token(report->token());
  rows.set_key("all/hours");
  const auto behind =
      reader().Call<platform_v1::ListFigureRowsResponse>("platform.v1.ReportService/ListFigureRows", rows);
  ASSERT_EQ(Said(behind), "OK");
  int64_t minutes = 0;
  for (const auto& row : behind->rows()) minutes += row.value();
  EXPECT_EQ(minutes, 29 * 60);
}

TEST_P(TrainingToldTest, WhatExpiresAndWhatClosesIsDue) {
  training_v1::Curriculum short_lived = training::Templates()[0];
  short_lived.set_series("short-lived");
  short_lived.set_certificate_months(1);
  short_lived.set_renewed_by("short-follow-up");
  ASSERT_EQ(Said(MakeCurriculum(short_lived, "short-1")), "OK");
  ASSERT_EQ(Said(MakeCourse("s1", "curricula/short-1", 5)), "OK");
  training_v1::UpdateCourseRequest update;
  update.mutable_course()->set_name("courses/s1");
  *update.mutable_course()->mutable_nomination_end_date() = Day("2050-04-10");
  update.mutable_update_mask()->add_paths("nomination_end_date");
  ASSERT_EQ(Said(Ask<training_v1::Course>("CourseService/UpdateCourse", update)), "OK");
  sessions_.clear();
  int day = 25;
  for (const auto& subject : short_lived.subjects()) {
    const std::string date = day <= 31 ? absl::StrCat("2050-03-", day) : absl::StrCat("2050-04-0", day - 31);
    sessions_.push_back(*MakeSession("courses/s1", subject.code(), date.c_str(), subject.minutes()));
    ++day;
  }
  const std::string enrollment = Enroll("courses/s1", MakeLearner("見本 花子"));
  AttendAll(enrollment);
  const auto certificate = Issue(enrollment);
  ASSERT_EQ(Said(certificate), "OK");
  platform_v1::ListDueRequest request;
  request.set_parent("services/training");
  *request.mutable_until_date() = Day("2050-05-13");
  const auto due = [&](const Caller& caller) {
    std::vector<std::string> items;
    const auto listed = caller.Call<platform_v1::ListDueResponse>("platform.v1.DueService/ListDue", request);
    if (!listed.ok()) return std::vector<std::string>{Said(listed)};
    for (const auto& item : listed->due()) {
      items.push_back(
          absl::StrCat(jp::FormatIso(jp::DayOf(item.due_date())), " ", item.kind(), " ", item.resource_name()));
    }
    return items;
  };
  EXPECT_THAT(due(admin()), ElementsAre("2050-04-10 NOMINATIONS_CLOSE courses/s1",
                                        "2050-05-02 CERTIFICATE_EXPIRES " + certificate->name()));
  const Caller elsewhere = CallerWith("elsewhere", {"prefecture-officer@areas/320005"}, "training");
  EXPECT_THAT(due(elsewhere), ElementsAre("2050-04-10 NOMINATIONS_CLOSE courses/s1"));
  const auto listed =
      admin().In(Language::kJapanese).Call<platform_v1::ListDueResponse>("platform.v1.DueService/ListDue", request);
  ASSERT_EQ(Said(listed), "OK");
  EXPECT_THAT(listed->due(1).text(), testing::HasSubstr("系列: short-follow-up"));
}

TEST_P(TrainingToldTest, WhoCanNoMoreCompleteIsToldAtOnce) {
  // All sessions were held; the last one she missed, and none is to come.
  const std::string enrollment = Enroll(course_, MakeLearner("見本 花子"));
  for (size_t i = 0; i < sessions_.size(); ++i) {
    const auto& lesson = sessions_[i].lessons(0);
    if (i + 1 < sessions_.size()) {
      ASSERT_EQ(Said(Attend(enrollment, sessions_[i].name(), lesson.subject(), lesson.minutes())), "OK");
    }
  }
  const auto due = [&](const Caller& caller) {
    platform_v1::ListDueRequest request;
    request.set_parent("services/training");
    *request.mutable_until_date() = Day("2050-04-04");
    std::vector<std::string> items;
    const auto listed = caller.Call<platform_v1::ListDueResponse>("platform.v1.DueService/ListDue", request);
    EXPECT_EQ(Said(listed), "OK");
    for (const auto& item : listed->due()) items.push_back(absl::StrCat(item.kind(), " ", item.resource_name()));
    return items;
  };
  EXPECT_THAT(due(admin()), ElementsAre("COMPLETION_OUT_OF_REACH " + enrollment));
  EXPECT_THAT(due(CallerWith("elsewhere", {"prefecture-officer@areas/320005"}, "training")), testing::IsEmpty());
  const auto& last = sessions_.back().lessons(0);
  ASSERT_EQ(Said(MakeSession(course_, last.subject(), "2050-04-20", last.minutes())), "OK");
  EXPECT_THAT(due(admin()), testing::IsEmpty()) << "a make-up is to come";
}

// An exercise that comes before what has to be done first does not count, so that nobody waits for it; and on the day
// of a session nobody is missing yet.
TEST_P(TrainingToldTest, WhatComesTooEarlyClosesNoGap) {
  training_v1::Curriculum staged = training::Templates()[0];
  staged.set_series("staged");
  staged.set_staged(true);
  staged.mutable_subjects()->DeleteSubrange(1, 7);  // a lecture and an exercise
  ASSERT_EQ(Said(MakeCurriculum(staged, "staged-1")), "OK");
  ASSERT_EQ(Said(MakeCourse("s1", "curricula/staged-1", 5)), "OK");
  const auto lecture = MakeSession("courses/s1", "1", "2050-04-03", 60);
  const auto exercise = MakeSession("courses/s1", "9", "2050-04-10", 420);
  const std::string enrollment = Enroll("courses/s1", MakeLearner("見本 花子"));
  const auto due = [&](const Caller& caller) {
    platform_v1::ListDueRequest request;
    request.set_parent("services/training");
    *request.mutable_until_date() = Day("2050-04-04");
    std::vector<std::string> items;
    const auto listed = caller.Call<platform_v1::ListDueResponse>("platform.v1.DueService/ListDue", request);
    EXPECT_EQ(Said(listed), "OK");
    for (const auto& item : listed->due()) items.push_back(absl::StrCat(item.resource_name(), ": ", item.text()));
    return items;
  };
  EXPECT_THAT(due(admin()), testing::IsEmpty()) << "the lecture is today";
  EXPECT_THAT(Progress(enrollment)->next_sessions(), ElementsAre(lecture->name(), exercise->name()));
  ASSERT_EQ(Said(Attend(enrollment, lecture->name(), "1", 0)), "OK");
  EXPECT_THAT(due(admin()), ElementsAre(testing::HasSubstr("総論: 60 minutes required, 0 earned, 60 missing")));
  // Made up after the exercise, which then comes too early.
  const auto late = MakeSession("courses/s1", "1", "2050-04-12", 60);
  const auto progress = Progress(enrollment);
  EXPECT_TRUE(progress->out_of_reach());
  EXPECT_THAT(progress->next_sessions(), ElementsAre(late->name()));
  EXPECT_FALSE(progress->lines(0).out_of_reach());
  EXPECT_TRUE(progress->lines(1).out_of_reach());
  EXPECT_THAT(due(admin().In(Language::kJapanese)), ElementsAre(testing::HasSubstr("科目「演習（事例検討）」")));
  const auto again = MakeSession("courses/s1", "9", "2050-04-13", 420);
  EXPECT_THAT(due(admin()), testing::IsEmpty());
  EXPECT_THAT(Progress(enrollment)->next_sessions(), ElementsAre(late->name(), again->name()));
}

}  // namespace
}  // namespace tsunagu::wire
