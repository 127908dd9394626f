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

// Adds what is wrong with an enrollment: acts that are missing, not taught or not for her to choose, a client that is
// missing or not wanted, a completion elsewhere without evidence.
void CheckEnrollment(const v1::Enrollment& enrollment, const v1::Curriculum& curriculum, Faults& faults);

// A curriculum that she has completed.
struct Completion {
  std::string series;
  jp::CivilDay day;
};
// The prerequisites of the curriculum that she lacks on the first day of her course, each by its series.
std::vector<std::string> LackedBy(const v1::Enrollment& enrollment, const v1::Curriculum& curriculum,
                                  const std::vector<Completion>& completions, jp::CivilDay first_day);
// Adds a fault or a warning for each that she lacks, as the curriculum has it.
void CheckPrerequisites(const v1::Enrollment& enrollment, const v1::Curriculum& curriculum,
                        const std::vector<Completion>& completions, jp::CivilDay first_day, Faults& faults);

// Adds NOMINATION_CLOSED behind the day on which nominations end.
void CheckNomination(const v1::Course& course, jp::CivilDay today, Faults& faults);

// Whether she has neither a seat nor a chance of one: withdrawn, or declined.
bool IsOut(const v1::Enrollment& enrollment);
// Nominated, or waiting for a seat.
bool IsUndecided(const v1::Enrollment& enrollment);

// Whether both nominate the same. The client is not looked at: whether one that was sent is refused would tell who may
// not read it what stands there.
bool NominatesTheSame(const v1::Enrollment& before, const v1::Enrollment& after);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_ENROLLMENT_H_
