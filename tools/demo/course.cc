#include "tools/demo/course.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "services/suite/text_table.h"
#include "tools/demo/words.h"
#include "tsunagu/platform/v1/delivery.pb.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/training/v1/attendance.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"
#include "tsunagu/training/v1/learner.pb.h"
#include "tsunagu/training/v1/session.pb.h"

namespace tsunagu::demo {
namespace {

namespace v1 = training::v1;
using google::protobuf::Message;

constexpr char kCourse[] = "courses/sample";
constexpr int kSeats = 6;
constexpr int kLearners = 8;
const jp::CivilDay kFirstDay = *jp::ParseDay("2025-06-02");

class Course {
 public:
  explicit Course(const suite::Client& client) : client_(client) {}

  absl::Status Hold(const std::string& prefecture) {
    v1::GetCourseRequest get;
    get.set_name(kCourse);
    const auto held = Ask<v1::Course>("CourseService/GetCourse", get);
    if (held.ok()) return absl::OkStatus();
    if (!absl::IsNotFound(held.status())) return held.status();
    RETURN_IF_ERROR(MakeCurriculum());
    RETURN_IF_ERROR(MakeCourse(prefecture));
    RETURN_IF_ERROR(MakeSessions());
    RETURN_IF_ERROR(Enroll());
    RETURN_IF_ERROR(Attend());
    RETURN_IF_ERROR(Certify());
    return AwaitRegistry();
  }

  absl::StatusOr<CourseReport> Read() {
    CourseReport report;
    v1::GetCourseRequest get;
    get.set_name(kCourse);
    ASSIGN_OR_RETURN(report.course, Ask<v1::Course>("CourseService/GetCourse", get));
    ASSIGN_OR_RETURN(const std::vector<v1::Enrollment> enrollments, Enrollments());
    for (const v1::Enrollment& enrollment : enrollments) {
      CourseReport::Line& line = report.lines.emplace_back();
      line.learner = enrollment.learner();
      if (enrollment.state() == v1::Enrollment::STATE_WAITING) line.waiting = absl::StrCat(enrollment.waiting_place());
      v1::GetProgressRequest progress;
      progress.set_name(enrollment.name());
      ASSIGN_OR_RETURN(line.progress, Ask<v1::Progress>("EnrollmentService/GetProgress", progress));
      v1::ListCertificatesRequest certificates;
      certificates.set_filter(absl::StrCat("enrollment = \"", enrollment.name(), "\" AND state = STATE_ISSUED"));
      ASSIGN_OR_RETURN(const auto issued,
                       Ask<v1::ListCertificatesResponse>("CertificateService/ListCertificates", certificates));
      if (issued.certificates().empty()) continue;
      line.certificate = issued.certificates(0).number();
      report.token = issued.certificates(0).token();
    }
    ASSIGN_OR_RETURN(report.keys, Ask<v1::VerificationKeys>("CertificateService/GetVerificationKeys",
                                                            v1::GetVerificationKeysRequest()));
    return report;
  }

 private:
  template <typename Response>
  absl::StatusOr<Response> Ask(absl::string_view method, const Message& request) {
    return client_.peer->Unary<Response>(absl::StrCat("tsunagu.training.v1.", method), request, client_.once);
  }

  absl::Status MakeCurriculum() {
    ASSIGN_OR_RETURN(const auto shipped,
                     Ask<v1::ListCurriculumTemplatesResponse>("CurriculumService/ListCurriculumTemplates",
                                                              v1::ListCurriculumTemplatesRequest()));
    const auto found =
        std::find_if(shipped.curricula().begin(), shipped.curricula().end(),
                     [](const v1::Curriculum& one) { return one.trains() == v1::Curriculum::TRAINS_COORDINATORS; });
    if (found == shipped.curricula().end()) return absl::InternalError("no template of a curriculum of coordinators");
    curriculum_ = *found;
    v1::CreateCurriculumRequest create;
    create.set_curriculum_id(curriculum_.name().substr(curriculum_.name().find('/') + 1));
    *create.mutable_curriculum() = curriculum_;
    create.mutable_curriculum()->clear_name();
    const absl::Status made = Ask<v1::Curriculum>("CurriculumService/CreateCurriculum", create).status();
    return absl::IsAlreadyExists(made) ? absl::OkStatus() : made;
  }

