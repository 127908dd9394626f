// A course from nomination to certificate, and what each step refuses.
#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/training/badge.h"
#include "services/training/templates.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/training_test_base.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;
using Response = training_v1::VerifyCertificateResponse;

TEST_P(TrainingTest, FromNominationToACertificate) {
  const std::string enrollment = Enroll(course_, MakeLearner("見本 髙子"));
  EXPECT_EQ(Said(Issue(enrollment)),
            "INVALID_ARGUMENT INVALID_REQUEST enrollment:REQUIREMENT_MISSING "
            "enrollment:REQUIREMENT_MISSING enrollment:REQUIREMENT_MISSING enrollment:REQUIREMENT_MISSING "
            "enrollment:REQUIREMENT_MISSING enrollment:REQUIREMENT_MISSING enrollment:REQUIREMENT_MISSING "
            "enrollment:REQUIREMENT_MISSING enrollment:REQUIREMENT_MISSING");
  AttendAll(enrollment);
  EXPECT_TRUE(Progress(enrollment)->complete());
  EXPECT_FALSE(Progress(enrollment, "2050-04-01")->complete());
  const auto certificate = Issue(enrollment);
  ASSERT_EQ(Said(certificate), "OK");
  EXPECT_EQ(certificate->number(), "2050-00001-" + certificate->number().substr(11));
  EXPECT_EQ(certificate->name(), "certificates/" + certificate->number());
  EXPECT_EQ(certificate->holder(), "見本 髙子");
  EXPECT_EQ(certificate->judgement_size(), 9);
  EXPECT_EQ(Said(Issue(enrollment)), "FAILED_PRECONDITION CERTIFICATE_ISSUED");
}

TEST_P(TrainingTest, AMissingMinuteIsNamed) {
  const std::string enrollment = Enroll(course_, MakeLearner("見本 花子"));
  AttendAll(enrollment);
  training_v1::ListAttendancesRequest list;
  list.set_parent(enrollment);
  list.set_filter("subject = \"2\"");
  const auto attended = Ask<training_v1::ListAttendancesResponse>("AttendanceService/ListAttendances", list);
  ASSERT_EQ(attended->attendances_size(), 1);
  const training_v1::Attendance& medicine = attended->attendances(0);
  clock().Advance(absl::Minutes(1));
  const absl::Time before = clock().Now();
  clock().Advance(absl::Minutes(1));
  ASSERT_EQ(Said(Attend(enrollment, medicine.session(), "2", 179, medicine.name())), "OK");
  const auto issued = Issue(enrollment);
  EXPECT_EQ(Said(issued), "INVALID_ARGUMENT INVALID_REQUEST enrollment:REQUIREMENT_MISSING");
  EXPECT_EQ(Progress(enrollment)->lines(1).en(),
            "医療: 180 minutes required, 0 earned, 180 missing (179 of lessons taken in part do not count)");
  EXPECT_EQ(Progress(enrollment)->lines(1).ja(),
            "科目「医療」：必要180分、修得0分、不足180分（一部だけ受講した179分は算入されません）");
  // Progress as known before the correction does not change.
  training_v1::GetProgressRequest request;
  request.set_name(enrollment);
  request.mutable_as_known_at()->set_seconds(absl::ToUnixSeconds(before));
  EXPECT_TRUE(Ask<training_v1::Progress>("EnrollmentService/GetProgress", request)->complete());
  EXPECT_FALSE(Progress(enrollment)->complete());
  EXPECT_TRUE(Progress(enrollment)->out_of_reach());
}

TEST_P(TrainingTest, FactsAreSaidOnceAndCorrectedOnce) {
  const std::string enrollment = Enroll(course_, MakeLearner("見本 花子"));
  const std::string session = sessions_[1].name();
  const auto first = Attend(enrollment, session, "2", 90);
  ASSERT_EQ(Said(first), "OK");
  EXPECT_EQ(Said(Attend(enrollment, session, "2", 180)), "INVALID_ARGUMENT INVALID_REQUEST attendance:FACT_RECORDED");
  EXPECT_EQ(Said(Attend(enrollment, sessions_[2].name(), "3", 120, first->name())),
            "INVALID_ARGUMENT INVALID_REQUEST attendance.replaces:FACT_OF_SOMETHING_ELSE");
  ASSERT_EQ(Said(Attend(enrollment, session, "2", 180, first->name())), "OK");
  EXPECT_EQ(Said(Attend(enrollment, session, "2", 120, first->name())),
            "INVALID_ARGUMENT INVALID_REQUEST attendance:FACT_RECORDED");
  EXPECT_EQ(Progress(enrollment)->subjects(1).earned(), 180);
  // The session cannot be made another one under it.
  training_v1::UpdateSessionRequest shorter;
  *shorter.mutable_session() = sessions_[1];
  shorter.mutable_session()->mutable_lessons(0)->set_minutes(60);
  shorter.mutable_update_mask()->add_paths("lessons");
  EXPECT_EQ(Said(Ask<training_v1::Session>("SessionService/UpdateSession", shorter)),
            "INVALID_ARGUMENT INVALID_REQUEST session:SESSION_ATTENDED");
}

