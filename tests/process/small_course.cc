#include "tests/process/small_course.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tsunagu/training/v1/attendance.pb.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"
#include "tsunagu/training/v1/learner.pb.h"
#include "tsunagu/training/v1/session.pb.h"

namespace tsunagu::process {
namespace {

namespace v1 = training::v1;

constexpr char kCourse[] = "courses/small", kSession[] = "courses/small/sessions/hour";

template <class Request, class Record>
Record Made(ServerProcess& server, const std::string& method, const std::string& text) {
  Request request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  const auto made = AskTraining<Record>(server, method, request);
  EXPECT_TRUE(made.ok()) << method << ": " << made.status();
  return made.ok() ? *made : Record();
}

}  // namespace

void MakeSmallCourse(ServerProcess& server) {
  Made<v1::CreateCurriculumRequest, v1::Curriculum>(
      server, "CurriculumService/CreateCurriculum",
      "curriculum_id: 'small-1' curriculum { display_name: '見本' series: 'small' trains: TRAINS_COORDINATORS "
      "subjects { code: '1' display_name: '講義' method: METHOD_LECTURE minutes: 60 } }");
  Made<v1::CreateCourseRequest, v1::Course>(
      server, "CourseService/CreateCourse",
      "course_id: 'small' course { display_name: '見本研修' curriculum: 'curricula/small-1' fiscal_year: 2024 "
      "hosts: 'areas/310000' capacity: 100 issuer: '見本県知事' start_date { year: 2024 month: 4 day: 1 } "
      "end_date { year: 2024 month: 9 day: 30 } }");
  Made<v1::CreateSessionRequest, v1::Session>(
      server, "SessionService/CreateSession",
      absl::StrCat("parent: '", kCourse,
                   "' session_id: 'hour' session { held_date { year: 2024 month: 5 day: 1 } "
                   "start_minute: 540 end_minute: 600 mode: MODE_ON_SITE lessons { subject: '1' minutes: 60 } }"));
}

std::string EnrollInSmallCourse(ServerProcess& server, const std::string& name, const std::string& coordinator) {
  const auto learner = Made<v1::CreateLearnerRequest, v1::Learner>(
      server, "LearnerService/CreateLearner",
      absl::StrCat("learner { display_name: '", name, "' body: 'areas/312011' coordinator: '", coordinator, "' }"));
  const auto enrollment = Made<v1::CreateEnrollmentRequest, v1::Enrollment>(
      server, "EnrollmentService/CreateEnrollment",
      absl::StrCat("parent: '", kCourse, "' enrollment { learner: '", learner.name(),
                   "' nominating_body: 'areas/312011' rank: 1 ground: GROUND_OTHER }"));
  Made<v1::SelectLearnersRequest, v1::SelectLearnersResponse>(server, "CourseService/SelectLearners",
                                                              absl::StrCat("name: '", kCourse, "'"));
  return enrollment.name();
}

std::string CompletedSmallCourse(ServerProcess& server, const std::string& name, const std::string& coordinator) {
  const std::string enrollment = EnrollInSmallCourse(server, name, coordinator);
  Made<v1::CreateAttendanceRequest, v1::Attendance>(
      server, "AttendanceService/CreateAttendance",
      absl::StrCat("parent: '", enrollment, "' attendance { session: '", kSession, "' subject: '1' minutes: 60 }"));
  return enrollment;
}

absl::StatusOr<v1::Certificate> IssueCertificate(ServerProcess& server, const std::string& enrollment,
                                                 const std::string& request_id) {
  v1::IssueCertificateRequest request;
  request.set_enrollment(enrollment);
  request.set_request_id(request_id);
  return AskTraining<v1::Certificate>(server, "CertificateService/IssueCertificate", request);
}

v1::VerifyCertificateResponse::Verdict VerdictOf(ServerProcess& server, const std::string& token) {
  v1::VerifyCertificateRequest request;
  request.set_token(token);
  const auto verified =
      AskTraining<v1::VerifyCertificateResponse>(server, "CertificateService/VerifyCertificate", request);
  EXPECT_TRUE(verified.ok()) << verified.status();
  return verified.ok() ? verified->verdict() : v1::VerifyCertificateResponse::VERDICT_UNSPECIFIED;
}

v1::VerificationKeys PublishedKeys(ServerProcess& server) {
  const auto keys = AskTraining<v1::VerificationKeys>(server, "CertificateService/GetVerificationKeys",
                                                      v1::GetVerificationKeysRequest());
  EXPECT_TRUE(keys.ok()) << keys.status();
  return keys.ok() ? *keys : v1::VerificationKeys();
}

}  // namespace tsunagu::process
