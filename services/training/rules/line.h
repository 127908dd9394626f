#ifndef TSUNAGU_SERVICES_TRAINING_RULES_LINE_H_
#define TSUNAGU_SERVICES_TRAINING_RULES_LINE_H_

#include <string>

#include "common/jp/civil_day.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/progress.pb.h"

namespace tsunagu::training::rules {

// What people call an act: 口腔内の喀痰吸引, "oral suction".
std::string JapaneseOf(v1::Act act);
std::string EnglishOf(v1::Act act);

// What is said of each requirement: what it asks for, what there is, what is missing.
v1::Progress::Line LineOf(const v1::Curriculum::Subject& subject, const v1::Progress::Minutes& minutes);
v1::Progress::Line LineOf(const v1::Curriculum::TestRule& rule, const v1::Progress::Test& test);
v1::Progress::Line ExerciseLineOf(const v1::Curriculum::ActRule& rule, const v1::Progress::Practice& practice);
v1::Progress::Line PracticumLineOf(const v1::Curriculum::ActRule& rule, const v1::Progress::Practice& practice);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_LINE_H_
