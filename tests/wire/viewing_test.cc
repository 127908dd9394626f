// Viewings of sessions on demand, from the log to the certificate.
#include "absl/strings/str_cat.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/training_test_base.h"
#include "tsunagu/platform/v1/report.pb.h"
#include "tsunagu/training/v1/training_report.pb.h"
#include "tsunagu/training/v1/viewing.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A course of two subjects of an hour, both taught on demand from 2050-03-20 on, of which minutes count as far as they
// go.
class ViewingTest : public TrainingTest {
 protected:
  void SetUp() override {
    TrainingTest::SetUp();
    if (IsSkipped()) return;
    training_v1::Curriculum curriculum;
    curriculum.set_display_name("見本");
    curriculum.set_series("v");
    curriculum.mutable_credit_rule()->set_partial(true);
    curriculum.mutable_credit_rule()->set_make_up(true);
    for (const char* code : {"1", "2"}) {
      auto& subject = *curriculum.add_subjects();
      subject.set_code(code);
      subject.set_display_name("講義");
      subject.set_method(training_v1::Curriculum::METHOD_LECTURE);
      subject.set_minutes(60);
    }
    ASSERT_EQ(Said(MakeCurriculum(curriculum, "v")), "OK");
    for (const char* course : {"v", "w"}) ASSERT_EQ(Said(MakeCourse(course, "curricula/v", 50)), "OK");
    video_ = MakeVideo("courses/v");
  }

  std::string MakeVideo(const std::string& course) {
    training_v1::CreateSessionRequest request;
    request.set_parent(course);
    training_v1::Session& session = *request.mutable_session();
    *session.mutable_held_date() = Day("2050-03-20");
    session.set_mode(training_v1::Session::MODE_ON_DEMAND);
    for (const char* subject : {"1", "2"}) {
      auto& lesson = *session.add_lessons();
      lesson.set_subject(subject);
      lesson.set_minutes(60);
    }
    const auto made = Ask<training_v1::Session>("SessionService/CreateSession", request);
    EXPECT_EQ(Said(made), "OK");
    return made.ok() ? made->name() : "";
  }

  absl::StatusOr<training_v1::Viewing> View(const std::string& enrollment, const std::string& session,
                                            const char* subject, const char* day, int from, int to,
                                            const std::string& replaces = "", const char* end_day = "") {
    training_v1::CreateViewingRequest request;
    request.set_parent(enrollment);
    training_v1::Viewing& viewing = *request.mutable_viewing();
    viewing.set_session(session);
    viewing.set_subject(subject);
    *viewing.mutable_start_date() = Day(day);
    viewing.set_start_minute(from);
    *viewing.mutable_end_date() = Day(*end_day == 0 ? day : end_day);
    viewing.set_end_minute(to);
    viewing.set_replaces(replaces);
    return Ask<training_v1::Viewing>("ViewingService/CreateViewing", request);
  }
  absl::StatusOr<training_v1::Viewing> View(const std::string& enrollment, const char* subject, int from, int to,
                                            const std::string& replaces = "") {
    return View(enrollment, video_, subject, "2050-04-01", from, to, replaces);
  }
  std::vector<int> Earned(const std::string& enrollment, const char* as_of = "") {
    std::vector<int> earned;
    const auto progress = Progress(enrollment, as_of);
    EXPECT_EQ(Said(progress), "OK");
    for (const auto& subject : progress->subjects()) earned.push_back(subject.earned());
    return earned;
  }
  std::string Hours(const Caller& caller, training_v1::GetTrainingReportRequest request) {
    clock().Advance(absl::Seconds(1));
    const auto report =
        caller.Call<platform_v1::Report>("training.v1.TrainingReportService/GetTrainingReport", request);
    EXPECT_EQ(Said(report), "OK");
    for (const auto& figure : report->figures()) {
      if (figure.key() == "all/hours") return figure.value();
    }
    return "";
  }

  std::string video_;
};

