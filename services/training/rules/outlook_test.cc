#include "services/training/rules/outlook.h"

#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tsunagu::training::rules {
namespace {

using jp::CivilDay;
using Curriculum = v1::Curriculum;

const CivilDay kStart(2026, 6, 1);
CivilDay Day(int day) { return kStart + day; }

void AddSubject(Curriculum& curriculum, const std::string& code, Curriculum::Method method, int minutes) {
  Curriculum::Subject& subject = *curriculum.add_subjects();
  subject.set_code(code);
  subject.set_method(method);
  subject.set_minutes(minutes);
}

// A lecture, a test, an exercise of an hour, and a practicum of one act within a month, one stage after the other.
Curriculum Staged() {
  Curriculum curriculum;
  curriculum.set_staged(true);
  curriculum.set_practicum_months(1);
  AddSubject(curriculum, "lecture", Curriculum::METHOD_LECTURE, 60);
  AddSubject(curriculum, "exercise", Curriculum::METHOD_EXERCISE, 60);
  Curriculum::TestRule& test = *curriculum.add_tests();
  test.set_code("written");
  test.set_questions(10);
  test.set_pass_percent(90);
  Curriculum::ActRule& act = *curriculum.add_acts();
  act.set_act(v1::ACT_ORAL_SUCTION);
  act.set_tries(2);
  return curriculum;
}

Evidence::Planned OnDay(const char* session, const char* subject, int day) {
  return {session, subject, Day(day), Day(day), 60};
}
Evidence::Attended There(const char* session, const char* subject, int day, int minutes = 60) {
  return {subject, Day(day), 60, minutes, true, session};
}

std::string OutOfReach(const v1::Progress& progress) {
  std::string lines;
  for (const auto& line : progress.lines()) {
    if (line.out_of_reach()) absl::StrAppend(&lines, lines.empty() ? "" : ", ", line.of());
  }
  EXPECT_EQ(progress.out_of_reach(), !lines.empty());
  return lines;
}

std::string Next(const v1::Progress& progress) {
  std::string sessions;
  for (const auto& session : progress.next_sessions())
    absl::StrAppend(&sessions, sessions.empty() ? "" : ", ", session);
  return sessions;
}

struct StagedCase {
  const char* name;
  std::vector<Evidence::Planned> planned;
  std::vector<Evidence::Attended> attended;
  int passed;  // the day of the test; -1: not yet
  int as_of;
  const char* next;
  const char* out_of_reach;
};

TEST(OutlookTest, WhatComesFirstHasToComeFirst) {
  const Evidence::Planned lecture = OnDay("l", "lecture", 1), exercise = OnDay("e", "exercise", 5);
  const Evidence::Planned late = OnDay("late", "lecture", 8), again = OnDay("again", "exercise", 9);
  const StagedCase kCases[] = {
      {"all is to come", {lecture, exercise}, {}, -1, 0, "l, e", ""},
      {"the lecture is made up only after the exercise", {lecture, exercise, late}, {}, -1, 2, "late", "exercise"},
      {"and before another exercise", {lecture, exercise, late, again}, {}, -1, 2, "late, again", ""},
      {"of the same day", {lecture, OnDay("e", "exercise", 8), late}, {}, -1, 2, "e, late", ""},
      {"the test may still be passed on the day", {lecture, exercise}, {There("l", "lecture", 1)}, -1, 5, "e", ""},
      {"but not afterwards", {lecture, exercise}, {There("l", "lecture", 1)}, -1, 6, "", "exercise"},
      {"what was attended too early does not count",
       {lecture, exercise, again},
       {There("l", "lecture", 1), There("e", "exercise", 5)},
       6,
       7,
       "again",
       ""},
      {"what cannot be met holds up nothing else", {lecture, exercise}, {}, -1, 2, "e", "lecture"},
  };
  for (const StagedCase& test : kCases) {
    Evidence evidence;
    evidence.planned = test.planned;
    evidence.attended = test.attended;
    evidence.course_end = Day(20);
    if (test.passed >= 0) evidence.tested = {{"written", Day(test.passed), 9}};
    const v1::Progress progress = Judge(Staged(), evidence, Day(test.as_of));
    EXPECT_EQ(Next(progress), test.next) << test.name;
    EXPECT_EQ(OutOfReach(progress), test.out_of_reach) << test.name;
  }
}

TEST(OutlookTest, ASubjectAfterAnother) {
  Curriculum curriculum;
  AddSubject(curriculum, "first", Curriculum::METHOD_LECTURE, 60);
  AddSubject(curriculum, "second", Curriculum::METHOD_LECTURE, 60);
  curriculum.mutable_subjects(1)->add_after("first");
  Evidence evidence;
  evidence.course_end = Day(20);
  evidence.planned = {OnDay("a", "first", 1), OnDay("b", "second", 2), OnDay("c", "first", 3)};
  EXPECT_EQ(OutOfReach(Judge(curriculum, evidence, Day(1))), "");
  EXPECT_EQ(OutOfReach(Judge(curriculum, evidence, Day(2))), "second");
  // A session on demand is available as long as it is offered.
  evidence.planned[1] = {"b", "second", Day(0), Day(3), 60};
  EXPECT_EQ(OutOfReach(Judge(curriculum, evidence, Day(2))), "");
  evidence.planned[1].last = Day(2);
  EXPECT_EQ(OutOfReach(Judge(curriculum, evidence, Day(2))), "second");
  // A session that begins only later is too late for a subject that waits for it.
  evidence.planned = {{"a", "first", Day(4), Day(20), 60}, OnDay("b", "second", 2)};
  EXPECT_EQ(OutOfReach(Judge(curriculum, evidence, Day(0))), "second");
}

TEST(OutlookTest, TheMonthsOfThePracticumAreOver) {
  Evidence evidence;
  evidence.course_end = Day(100);
  evidence.planned = {OnDay("l", "lecture", 1), OnDay("e", "exercise", 5)};
  evidence.attended = {There("l", "lecture", 1), There("e", "exercise", 5)};
  evidence.tested = {{"written", Day(2), 9}};
  const CivilDay last(2026, 7, 6);  // a month after the exercise, 6 June
  EXPECT_EQ(OutOfReach(Judge(Staged(), evidence, last)), "");
  EXPECT_EQ(OutOfReach(Judge(Staged(), evidence, last + 1)), "ACT_ORAL_SUCTION");
  evidence.tried = {{v1::Trial::KIND_PRACTICUM, v1::ACT_ORAL_SUCTION, last, 1, true, false},
                    {v1::Trial::KIND_PRACTICUM, v1::ACT_ORAL_SUCTION, last, 2, true, false}};
  EXPECT_TRUE(Judge(Staged(), evidence, last + 1).complete());
  EXPECT_EQ(OutOfReach(Judge(Staged(), evidence, last + 1)), "");
}

class Dice {
 public:
  explicit Dice(uint32_t seed) : random_(seed) {}
  int Below(int bound) { return static_cast<int>(random_() % static_cast<uint32_t>(bound)); }
  bool Chance(int percent) { return Below(100) < percent; }

