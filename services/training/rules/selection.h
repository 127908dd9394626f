#ifndef TSUNAGU_SERVICES_TRAINING_RULES_SELECTION_H_
#define TSUNAGU_SERVICES_TRAINING_RULES_SELECTION_H_

#include <vector>

#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/enrollment.pb.h"

namespace tsunagu::training::rules {

// Puts those who are nominated into the published order of the course, the first one first. It is total and says
// nothing by chance: whoever is equal in all criteria goes by the time of the nomination, then by name.
void PutInOrder(const v1::Course& course, std::vector<v1::Enrollment>& nominated);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_SELECTION_H_