TEST_P(ViewingTest, NoMinutesAreTakenThatACertificateOfALaterCourseRestsOn) {
  ASSERT_EQ(Said(MakeCourse("z", "curricula/v", 50, "2050-03-30")), "OK");
  const std::string learner = MakeLearner("見本 花子");
  const std::string watched = Enroll("courses/v", learner), beside = Enroll("courses/w", learner);
  const std::string later = Enroll("courses/z", learner);
  ASSERT_EQ(Said(View(watched, video_, "1", "2050-03-25", 600, 660)), "OK");
  ASSERT_EQ(Said(View(watched, video_, "2", "2050-03-25", 660, 720)), "OK");
  EXPECT_THAT(Earned(later), ElementsAre(60, 60));
  ASSERT_EQ(Said(Issue(later)), "OK");
  const std::string video = MakeVideo("courses/w");
  EXPECT_THAT(Said(View(beside, video, "1", "2050-03-25", 590, 650)), HasSubstr("CERTIFICATE_ISSUED"));
  EXPECT_EQ(Said(View(beside, video, "1", "2050-03-25", 720, 780)), "OK");
  EXPECT_TRUE(Progress(later)->complete());
}

struct RefusedCase {
  const char* name;
  const char* subject;
  const char* day;
  int from;
  const char* end_day;
  int to;
  const char* said;
};

TEST_P(ViewingTest, AnImpossibleTimeHasItsOwnReason) {
  const std::string enrollment = Enroll("courses/v", MakeLearner("見本 花子"));
  const RefusedCase kCases[] = {
      {"backwards", "1", "2050-04-01", 600, "2050-04-01", 599, "viewing.end_minute:VIEWING_ENDS_BEFORE_START"},
      {"a minute to come", "1", "2050-04-03", 700, "2050-04-03", 721, "viewing.end_minute:VIEWING_TO_COME"},
      {"too long", "1", "2050-04-01", 600, "2050-04-02", 601, "viewing.end_minute:VIEWING_LONGER_THAN_A_DAY"},
      {"too early", "1", "2050-03-19", 1439, "2050-03-20", 10, "viewing.start_date:VIEWING_OUTSIDE_OFFER"},
      {"another subject", "3", "2050-04-01", 600, "2050-04-01", 660, "viewing.subject:SUBJECT_NOT_IN_SESSION"},
  };
  for (const RefusedCase& test : kCases) {
    EXPECT_EQ(Said(View(enrollment, video_, test.subject, test.day, test.from, test.to, "", test.end_day)),
              absl::StrCat("INVALID_ARGUMENT INVALID_REQUEST ", test.said))
        << test.name;
  }
  const RefusedCase kTaken[] = {
      {"until this very minute", "1", "2050-04-03", 700, "2050-04-03", 720, "OK"},
      {"a whole day", "1", "2050-03-28", 600, "2050-03-29", 600, "OK"},
      {"from the first minute", "1", "2050-03-20", 0, "2050-03-20", 10, "OK"},
  };
  for (const RefusedCase& test : kTaken) {
    EXPECT_EQ(Said(View(enrollment, video_, test.subject, test.day, test.from, test.to, "", test.end_day)), test.said)
        << test.name;
  }
  clock().Advance(absl::Hours(24 * 40));  // the offer has ended
  EXPECT_EQ(Said(View(enrollment, video_, "1", "2050-04-30", 1430, 1440)), "OK") << "until the last minute";
  EXPECT_EQ(Said(View(enrollment, video_, "1", "2050-04-30", 1430, 1, "", "2050-05-01")),
            "INVALID_ARGUMENT INVALID_REQUEST viewing.end_date:VIEWING_OUTSIDE_OFFER");
  const std::string other = Enroll(course_, MakeLearner("見本 二子"));
  EXPECT_EQ(Said(View(other, sessions_[0].name(), "1", "2050-03-25", 600, 660)),
            "INVALID_ARGUMENT INVALID_REQUEST viewing.session:SESSION_NOT_ON_DEMAND");
  EXPECT_THAT(Said(View(enrollment, sessions_[0].name(), "1", "2050-03-25", 600, 660)),
              HasSubstr("viewing.session:SESSION_OF_ANOTHER_COURSE"));
  EXPECT_THAT(Said(Attend(enrollment, video_, "1", 60)), HasSubstr("attendance.session:SESSION_ON_DEMAND"));
  const auto waiting = Nominate("courses/v", MakeLearner("見本 次子"));
  EXPECT_THAT(Said(View(waiting->name(), "1", 600, 660)), HasSubstr("NOT_ENROLLED"));
  EXPECT_THAT(Said(View(enrollment, "courses/v/sessions/none", "1", "2050-04-01", 600, 660)),
              HasSubstr("REFERENCE_NOT_FOUND"));
}

