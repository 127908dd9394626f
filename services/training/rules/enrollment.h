#ifndef TSUNAGU_SERVICES_TRAINING_RULES_ENROLLMENT_H_
#define TSUNAGU_SERVICES_TRAINING_RULES_ENROLLMENT_H_

#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"

namespace tsunagu::training::rules {

// Adds the faults in an enrollment: acts that are missing, not taught or not optional; a missing or superfluous client;
// a completion elsewhere without evidence.
void CheckEnrollment(const v1::Enrollment& enrollment, const v1::Curriculum& curriculum, Faults& faults);

// A completed curriculum.
struct Completion {
  std::string series;
  jp::CivilDay day;
};
// Returns the prerequisites of the curriculum that she lacks on the first day of her course, each by its series.
std::vector<std::string> LackedBy(const v1::Enrollment& enrollment, const v1::Curriculum& curriculum,
                                  const std::vector<Completion>& completions, jp::CivilDay first_day);
// Adds a fault or a warning, as the curriculum specifies, for each prerequisite that she lacks.
void CheckPrerequisites(const v1::Enrollment& enrollment, const v1::Curriculum& curriculum,
                        const std::vector<Completion>& completions, jp::CivilDay first_day, Faults& faults);

// Adds NOMINATION_CLOSED after the last day of nominations.
void CheckNomination(const v1::Course& course, jp::CivilDay today, Faults& faults);

// Returns whether she neither has a seat nor can get one: withdrawn, or declined.
bool IsOut(const v1::Enrollment& enrollment);
// Returns whether she is nominated, or waits for a seat.
bool IsUndecided(const v1::Enrollment& enrollment);

// Returns whether both nominate the same person for the same. The client is not compared: a refusal would reveal the
// stored client to a caller who may not read it.
bool NominatesTheSame(const v1::Enrollment& before, const v1::Enrollment& after);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_ENROLLMENT_H_
