#ifndef TSUNAGU_SERVICES_TRAINING_RULES_JUDGE_H_
#define TSUNAGU_SERVICES_TRAINING_RULES_JUDGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/jp/civil_day.h"
#include "services/training/rules/viewing.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/progress.pb.h"
#include "tsunagu/training/v1/trial.pb.h"

namespace tsunagu::training::rules {

// What is known of one learner in one course: the facts that hold, none that another one replaces, in any order.
struct Evidence {
  // Of one subject in one session: the minutes it gave, and those that she was there.
  struct Attended {
    std::string subject;
    jp::CivilDay day;
    int32_t given = 0;
    int32_t minutes = 0;
    bool of_course = true;  // the session belongs to her course
    std::string session;
  };
  // One time that she watched a lesson on demand, and the minutes that the lesson gives.
  struct Viewed {
    Watched watched;
    int32_t given = 0;
    bool of_course = true;
  };
  struct Stated {
    std::string subject;
    jp::CivilDay day;
    int32_t minutes = 0;
  };
  struct Tested {
    std::string test;
    jp::CivilDay day;
    int32_t correct = 0;
  };
  struct Tried {
    v1::Trial::Kind kind = v1::Trial::KIND_UNSPECIFIED;
    v1::Act act = v1::ACT_UNSPECIFIED;
    jp::CivilDay day;
    int32_t number = 0;
    bool successful = false;
    bool judged_sound = false;
  };
  // What her course teaches, held or to be held.
  struct Planned {
    std::string session;
    std::string subject;
    jp::CivilDay first;  // the day on which it is held; of one on demand, the first on which it can be seen
    jp::CivilDay last;   // the same day; of one on demand, the last
    int32_t minutes = 0;
  };

  std::vector<Attended> attended;
  std::vector<Viewed> viewed;  // of all her enrollments
  std::vector<Stated> stated;
  std::vector<Tested> tested;
  std::vector<Tried> tried;
  std::vector<Planned> planned;
  std::vector<v1::Act> chosen;  // acts that she learns, where the curriculum lets her choose
  jp::CivilDay course_end;
};

// How far she is on `as_of`: what is met stays met, whatever happens later. Says of every requirement on which day it
// was met first, and why. The names of enrollment and curriculum are the caller's to set.
v1::Progress Judge(const v1::Curriculum& curriculum, const Evidence& evidence, jp::CivilDay as_of);

// The acts of the curriculum that she learns: those that she has chosen, and those that need no practicum, which
// everybody learns.
std::vector<v1::Curriculum::ActRule> ActsOf(const v1::Curriculum& curriculum, const std::vector<v1::Act>& chosen);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_JUDGE_H_