TEST_P(ViewingTest, MinutesAddUpAndCountOnce) {
  const std::string enrollment = Enroll("courses/v", MakeLearner("見本 花子"));
  EXPECT_THAT(Progress(enrollment)->next_sessions(), ElementsAre(video_));
  EXPECT_FALSE(Progress(enrollment)->out_of_reach());
  EXPECT_FALSE(Progress(enrollment, "2050-04-30")->out_of_reach()) << "the last day of the offer";
  EXPECT_TRUE(Progress(enrollment, "2050-05-01")->out_of_reach());
  const auto first = View(enrollment, "1", 600, 630);
  ASSERT_EQ(Said(first), "OK");
  ASSERT_EQ(Said(View(enrollment, "1", 600, 630)), "OK") << "a log may say it twice";
  ASSERT_EQ(Said(View(enrollment, "1", 620, 640)), "OK");
  EXPECT_THAT(Earned(enrollment), ElementsAre(40, 0));
  ASSERT_EQ(Said(View(enrollment, "2", 630, 690)), "OK") << "two windows at once";
  EXPECT_THAT(Earned(enrollment), ElementsAre(40, 50)) << "what began first has the minutes";
  EXPECT_THAT(Earned(enrollment, "2050-03-31"), ElementsAre(0, 0));
  EXPECT_EQ(Progress(enrollment)->lines(0).en(), "講義: 60 minutes required, 40 earned, 20 missing");
  // One that was wrong is taken back.
  const auto wrong = View(enrollment, "1", 700, 760);
  ASSERT_EQ(Said(wrong), "OK");
  EXPECT_THAT(Earned(enrollment), ElementsAre(60, 50));
  EXPECT_THAT(Said(View(enrollment, "2", 700, 700, wrong->name())),
              HasSubstr("viewing.replaces:FACT_OF_SOMETHING_ELSE"));
  ASSERT_EQ(Said(View(enrollment, "1", 700, 700, wrong->name())), "OK");
  EXPECT_THAT(Earned(enrollment), ElementsAre(40, 50));
  EXPECT_THAT(Said(View(enrollment, "1", 700, 701, wrong->name())), HasSubstr("FACT_REPLACED"));
  // What she watches for one course, she does not watch for another.
  ASSERT_EQ(Said(View(enrollment, MakeVideo("courses/w"), "1", "2050-04-01", 680, 700)), "OK") << "made up elsewhere";
  EXPECT_THAT(Earned(enrollment), ElementsAre(50, 50));
  training_v1::UpdateSessionRequest shorter;
  shorter.mutable_session()->set_name(video_);
  *shorter.mutable_session()->mutable_held_date() = Day("2050-03-21");
  shorter.mutable_update_mask()->add_paths("held_date");
  EXPECT_EQ(Said(Ask<training_v1::Session>("SessionService/UpdateSession", shorter)),
            "INVALID_ARGUMENT INVALID_REQUEST session:SESSION_ATTENDED");
}

// In whatever order a log comes, and for whichever enrollment.
TEST_P(ViewingTest, WhoseMinutesTheyAre) {
  const std::string learner = MakeLearner("見本 花子");
  const std::string enrollment = Enroll("courses/v", learner), other = Enroll("courses/w", learner);
  ASSERT_EQ(Said(View(enrollment, "2", 600, 610)), "OK");
  ASSERT_EQ(Said(View(enrollment, "1", 600, 610)), "OK");
  ASSERT_EQ(Said(View(enrollment, "1", 500, 510)), "OK");
  ASSERT_EQ(Said(View(enrollment, "2", 500, 510)), "OK");
  EXPECT_THAT(Earned(enrollment), ElementsAre(20, 0)) << "of those that began together, the first subject has it";
  ASSERT_EQ(Said(View(other, "1", 700, 760)), "OK") << "the same lesson, for her other course";
  ASSERT_EQ(Said(View(enrollment, "1", 710, 730)), "OK");
  EXPECT_THAT(Earned(enrollment), ElementsAre(40, 0)) << "what counts there takes nothing from the same lesson here";
  const auto wrong = View(enrollment, "1", 800, 820);
  ASSERT_EQ(Said(wrong), "OK");
  ASSERT_EQ(Said(View(enrollment, "1", 800, 800, wrong->name())), "OK");
  ASSERT_EQ(Said(View(enrollment, video_, "2", "2050-04-02", 600, 605)), "OK");
  EXPECT_THAT(Earned(enrollment), ElementsAre(40, 5)) << "what was taken back does not run on until the next one";
}