  absl::Status MakeCourse(const std::string& prefecture) {
    v1::CreateCourseRequest request;
    request.set_course_id("sample");
    v1::Course& course = *request.mutable_course();
    course.set_display_name("見本の養成研修（架空）");
    course.set_curriculum(curriculum_.name());
    course.set_fiscal_year(2025);
    course.add_hosts(prefecture);
    course.set_capacity(kSeats);
    *course.mutable_start_date() = jp::ToDate(kFirstDay);
    *course.mutable_end_date() = jp::ToDate(kFirstDay + curriculum_.subjects_size());
    course.set_issuer("見本県知事（架空）");
    return Ask<v1::Course>("CourseService/CreateCourse", request).status();
  }

  // One subject a day.
  absl::Status MakeSessions() {
    for (int i = 0; i < curriculum_.subjects_size(); ++i) {
      const v1::Curriculum::Subject& subject = curriculum_.subjects(i);
      v1::CreateSessionRequest request;
      request.set_parent(kCourse);
      request.set_session_id(absl::StrCat("day-", i + 1));
      v1::Session& session = *request.mutable_session();
      session.set_display_name(subject.display_name());
      *session.mutable_held_date() = jp::ToDate(kFirstDay + i);
      session.set_start_minute(9 * 60);
      session.set_end_minute(9 * 60 + subject.minutes());
      session.set_mode(v1::Session::MODE_ON_SITE);
      v1::Session::Lesson& lesson = *session.add_lessons();
      lesson.set_subject(subject.code());
      lesson.set_minutes(subject.minutes());
      RETURN_IF_ERROR(Ask<v1::Session>("SessionService/CreateSession", request).status());
      sessions_.push_back(absl::StrCat(kCourse, "/sessions/", request.session_id()));
    }
    return absl::OkStatus();
  }

  // The registry's coordinators are nominated by the bodies in which they work, and selected.
  absl::Status Enroll() {
    registry::v1::ListCoordinatorsRequest list;
    list.set_page_size(kLearners);
    ASSIGN_OR_RETURN(const auto coordinators,
                     client_.peer->Unary<registry::v1::ListCoordinatorsResponse>(
                         "tsunagu.registry.v1.CoordinatorService/ListCoordinators", list, client_.once));
    std::map<std::string, int> rank_in;
    for (const registry::v1::Coordinator& coordinator : coordinators.coordinators()) {
      v1::CreateLearnerRequest create;
      v1::Learner& learner = *create.mutable_learner();
      learner.set_display_name(coordinator.display_name());
      learner.set_kana(coordinator.kana());
      learner.set_body(coordinator.home_area());
      learner.set_coordinator(coordinator.name());
      learner.set_office("見本相談支援事業所（架空）");
      learner.set_consent(v1::Learner::CONSENT_OFFICE);
      ASSIGN_OR_RETURN(const v1::Learner made, Ask<v1::Learner>("LearnerService/CreateLearner", create));
      v1::CreateEnrollmentRequest nominate;
      nominate.set_parent(kCourse);
      nominate.mutable_enrollment()->set_learner(made.name());
      nominate.mutable_enrollment()->set_nominating_body(coordinator.home_area());
      nominate.mutable_enrollment()->set_rank(++rank_in[coordinator.home_area()]);
      nominate.mutable_enrollment()->set_ground(v1::Enrollment::GROUND_TO_BE_PLACED);
      RETURN_IF_ERROR(Ask<v1::Enrollment>("EnrollmentService/CreateEnrollment", nominate).status());
    }
    v1::SelectLearnersRequest select;
    select.set_name(kCourse);
    return Ask<v1::SelectLearnersResponse>("CourseService/SelectLearners", select).status();
  }

