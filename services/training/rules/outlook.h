#ifndef TSUNAGU_SERVICES_TRAINING_RULES_OUTLOOK_H_
#define TSUNAGU_SERVICES_TRAINING_RULES_OUTLOOK_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "common/jp/civil_day.h"
#include "services/training/rules/judge.h"

namespace tsunagu::training::rules {

// The credited minutes by session on demand and subject.
using ViewedSoFar = std::map<std::pair<std::string, std::string>, int32_t>;

// Adds to `progress`, which is her progress on `as_of` and is not complete, what her course still offers: the sessions
// that would close a gap, and the requirements that can no longer be met even if from now on she attends everything
// possible and succeeds in every trial.
void LookAhead(const v1::Curriculum& curriculum, const Evidence& evidence, jp::CivilDay as_of,
               const ViewedSoFar& viewed, v1::Progress& progress);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_OUTLOOK_H_