// Whoever may not read sessions is told that she was elsewhere, and not where.
TEST_P(ViewingTest, WhereSheWasIsNotToldToWhoMayNotSeeIt) {
  const std::string learner = MakeLearner("見本 花子");
  const auto hall = MakeSession("courses/w", "1", "2050-04-01", 60);  // from 9:00
  const std::string enrollment = Enroll("courses/v", learner), other = Enroll("courses/w", learner);
  ASSERT_EQ(Said(View(enrollment, "1", 590, 620)), "OK");
  SetRole("clerk", {"attendances.write", "enrollments.read", "learners.read", "courses.read"}, "training");
  const Caller clerk = CallerWith("clerk", {"clerk@*"}, "training").For("tests");
  training_v1::CreateAttendanceRequest request;
  request.set_parent(other);
  request.mutable_attendance()->set_session(hall->name());
  request.mutable_attendance()->set_subject("1");
  request.mutable_attendance()->set_minutes(60);
  EXPECT_THAT(Said(clerk.Call<training_v1::Attendance>("training.v1.AttendanceService/CreateAttendance", request)),
              HasSubstr("attendance.session:TWO_PLACES_AT_ONCE_UNSEEN"));
}

TEST_P(ViewingTest, NobodyAttendsAndWatchesAtOnce) {
  const std::string learner = MakeLearner("見本 花子");
  const std::string enrollment = Enroll("courses/v", learner);
  const auto hall = MakeSession("courses/w", "1", "2050-04-01", 60);  // from 9:00
  ASSERT_EQ(Said(hall), "OK");
  const std::string other = Enroll("courses/w", learner);
  const auto viewing = View(enrollment, "1", 590, 620);
  ASSERT_EQ(Said(viewing), "OK");
  EXPECT_EQ(Said(Attend(other, hall->name(), "1", 60)),
            "INVALID_ARGUMENT INVALID_REQUEST attendance.session:TWO_PLACES_AT_ONCE");
  ASSERT_EQ(Said(View(enrollment, "1", 600, 620, viewing->name())), "OK");
  ASSERT_EQ(Said(Attend(other, hall->name(), "1", 60)), "OK");
  EXPECT_EQ(Said(View(enrollment, "1", 599, 620)),
            "INVALID_ARGUMENT INVALID_REQUEST viewing.session:TWO_PLACES_AT_ONCE");
}

TEST_P(ViewingTest, NoViewingUnmakesACertificate) {
  const std::string learner = MakeLearner("見本 花子");
  const std::string enrollment = Enroll("courses/v", learner);
  const auto first = View(enrollment, "1", 600, 660);
  ASSERT_EQ(Said(first), "OK");
  ASSERT_EQ(Said(View(enrollment, "2", 660, 720)), "OK");
  ASSERT_EQ(Said(Issue(enrollment)), "OK");
  EXPECT_THAT(Said(View(enrollment, "1", 600, 600, first->name())), HasSubstr("viewing.replaces:CERTIFICATE_ISSUED"));
  // Of her other course as well, since it would take minutes.
  const std::string other = Enroll("courses/w", learner);
  const std::string video = MakeVideo("courses/w");
  EXPECT_EQ(Said(View(other, video, "1", "2050-04-01", 599, 601)),
            "INVALID_ARGUMENT INVALID_REQUEST viewing:CERTIFICATE_ISSUED");
  EXPECT_EQ(Said(View(enrollment, "1", 630, 660)), "OK") << "of the same lesson, it takes none";
  EXPECT_EQ(Said(View(enrollment, "1", 590, 610)), "OK") << "nor where it began earlier";
  EXPECT_EQ(Said(View(enrollment, "2", 600, 610)), "OK") << "of those that began together, the first subject has it";
  EXPECT_EQ(Said(View(enrollment, "1", 660, 670)), "INVALID_ARGUMENT INVALID_REQUEST viewing:CERTIFICATE_ISSUED");
  EXPECT_EQ(Said(View(enrollment, "1", 659, 720)), "INVALID_ARGUMENT INVALID_REQUEST viewing:CERTIFICATE_ISSUED");
  EXPECT_EQ(Said(View(other, video, "1", "2050-04-01", 661, 740)), "OK") << "it began later";
  EXPECT_TRUE(Progress(enrollment)->complete());
  EXPECT_THAT(Earned(other), ElementsAre(20, 0));
}

