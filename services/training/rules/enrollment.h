#ifndef TSUNAGU_SERVICES_TRAINING_RULES_ENROLLMENT_H_
#define TSUNAGU_SERVICES_TRAINING_RULES_ENROLLMENT_H_

#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"

namespace tsunagu::training::rules {

// Adds what is wrong with an enrollment: acts that are missing, not taught or not for her to choose, a client that is
// missing or not wanted.
void CheckEnrollment(const v1::Enrollment& enrollment, const v1::Curriculum& curriculum, Faults& faults);

// Adds NOMINATION_CLOSED behind the day on which nominations end.
void CheckNomination(const v1::Course& course, jp::CivilDay today, Faults& faults);

// Whether she has neither a seat nor a chance of one: withdrawn, or declined.
bool IsOut(const v1::Enrollment& enrollment);

// Whether both nominate the same. The client is not looked at: whether one that was sent is refused would tell who may
// not read it what stands there.
bool NominatesTheSame(const v1::Enrollment& before, const v1::Enrollment& after);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_ENROLLMENT_H_
