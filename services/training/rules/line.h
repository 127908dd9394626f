#ifndef TSUNAGU_SERVICES_TRAINING_RULES_LINE_H_
#define TSUNAGU_SERVICES_TRAINING_RULES_LINE_H_

#include <cstdint>
#include <string>

#include "common/jp/civil_day.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/progress.pb.h"

namespace tsunagu::training::rules {

// The everyday name of an act: 口腔内の喀痰吸引, "oral suction".
std::string JapaneseOf(v1::Act act);
std::string EnglishOf(v1::Act act);

// What she did that does not count: minutes of a subject; for other requirements the number of times.
struct Uncounted {
  int32_t in_part = 0;  // in lessons that she did not attend completely
  int32_t early = 0;    // before the prerequisite was met
  int32_t late = 0;     // after the months of the practicum
};

// Returns the line of a requirement: what it asks for, what has been done, what is missing. If it is not met, also what
// does not count, as an explanation.
v1::Progress::Line LineOf(const v1::Curriculum::Subject& subject, const v1::Progress::Minutes& minutes,
                          const Uncounted& uncounted);
v1::Progress::Line LineOf(const v1::Curriculum::TestRule& rule, const v1::Progress::Test& test,
                          const Uncounted& uncounted);
v1::Progress::Line ExerciseLineOf(const v1::Curriculum::ActRule& rule, const v1::Progress::Practice& practice,
                                  const Uncounted& uncounted);
v1::Progress::Line PracticumLineOf(const v1::Curriculum::ActRule& rule, const v1::Progress::Practice& practice,
                                   const Uncounted& uncounted);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_LINE_H_