 private:
  std::mt19937 random_;
};

constexpr int kSubjects = 4, kLastDay = 20;

Curriculum RandomCurriculum(Dice& dice) {
  Curriculum curriculum;
  curriculum.set_staged(dice.Chance(60));
  curriculum.mutable_credit_rule()->set_partial(dice.Chance(50));
  if (dice.Chance(50)) curriculum.set_practicum_months(1);
  for (int i = 0; i < kSubjects; ++i) {
    AddSubject(curriculum, absl::StrCat(i), static_cast<Curriculum::Method>(i == 3 ? 1 + dice.Below(3) : 1 + i / 2),
               30 * (1 + dice.Below(3)));
    if (i > 0 && dice.Chance(40) && curriculum.subjects(i - 1).method() == curriculum.subjects(i).method()) {
      curriculum.mutable_subjects(i)->add_after(absl::StrCat(i - 1));
    }
  }
  if (dice.Chance(50)) *curriculum.add_tests() = Staged().tests(0);
  if (dice.Chance(50)) {
    *curriculum.add_acts() = Staged().acts(0);
    curriculum.mutable_acts(0)->set_exercises(dice.Below(2));
  }
  return curriculum;
}

// A plan that includes every subject completely at least once.
std::vector<Evidence::Planned> RandomPlan(const Curriculum& curriculum, Dice& dice) {
  std::vector<Evidence::Planned> planned;
  for (const auto& subject : curriculum.subjects()) {
    for (int minutes = 0; minutes < subject.minutes() || dice.Chance(50); minutes += 30) {
      const CivilDay first = Day(dice.Below(kLastDay));
      planned.push_back(
          {absl::StrCat("s", planned.size()), subject.code(), first, dice.Chance(25) ? Day(kLastDay) : first, 30});
    }
  }
  return planned;
}

// Her actions until a day: present or absent, sometimes; nothing on demand.
void LiveUntil(int day, Dice& dice, Evidence& evidence) {
  for (const auto& lesson : evidence.planned) {
    if (lesson.first != lesson.last || lesson.first > Day(day)) continue;
    if (lesson.first == Day(day) && dice.Chance(50)) continue;  // not recorded yet
    evidence.attended.push_back({lesson.subject, lesson.first, 30, dice.Chance(80) ? 30 : 0, true, lesson.session});
  }
  if (dice.Chance(60)) evidence.tested.push_back({"written", Day(dice.Below(day + 1)), dice.Chance(70) ? 10 : 5});
}

// From then on she attends and sees everything, and succeeds every day in every try.
void LiveOnWell(int day, Evidence& evidence) {
  std::set<std::string> recorded;
  for (const auto& attended : evidence.attended) recorded.insert(attended.session);
  int minute = 0;  // viewings must not overlap
  for (const auto& lesson : evidence.planned) {
    if (lesson.first == lesson.last) {
      if (lesson.first < Day(day) || recorded.count(lesson.session) > 0) continue;
      evidence.attended.push_back({lesson.subject, lesson.first, 30, 30, true, lesson.session});
      continue;
    }
    for (CivilDay on = std::max(lesson.first, Day(day)); on <= lesson.last; ++on) {
      evidence.viewed.push_back(
          {{lesson.session, lesson.subject, MinuteAt(on, minute), MinuteAt(on, minute + 30)}, 30});
    }
    minute += 30;
  }
  for (CivilDay on = Day(day); on <= Day(day + 70); ++on) {
    evidence.tested.push_back({"written", on, 10});
    for (int i = 1; i <= 2; ++i) {
      evidence.tried.push_back({v1::Trial::KIND_EXERCISE, v1::ACT_ORAL_SUCTION, on, i, true, false});
      evidence.tried.push_back({v1::Trial::KIND_PRACTICUM, v1::ACT_ORAL_SUCTION, on, i, true, false});
    }
  }
}

// It is out of reach if and only if even the best possible course does not complete it.
TEST(OutlookTest, IsOutOfReachWhereTheBestThatMayComeDoesNotComplete) {
  int reachable = 0, lost = 0;
  for (uint32_t seed = 1; seed <= 4000; ++seed) {
    Dice dice(seed);
    const Curriculum curriculum = RandomCurriculum(dice);
    Evidence evidence;
    evidence.planned = RandomPlan(curriculum, dice);
    evidence.course_end = Day(kLastDay);
    const int day = dice.Below(kLastDay + 1) + (dice.Chance(20) ? 40 : 0);
    LiveUntil(day, dice, evidence);
    const v1::Progress today = Judge(curriculum, evidence, Day(day));
    LiveOnWell(day, evidence);
    const bool completes = Judge(curriculum, evidence, Day(day + 100)).complete();
    ASSERT_EQ(today.out_of_reach(), !completes) << "seed " << seed << ", day " << day << "\n"
                                                << curriculum.DebugString() << today.DebugString();
    OutOfReach(today);
    ++(completes ? reachable : lost);
  }
  EXPECT_GT(reachable, 500);
  EXPECT_GT(lost, 500);
}

}  // namespace
}  // namespace tsunagu::training::rules
