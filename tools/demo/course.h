#ifndef TSUNAGU_TOOLS_DEMO_COURSE_H_
#define TSUNAGU_TOOLS_DEMO_COURSE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/suite/client.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/progress.pb.h"

namespace tsunagu::demo {

// The present state of a course.
struct CourseReport {
  struct Line {
    std::string learner;  // learners/…, never a name
    std::string waiting;  // "1" for the first on the waiting list; empty if she has a seat
    training::v1::Progress progress;
    std::string certificate;  // its number; empty if there is none
  };
  training::v1::Course course;
  std::vector<Line> lines;
  std::string token;  // one of the certificates
  training::v1::VerificationKeys keys;
};

// Holds the sample course, unless it was held before: the curriculum of coordinators that comes with the program, eight
// coordinators of `prefecture` (areas/310000) as learners of whom six have a seat, attendances, and certificates for
// those who have completed it. Waits until the registry has the records. Errors: those of the server.
absl::StatusOr<CourseReport> HoldCourse(const suite::Client& client, const std::string& prefecture);

// Returns the report as text for a terminal.
std::string CourseText(const CourseReport& report, Language language);

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_COURSE_H_