// Some issue her certificate while others take its minutes, under another enrollment of hers, or take a viewing back.
TEST_P(ViewingTest, AViewingAndACertificateExcludeEachOther) {
  const std::string video = MakeVideo("courses/w");
  for (int round = 0; round < 8; ++round) {
    const std::string learner = MakeLearner("見本 花子");
    const std::string enrollment = Enroll("courses/v", learner);
    const std::string other = Enroll("courses/w", learner);
    const auto first = View(enrollment, "1", 600, 660);
    ASSERT_EQ(Said(first), "OK");
    ASSERT_EQ(Said(View(enrollment, "2", 660, 720)), "OK");
    EightAtOnce([&](int writer) {
      if (writer % 2 == 0) return Said(Issue(enrollment));
      return round % 2 == 0 ? Said(View(other, video, "1", "2050-04-01", 590, 610))
                            : Said(View(enrollment, "1", 600, 600, first->name()));
    });
    training_v1::ListCertificatesRequest list;
    list.set_filter(absl::StrCat("enrollment = \"", enrollment, "\""));
    const auto certificates = Ask<training_v1::ListCertificatesResponse>("CertificateService/ListCertificates", list);
    EXPECT_EQ(certificates->certificates_size(), Progress(enrollment)->complete() ? 1 : 0) << round;
  }
}

// Some make the session another one while others record viewings of it.
TEST_P(ViewingTest, ASessionThatWasViewedStaysAsItIs) {
  for (int round = 0; round < 8; ++round) {
    const std::string enrollment = Enroll("courses/v", MakeLearner("見本 花子"));
    const std::string video = MakeVideo("courses/v");
    training_v1::UpdateSessionRequest later;
    later.mutable_session()->set_name(video);
    *later.mutable_session()->mutable_held_date() = Day("2050-04-02");
    later.mutable_update_mask()->add_paths("held_date");
    EightAtOnce([&](int writer) {
      return writer % 2 == 0 ? Said(Ask<training_v1::Session>("SessionService/UpdateSession", later))
                             : Said(View(enrollment, video, "1", "2050-04-01", 600, 660));
    });
    training_v1::GetSessionRequest get;
    get.set_name(video);
    const bool moved = Ask<training_v1::Session>("SessionService/GetSession", get)->held_date().month() == 4;
    EXPECT_THAT(Earned(enrollment), ElementsAre(moved ? 0 : 60, 0)) << round;
  }
}

TEST_P(ViewingTest, AReportCountsWhatIsCredited) {
  const std::string learner = MakeLearner("見本 花子");
  const std::string enrollment = Enroll("courses/v", learner);
  const auto wrong = View(enrollment, "1", 600, 640);
  ASSERT_EQ(Said(wrong), "OK");
  ASSERT_EQ(Said(View(enrollment, "1", 600, 630, wrong->name())), "OK");
  ASSERT_EQ(Said(View(enrollment, "1", 600, 630)), "OK");
  ASSERT_EQ(Said(View(enrollment, video_, "1", "2050-04-02", 600, 690)), "OK") << "the lesson gives 60";
  const std::string other = Enroll("courses/w", learner);
  ASSERT_EQ(Said(View(other, MakeVideo("courses/w"), "2", "2050-04-02", 660, 720)), "OK") << "30 of them once more";
  EXPECT_EQ(Hours(admin(), {}), "1.5");
  training_v1::GetTrainingReportRequest request;
  *request.mutable_as_of_date() = Day("2050-04-01");
  EXPECT_EQ(Hours(admin(), request), "0.5");
}

