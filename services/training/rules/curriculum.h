#ifndef TSUNAGU_SERVICES_TRAINING_RULES_CURRICULUM_H_
#define TSUNAGU_SERVICES_TRAINING_RULES_CURRICULUM_H_

#include <set>
#include <string>

#include "common/base/error.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/session.pb.h"

namespace tsunagu::training::rules {

// Adds the faults in a curriculum beyond its contract: repeated codes, subjects that wait for one that does not come
// before them, acts without requirements, a practicum that requires more successes than trials.
void CheckCurriculum(const v1::Curriculum& curriculum, Faults& faults);

// Returns whether `after` requires the same of a learner as `before`.
bool AsksTheSame(const v1::Curriculum& before, const v1::Curriculum& after);

// Returns whether attendances at the session have the same meaning before and after.
bool GivesTheSame(const v1::Session& before, const v1::Session& after);

// Adds the faults in a course: days in the wrong order or outside its fiscal year, a curriculum that is not valid on
// its first day.
void CheckCourse(const v1::Course& course, const v1::Curriculum& curriculum, Faults& faults);

// Adds the faults in a session: times in the wrong order, lessons longer than the session, subjects that are not in the
// curriculum or are repeated, teachers without the licence that a subject requires, a day outside the course.
void CheckSession(const v1::Session& session, const v1::Course& course, const v1::Curriculum& curriculum,
                  Faults& faults);

// Returns whether both assign the same people to the same groups of the same size.
bool GroupsTheSame(const v1::Session& before, const v1::Session& after);
// Adds the faults in the groups of a session: a group that is too large, a repeated label or member, a member who is
// not in `accepted`, the names of those accepted to the course.
void CheckGroups(const v1::Session& session, const std::set<std::string>& accepted, Faults& faults);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_CURRICULUM_H_
