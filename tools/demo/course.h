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

// A course as it stands.
struct CourseReport {
  struct Line {
    std::string learner;  // learners/…, never a name
    std::string waiting;  // "1" for who waits first; empty where she has a seat
    training::v1::Progress progress;
    std::string certificate;  // its number; empty where there is none
  };
  training::v1::Course course;
  std::vector<Line> lines;
  std::string token;  // one of the certificates
  training::v1::VerificationKeys keys;
};

// Holds the sample course, unless it was held before: the curriculum of coordinators that comes with the program, eight
// coordinators of `prefecture` (areas/310000) as learners of whom six have a seat, attendances, and certificates for
// whom nothing is missing. Waits until the registry knows of them. Errors are those of the server.
absl::StatusOr<CourseReport> HoldCourse(const suite::Client& client, const std::string& prefecture);

// The report as text for a terminal.
std::string CourseText(const CourseReport& report, Language language);

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_COURSE_H_