  // The fifth learner comes ten minutes late once, the sixth misses the last day.
  absl::Status Attend() {
    ASSIGN_OR_RETURN(const std::vector<v1::Enrollment> enrollments, Enrollments());
    int nth = 0;
    for (const v1::Enrollment& enrollment : enrollments) {
      if (enrollment.state() != v1::Enrollment::STATE_ACCEPTED) continue;
      ++nth;
      for (int i = 0; i < curriculum_.subjects_size(); ++i) {
        if (nth == kSeats && i + 1 == curriculum_.subjects_size()) continue;
        v1::CreateAttendanceRequest request;
        request.set_parent(enrollment.name());
        request.mutable_attendance()->set_session(sessions_[i]);
        request.mutable_attendance()->set_subject(curriculum_.subjects(i).code());
        request.mutable_attendance()->set_minutes(curriculum_.subjects(i).minutes() - (nth == 5 && i == 1 ? 10 : 0));
        RETURN_IF_ERROR(Ask<v1::Attendance>("AttendanceService/CreateAttendance", request).status());
      }
    }
    return absl::OkStatus();
  }

  absl::Status Certify() {
    ASSIGN_OR_RETURN(const std::vector<v1::Enrollment> enrollments, Enrollments());
    for (const v1::Enrollment& enrollment : enrollments) {
      v1::GetProgressRequest get;
      get.set_name(enrollment.name());
      ASSIGN_OR_RETURN(const v1::Progress progress, Ask<v1::Progress>("EnrollmentService/GetProgress", get));
      if (!progress.complete()) continue;
      v1::IssueCertificateRequest issue;
      issue.set_enrollment(enrollment.name());
      RETURN_IF_ERROR(Ask<v1::Certificate>("CertificateService/IssueCertificate", issue).status());
    }
    return absl::OkStatus();
  }

  // The training service sends the records by itself; this takes a few seconds at most, and a delay is not an error.
  absl::Status AwaitRegistry() {
    platform::v1::ListDeliveriesRequest list;
    list.set_parent("services/training");
    for (int tries = 0; tries < 100; ++tries) {
      ASSIGN_OR_RETURN(const auto owed, client_.peer->Unary<platform::v1::ListDeliveriesResponse>(
                                            "tsunagu.platform.v1.DeliveryService/ListDeliveries", list, client_.once));
      if (owed.deliveries().empty()) break;
      absl::SleepFor(absl::Milliseconds(100));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<v1::Enrollment>> Enrollments() {
    v1::ListEnrollmentsRequest list;
    list.set_parent(kCourse);
    list.set_page_size(1000);
    ASSIGN_OR_RETURN(const auto listed, Ask<v1::ListEnrollmentsResponse>("EnrollmentService/ListEnrollments", list));
    return std::vector<v1::Enrollment>(listed.enrollments().begin(), listed.enrollments().end());
  }

  const suite::Client& client_;
  v1::Curriculum curriculum_;
  std::vector<std::string> sessions_;
};

// Returns what is missing, or the state of the learner.
std::string StateOf(const CourseReport::Line& line, Language language) {
  if (!line.waiting.empty()) return absl::Substitute(In(language, "待機$0番", "waits as no. $0"), line.waiting);
  if (!line.certificate.empty()) return absl::Substitute(In(language, "修了証 $0", "certificate $0"), line.certificate);
  for (const v1::Progress::Line& missing : line.progress.lines()) {
    if (!missing.met()) return language == Language::kJapanese ? missing.ja() : missing.en();
  }
  return "";
}

}  // namespace

absl::StatusOr<CourseReport> HoldCourse(const suite::Client& client, const std::string& prefecture) {
  Course course(client);
  RETURN_IF_ERROR(course.Hold(prefecture));
  return course.Read();
}

std::string CourseText(const CourseReport& report, Language language) {
  std::string text = absl::StrCat("■ ", In(language, "研修の進捗", "Progress of the course"), ": ",
                                  report.course.display_name(), "\n");
  suite::TextTable table({{std::string(In(language, "受講者", "learner"))},
                          {std::string(In(language, "修得（分）", "minutes earned")), true},
                          {std::string(In(language, "必要（分）", "required")), true},
                          {std::string(In(language, "状態", "state"))}});
  for (const CourseReport::Line& line : report.lines) {
    int earned = 0, required = 0;
    for (const v1::Progress::Minutes& subject : line.progress.subjects()) {
      earned += subject.earned();
      required += subject.required();
    }
    table.Add({line.learner, absl::StrCat(earned), absl::StrCat(required), StateOf(line, language)});
  }
  absl::StrAppend(&text, table.Draw("  "));
  return text;
}

}  // namespace tsunagu::demo
