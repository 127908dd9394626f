#include "tests/wire/school_test_base.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/host/journals.h"
#include "common/jp/civil_day.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/matching/module.h"
#include "services/registry/module.h"

namespace tsunagu::wire {

Server::Options SchoolTest::ServerOptions() {
  Server::Options options;
  options.more_tables = true;
  options.kinds = {{"registry",
                    [](Service& service, const PeerFinder&) {
                      registry::Build(service);
                      const std::string package = "tsunagu.trial.school.";
                      BindStandard(service, package + "CourseService", service.Add<school::Course>());
                      BindStandard(service, package + "SessionService", service.Add<school::Session>());
                      BindStandard(service, package + "AttendanceService", service.Add<school::Attendance>());
                    }},
                   {"matching", &matching::Build}};
  return options;
}

void SchoolTest::SetUp() {
  SuiteTest::SetUp();
  if (!IsSkipped()) CreateAreas();
}

std::string SchoolTest::AddCourse(const std::string& id, const std::string& last, const std::string& area) {
  school::CreateCourseRequest request;
  request.set_course_id(id);
  request.mutable_course()->set_display_name("見本の講座");
  request.mutable_course()->set_municipality(area);
  if (!last.empty()) *request.mutable_course()->mutable_valid_to_date() = Day(last);
  const auto course = Call<school::Course>(admin(), "CourseService/CreateCourse", request);
  EXPECT_EQ(Said(course), "OK");
  return course.ok() ? course->name() : "";
}

absl::StatusOr<school::Course> SchoolTest::EndCourse(const Caller& caller, const std::string& name,
                                                     const std::string& day) {
  school::EndCourseRequest request;
  request.set_name(name);
  *request.mutable_end_date() = Day(day);
  return Call<school::Course>(caller, "CourseService/EndCourse", request);
}

absl::StatusOr<school::Course> SchoolTest::MoveCourse(const Caller& caller, const std::string& name,
                                                      const std::string& area) {
  school::UpdateCourseRequest request;
  request.mutable_course()->set_name(name);
  request.mutable_course()->set_municipality(area);
  request.mutable_update_mask()->add_paths("municipality");
  return Call<school::Course>(caller, "CourseService/UpdateCourse", request);
}

absl::StatusOr<school::Session> SchoolTest::AddSession(const Caller& caller, const std::string& course,
                                                       const std::string& id, const std::string& day,
                                                       const std::string& room) {
  school::CreateSessionRequest request;
  request.set_parent(course);
  request.set_session_id(id);
  request.mutable_session()->set_room(room.empty() ? absl::StrCat(day, " ", course, "/", id) : room);
  *request.mutable_session()->mutable_valid_from_date() = Day(day);
  *request.mutable_session()->mutable_valid_to_date() = Day(day);
  return Call<school::Session>(caller, "SessionService/CreateSession", request);
}

absl::StatusOr<school::Session> SchoolTest::GetSession(const Caller& caller, const std::string& name) {
  school::GetSessionRequest request;
  request.set_name(name);
  return Call<school::Session>(caller, "SessionService/GetSession", request);
}

std::vector<std::string> SchoolTest::ListSessions(const Caller& caller, const std::string& parent,
                                                  const std::string& filter, const std::string& order_by) {
  school::ListSessionsRequest request;
  request.set_parent(parent);
  request.set_page_size(2);
  request.set_filter(filter);
  request.set_order_by(order_by);
  std::vector<std::string> names;
  do {
    const auto page = Call<school::ListSessionsResponse>(caller, "SessionService/ListSessions", request);
    if (!page.ok()) return {Said(page)};
    for (const school::Session& session : page->sessions()) names.push_back(session.name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return names;
}

std::string SchoolTest::AddAttendance(const std::string& session, const std::string& name) {
  school::CreateAttendanceRequest request;
  request.set_parent(session);
  request.mutable_attendance()->set_display_name(name);
  request.mutable_attendance()->set_diet("そば抜き");
  const auto attendance = Call<school::Attendance>(reader(), "AttendanceService/CreateAttendance", request);
  EXPECT_EQ(Said(attendance), "OK");
  return attendance.ok() ? attendance->name() : "";
}

std::vector<std::string> SchoolTest::VerifyTables() {
  HostConfig config = server().config();
  config.services = {"registry"};
  const auto checks = VerifyJournals(config, ServerOptions().kinds, {});
  EXPECT_EQ(Said(checks), "OK");
  std::vector<std::string> lines;
  if (!checks.ok()) return {Said(checks)};
  constexpr const char* kKinds[] = {"differs", "removed", "added", "set back", "side"};
  for (const store::TableFinding& finding : checks->front().tables.findings) {
    lines.push_back(absl::StrCat(kKinds[static_cast<int>(finding.kind)], " ", finding.name, " ",
                                 absl::StrJoin(finding.parts, ",")));
  }
  return lines;
}

}  // namespace tsunagu::wire
