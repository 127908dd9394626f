#ifndef TSUNAGU_TESTS_WIRE_TRAINING_TEST_BASE_H_
#define TSUNAGU_TESTS_WIRE_TRAINING_TEST_BASE_H_

#include <string>
#include <vector>

#include "tests/wire/day.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/training/v1/attendance.pb.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"
#include "tsunagu/training/v1/learner.pb.h"
#include "tsunagu/training/v1/session.pb.h"

namespace tsunagu::wire {

namespace training_v1 = tsunagu::training::v1;

// The training service alone, with a finished course of the coordinators' curriculum: 9 sessions, each of one whole
// subject, the last one on 2050-04-02, the day before the clock's day.
class TrainingTest : public SuiteTest {
 protected:
  void SetUp() override;
  Server::Options ServerOptions() override {
    Server::Options options;
    options.services = {"training"};
    return options;
  }

  template <typename M>
  absl::StatusOr<M> Ask(const std::string& method, const google::protobuf::Message& request) {
    return reader().Call<M>("training.v1." + method, request);
  }

  absl::StatusOr<training_v1::Curriculum> MakeCurriculum(training_v1::Curriculum curriculum, const std::string& id);
  absl::StatusOr<training_v1::Course> MakeCourse(const std::string& id, const std::string& curriculum, int capacity,
                                                 const char* first_day = "2050-03-01",
                                                 const char* last_day = "2050-04-30");
  // Creates a session of one subject, `minutes` long, from 9:00.
  absl::StatusOr<training_v1::Session> MakeSession(const std::string& course, const std::string& subject,
                                                   const char* day, int minutes);
  std::string MakeLearner(const std::string& name, const std::string& area = "areas/312011");
  absl::StatusOr<training_v1::Enrollment> Nominate(const std::string& course, const std::string& learner, int rank = 1);
  // Nominates and accepts the learner.
  std::string Enroll(const std::string& course, const std::string& learner);
  absl::StatusOr<training_v1::Attendance> Attend(const std::string& enrollment, const std::string& session,
                                                 const std::string& subject, int minutes,
                                                 const std::string& replaces = "");
  // Records attendance at every subject of the course, whole.
  void AttendAll(const std::string& enrollment);
  absl::StatusOr<training_v1::Progress> Progress(const std::string& enrollment, const char* as_of = "");
  absl::StatusOr<training_v1::Certificate> Issue(const std::string& enrollment);

  const std::string course_ = "courses/c1";
  std::vector<training_v1::Session> sessions_;
};

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_TRAINING_TEST_BASE_H_
