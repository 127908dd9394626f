#include "services/training/rules/outlook.h"

#include <algorithm>
#include <set>
#include <vector>

#include "common/jp/months.h"

namespace tsunagu::training::rules {
namespace {

using jp::CivilDay;
using Curriculum = v1::Curriculum;

// Goes through the stages as the judge does, and takes for each requirement the earliest day on which it can be met. A
// requirement that can no longer be met does not delay later ones, so that each line is reported for itself.
class Outlook {
 public:
  Outlook(const Curriculum& curriculum, const Evidence& evidence, CivilDay as_of, const ViewedSoFar& viewed,
          v1::Progress& progress)
      : curriculum_(curriculum), evidence_(evidence), as_of_(as_of), viewed_(viewed), progress_(progress) {
    for (const Evidence::Attended& attended : evidence.attended) {
      if (attended.day <= as_of) recorded_[{attended.session, attended.subject}] = CountsOnceOpen(attended);
    }
  }

  void Look() {
    const std::vector<Curriculum::ActRule> acts = ActsOf(curriculum_, evidence_.chosen);
    if (!curriculum_.staged()) {
      for (int i = 0; i < curriculum_.subjects_size(); ++i) LookAtSubject(i, CivilDay::min());
    }
    CivilDay done = LookAtSubjects(Curriculum::METHOD_LECTURE, CivilDay::min());
    done = std::max(done, LookAtTests(done));
    stage_is_done_ = IsDone(Curriculum::METHOD_LECTURE) &&
                     std::all_of(progress_.tests().begin(), progress_.tests().end(),
                                 [](const v1::Progress::Test& test) { return test.has_pass_date(); });
    CivilDay exercised = LookAtSubjects(Curriculum::METHOD_EXERCISE, done);
    for (int i = 0; i < progress_.acts_size(); ++i) exercised = std::max(exercised, LookAtExercises(acts[i], i, done));
    done = std::max(done, exercised);
    stage_is_done_ = stage_is_done_ && IsDone(Curriculum::METHOD_EXERCISE) &&
                     std::all_of(progress_.acts().begin(), progress_.acts().end(), [](const auto& practice) {
                       return practice.exercises_required() == 0 || practice.has_exercise_date();
                     });
    LookAtSubjects(Curriculum::METHOD_PRACTICUM, done);
    for (int i = 0; i < progress_.acts_size(); ++i) LookAtPracticum(acts[i], i, done);
    for (const auto& [day, session] : next_) progress_.add_next_sessions(session);
  }

 private:
  CivilDay Opens(CivilDay stage_before) const { return curriculum_.staged() ? stage_before : CivilDay::min(); }

  bool IsDone(Curriculum::Method method) const {
    for (int i = 0; i < curriculum_.subjects_size(); ++i) {
      if (curriculum_.subjects(i).method() == method && !progress_.subjects(i).has_complete_date()) return false;
    }
    return true;
  }

  // Returns what an attendance counts for if there is no prerequisite.
  int32_t CountsOnceOpen(const Evidence::Attended& attended) const {
    const Curriculum::CreditRule& rule = curriculum_.credit_rule();
    if (attended.minutes <= 0 || rule.partial()) return attended.minutes;
    return attended.minutes + rule.tolerance_minutes() >= attended.given ? attended.given : 0;
  }

  void SayOutOfReach(const std::string& rule, const std::string& of) {
    progress_.set_out_of_reach(true);
    for (v1::Progress::Line& line : *progress_.mutable_lines()) {
      if (line.rule() == rule && line.of() == of) line.set_out_of_reach(true);
    }
  }

  CivilDay LookAtSubjects(Curriculum::Method method, CivilDay stage_before) {
    CivilDay all = CivilDay::min();
    for (int i = 0; i < curriculum_.subjects_size(); ++i) {
      if (curriculum_.subjects(i).method() != method) continue;
      if (curriculum_.staged()) LookAtSubject(i, stage_before);
      all = std::max(all, met_[curriculum_.subjects(i).code()]);
    }
    return all;
  }

  void LookAtSubject(int i, CivilDay stage_before) {
    const Curriculum::Subject& subject = curriculum_.subjects(i);
    CivilDay opens = Opens(stage_before);
    bool is_open = !curriculum_.staged() || stage_is_done_;
    for (const std::string& before : subject.after()) {
      opens = std::max(opens, met_[before]);
      is_open = is_open && done_.count(before) > 0;
    }
    if (progress_.subjects(i).has_complete_date()) done_.insert(subject.code());
    met_[subject.code()] = LookAtMinutes(subject, progress_.subjects(i), opens, is_open);
  }

