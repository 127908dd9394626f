// What a learner earned in another course before this one began counts in this one (科目の通算).
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/training_test_base.h"
#include "tsunagu/training/v1/statement.pb.h"

namespace tsunagu::wire {
namespace {

using testing::HasSubstr;

struct Series {
  const char* id = "s";
  bool make_up = true;
  int practicum_months = 0;
};

// Two lectures of 60 minutes. Course "a" began on 1 January 2050, "b" on 1 March; each holds both lectures once.
class CarriedCreditTest : public TrainingTest {
 protected:
  void MakeSeries(const Series& series) {
    training_v1::Curriculum curriculum;
    curriculum.set_display_name("見本");
    curriculum.set_series(series.id);
    curriculum.mutable_credit_rule()->set_make_up(series.make_up);
    curriculum.set_practicum_months(series.practicum_months);
    for (const char* code : {"1", "2"}) {
      auto& subject = *curriculum.add_subjects();
      subject.set_code(code);
      subject.set_display_name("講義");
      subject.set_method(training_v1::Curriculum::METHOD_LECTURE);
      subject.set_minutes(60);
    }
    ASSERT_EQ(Said(MakeCurriculum(curriculum, series.id)), "OK");
  }

  void MakeTerm(const std::string& id, const std::string& curriculum, int month) {
    const std::string of_month = absl::StrCat("2050-0", month, "-");
    ASSERT_EQ(
        Said(MakeCourse(id, "curricula/" + curriculum, 300, (of_month + "01").c_str(), (of_month + "28").c_str())),
        "OK");
    for (const char* subject : {"1", "2"}) {
      const auto session = MakeSession("courses/" + id, subject, absl::StrCat(of_month, "1", subject).c_str(), 60);
      ASSERT_EQ(Said(session), "OK");
      held_[{id, subject}] = session->name();
    }
  }

  // The learner in both courses.
  struct Both {
    std::string a, b;
  };
  Both EnrollInBoth(const std::string& learner) { return {Enroll("courses/a", learner), Enroll("courses/b", learner)}; }
  void MakeBothTerms(const Series& series = {}) {
    MakeSeries(series);
    MakeTerm("a", series.id, 1);
    MakeTerm("b", series.id, 3);
  }

  std::string Went(const std::string& enrollment, const std::string& course, const std::string& subject,
                   int minutes = 60) {
    return Said(Attend(enrollment, held_[{course, subject}], subject, minutes));
  }
  std::string State(const std::string& enrollment, int minutes) {
    training_v1::CreateStatementRequest request;
    request.set_parent(enrollment);
    auto& statement = *request.mutable_statement();
    statement.set_subject("2");
    statement.set_minutes(minutes);
    *statement.mutable_completion_date() = Day("2050-02-02");
    statement.set_issuer("別の県");
    statement.set_evidence("第1号");
    return Said(Ask<training_v1::Statement>("StatementService/CreateStatement", request));
  }
  // Judged as of a day between the two courses.
  absl::StatusOr<training_v1::Certificate> IssueBetween(const std::string& enrollment) {
    training_v1::IssueCertificateRequest request;
    request.set_enrollment(enrollment);
    *request.mutable_issue_date() = Day("2050-02-01");
    return Ask<training_v1::Certificate>("CertificateService/IssueCertificate", request);
  }
  // "60 0": minutes earned of the two subjects.
  std::string Earned(const std::string& enrollment) {
    const auto progress = Progress(enrollment);
    if (!progress.ok()) return Said(progress);
    return absl::StrCat(progress->subjects(0).earned(), " ", progress->subjects(1).earned());
  }

