#include "common/jp/months.h"
#include "services/training/rules/judge.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/types/optional.h"
#include "services/training/rules/line.h"

namespace tsunagu::training::rules {
namespace {

using jp::CivilDay;
using Curriculum = v1::Curriculum;
// The day on which something was met first; absent while it is not.
using MetOn = absl::optional<CivilDay>;

MetOn Later(MetOn a, MetOn b) { return a && b ? MetOn(std::max(*a, *b)) : absl::nullopt; }

// What counts from one day on, with nothing before it: a stage, or a subject after others. Closed while that day is not
// known.
class Gate {
 public:
  explicit Gate(MetOn opens) : opens_(opens) {}
  bool LetsIn(CivilDay day) const { return opens_ && day >= *opens_; }

 private:
  const MetOn opens_;
};

// Of a lesson that gave so many minutes.
int32_t Counted(const Curriculum::CreditRule& rule, int32_t given, int32_t minutes) {
  if (minutes <= 0) return 0;
  if (minutes + rule.tolerance_minutes() >= given) return given;
  return rule.partial() ? minutes : 0;
}

std::vector<Credit> CreditsOf(const Evidence& evidence) {
  std::vector<Watched> watched;
  for (const Evidence::Viewed& viewed : evidence.viewed) watched.push_back(viewed.watched);
  return CreditOf(watched);
}

class Judgement {
 public:
  Judgement(const Curriculum& curriculum, const Evidence& evidence, CivilDay as_of)
      : curriculum_(curriculum), evidence_(evidence), as_of_(as_of), credits_(CreditsOf(evidence)) {}

  v1::Progress Make() {
    *progress_.mutable_as_of_date() = jp::ToDate(as_of_);
    // In the order of the stages, each of which may wait for the one before.
    MetOn done = CivilDay::min();
    done = Later(done, JudgeSubjects(Curriculum::METHOD_LECTURE, done));
    done = Later(done, JudgeTests(done));
    MetOn exercised = JudgeSubjects(Curriculum::METHOD_EXERCISE, done);
    for (const Curriculum::ActRule& rule : ActsOf(curriculum_, evidence_.chosen)) acts_.push_back({rule});
    for (Act& act : acts_) exercised = Later(exercised, JudgeExercises(act, done));
    done = Later(done, exercised);
    MetOn practised = JudgeSubjects(Curriculum::METHOD_PRACTICUM, done);
    for (Act& act : acts_) practised = Later(practised, JudgePracticum(act, done));
    done = Later(done, practised);

    AddSubjects();
    for (Act& act : acts_) *progress_.add_acts() = act.practice;
    progress_.set_complete(done.has_value());
    if (done) *progress_.mutable_complete_date() = jp::ToDate(*done);
    if (!done) LookAhead();
    return std::move(progress_);
  }

 private:
  struct Act {
    Curriculum::ActRule rule;
    v1::Progress::Practice practice;
  };
  struct Earned {
    int32_t minutes = 0;
    MetOn met;
  };

  bool Happened(CivilDay day) const { return day <= as_of_; }

  // The gate of a stage: open from the beginning where the curriculum knows no stages.
  MetOn Opens(MetOn stage_before) const { return curriculum_.staged() ? stage_before : CivilDay::min(); }

  MetOn JudgeSubjects(Curriculum::Method method, MetOn stage_before) {
    MetOn all = CivilDay::min();
    for (const Curriculum::Subject& subject : curriculum_.subjects()) {
      if (subject.method() != method) continue;
      MetOn opens = Opens(stage_before);
      for (const std::string& before : subject.after()) opens = Later(opens, earned_[before].met);
      earned_[subject.code()] = Earn(subject, Gate(opens));
      all = Later(all, earned_[subject.code()].met);
    }
    return all;
  }

  using Minutes = std::vector<std::pair<CivilDay, int32_t>>;

  // Of a lesson on demand the whole counts, as an attendance would: what is watched of it adds up, day after day.
  void AddViewed(const Curriculum::Subject& subject, const Gate& gate, Minutes& minutes) {
    const Curriculum::CreditRule& rule = curriculum_.credit_rule();
    std::map<std::string, int32_t> seen;  // by session
    for (const Credit& credit : credits_) {
      const Evidence::Viewed& viewed = evidence_.viewed[credit.watched];
      if (viewed.watched.subject != subject.code() || (!viewed.of_course && !rule.make_up())) continue;
      if (!Happened(credit.day) || !gate.LetsIn(credit.day)) continue;
      int32_t& of_session = seen[viewed.watched.session];
      const int32_t before = Counted(rule, viewed.given, of_session);
      of_session += credit.minutes;
      const int32_t counted = Counted(rule, viewed.given, of_session);
      minutes.emplace_back(credit.day, counted - before);
      had_[{viewed.watched.session, subject.code()}] = counted;
    }
  }

