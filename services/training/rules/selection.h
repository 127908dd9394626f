#ifndef TSUNAGU_SERVICES_TRAINING_RULES_SELECTION_H_
#define TSUNAGU_SERVICES_TRAINING_RULES_SELECTION_H_

#include <vector>

#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"

namespace tsunagu::training::rules {

// Sorts the nominated enrollments by the published order of the course. The order is total and contains no chance:
// nominees who are equal in all criteria are ordered by the time of the nomination, then by name.
void PutInOrder(const v1::Course& course, std::vector<v1::Enrollment>& nominated);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_SELECTION_H_
