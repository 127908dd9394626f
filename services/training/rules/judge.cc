#include "services/training/rules/judge.h"
#include "common/jp/months.h"

#include <algorithm>
#include <map>

#include "absl/types/optional.h"
#include "services/training/rules/line.h"
#include "services/training/rules/outlook.h"

namespace tsunagu::training::rules {
namespace {

using jp::CivilDay;
using Curriculum = v1::Curriculum;
// The first day on which something was met; absent if it is not met.
using MetOn = absl::optional<CivilDay>;

MetOn Later(MetOn a, MetOn b) { return a && b ? MetOn(std::max(*a, *b)) : absl::nullopt; }

// Something that counts only from a certain day on: a stage, or a subject after others. Closed as long as that day is
// unknown.
class Gate {
 public:
  explicit Gate(MetOn opens) : opens_(opens) {}
  bool LetsIn(CivilDay day) const { return opens_ && day >= *opens_; }

 private:
  const MetOn opens_;
};

// Returns the minutes that count of a lesson of `given` minutes.
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
    if (!curriculum_.staged()) {
      for (const Curriculum::Subject& subject : curriculum_.subjects()) JudgeSubject(subject, CivilDay::min());
    }
    // In the order of the stages; each may wait for the previous one.
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
    if (!done) LookAhead(curriculum_, evidence_, as_of_, viewed_, progress_);
    return std::move(progress_);
  }

 private:
  struct Act {
    Curriculum::ActRule rule;
    v1::Progress::Practice practice;
    Uncounted exercises, tries;
  };
  struct Earned {
    int32_t minutes = 0;
    MetOn met;
    Uncounted uncounted;
  };

  bool Happened(CivilDay day) const { return day <= as_of_; }

  // The gate of a stage: open from the beginning if the curriculum has no stages.
  MetOn Opens(MetOn stage_before) const { return curriculum_.staged() ? stage_before : CivilDay::min(); }

  MetOn JudgeSubjects(Curriculum::Method method, MetOn stage_before) {
    MetOn all = CivilDay::min();
    for (const Curriculum::Subject& subject : curriculum_.subjects()) {
      if (subject.method() != method) continue;
      if (curriculum_.staged()) JudgeSubject(subject, stage_before);
      all = Later(all, earned_[subject.code()].met);
    }
    return all;
  }

  // A subject comes after those for which it waits. Without stages these are all earlier subjects, in whatever way they
  // are taught.
  void JudgeSubject(const Curriculum::Subject& subject, MetOn stage_before) {
    MetOn opens = Opens(stage_before);
    for (const std::string& before : subject.after()) opens = Later(opens, earned_[before].met);
    earned_[subject.code()] = Earn(subject, Gate(opens));
  }

  // What counts on one day, and the part that she took.
  struct Taken {
    CivilDay day;
    int32_t counted;
    int32_t minutes;
  };

  // A lesson on demand counts as a whole, like an attendance: the viewings of all days add up.
  void AddViewed(const Curriculum::Subject& subject, const Gate& gate, std::vector<Taken>& taken,
                 Uncounted& uncounted) {
    const Curriculum::CreditRule& rule = curriculum_.credit_rule();
    std::map<std::string, int32_t> seen;  // by session
    std::map<std::string, int32_t> in_part;
    for (const Credit& credit : credits_) {
      const Evidence::Viewed& viewed = evidence_.viewed[credit.watched];
      if (viewed.watched.subject != subject.code() || (!viewed.of_course && !rule.make_up())) continue;
      if (!Happened(credit.day)) continue;
      if (!gate.LetsIn(credit.day)) {
        uncounted.early += credit.minutes;
        continue;
      }
      int32_t& of_session = seen[viewed.watched.session];
      const int32_t before = Counted(rule, viewed.given, of_session);
      of_session += credit.minutes;
      const int32_t counted = Counted(rule, viewed.given, of_session);
      taken.push_back({credit.day, counted - before, counted - before});
      viewed_[{viewed.watched.session, subject.code()}] = counted;
      in_part[viewed.watched.session] = counted == 0 ? of_session : 0;
    }
    for (const auto& [session, minutes] : in_part) uncounted.in_part += minutes;
  }

