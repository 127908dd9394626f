#ifndef TSUNAGU_TESTS_WIRE_SCHOOL_TEST_BASE_H_
#define TSUNAGU_TESTS_WIRE_SCHOOL_TEST_BASE_H_

#include <string>
#include <vector>

#include "common/testing/attendance.pb.h"
#include "common/testing/course.pb.h"
#include "common/testing/session.pb.h"
#include "tests/wire/day.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {

namespace school = tsunagu::trial::school;

// A suite whose registry also has courses, sessions of courses, and attendances at sessions.
class SchoolTest : public SuiteTest {
 protected:
  Server::Options ServerOptions() override;
  void SetUp() override;

  template <class Response>
  static absl::StatusOr<Response> Call(const Caller& caller, const std::string& method,
                                       const google::protobuf::Message& request) {
    return caller.Call<Response>("trial.school." + method, request);
  }

  // Creates a course of 鳥取市 with this last day; returns its name.
  std::string AddCourse(const std::string& id, const std::string& last = "", const std::string& area = "areas/312011");
  static absl::StatusOr<school::Course> EndCourse(const Caller& caller, const std::string& name,
                                                  const std::string& day);
  static absl::StatusOr<school::Course> MoveCourse(const Caller& caller, const std::string& name,
                                                   const std::string& area);
  // Creates a session on one day; if no room is given, it gets a room of its own.
  static absl::StatusOr<school::Session> AddSession(const Caller& caller, const std::string& course,
                                                    const std::string& id, const std::string& day,
                                                    const std::string& room = "");
  static absl::StatusOr<school::Session> GetSession(const Caller& caller, const std::string& name);
  // Returns the names in the answers of ListSessions, in pages of two, or the error.
  static std::vector<std::string> ListSessions(const Caller& caller, const std::string& parent,
                                               const std::string& filter = "", const std::string& order_by = "");
  std::string AddAttendance(const std::string& session, const std::string& name);
  // Returns the findings of verify-journal about tables: "side courses/a/sessions/s sessions_access".
  std::vector<std::string> VerifyTables();
};

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_SCHOOL_TEST_BASE_H_