  std::map<std::pair<std::string, std::string>, std::string> held_;
};
WIRE_TEST_ON_BOTH(CarriedCreditTest);

TEST_P(CarriedCreditTest, WhatAnEarlierCourseLackedALaterOneGives) {
  MakeBothTerms();
  const Both hers = EnrollInBoth(MakeLearner("見本 花子"));
  ASSERT_EQ(Went(hers.a, "a", "1"), "OK");
  EXPECT_EQ(Earned(hers.b), "60 0");
  EXPECT_THAT(Said(Issue(hers.b)), HasSubstr("REQUIREMENT_MISSING"));
  ASSERT_EQ(Went(hers.b, "b", "2"), "OK");
  EXPECT_EQ(Earned(hers.b), "60 60");
  EXPECT_EQ(Earned(hers.a), "60 0") << "the later course gives nothing to the earlier one";
  const auto certificate = Issue(hers.b);
  ASSERT_EQ(Said(certificate), "OK");
  EXPECT_EQ(certificate->judgement_size(), 2);
}

TEST_P(CarriedCreditTest, CountsWhoLeftTheEarlierCourse) {
  MakeBothTerms();
  const Both hers = EnrollInBoth(MakeLearner("見本 花子"));
  ASSERT_EQ(Went(hers.a, "a", "1"), "OK");
  training_v1::WithdrawEnrollmentRequest withdraw;
  withdraw.set_name(hers.a);
  withdraw.set_reason("転居");
  ASSERT_EQ(Said(Ask<training_v1::Enrollment>("EnrollmentService/WithdrawEnrollment", withdraw)), "OK");
  EXPECT_EQ(Earned(hers.b), "60 0");
}

TEST_P(CarriedCreditTest, IsOfHersAlone) {
  MakeBothTerms();
  const Both hers = EnrollInBoth(MakeLearner("見本 花子"));
  const Both his = EnrollInBoth(MakeLearner("見本 太郎"));
  ASSERT_EQ(Went(his.a, "a", "1"), "OK");
  EXPECT_EQ(Earned(hers.b), "0 0");
}

TEST_P(CarriedCreditTest, DoesNotCountWhereNothingIsMadeUpElsewhere) {
  MakeBothTerms({"s", false});
  const Both hers = EnrollInBoth(MakeLearner("見本 花子"));
  ASSERT_EQ(Went(hers.a, "a", "1"), "OK");
  EXPECT_EQ(Earned(hers.b), "0 0");
}

TEST_P(CarriedCreditTest, DoesNotCountOfAnotherSeries) {
  MakeSeries({"s"});
  MakeSeries({"other"});
  MakeTerm("a", "other", 1);
  MakeTerm("b", "s", 3);
  const Both hers = EnrollInBoth(MakeLearner("見本 花子"));
  ASSERT_EQ(Went(hers.a, "a", "1"), "OK");
  EXPECT_EQ(Earned(hers.b), "0 0");
}

TEST_P(CarriedCreditTest, NothingOfADayOnWhichTheOtherRanCounts) {
  MakeSeries({});
  MakeTerm("a", "s", 3);
  MakeTerm("b", "s", 3);
  const Both hers = EnrollInBoth(MakeLearner("見本 花子"));
  ASSERT_EQ(Went(hers.a, "a", "1"), "OK");
  ASSERT_EQ(Went(hers.b, "b", "2"), "OK");
  EXPECT_EQ(Earned(hers.a), "60 0");
  EXPECT_EQ(Earned(hers.b), "0 60");
}

TEST_P(CarriedCreditTest, WhatWasEnteredAgainCountsOnce) {
  MakeBothTerms();
  const Both hers = EnrollInBoth(MakeLearner("見本 花子"));
  ASSERT_EQ(State(hers.a, 30), "OK");
  ASSERT_EQ(State(hers.b, 30), "OK");
  ASSERT_EQ(Went(hers.a, "a", "1"), "OK");
  ASSERT_EQ(Went(hers.b, "a", "1", 0), "OK") << "what the later one says of a session stands there";
  EXPECT_EQ(Earned(hers.b), "0 30");
  EXPECT_EQ(Earned(hers.a), "60 30");
}

TEST_P(CarriedCreditTest, WhoTakesItAgainAfterCompletingItBeginsAnew) {
  MakeBothTerms();
  const Both hers = EnrollInBoth(MakeLearner("見本 花子"));
  ASSERT_EQ(Went(hers.a, "a", "1"), "OK");
  ASSERT_EQ(Went(hers.a, "a", "2"), "OK");
  EXPECT_EQ(Earned(hers.b), "60 60");
  const auto certificate = IssueBetween(hers.a);
  ASSERT_EQ(Said(certificate), "OK");
  EXPECT_EQ(Earned(hers.b), "0 0");
  training_v1::RevokeCertificateRequest revoke;
  revoke.set_name(certificate->name());
  revoke.set_reason("訂正");
  ASSERT_EQ(Said(Ask<training_v1::Certificate>("CertificateService/RevokeCertificate", revoke)), "OK");
  EXPECT_EQ(Earned(hers.b), "0 0") << "it was a completion";
}

TEST_P(CarriedCreditTest, WhoIsJudgedCompleteWhileTheLaterCourseRunsKeepsHerMinutesInBoth) {
  MakeBothTerms();
  const Both hers = EnrollInBoth(MakeLearner("見本 花子"));
  ASSERT_EQ(Went(hers.a, "a", "1"), "OK");
  ASSERT_EQ(Went(hers.a, "a", "2"), "OK");
  ASSERT_EQ(Said(Issue(hers.b)), "OK");
  ASSERT_EQ(Said(Issue(hers.a)), "OK");
  EXPECT_EQ(Earned(hers.b), "60 60");
}

TEST_P(CarriedCreditTest, ACertificateThatComesLateDoesNotTakeMinutesFromALaterOne) {
  MakeBothTerms();
  const Both hers = EnrollInBoth(MakeLearner("見本 花子"));
  ASSERT_EQ(Went(hers.a, "a", "1"), "OK");
  ASSERT_EQ(Went(hers.a, "a", "2"), "OK");
  const auto later = Issue(hers.b);
  ASSERT_EQ(Said(later), "OK");
  EXPECT_EQ(Said(IssueBetween(hers.a)), "FAILED_PRECONDITION MINUTES_COUNTED_ELSEWHERE");
  SetRole("issuer", {"certificates.issue"}, "training");
  training_v1::IssueCertificateRequest unseen;
  unseen.set_enrollment(hers.a);
  *unseen.mutable_issue_date() = Day("2050-02-01");
  EXPECT_EQ(Said(CallerWith("issuer", {"issuer@*"}, "training")
                     .Call<training_v1::Certificate>("training.v1.CertificateService/IssueCertificate", unseen)),
            "FAILED_PRECONDITION MINUTES_COUNTED_ELSEWHERE_UNSEEN")
      << "she may not read certificates";
  training_v1::RevokeCertificateRequest revoke;
  revoke.set_name(later->name());
  revoke.set_reason("誤り");
  ASSERT_EQ(Said(Ask<training_v1::Certificate>("CertificateService/RevokeCertificate", revoke)), "OK");
  EXPECT_EQ(Said(IssueBetween(hers.a)), "OK");
  EXPECT_EQ(Earned(hers.b), "0 0");
}

TEST_P(CarriedCreditTest, WhatALaterCertificateRestsOnIsNotCorrected) {
  MakeBothTerms();
  const Both hers = EnrollInBoth(MakeLearner("見本 花子"));
  const auto first = Attend(hers.a, held_[{"a", "1"}], "1", 60);
  ASSERT_EQ(Said(first), "OK");
  ASSERT_EQ(Went(hers.b, "b", "2"), "OK");
  ASSERT_EQ(Said(Issue(hers.b)), "OK");
  EXPECT_EQ(Said(Attend(hers.a, held_[{"a", "1"}], "1", 0, first->name())),
            "INVALID_ARGUMENT INVALID_REQUEST attendance.replaces:CERTIFICATE_ISSUED");
  EXPECT_EQ(Went(hers.a, "a", "2"), "OK") << "more of it unmakes nothing";
}

TEST_P(CarriedCreditTest, NothingFromBeforeComesLateWhereTheTimeForThePracticumRuns) {
  MakeBothTerms({"s", true, 6});
  const Both hers = EnrollInBoth(MakeLearner("見本 花子"));
  ASSERT_EQ(Went(hers.a, "a", "1"), "OK");
  ASSERT_EQ(Went(hers.b, "b", "2"), "OK");
  ASSERT_EQ(Said(Issue(hers.b)), "OK");
  EXPECT_EQ(Went(hers.a, "a", "2"), "INVALID_ARGUMENT INVALID_REQUEST attendance:CERTIFICATE_ISSUED");
}

TEST_P(CarriedCreditTest, TheFirstDayStaysOnceACertificateIsIssued) {
  MakeBothTerms();
  const Both hers = EnrollInBoth(MakeLearner("見本 花子"));
  ASSERT_EQ(Went(hers.a, "a", "1"), "OK");
  const auto begin = [&](const char* day) {
    training_v1::UpdateCourseRequest request;
    request.mutable_course()->set_name("courses/b");
    *request.mutable_course()->mutable_start_date() = Day(day);
    request.mutable_update_mask()->add_paths("start_date");
    return Said(Ask<training_v1::Course>("CourseService/UpdateCourse", request));
  };
  ASSERT_EQ(begin("2050-01-11"), "OK");
  EXPECT_EQ(Earned(hers.b), "0 0") << "it is not before any more";
  ASSERT_EQ(begin("2050-01-12"), "OK");
  EXPECT_EQ(Earned(hers.b), "60 0");
  ASSERT_EQ(Went(hers.b, "b", "2"), "OK");
  for (int round = 0; round < 6; ++round) {
    const std::string before = round % 2 == 0 ? "2050-01-11" : "2050-01-10";
    ASSERT_EQ(begin("2050-01-12"), "OK");
    const auto told = EightAtOnce(
        [&](int writer) { return writer % 2 == 0 ? begin(before.c_str()) : "issue " + Said(Issue(hers.b)); });
    EXPECT_EQ(Progress(hers.b)->complete(), told.count("issue OK") == 1) << testing::PrintToString(told);
    if (told.count("issue OK") == 0) continue;
    EXPECT_EQ(told.count("OK"), 0u) << testing::PrintToString(told);
    break;
  }
  if (!Progress(hers.b)->complete()) {
    ASSERT_EQ(begin("2050-01-12"), "OK");
    ASSERT_EQ(Said(Issue(hers.b)), "OK");
  }
  EXPECT_EQ(begin("2050-01-11"), "INVALID_ARGUMENT INVALID_REQUEST course.start_date:COURSE_HAS_CERTIFICATES");
}

TEST_P(CarriedCreditTest, OfAWholeCourseItIsTheSame) {
  MakeBothTerms();
  // More than are asked for one by one.
  std::vector<Both> all;
  for (int i = 0; i < 103; ++i) {
    const std::string learner = MakeLearner(absl::StrCat("見本 ", i));
    Both hers;
    hers.a = i % 2 == 0 ? Nominate("courses/a", learner)->name() : "";
    hers.b = Nominate("courses/b", learner)->name();
    all.push_back(hers);
  }
  for (const char* course : {"courses/a", "courses/b"}) {
    training_v1::SelectLearnersRequest select;
    select.set_name(course);
    ASSERT_EQ(Said(Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", select)), "OK");
  }
  for (int i = 0; i < 103; i += 4) ASSERT_EQ(Went(all[i].a, "a", "1"), "OK");
  for (int i = 0; i < 103; i += 8) ASSERT_EQ(Went(all[i].a, "a", "2"), "OK");
  for (int i = 0; i < 103; i += 16) ASSERT_EQ(Said(IssueBetween(all[i].a)), "OK");
  training_v1::ListProgressRequest request;
  request.set_parent("courses/b");
  request.set_page_size(1000);
  const auto listed = Ask<training_v1::ListProgressResponse>("EnrollmentService/ListProgress", request);
  ASSERT_EQ(Said(listed), "OK");
  ASSERT_EQ(listed->progress_size(), 103);
  std::map<std::string, std::string> earned;
  for (const auto& one : listed->progress()) {
    earned[one.enrollment()] = absl::StrCat(one.subjects(0).earned(), " ", one.subjects(1).earned());
  }
  for (int i = 0; i < 103; ++i) {
    const char* expected = i % 16 == 0 ? "0 0" : i % 8 == 0 ? "60 60" : i % 4 == 0 ? "60 0" : "0 0";
    EXPECT_EQ(earned[all[i].b], expected) << i;
    if (i % 10 == 0) {
      EXPECT_EQ(Earned(all[i].b), expected) << i;
    }
  }
}

TEST_P(CarriedCreditTest, ACorrectionAndACertificateDoNotBothComeThrough) {
  MakeBothTerms();
  for (int round = 0; round < 6; ++round) {
    const Both hers = EnrollInBoth(MakeLearner("見本 花子"));
    const auto first = Attend(hers.a, held_[{"a", "1"}], "1", 60);
    ASSERT_EQ(Said(first), "OK");
    ASSERT_EQ(Went(hers.b, "b", "2"), "OK");
    const auto told = EightAtOnce([&](int writer) {
      if (writer % 2 == 0) return Said(Attend(hers.a, held_[{"a", "1"}], "1", 0, first->name()));
      return "issue " + Said(Issue(hers.b));
    });
    EXPECT_EQ(told.count("OK") + told.count("issue OK"), 1u) << testing::PrintToString(told);
    EXPECT_EQ(Progress(hers.b)->complete(), told.count("issue OK") == 1);
  }
}

}  // namespace
}  // namespace tsunagu::wire
