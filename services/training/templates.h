#ifndef TSUNAGU_SERVICES_TRAINING_TEMPLATES_H_
#define TSUNAGU_SERVICES_TRAINING_TEMPLATES_H_

#include <vector>

#include "tsunagu/training/v1/curriculum.pb.h"

namespace tsunagu::training {

// The curricula that come with this program. `source` states what the sources leave open and what prefectures decide
// themselves: the prefecture edits it before it creates its own curriculum.
const std::vector<v1::Curriculum>& Templates();

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_TEMPLATES_H_
