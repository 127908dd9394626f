#ifndef TSUNAGU_SERVICES_TRAINING_RULES_CURRICULUM_H_
#define TSUNAGU_SERVICES_TRAINING_RULES_CURRICULUM_H_

#include <set>
#include <string>

#include "common/base/error.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/session.pb.h"

namespace tsunagu::training::rules {

// Adds what is wrong with a curriculum beyond its contract: codes twice, subjects that wait for none that stands before
// them, acts that ask for nothing, a practicum of which more has to succeed than is tried.
void CheckCurriculum(const v1::Curriculum& curriculum, Faults& faults);

// Whether `after` asks of a learner what `before` does.
bool AsksTheSame(const v1::Curriculum& before, const v1::Curriculum& after);

// Whether attendances at the session mean the same before and after.
bool GivesTheSame(const v1::Session& before, const v1::Session& after);

// Adds what is wrong with a course: days in the wrong order or outside its fiscal year, a curriculum that does not hold
// on its first day.
void CheckCourse(const v1::Course& course, const v1::Curriculum& curriculum, Faults& faults);

// Adds what is wrong with a session: times in the wrong order, lessons that are longer than it, subjects that are not
// in the curriculum or stand there twice, teachers without the licence that a subject asks for, a day outside the
// course.
void CheckSession(const v1::Session& session, const v1::Course& course, const v1::Curriculum& curriculum,
                  Faults& faults);

// Whether both put the same people into the same groups of the same size.
bool GroupsTheSame(const v1::Session& before, const v1::Session& after);
// Adds what is wrong with the groups of a session: one that is too large, a label or a member twice, a member that is
// not among `accepted`, the names of those who are accepted to the course.
void CheckGroups(const v1::Session& session, const std::set<std::string>& accepted, Faults& faults);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_CURRICULUM_H_