  // The remaining minutes of a lesson, and the first day on which it gives them.
  struct Chance {
    CivilDay day;
    int32_t minutes;
  };

  // Returns the remaining minutes of a lesson. A session on demand gives what she has not seen yet. A session at a
  // fixed time is over once her attendance is recorded; today's attendance counts as soon as the prerequisite is met,
  // today.
  int32_t LeftOf(const Evidence::Planned& lesson, bool is_open) const {
    const std::pair<std::string, std::string> about(lesson.session, lesson.subject);
    if (lesson.first < lesson.last) {
      const auto viewed = viewed_.find(about);
      return lesson.minutes - (viewed == viewed_.end() ? 0 : viewed->second);
    }
    const auto recorded = recorded_.find(about);
    if (recorded == recorded_.end()) return lesson.minutes;
    return is_open ? 0 : recorded->second;
  }

  CivilDay LookAtMinutes(const Curriculum::Subject& subject, const v1::Progress::Minutes& minutes, CivilDay opens,
                         bool is_open) {
    if (minutes.has_complete_date()) return jp::DayOf(minutes.complete_date());
    int32_t planned = 0;
    std::vector<Chance> chances;
    for (const Evidence::Planned& lesson : evidence_.planned) {
      if (lesson.subject != subject.code()) continue;
      planned += lesson.minutes;
      const CivilDay earliest = std::max({lesson.first, opens, as_of_});
      const int32_t left = earliest > lesson.last ? 0 : LeftOf(lesson, is_open);
      if (left <= 0) continue;
      chances.push_back({earliest, left});
      const bool is_past = lesson.first == lesson.last && recorded_.count({lesson.session, lesson.subject}) > 0;
      if (!is_past) next_.emplace(lesson.last, lesson.session);
    }
    std::sort(chances.begin(), chances.end(), [](const Chance& a, const Chance& b) { return a.day < b.day; });
    int32_t missing = minutes.required() - minutes.earned();
    for (const Chance& chance : chances) {
      missing -= chance.minutes;
      if (missing <= 0) return chance.day;
    }
    // A plan that never had all the minutes is incomplete, and determines nothing before the course is over.
    const bool is_whole = planned >= subject.minutes() || as_of_ > evidence_.course_end;
    if (is_whole) SayOutOfReach("SUBJECT_MINUTES", subject.code());
    return std::max(as_of_, opens);
  }

  // Tests and tries have no plan: they can be made on any day.
  CivilDay LookAtTests(CivilDay stage_before) const {
    CivilDay all = CivilDay::min();
    for (const v1::Progress::Test& test : progress_.tests()) {
      all = std::max(all, test.has_pass_date() ? jp::DayOf(test.pass_date()) : std::max(as_of_, Opens(stage_before)));
    }
    return all;
  }

  CivilDay LookAtExercises(const Curriculum::ActRule& rule, int act, CivilDay stage_before) const {
    if (rule.exercises() == 0) return CivilDay::min();
    const v1::Progress::Practice& practice = progress_.acts(act);
    return practice.has_exercise_date() ? jp::DayOf(practice.exercise_date()) : std::max(as_of_, Opens(stage_before));
  }

  // On any day until its months are over.
  void LookAtPracticum(const Curriculum::ActRule& rule, int act, CivilDay stage_before) {
    const bool is_asked = rule.tries() > 0 || rule.until_judged_sound();
    if (!is_asked || progress_.acts(act).has_practicum_date()) return;
    if (curriculum_.practicum_months() == 0 || stage_before == CivilDay::min()) return;
    if (std::max(as_of_, stage_before) <= jp::MonthsAfter(stage_before, curriculum_.practicum_months())) return;
    SayOutOfReach("PRACTICUM", v1::Act_Name(rule.act()));
  }

  const Curriculum& curriculum_;
  const Evidence& evidence_;
  const CivilDay as_of_;
  const ViewedSoFar& viewed_;
  v1::Progress& progress_;
  std::map<std::pair<std::string, std::string>, int32_t> recorded_;  // of lessons with recorded attendance or absence
  bool stage_is_done_ = true;                                        // the stage before the present one
  std::set<std::string> done_;                                       // subjects
  std::map<std::string, CivilDay> met_;                              // by subject
  std::set<std::pair<CivilDay, std::string>> next_;
};

}  // namespace

void LookAhead(const Curriculum& curriculum, const Evidence& evidence, CivilDay as_of, const ViewedSoFar& viewed,
               v1::Progress& progress) {
  Outlook(curriculum, evidence, as_of, viewed, progress).Look();
}

}  // namespace tsunagu::training::rules