  Earned Earn(const Curriculum::Subject& subject, const Gate& gate) {
    const Curriculum::CreditRule& rule = curriculum_.credit_rule();
    std::vector<Taken> taken;
    for (const Evidence::Attended& attended : evidence_.attended) {
      if (attended.subject != subject.code() || (!attended.of_course && !rule.make_up())) continue;
      taken.push_back({attended.day, Counted(rule, attended.given, attended.minutes), attended.minutes});
    }
    Earned earned;
    AddViewed(subject, gate, taken, earned.uncounted);
    for (const Evidence::Stated& stated : evidence_.stated) {
      if (stated.subject == subject.code() && rule.make_up())
        taken.push_back({stated.day, stated.minutes, stated.minutes});
    }
    std::sort(taken.begin(), taken.end(), [](const Taken& a, const Taken& b) { return a.day < b.day; });
    for (const Taken& one : taken) {
      if (!Happened(one.day) || earned.met) continue;
      if (!gate.LetsIn(one.day)) {
        earned.uncounted.early += one.minutes;
        continue;
      }
      if (one.counted == 0) earned.uncounted.in_part += one.minutes;
      earned.minutes = std::min(subject.minutes(), earned.minutes + one.counted);
      if (earned.minutes == subject.minutes()) earned.met = one.day;
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
      Uncounted uncounted;
      for (const Evidence::Tested& tested : evidence_.tested) {
        if (tested.test != rule.code() || !Happened(tested.day)) continue;
        if (!gate.LetsIn(tested.day)) {
          ++uncounted.early;
          continue;
        }
        test.set_best(std::max(test.best(), tested.correct));
        if (tested.correct >= test.required() && (!passed || tested.day < *passed)) passed = tested.day;
      }
      if (passed) *test.mutable_pass_date() = jp::ToDate(*passed);
      tests_.push_back(LineOf(rule, test, uncounted));
      all = Later(all, passed);
    }
    return all;
  }

  // Returns the tries in chronological order.
  std::vector<Evidence::Tried> TriesOf(const Act& act, v1::Trial::Kind kind, const Gate& gate,
                                       Uncounted& uncounted) const {
    std::vector<Evidence::Tried> tries;
    for (const Evidence::Tried& tried : evidence_.tried) {
      if (tried.kind != kind || tried.act != act.rule.act() || !Happened(tried.day)) continue;
      if (gate.LetsIn(tried.day)) {
        tries.push_back(tried);
      } else {
        ++uncounted.early;
      }
    }
    std::sort(tries.begin(), tries.end(), [](const Evidence::Tried& a, const Evidence::Tried& b) {
      return a.day != b.day ? a.day < b.day : a.number < b.number;
    });
    return tries;
  }

  // There must be enough exercises, and the last one must have succeeded.
  MetOn JudgeExercises(Act& act, MetOn stage_before) {
    act.practice.set_act(act.rule.act());
    act.practice.set_exercises_required(act.rule.exercises());
    MetOn met = act.rule.exercises() == 0 ? MetOn(CivilDay::min()) : absl::nullopt;
    for (const Evidence::Tried& tried :
         TriesOf(act, v1::Trial::KIND_EXERCISE, Gate(Opens(stage_before)), act.exercises)) {
      if (met) break;
      act.practice.set_exercises(act.practice.exercises() + 1);
      if (act.practice.exercises() >= act.rule.exercises() && tried.successful) met = tried.day;
    }
    if (met && act.rule.exercises() > 0) *act.practice.mutable_exercise_date() = jp::ToDate(*met);
    return met;
  }

  // There must be enough tries, enough successes among all of them, and the last ones must be successes in a row; or
  // the nurse's judgement, if the curriculum leaves it to her. The first tries that satisfy all of this pass.
  MetOn JudgePracticum(Act& act, MetOn stage_before) {
    v1::Progress::Practice& practice = act.practice;
    practice.set_tries_required(act.rule.tries());
    if (act.rule.tries() == 0 && !act.rule.until_judged_sound()) return CivilDay::min();
    MetOn met;
    for (const Evidence::Tried& tried : TriesOf(act, v1::Trial::KIND_PRACTICUM, Gate(Opens(stage_before)), act.tries)) {
      if (met) break;
      if (!InTime(tried.day, stage_before)) {
        ++act.tries.late;
        continue;
      }
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
      *progress_.add_lines() = LineOf(subject, minutes, earned.uncounted);
    }
    for (v1::Progress::Line& line : tests_) *progress_.add_lines() = std::move(line);
    for (const Act& act : acts_) {
      if (act.rule.exercises() > 0) *progress_.add_lines() = ExerciseLineOf(act.rule, act.practice, act.exercises);
      if (act.rule.tries() > 0 || act.rule.until_judged_sound()) {
        *progress_.add_lines() = PracticumLineOf(act.rule, act.practice, act.tries);
      }
    }
  }

  const Curriculum& curriculum_;
  const Evidence& evidence_;
  const CivilDay as_of_;
  const std::vector<Credit> credits_;
  v1::Progress progress_;
  std::map<std::string, Earned> earned_;
  ViewedSoFar viewed_;
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