TEST_P(TrainingTest, ProgressOfACourseComesInPages) {
  std::vector<std::string> enrollments;
  for (const int rank : {1, 2, 3}) enrollments.push_back(Nominate(course_, MakeLearner("見本 花子"), rank)->name());
  training_v1::SelectLearnersRequest select;
  select.set_name(course_);
  ASSERT_EQ(Said(Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", select)), "OK");
  AttendAll(enrollments[1]);
  std::map<std::string, bool> complete;
  training_v1::ListProgressRequest request;
  request.set_parent(course_);
  request.set_page_size(1);
  do {
    const auto page = Ask<training_v1::ListProgressResponse>("EnrollmentService/ListProgress", request);
    ASSERT_EQ(Said(page), "OK");
    EXPECT_LE(page->progress_size(), 1);
    for (const auto& one : page->progress()) complete[one.enrollment()] = one.complete();
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(complete, UnorderedElementsAre(Pair(enrollments[0], false), Pair(enrollments[1], true)));
}

// For a caller who may not read the client of type 3, an error does not reveal whether a guess is right.
TEST_P(TrainingTest, AClientCannotBeGuessed) {
  ASSERT_EQ(Said(MakeCurriculum(training::Templates()[5], "care-3")), "OK");
  ASSERT_EQ(Said(MakeCourse("care", "curricula/care-3", 2)), "OK");
  training_v1::CreateEnrollmentRequest create;
  create.set_parent("courses/care");
  training_v1::Enrollment& enrollment = *create.mutable_enrollment();
  enrollment.set_learner(MakeLearner("見本 花子"));
  enrollment.set_nominating_body("areas/312011");
  enrollment.set_rank(1);
  enrollment.set_ground(training_v1::Enrollment::GROUND_OTHER);
  enrollment.add_acts(training_v1::ACT_ORAL_SUCTION);
  enrollment.set_client("対象者12");
  const auto made = Ask<training_v1::Enrollment>("EnrollmentService/CreateEnrollment", create);
  ASSERT_EQ(Said(made), "OK");
  training_v1::SelectLearnersRequest select;
  select.set_name("courses/care");
  ASSERT_EQ(Said(Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", select)), "OK");

  SetRole("clerk", {"enrollments.read", "enrollments.write", "courses.read"}, "training");
  const Caller clerk = CallerWith("clerk", {"clerk@areas/312011"}, "training").For("tests");
  std::vector<std::string> told;
  for (const char* guess : {"対象者12", "対象者13"}) {
    training_v1::UpdateEnrollmentRequest update;
    update.mutable_enrollment()->set_name(made->name());
    update.mutable_enrollment()->set_client(guess);
    update.mutable_update_mask()->add_paths("client");
    update.set_validate_only(true);
    const auto answer = clerk.Call<training_v1::Enrollment>("training.v1.EnrollmentService/UpdateEnrollment", update);
    told.push_back(answer.ok() ? absl::StrCat("OK ", answer->etag(), answer->client()) : Said(answer));
  }
  EXPECT_EQ(told[0], told[1]);
}

struct AttendanceCase {
  const char* name;
  int session;
  const char* subject;
  int minutes;
  const char* said;
};

TEST_P(TrainingTest, WhatAnAttendanceIsRefusedFor) {
  const std::string enrollment = Enroll(course_, MakeLearner("見本 花子"));
  ASSERT_EQ(Said(MakeSession(course_, "1", "2050-04-20", 60)), "OK");
  const AttendanceCase kCases[] = {
      {"longer than the session", 0, "1", 61, "attendance.minutes:ATTENDANCE_LONGER_THAN_LESSON"},
      {"another subject", 0, "2", 10, "attendance.subject:SUBJECT_NOT_IN_SESSION"},
  };
  for (const AttendanceCase& test : kCases) {
    EXPECT_THAT(Said(Attend(enrollment, sessions_[test.session].name(), test.subject, test.minutes)),
                HasSubstr(test.said))
        << test.name;
  }
  EXPECT_THAT(Said(Attend(enrollment, course_ + "/sessions/none", "1", 60)), HasSubstr("REFERENCE_NOT_FOUND"));
  const auto waiting = Nominate(course_, MakeLearner("見本 次子"));
  EXPECT_THAT(Said(Attend(waiting->name(), sessions_[0].name(), "1", 60)), HasSubstr("NOT_ENROLLED"));
  // Two places at once.
  const auto parallel = MakeSession(course_, "1", "2050-03-25", 60);
  ASSERT_EQ(Said(parallel), "OK");
  ASSERT_EQ(Said(Attend(enrollment, sessions_[0].name(), "1", 60)), "OK");
  EXPECT_THAT(Said(Attend(enrollment, parallel->name(), "1", 60)), HasSubstr("attendance.session:TWO_PLACES_AT_ONCE"));
  SetRole("clerk", {"attendances.write", "enrollments.read", "learners.read", "courses.read"}, "training");
  training_v1::CreateAttendanceRequest unseen;
  unseen.set_parent(enrollment);
  unseen.mutable_attendance()->set_session(parallel->name());
  unseen.mutable_attendance()->set_subject("1");
  unseen.mutable_attendance()->set_minutes(60);
  EXPECT_THAT(Said(CallerWith("clerk", {"clerk@*"}, "training")
                       .For("tests")
                       .Call<training_v1::Attendance>("training.v1.AttendanceService/CreateAttendance", unseen)),
              HasSubstr("attendance.session:TWO_PLACES_AT_ONCE_UNSEEN"))
      << "which session, only who reads them is told";
}

TEST_P(TrainingTest, SeatsGoByThePublishedOrder) {
  std::vector<std::string> learners;
  for (int i = 0; i < 4; ++i) learners.push_back(MakeLearner(absl::StrCat("見本 ", i)));
  std::vector<std::string> names;
  for (const int rank : {3, 1, 4, 2}) {
    names.push_back(Nominate(course_, learners[names.size()], rank)->name());
  }
  EXPECT_EQ(Said(Nominate(course_, learners[0], 9)),
            "INVALID_ARGUMENT INVALID_REQUEST enrollment.learner:ENROLLED_ALREADY");
  training_v1::SelectLearnersRequest request;
  request.set_name(course_);
  request.set_validate_only(true);
  const auto shown = Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", request);
  EXPECT_THAT(shown->accepted(), ElementsAre(names[1], names[3]));
  request.set_validate_only(false);
  const auto selected = Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", request);
  EXPECT_THAT(selected->accepted(), ElementsAre(names[1], names[3]));
  EXPECT_THAT(selected->waiting(), ElementsAre(names[0], names[2]));
  EXPECT_EQ(Said(Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", request)),
            "FAILED_PRECONDITION NOBODY_NOMINATED");

  training_v1::UpdateCourseRequest smaller;
  smaller.mutable_course()->set_name(course_);
  smaller.mutable_course()->set_capacity(1);
  smaller.mutable_update_mask()->add_paths("capacity");
  EXPECT_EQ(Said(Ask<training_v1::Course>("CourseService/UpdateCourse", smaller)),
            "INVALID_ARGUMENT INVALID_REQUEST course.capacity:CAPACITY_BELOW_ACCEPTED");

  training_v1::PromoteLearnerRequest promote;
  promote.set_name(course_);
  EXPECT_EQ(Said(Ask<training_v1::PromoteLearnerResponse>("CourseService/PromoteLearner", promote)),
            "FAILED_PRECONDITION COURSE_FULL");
  training_v1::WithdrawEnrollmentRequest withdraw;
  withdraw.set_name(names[1]);
  const auto withdrawn = Ask<training_v1::Enrollment>("EnrollmentService/WithdrawEnrollment", withdraw);
  ASSERT_EQ(Said(withdrawn), "OK");
  EXPECT_EQ(withdrawn->state(), training_v1::Enrollment::STATE_WITHDRAWN);
  EXPECT_EQ(Ask<training_v1::PromoteLearnerResponse>("CourseService/PromoteLearner", promote)->enrollment(), names[0]);
}

// K7: a real course had 50 seats and 76 nominations.
TEST_P(TrainingTest, FiftySeatsForSeventySixNominations) {
  ASSERT_EQ(Said(MakeCourse("large", "curricula/coordinator-1", 50)), "OK");
  std::vector<std::string> names;
  for (int rank = 1; rank <= 76; ++rank) {
    names.push_back(Nominate("courses/large", MakeLearner(absl::StrCat("見本 ", rank)), rank)->name());
  }
  training_v1::SelectLearnersRequest request;
  request.set_name("courses/large");
  const auto selected = Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", request);
  ASSERT_EQ(Said(selected), "OK");
  EXPECT_THAT(selected->accepted(), testing::ElementsAreArray(names.begin(), names.begin() + 50));
  EXPECT_THAT(selected->waiting(), testing::ElementsAreArray(names.begin() + 50, names.end()));
}

TEST_P(TrainingTest, OfEightWhoPromoteOneSeatIsTakenOnce) {
  std::vector<std::string> names;
  for (int i = 0; i < 5; ++i) names.push_back(Nominate(course_, MakeLearner(absl::StrCat("見本 ", i)), i + 1)->name());
  training_v1::SelectLearnersRequest select;
  select.set_name(course_);
  ASSERT_EQ(Said(Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", select)), "OK");
  training_v1::WithdrawEnrollmentRequest withdraw;
  withdraw.set_name(names[0]);
  ASSERT_EQ(Said(Ask<training_v1::Enrollment>("EnrollmentService/WithdrawEnrollment", withdraw)), "OK");
  training_v1::PromoteLearnerRequest promote;
  promote.set_name(course_);
  EXPECT_THAT(EightAtOnce([&](int) {
                return Said(Ask<training_v1::PromoteLearnerResponse>("CourseService/PromoteLearner", promote));
              }),
              UnorderedElementsAre(Pair("OK", 1), Pair("FAILED_PRECONDITION COURSE_FULL", 7)));
}

TEST_P(TrainingTest, GroupsHoldWhoIsAccepted) {
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) names.push_back(Nominate(course_, MakeLearner(absl::StrCat("見本 ", i)), i + 1)->name());
  training_v1::SelectLearnersRequest select;
  select.set_name(course_);
  ASSERT_EQ(Said(Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", select)), "OK");
  training_v1::UpdateSessionRequest update;
  update.mutable_session()->set_name(sessions_[0].name());
  update.mutable_session()->set_group_size(1);
  const auto put = [&](const std::string& label, const std::string& name) {
    auto& group = *update.mutable_session()->add_groups();
    group.set_label(label);
    group.add_enrollments(name);
    return Said(Ask<training_v1::Session>("SessionService/UpdateSession", update));
  };
  update.mutable_update_mask()->add_paths("group_size");
  update.mutable_update_mask()->add_paths("groups");
  ASSERT_EQ(Said(Attend(names[0], sessions_[0].name(), "1", 60)), "OK");
  EXPECT_EQ(put("1班", names[0]), "OK") << "also once somebody has attended";
  EXPECT_EQ(put("2班", names[1]), "OK");
  EXPECT_EQ(put("3班", names[2]), "INVALID_ARGUMENT INVALID_REQUEST session.groups[2].enrollments:GROUP_MEMBER_UNKNOWN")
      << "she waits";
  training_v1::WithdrawEnrollmentRequest withdraw;
  withdraw.set_name(names[1]);
  ASSERT_EQ(Said(Ask<training_v1::Enrollment>("EnrollmentService/WithdrawEnrollment", withdraw)), "OK");
  training_v1::UpdateSessionRequest other;
  other.mutable_session()->set_name(sessions_[0].name());
  other.mutable_session()->set_place("別の会場");
  other.mutable_update_mask()->add_paths("place");
  EXPECT_EQ(Said(Ask<training_v1::Session>("SessionService/UpdateSession", other)), "OK");
}

TEST_P(TrainingTest, WhoIsDeclinedDoesNotWait) {
  std::vector<std::string> learners, names;
  for (int i = 0; i < 4; ++i) {
    learners.push_back(MakeLearner(absl::StrCat("見本 ", i)));
    names.push_back(Nominate(course_, learners[i], i + 1)->name());
  }
  const auto decline = [&](const std::string& name) {
    training_v1::DeclineEnrollmentRequest request;
    request.set_name(name);
    request.set_reason("対象外の地域");
    return Ask<training_v1::Enrollment>("EnrollmentService/DeclineEnrollment", request);
  };
  // Before the selection: she takes no seat.
  const auto declined = decline(names[0]);
  ASSERT_EQ(Said(declined), "OK");
  EXPECT_EQ(declined->state(), training_v1::Enrollment::STATE_DECLINED);
  EXPECT_EQ(declined->decline_reason(), "対象外の地域");
  EXPECT_EQ(declined->withdrawal_reason(), "");
  training_v1::SelectLearnersRequest select;
  select.set_name(course_);
  const auto selected = Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", select);
  EXPECT_THAT(selected->accepted(), ElementsAre(names[1], names[2]));
  EXPECT_THAT(selected->waiting(), ElementsAre(names[3]));
  EXPECT_EQ(Said(decline(names[1])), "FAILED_PRECONDITION ENROLLMENT_ACCEPTED");
  EXPECT_EQ(Said(decline(names[0])), "FAILED_PRECONDITION ENROLLMENT_OVER");
  // Who waits is not promoted once declined, and has no place any more.
  const auto waited = decline(names[3]);
  ASSERT_EQ(Said(waited), "OK");
  EXPECT_EQ(waited->waiting_place(), 0);
  training_v1::WithdrawEnrollmentRequest withdraw;
  withdraw.set_name(names[0]);
  EXPECT_EQ(Said(Ask<training_v1::Enrollment>("EnrollmentService/WithdrawEnrollment", withdraw)),
            "FAILED_PRECONDITION ENROLLMENT_OVER");
  withdraw.set_name(names[1]);
  ASSERT_EQ(Said(Ask<training_v1::Enrollment>("EnrollmentService/WithdrawEnrollment", withdraw)), "OK");
  training_v1::PromoteLearnerRequest promote;
  promote.set_name(course_);
  EXPECT_EQ(Said(Ask<training_v1::PromoteLearnerResponse>("CourseService/PromoteLearner", promote)),
            "FAILED_PRECONDITION NOBODY_WAITS");
  EXPECT_EQ(Said(Nominate(course_, learners[0], 9)), "OK") << "a new nomination is a new decision";
}

TEST_P(TrainingTest, OneWhoWaitsIsPromotedOrDeclined) {
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) names.push_back(Nominate(course_, MakeLearner(absl::StrCat("見本 ", i)), i + 1)->name());
  training_v1::SelectLearnersRequest select;
  select.set_name(course_);
  ASSERT_EQ(Said(Ask<training_v1::SelectLearnersResponse>("CourseService/SelectLearners", select)), "OK");
  training_v1::WithdrawEnrollmentRequest withdraw;
  withdraw.set_name(names[0]);
  ASSERT_EQ(Said(Ask<training_v1::Enrollment>("EnrollmentService/WithdrawEnrollment", withdraw)), "OK");
  const auto told = EightAtOnce([&](int writer) {
    if (writer % 2 == 0) {
      training_v1::PromoteLearnerRequest promote;
      promote.set_name(course_);
      return Said(Ask<training_v1::PromoteLearnerResponse>("CourseService/PromoteLearner", promote));
    }
    training_v1::DeclineEnrollmentRequest decline;
    decline.set_name(names[2]);
    decline.set_reason("見本");
    return Said(Ask<training_v1::Enrollment>("EnrollmentService/DeclineEnrollment", decline));
  });
  EXPECT_EQ(told.at("OK"), 1) << "a seat, or no chance of one";
}

TEST_P(TrainingTest, OfEightWhoNominateOneLearnerOneDoes) {
  const std::string learner = MakeLearner("見本 花子");
  EXPECT_THAT(EightAtOnce([&](int writer) { return Said(Nominate(course_, learner, writer + 1)); }),
              UnorderedElementsAre(Pair("OK", 1),
                                   Pair("INVALID_ARGUMENT INVALID_REQUEST enrollment.learner:ENROLLED_ALREADY", 7)));
}

// Some issue her certificate while others withdraw her: only one kind succeeds.
TEST_P(TrainingTest, NobodyIsOutAndCertified) {
  for (int round = 0; round < 16; ++round) {
    const std::string course = absl::StrCat("courses/race", round);
    ASSERT_EQ(Said(MakeCourse(course.substr(8), "curricula/coordinator-1", 1)), "OK");
    const std::string enrollment = Enroll(course, MakeLearner("見本 花子"));
    AttendAll(enrollment);
    training_v1::WithdrawEnrollmentRequest withdraw;
    withdraw.set_name(enrollment);
    withdraw.set_reason("異動");
    EightAtOnce([&](int writer) {
      return writer % 2 == 0 ? Said(Issue(enrollment))
                             : Said(Ask<training_v1::Enrollment>("EnrollmentService/WithdrawEnrollment", withdraw));
    });
    training_v1::GetEnrollmentRequest get;
    get.set_name(enrollment);
    training_v1::ListCertificatesRequest list;
    list.set_filter(absl::StrCat("enrollment = \"", enrollment, "\""));
    const auto state = Ask<training_v1::Enrollment>("EnrollmentService/GetEnrollment", get)->state();
    const auto certificates =
        Ask<training_v1::ListCertificatesResponse>("CertificateService/ListCertificates", list)->certificates_size();
    EXPECT_EQ(certificates, state == training_v1::Enrollment::STATE_ACCEPTED ? 1 : 0);
  }
}

TEST_P(TrainingTest, OfEightCertificatesOneIsIssued) {
  const std::string enrollment = Enroll(course_, MakeLearner("見本 花子"));
  AttendAll(enrollment);
  EXPECT_THAT(EightAtOnce([&](int) { return Said(Issue(enrollment)); }),
              UnorderedElementsAre(Pair("OK", 1), Pair("FAILED_PRECONDITION CERTIFICATE_ISSUED", 7)));
}

TEST_P(TrainingTest, ACorrectionAndACertificateExcludeEachOther) {
  const std::string enrollment = Enroll(course_, MakeLearner("見本 花子"));
  AttendAll(enrollment);
  training_v1::ListAttendancesRequest list;
  list.set_parent(enrollment);
  const auto attended = Ask<training_v1::ListAttendancesResponse>("AttendanceService/ListAttendances", list);
  const training_v1::Attendance wrong = attended->attendances(0);
  const auto told = EightAtOnce([&](int writer) {
    return writer % 2 == 0 ? Said(Issue(enrollment))
                           : Said(Attend(enrollment, wrong.session(), wrong.subject(), 0, wrong.name()));
  });
  const auto ok = told.find("OK");
  ASSERT_NE(ok, told.end());
  EXPECT_EQ(ok->second, 1) << "a certificate, or a correction by which she is not complete";
}

TEST_P(TrainingTest, ACurriculumIsNotChangedUnderALearner) {
  training_v1::UpdateCurriculumRequest request;
  *request.mutable_curriculum() = training::Templates()[0];
  request.mutable_curriculum()->set_name("curricula/coordinator-1");
  request.mutable_curriculum()->mutable_subjects(0)->set_minutes(90);
  request.mutable_update_mask()->add_paths("subjects");
  EXPECT_EQ(Said(Ask<training_v1::Curriculum>("CurriculumService/UpdateCurriculum", request)), "OK");
  ASSERT_EQ(Said(Nominate(course_, MakeLearner("見本 花子"))), "OK");
  request.mutable_curriculum()->mutable_subjects(0)->set_minutes(60);
  EXPECT_EQ(Said(Ask<training_v1::Curriculum>("CurriculumService/UpdateCurriculum", request)),
            "INVALID_ARGUMENT INVALID_REQUEST curriculum:CURRICULUM_IN_USE");
  request.mutable_update_mask()->set_paths(0, "display_name");
  EXPECT_EQ(Said(Ask<training_v1::Curriculum>("CurriculumService/UpdateCurriculum", request)), "OK");
}

class CertificateTest : public TrainingTest {
 protected:
  void SetUp() override {
    TrainingTest::SetUp();
    if (IsSkipped()) return;
    enrollment_ = Enroll(course_, MakeLearner("𠮷田 髙子"));
    AttendAll(enrollment_);
    const auto issued = Issue(enrollment_);
    ASSERT_EQ(Said(issued), "OK");
    certificate_ = *issued;
  }
  Response Verify(const std::string& token) {
    training_v1::VerifyCertificateRequest request;
    request.set_token(token);
    const auto response = Ask<Response>("CertificateService/VerifyCertificate", request);
    EXPECT_EQ(Said(response), "OK");
    return response.ok() ? *response : Response();
  }
  training_v1::VerificationKeys Keys() {
    return *Ask<training_v1::VerificationKeys>("CertificateService/GetVerificationKeys",
                                               training_v1::GetVerificationKeysRequest());
  }
  Response::Verdict Offline(const std::string& token) {
    const training_v1::VerificationKeys keys = Keys();
    const auto checked = training::CheckBadge(token, keys.jwks(), keys.status_list(), jp::CivilDay(2050, 4, 3));
    EXPECT_TRUE(checked.ok()) << checked.status();
    return checked.ok() ? checked->verdict : Response::VERDICT_UNSPECIFIED;
  }

  std::string enrollment_;
  training_v1::Certificate certificate_;
};

TEST_P(CertificateTest, IsVerifiedHereAndElsewhere) {
  EXPECT_EQ(Verify(certificate_.token()).verdict(), Response::VERDICT_VALID);
  EXPECT_EQ(Verify(certificate_.token()).number(), certificate_.number());
  EXPECT_EQ(Offline(certificate_.token()), Response::VERDICT_VALID);
}

TEST_P(CertificateTest, WhatIsNoneIsToldApart) {
  const std::string token = certificate_.token();
  // The same signature under another number.
  std::string payload;
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  ASSERT_TRUE(absl::WebSafeBase64Unescape(parts[1], &payload));
  payload = absl::StrReplaceAll(payload, {{certificate_.number(), "2050-00002-9"}});
  const std::string forged = absl::StrCat(parts[0], ".", absl::WebSafeBase64Escape(payload), ".", parts[2]);
  EXPECT_EQ(Offline(forged), Response::VERDICT_FORGED);
  for (const size_t left : {size_t{20}, token.rfind('.'), token.size() - 20, token.size() - 1}) {
    EXPECT_EQ(Offline(token.substr(0, left)), Response::VERDICT_CUT_OFF) << left;
    EXPECT_EQ(Verify(token.substr(0, left)).verdict(), Response::VERDICT_CUT_OFF) << left;
  }
  std::string signature;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(parts[2], &signature));
  const std::string lines = token.substr(0, 20) + "\r\n" + token.substr(20);
  const std::string padded = absl::StrCat(parts[0], ".", parts[1], ".", absl::Base64Escape(signature));
  for (const std::string& rewritten : {token + "=", lines, padded}) {
    EXPECT_EQ(Offline(rewritten), Response::VERDICT_REWRITTEN) << rewritten;
    if (rewritten == lines) continue;  // no value of this field: one line
    EXPECT_EQ(Verify(rewritten).verdict(), Response::VERDICT_REWRITTEN) << rewritten;
    EXPECT_EQ(Verify(rewritten).number(), "") << "nothing is said of what was not issued so";
  }
  EXPECT_EQ(Offline(forged + "="), Response::VERDICT_FORGED);
  EXPECT_EQ(Offline(lines.substr(0, 200)), Response::VERDICT_CUT_OFF);
  EXPECT_EQ(Offline(token + "."), Response::VERDICT_MALFORMED);
  EXPECT_EQ(Offline("何か"), Response::VERDICT_MALFORMED);
  training::Badge other{certificate_.number(), "偽 者", "見本県知事", "何か", "curricula/x", jp::CivilDay(2050, 4, 3)};
  EXPECT_EQ(Offline(training::SignBadge(other, std::string(32, 'x'))), Response::VERDICT_UNKNOWN_KEY);
  EXPECT_EQ(Verify(training::SignBadge(other, std::string(32, 'x'))).verdict(), Response::VERDICT_UNKNOWN_KEY);
  // A status list is not a certificate.
  EXPECT_EQ(Offline(Keys().status_list()), Response::VERDICT_MALFORMED);
}

// Many at once, each for itself.
TEST_P(CertificateTest, ManyAreVerifiedAtOnce) {
  const std::string& token = certificate_.token();
  training_v1::ReissueCertificateRequest reissue;
  reissue.set_name(certificate_.name());
  reissue.set_reason("改姓");
  const auto successor = Ask<training_v1::Certificate>("CertificateService/ReissueCertificate", reissue);
  ASSERT_EQ(Said(successor), "OK");
  training_v1::VerifyCertificatesRequest request;
  const auto ask = [&] {
    return Ask<training_v1::VerifyCertificatesResponse>("CertificateService/VerifyCertificates", request);
  };
  EXPECT_THAT(Said(ask()), HasSubstr("REQUIRED"));
  for (const std::string& one : {token, token.substr(0, 200), successor->token(), std::string("何か"), token + "="}) {
    request.add_tokens(one);
  }
  const auto verified = ask();
  ASSERT_EQ(Said(verified), "OK");
  ASSERT_EQ(verified->results_size(), request.tokens_size());
  for (int i = 0; i < request.tokens_size(); ++i) {
    EXPECT_EQ(verified->results(i).SerializeAsString(), Verify(request.tokens(i)).SerializeAsString()) << i;
  }
  EXPECT_EQ(verified->results(0).verdict(), Response::VERDICT_SUPERSEDED);
  EXPECT_EQ(verified->results(2).verdict(), Response::VERDICT_VALID);
  while (request.tokens_size() <= 500) request.add_tokens(token);
  EXPECT_THAT(Said(ask()), HasSubstr("INVALID_ARGUMENT"));
}

TEST_P(CertificateTest, ANewNameSupersedes) {
  training_v1::ReissueCertificateRequest request;
  request.set_name(certificate_.name());
  request.set_reason("改姓");
  const auto successor = Ask<training_v1::Certificate>("CertificateService/ReissueCertificate", request);
  ASSERT_EQ(Said(successor), "OK");
  EXPECT_NE(successor->number(), certificate_.number());
  EXPECT_EQ(successor->issue_date().year(), 2050);
  const Response verdict = Verify(certificate_.token());
  EXPECT_EQ(verdict.verdict(), Response::VERDICT_SUPERSEDED);
  EXPECT_EQ(verdict.successor_number(), successor->number());
  EXPECT_EQ(Offline(certificate_.token()), Response::VERDICT_REVOKED);
  EXPECT_EQ(Verify(successor->token()).verdict(), Response::VERDICT_VALID);
  EXPECT_EQ(Said(Ask<training_v1::Certificate>("CertificateService/ReissueCertificate", request)),
            "FAILED_PRECONDITION CERTIFICATE_NOT_VALID");
}

TEST_P(CertificateTest, ARevokedOneMayBeCorrectedAndIssuedAgain) {
  training_v1::ListAttendancesRequest list;
  list.set_parent(enrollment_);
  const auto attended = Ask<training_v1::ListAttendancesResponse>("AttendanceService/ListAttendances", list);
  const training_v1::Attendance& one = attended->attendances(0);
  EXPECT_THAT(Said(Attend(enrollment_, one.session(), one.subject(), 1, one.name())), HasSubstr("CERTIFICATE_ISSUED"));
  training_v1::RevokeCertificateRequest request;
  request.set_name(certificate_.name());
  request.set_reason("出席の記録に誤り");
  ASSERT_EQ(Said(Ask<training_v1::Certificate>("CertificateService/RevokeCertificate", request)), "OK");
  EXPECT_EQ(Verify(certificate_.token()).verdict(), Response::VERDICT_REVOKED);
  EXPECT_EQ(Offline(certificate_.token()), Response::VERDICT_REVOKED);
  ASSERT_EQ(Said(Attend(enrollment_, one.session(), one.subject(), 1, one.name())), "OK");
  EXPECT_THAT(Said(Issue(enrollment_)), HasSubstr("REQUIREMENT_MISSING"));
}

// For a caller who may not see a person's name, the certificate is masked.
TEST_P(CertificateTest, IsMaskedLikeAnythingPersonal) {
  training_v1::GetCertificateRequest request;
  request.set_name(certificate_.name());
  const auto masked = admin().Call<training_v1::Certificate>("training.v1.CertificateService/GetCertificate", request);
  ASSERT_EQ(Said(masked), "OK");
  EXPECT_THAT(masked->holder(), IsEmpty());
  EXPECT_THAT(masked->token(), IsEmpty());
  EXPECT_EQ(masked->number(), certificate_.number());
}

WIRE_TEST_ON_BOTH(TrainingTest);
WIRE_TEST_ON_BOTH(CertificateTest);

}  // namespace
}  // namespace tsunagu::wire
