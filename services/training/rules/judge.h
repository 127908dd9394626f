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

// The evidence of one learner in one course: the valid facts, which no other fact replaces, in any order.
struct Evidence {
  // One subject in one session: the minutes of the lesson, and the minutes that she attended.
  struct Attended {
    std::string subject;
    jp::CivilDay day;
    int32_t given = 0;
    int32_t minutes = 0;
    bool of_course = true;  // the session belongs to her course
    std::string session;
  };
  // One viewing of a lesson on demand, and the minutes that the lesson gives.
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
  // A lesson of her course, past or future.
  struct Planned {
    std::string session;
    std::string subject;
    jp::CivilDay first;  // the day of the session; on demand, the first day on which it can be viewed
    jp::CivilDay last;   // the same day; on demand, the last day
    int32_t minutes = 0;
  };

  std::vector<Attended> attended;
  std::vector<Viewed> viewed;  // from all of her enrollments
  std::vector<Stated> stated;
  std::vector<Tested> tested;
  std::vector<Tried> tried;
  std::vector<Planned> planned;
  std::vector<v1::Act> chosen;  // acts that she learns, if the curriculum lets her choose
  jp::CivilDay course_end;
};

// Returns her progress on `as_of`. A requirement that has been met stays met. Sets for every requirement the first day
// on which it was met, and why. The caller sets the names of enrollment and curriculum.
v1::Progress Judge(const v1::Curriculum& curriculum, const Evidence& evidence, jp::CivilDay as_of);

// Returns the acts of the curriculum that she learns: those that she has chosen, and those without a practicum, which
// everybody learns.
std::vector<v1::Curriculum::ActRule> ActsOf(const v1::Curriculum& curriculum, const std::vector<v1::Act>& chosen);

}  // namespace tsunagu::training::rules

#endif  // TSUNAGU_SERVICES_TRAINING_RULES_JUDGE_H_