// The log of a learning system comes as one file.
TEST_P(ViewingTest, ALogComesInAStream) {
  const std::string enrollment = Enroll("courses/v", MakeLearner("見本 花子"));
  std::string file = "受講申込,開催回,科目,視聴開始日,視聴開始時刻（分）,視聴終了日,視聴終了時刻（分）\n";
  const auto row = [&](const char* subject, const char* start, int from, const char* end, int to) {
    absl::StrAppend(&file, enrollment, ",", video_, ",", subject, ",", start, ",", from, ",", end, ",", to, "\n");
  };
  row("1", "2050-04-01", 1410, "2050-04-02", 30);
  row("2", "2050-04-02", 100, "2050-04-02", 160);
  row("2", "2050-04-02", 160, "2050-04-02", 100);
  row("2", "2050-04-09", 100, "2050-04-09", 160);
  platform_v1::ImportRowsRequest options;
  options.set_parent("services/training");
  options.set_collection("viewings");
  const Imported imported = ImportCsv(reader(), options, file);
  EXPECT_EQ(imported.counts.created_count(), 2) << Said(imported.status);
  EXPECT_THAT(imported.rows, ElementsAre("4 refused 視聴終了時刻（分）:VIEWING_ENDS_BEFORE_START",
                                         "5 refused 視聴終了時刻（分）:VIEWING_TO_COME"));
  EXPECT_THAT(Earned(enrollment, "2050-04-01"), ElementsAre(30, 0)) << "a night belongs to two days";
  EXPECT_THAT(Earned(enrollment), ElementsAre(60, 60));
  EXPECT_EQ(Said(Issue(enrollment)), "OK");
}

// Times as a learning system writes them, and as a workbook hands them on.
TEST_P(ViewingTest, ALogGivesTimesOfTheClock) {
  const std::string enrollment = Enroll("courses/v", MakeLearner("見本 花子"));
  std::string file = "受講申込,開催回,科目,視聴開始,視聴終了\n";
  const auto row = [&](const char* subject, const char* start, const char* end) {
    absl::StrAppend(&file, enrollment, ",", video_, ",", subject, ",", start, ",", end, "\n");
  };
  row("1", "2050/4/1 23:30:01", "2050/04/02 0:01:59");  // 23:31 to 0:01
  row("1", "2050-04-02T00:10:00", "2050-04-02T00:20:00");
  row("2", "令和32年4月1日 9:00", "R32.4.1 9:05");
  row("2", "2050/4/1 23:59:40", "2050/4/1 23:59:50");  // no whole minute
  row("2", "2050/4/1 10:00", "2050/4/1 9:00");
  row("2", "2050/4/1 24:00", "2050/4/1");
  row("2", "4月1日 9:00", "");
  row("2", "2050/4/1 9:60", "2050/2/30 9:00");
  platform_v1::ImportRowsRequest options;
  options.set_parent("services/training");
  options.set_collection("viewings");
  const Imported imported = ImportCsv(reader(), options, file);
  EXPECT_EQ(imported.counts.created_count(), 4) << Said(imported.status);
  EXPECT_THAT(imported.rows, ElementsAre("6 refused 視聴終了:VIEWING_ENDS_BEFORE_START",
                                         "7 refused 視聴終了:VIEWING_TIME_MALFORMED 視聴開始:VIEWING_TIME_MALFORMED",
                                         "8 refused 視聴終了:VIEWING_TIME_MALFORMED 視聴開始:VIEWING_TIME_MALFORMED",
                                         "9 refused 視聴終了:VIEWING_TIME_MALFORMED 視聴開始:VIEWING_TIME_MALFORMED"));
  EXPECT_THAT(Earned(enrollment), ElementsAre(40, 5));
  EXPECT_THAT(Earned(enrollment, "2050-04-01"), ElementsAre(29, 5));
}

WIRE_TEST_ON_BOTH(ViewingTest);

}  // namespace
}  // namespace tsunagu::wire