  Earned Earn(const Curriculum::Subject& subject, const Gate& gate) {
    const Curriculum::CreditRule& rule = curriculum_.credit_rule();
    Minutes minutes;
    for (const Evidence::Attended& attended : evidence_.attended) {
      if (attended.subject != subject.code() || (!attended.of_course && !rule.make_up())) continue;
      minutes.emplace_back(attended.day, Counted(rule, attended.given, attended.minutes));
    }
    AddViewed(subject, gate, minutes);
    for (const Evidence::Stated& stated : evidence_.stated) {
      if (stated.subject == subject.code() && rule.make_up()) minutes.emplace_back(stated.day, stated.minutes);
    }
    std::sort(minutes.begin(), minutes.end());
    Earned earned;
    for (const auto& [day, counted] : minutes) {
      if (!Happened(day) || !gate.LetsIn(day) || earned.met) continue;
      earned.minutes = std::min(subject.minutes(), earned.minutes + counted);
      if (earned.minutes == subject.minutes()) earned.met = day;
    }
    return earned;
  }

  MetOn JudgeTests(MetOn stage_before) {
    MetOn all = CivilDay::min();
    const Gate gate(Opens(stage_before));
    for (const Curriculum::TestRule& rule : curriculum_.tests()) {
      v1::Progress::Test& test = *progress_.add_tests();
      test.set_test(rule.code());
      test.set_required((rule.questions() * rule.pass_percent() + 99) / 100);
      MetOn passed;
      for (const Evidence::Tested& tested : evidence_.tested) {
        if (tested.test != rule.code() || !Happened(tested.day) || !gate.LetsIn(tested.day)) continue;
        test.set_best(std::max(test.best(), tested.correct));
        if (tested.correct >= test.required() && (!passed || tested.day < *passed)) passed = tested.day;
      }
      if (passed) *test.mutable_pass_date() = jp::ToDate(*passed);
      tests_.push_back(LineOf(rule, test));
      all = Later(all, passed);
    }
    return all;
  }

  // In the order in which they were made.
  std::vector<Evidence::Tried> TriesOf(const Act& act, v1::Trial::Kind kind, const Gate& gate) const {
    std::vector<Evidence::Tried> tries;
    for (const Evidence::Tried& tried : evidence_.tried) {
      const bool counts = tried.kind == kind && tried.act == act.rule.act() && Happened(tried.day);
      if (counts && gate.LetsIn(tried.day)) tries.push_back(tried);
    }
    std::sort(tries.begin(), tries.end(), [](const Evidence::Tried& a, const Evidence::Tried& b) {
      return a.day != b.day ? a.day < b.day : a.number < b.number;
    });
    return tries;
  }

  // Enough, and the last one in order.
  MetOn JudgeExercises(Act& act, MetOn stage_before) {
    act.practice.set_act(act.rule.act());
    act.practice.set_exercises_required(act.rule.exercises());
    MetOn met = act.rule.exercises() == 0 ? MetOn(CivilDay::min()) : absl::nullopt;
    for (const Evidence::Tried& tried : TriesOf(act, v1::Trial::KIND_EXERCISE, Gate(Opens(stage_before)))) {
      if (met) break;
      act.practice.set_exercises(act.practice.exercises() + 1);
      if (act.practice.exercises() >= act.rule.exercises() && tried.successful) met = tried.day;
    }
    if (met && act.rule.exercises() > 0) *act.practice.mutable_exercise_date() = jp::ToDate(*met);
    return met;
  }

  // Enough tries, of all of them enough successes, and the last ones in a row; or the nurse's judgement, where the
  // curriculum leaves it to her. The first tries of which all this is true pass.
  MetOn JudgePracticum(Act& act, MetOn stage_before) {
    v1::Progress::Practice& practice = act.practice;
    practice.set_tries_required(act.rule.tries());
    if (act.rule.tries() == 0 && !act.rule.until_judged_sound()) return CivilDay::min();
    MetOn met;
    for (const Evidence::Tried& tried : TriesOf(act, v1::Trial::KIND_PRACTICUM, Gate(Opens(stage_before)))) {
      if (met || !InTime(tried.day, stage_before)) break;
      practice.set_tries(practice.tries() + 1);
      practice.set_successes(practice.successes() + (tried.successful ? 1 : 0));
      practice.set_last_successes(tried.successful ? practice.last_successes() + 1 : 0);
      const bool enough = practice.tries() >= act.rule.tries() &&
                          practice.successes() * 100 >= act.rule.success_percent() * practice.tries() &&
                          practice.last_successes() >= act.rule.last_successes();
      if (enough && (tried.judged_sound || !act.rule.until_judged_sound())) met = tried.day;
    }
    if (met) *practice.mutable_practicum_date() = jp::ToDate(*met);
    return met;
  }

  bool InTime(CivilDay day, MetOn stage_before) const {
    if (curriculum_.practicum_months() == 0 || !stage_before || *stage_before == CivilDay::min()) return true;
    return day <= jp::MonthsAfter(*stage_before, curriculum_.practicum_months());
  }

  // Subjects stand in the order of the curriculum, and so do the lines.
  void AddSubjects() {
    for (const Curriculum::Subject& subject : curriculum_.subjects()) {
      const Earned& earned = earned_[subject.code()];
      v1::Progress::Minutes& minutes = *progress_.add_subjects();
      minutes.set_subject(subject.code());
      minutes.set_required(subject.minutes());
      minutes.set_earned(earned.minutes);
      if (earned.met) *minutes.mutable_complete_date() = jp::ToDate(*earned.met);
      *progress_.add_lines() = LineOf(subject, minutes);
    }
    for (v1::Progress::Line& line : tests_) *progress_.add_lines() = std::move(line);
    for (const Act& act : acts_) {
      if (act.rule.exercises() > 0) *progress_.add_lines() = ExerciseLineOf(act.rule, act.practice);
      if (act.rule.tries() > 0 || act.rule.until_judged_sound()) {
        *progress_.add_lines() = PracticumLineOf(act.rule, act.practice);
      }
    }
  }

  // Which sessions to come close a gap, and whether they suffice. A plan that never held all the minutes is not finished,
  // and says nothing before the course is over.
  void LookAhead() {
    std::set<std::pair<CivilDay, std::string>> next;
    for (const Curriculum::Subject& subject : curriculum_.subjects()) {
      const int32_t missing = subject.minutes() - earned_[subject.code()].minutes;
      if (missing == 0) continue;
      int32_t planned = 0;
      int32_t to_come = 0;
      for (const Evidence::Planned& lesson : evidence_.planned) {
        if (lesson.subject != subject.code()) continue;
        planned += lesson.minutes;
        if (Happened(lesson.day)) continue;
        const auto had = had_.find({lesson.session, lesson.subject});
        const int32_t left = lesson.minutes - (had == had_.end() ? 0 : had->second);
        to_come += left;
        if (left > 0) next.emplace(lesson.day, lesson.session);
      }
      const bool is_whole = planned >= subject.minutes() || as_of_ > evidence_.course_end;
      if (is_whole && to_come < missing) progress_.set_out_of_reach(true);
    }
    for (const auto& [day, session] : next) progress_.add_next_sessions(session);
  }

  const Curriculum& curriculum_;
  const Evidence& evidence_;
  const CivilDay as_of_;
  const std::vector<Credit> credits_;
  v1::Progress progress_;
  std::map<std::string, Earned> earned_;
  std::map<std::pair<std::string, std::string>, int32_t> had_;  // what counts of a session on demand and a subject
  std::vector<v1::Progress::Line> tests_;
  std::vector<Act> acts_;
};

}  // namespace

v1::Progress Judge(const v1::Curriculum& curriculum, const Evidence& evidence, jp::CivilDay as_of) {
  return Judgement(curriculum, evidence, as_of).Make();
}

std::vector<v1::Curriculum::ActRule> ActsOf(const v1::Curriculum& curriculum, const std::vector<v1::Act>& chosen) {
  std::vector<v1::Curriculum::ActRule> acts;
  for (const v1::Curriculum::ActRule& rule : curriculum.acts()) {
    const bool is_for_all = rule.tries() == 0 && !rule.until_judged_sound();
    const bool is_chosen = std::find(chosen.begin(), chosen.end(), rule.act()) != chosen.end();
    if (!curriculum.acts_are_chosen() || is_for_all || is_chosen) acts.push_back(rule);
  }
  return acts;
}

}  // namespace tsunagu::training::rules
