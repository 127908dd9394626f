#include "services/training/rules/judge.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/jp/months.h"
#include "gtest/gtest.h"
#include "services/training/rules/line.h"

namespace tsunagu::training::rules {
namespace {

using jp::CivilDay;
using Curriculum = v1::Curriculum;

const CivilDay kStart(2026, 6, 1);
CivilDay Day(int day) { return kStart + day; }

v1::Curriculum Practical(v1::Act act, int tries) {
  v1::Curriculum curriculum;
  Curriculum::ActRule& rule = *curriculum.add_acts();
  rule.set_act(act);
  rule.set_exercises(5);
  rule.set_tries(tries);
  rule.set_success_percent(70);
  rule.set_last_successes(3);
  return curriculum;
}

// "++-": successes and failures, one a day.
Evidence Tries(v1::Trial::Kind kind, v1::Act act, const std::string& results) {
  Evidence evidence;
  for (size_t i = 0; i < results.size(); ++i) {
    evidence.tried.push_back({kind, act, Day(static_cast<int>(i)), static_cast<int>(i) + 1, results[i] == '+', false});
  }
  return evidence;
}

struct PracticeCase {
  const char* name;
  v1::Trial::Kind kind;
  v1::Act act;
  int tries;
  const char* results;
  int met_at;  // with the how manieth, from 1; 0: not
};

TEST(JudgeTest, Practice) {
  constexpr auto kPracticum = v1::Trial::KIND_PRACTICUM;
  constexpr auto kExercise = v1::Trial::KIND_EXERCISE;
  const PracticeCase kCases[] = {
      {"K1: 10 tries, 7 successes, the last 3 among them", kPracticum, v1::ACT_ORAL_SUCTION, 10, "+++-+--+++", 10},
      {"K2: 8 successes, the last one failed", kPracticum, v1::ACT_ORAL_SUCTION, 10, "++++++++--", 0},
      {"K3: 6 of 10, then 4 successes", kPracticum, v1::ACT_ORAL_SUCTION, 10, "+-+-+-+-++++++", 14},
      {"K3: 6 of 10 with failures at the end, then 4 successes", kPracticum, v1::ACT_ORAL_SUCTION, 10, "++++++----++++",
       14},
      {"K4: 19 of 20, all successful", kPracticum, v1::ACT_NASAL_SUCTION, 20, "+++++++++++++++++++", 0},
      {"20 of 20", kPracticum, v1::ACT_NASAL_SUCTION, 20, "++++++++++++++++++++", 20},
      {"once met it stays so", kPracticum, v1::ACT_ORAL_SUCTION, 10, "++++++++++-----", 10},
      {"K5: 5 exercises, only the 3rd right", kExercise, v1::ACT_ORAL_SUCTION, 10, "--+--", 0},
      {"K5: the 6th right", kExercise, v1::ACT_ORAL_SUCTION, 10, "--+--+", 6},
      {"the 5th right", kExercise, v1::ACT_ORAL_SUCTION, 10, "----+", 5},
  };
  for (const PracticeCase& test : kCases) {
    const Curriculum curriculum = Practical(test.act, test.tries);
    const v1::Progress progress = Judge(curriculum, Tries(test.kind, test.act, test.results), Day(100));
    const v1::Progress::Practice& practice = progress.acts(0);
    const bool is_exercise = test.kind == kExercise;
    const bool met = is_exercise ? practice.has_exercise_date() : practice.has_practicum_date();
    EXPECT_EQ(met, test.met_at > 0) << test.name;
    if (!met) continue;
    const auto& date = is_exercise ? practice.exercise_date() : practice.practicum_date();
    EXPECT_EQ(jp::DayOf(date), Day(test.met_at - 1)) << test.name;
  }
}

TEST(JudgeTest, ATestIsPassedWithItsShareOfQuestions) {
  Curriculum curriculum;
  Curriculum::TestRule& rule = *curriculum.add_tests();
  rule.set_code("written");
  rule.set_questions(30);
  rule.set_pass_percent(90);
  Evidence evidence;
  evidence.tested = {{"written", Day(0), 26}};
  EXPECT_FALSE(Judge(curriculum, evidence, Day(5)).complete());  // K6
  EXPECT_EQ(Judge(curriculum, evidence, Day(5)).tests(0).required(), 27);
  evidence.tested.push_back({"written", Day(3), 27});
  EXPECT_FALSE(Judge(curriculum, evidence, Day(2)).complete());
  const v1::Progress passed = Judge(curriculum, evidence, Day(3));
  EXPECT_TRUE(passed.complete());
  EXPECT_EQ(jp::DayOf(passed.complete_date()), Day(3));
  rule.set_questions(50);
  EXPECT_EQ(Judge(curriculum, evidence, Day(5)).tests(0).required(), 45);
}

Curriculum OneSubject(int minutes) {
  Curriculum curriculum;
  Curriculum::Subject& subject = *curriculum.add_subjects();
  subject.set_code("1");
  subject.set_method(Curriculum::METHOD_LECTURE);
  subject.set_minutes(minutes);
  return curriculum;
}

struct MinutesCase {
  const char* name;
  Curriculum::CreditRule rule;
  std::vector<Evidence::Attended> attended;
  std::vector<Evidence::Stated> stated;
  int earned;
};

TEST(JudgeTest, Minutes) {
  Curriculum::CreditRule strict, partial, lenient, make_up;
  partial.set_partial(true);
  lenient.set_tolerance_minutes(10);
  make_up.set_make_up(true);
  const MinutesCase kCases[] = {
      {"whole sessions add up", strict, {{"1", Day(0), 90, 90}, {"1", Day(1), 90, 90}}, {}, 180},
      {"a minute less is nothing", strict, {{"1", Day(0), 90, 90}, {"1", Day(1), 90, 89}}, {}, 90},
      {"unless minutes count as far as they go", partial, {{"1", Day(0), 90, 90}, {"1", Day(1), 90, 89}}, {}, 179},
      {"within the tolerance it is the whole", lenient, {{"1", Day(0), 90, 80}}, {}, 90},
      {"and beyond it nothing", lenient, {{"1", Day(0), 90, 79}}, {}, 0},
      {"who was not there is not within the tolerance", lenient, {{"1", Day(0), 5, 0}}, {}, 0},
      {"another course does not count", strict, {{"1", Day(0), 90, 90, false}}, {}, 0},
      {"unless it may", make_up, {{"1", Day(0), 90, 90, false}}, {}, 90},
      {"statements do not count", strict, {}, {{"1", Day(0), 60}}, 0},
      {"unless they may", make_up, {}, {{"1", Day(0), 60}}, 60},
      {"more than is required is not earned", strict, {{"1", Day(0), 150, 150}, {"1", Day(1), 150, 150}}, {}, 180},
      {"another subject's are not hers", strict, {{"2", Day(0), 90, 90}}, {}, 0},
      {"what is still to come is not earned", strict, {{"1", Day(11), 90, 90}}, {}, 0},
  };
  for (const MinutesCase& test : kCases) {
    Curriculum curriculum = OneSubject(180);
    *curriculum.mutable_credit_rule() = test.rule;
    Evidence evidence;
    evidence.attended = test.attended;
    evidence.stated = test.stated;
    const v1::Progress progress = Judge(curriculum, evidence, Day(10));
    EXPECT_EQ(progress.subjects(0).earned(), test.earned) << test.name;
    EXPECT_EQ(progress.complete(), test.earned == 180) << test.name;
    EXPECT_EQ(progress.lines(0).met(), test.earned == 180) << test.name;
  }
}

// On one day of Day(), from one minute to another; of session "s", which gives 90 minutes of subject "1".
Evidence::Viewed Viewed(int day, int from, int to) {
  return {{"s", "1", MinuteAt(Day(day), from), MinuteAt(Day(day), to)}, 90};
}

struct ViewedCase {
  const char* name;
  Curriculum::CreditRule rule;
  std::vector<Evidence::Viewed> viewed;
  int earned;
};

TEST(JudgeTest, ViewedMinutes) {
  Curriculum::CreditRule strict, partial, lenient, make_up;
  partial.set_partial(true);
  lenient.set_tolerance_minutes(10);
  make_up.set_make_up(true);
  const auto of = [](Evidence::Viewed viewed, const char* session, bool of_course) {
    viewed.watched.session = session;
    viewed.of_course = of_course;
    return viewed;
  };
  const ViewedCase kCases[] = {
      {"the whole at once", strict, {Viewed(0, 600, 690)}, 90},
      {"a minute less is nothing", strict, {Viewed(0, 600, 689)}, 0},
      {"unless minutes count as far as they go", partial, {Viewed(0, 600, 689)}, 89},
      {"within the tolerance it is the whole", lenient, {Viewed(0, 600, 680)}, 90},
      {"it adds up over days", strict, {Viewed(0, 600, 650), Viewed(2, 600, 640)}, 90},
      {"the tolerance is of the lesson, not of each time", lenient, {Viewed(0, 600, 650), Viewed(2, 600, 640)}, 90},
      {"what is said twice counts once", partial, {Viewed(0, 600, 650), Viewed(0, 600, 650)}, 50},
      {"of two that overlap each minute counts once", partial, {Viewed(0, 600, 650), Viewed(0, 620, 660)}, 60},
      {"a lesson is credited once, however often it is seen", partial, {Viewed(0, 0, 90), Viewed(1, 0, 90)}, 90},
      {"two lessons add up", strict, {Viewed(0, 0, 90), of(Viewed(1, 0, 90), "r", true)}, 180},
      {"but not at the same minutes", partial, {Viewed(0, 0, 90), of(Viewed(0, 30, 120), "r", true)}, 120},
      {"nothing was seen", lenient, {Viewed(0, 600, 600)}, 0},
      {"what is still to come is not earned", strict, {Viewed(11, 600, 690)}, 0},
      {"another course does not count", strict, {of(Viewed(0, 0, 90), "r", false)}, 0},
      {"unless it may", make_up, {of(Viewed(0, 0, 90), "r", false)}, 90},
      {"of a night each day has its part",
       partial,
       {{{"s", "1", MinuteAt(Day(10), 1420), MinuteAt(Day(11), 30)}, 90}},
       20},
  };
  for (const ViewedCase& test : kCases) {
    Curriculum curriculum = OneSubject(180);
    *curriculum.mutable_credit_rule() = test.rule;
    Evidence evidence;
    evidence.viewed = test.viewed;
    EXPECT_EQ(Judge(curriculum, evidence, Day(10)).subjects(0).earned(), test.earned) << test.name;
  }
}

// A session on demand is available as long as it is offered, with the part that was not seen yet.
TEST(JudgeTest, LooksAheadToWhatIsOnDemand) {
  Curriculum curriculum = OneSubject(90);
  curriculum.mutable_credit_rule()->set_partial(true);
  Evidence evidence;
  evidence.planned = {{"s", "1", Day(0), Day(9), 90}};
  evidence.course_end = Day(9);
  EXPECT_FALSE(Judge(curriculum, evidence, Day(9)).out_of_reach());
  EXPECT_TRUE(Judge(curriculum, evidence, Day(10)).out_of_reach());
  evidence.viewed = {Viewed(1, 0, 60)};
  EXPECT_EQ(Judge(curriculum, evidence, Day(9)).next_sessions_size(), 1);
  EXPECT_FALSE(Judge(curriculum, evidence, Day(9)).out_of_reach());
  EXPECT_FALSE(Judge(curriculum, evidence, Day(0)).out_of_reach()) << "all of it is to come";
  curriculum.mutable_subjects(0)->set_minutes(120);
  evidence.planned.push_back({"t", "1", Day(0), Day(0), 90});  // missed; the rest of s is not sufficient
  EXPECT_TRUE(Judge(curriculum, evidence, Day(2)).out_of_reach());
}

TEST(JudgeTest, ASubjectWaitsForThoseBeforeIt) {
  Curriculum curriculum = OneSubject(60);
  Curriculum::Subject& second = *curriculum.add_subjects();
  second = curriculum.subjects(0);
  second.set_code("2");
  second.add_after("1");
  Evidence evidence;
  evidence.attended = {{"2", Day(0), 60, 60}, {"1", Day(1), 60, 60}};
  EXPECT_EQ(Judge(curriculum, evidence, Day(9)).subjects(1).earned(), 0);
  evidence.attended.push_back({"2", Day(1), 60, 60});
  EXPECT_TRUE(Judge(curriculum, evidence, Day(9)).complete());
}

// A lecture that discusses an exercise: without stages the order of the curriculum applies.
TEST(JudgeTest, ALectureMayWaitForAnExercise) {
  Curriculum curriculum = OneSubject(60);
  curriculum.mutable_subjects(0)->set_method(Curriculum::METHOD_EXERCISE);
  Curriculum::Subject& second = *curriculum.add_subjects();
  second = OneSubject(60).subjects(0);
  second.set_code("2");
  second.add_after("1");
  Evidence evidence;
  evidence.course_end = Day(9);
  evidence.planned = {{"a", "1", Day(1), Day(1), 60}, {"b", "2", Day(1), Day(1), 60}};
  EXPECT_FALSE(Judge(curriculum, evidence, Day(1)).out_of_reach());
  evidence.attended = {{"2", Day(0), 60, 60}, {"1", Day(1), 60, 60, true, "a"}, {"2", Day(1), 60, 60, true, "b"}};
  EXPECT_EQ(Judge(curriculum, evidence, Day(0)).subjects(1).earned(), 0);
  EXPECT_TRUE(Judge(curriculum, evidence, Day(1)).complete());
}

TEST(JudgeTest, AStageWaitsForTheOneBefore) {
  Curriculum curriculum = Practical(v1::ACT_ORAL_SUCTION, 3);
  *curriculum.add_subjects() = OneSubject(60).subjects(0);
  Curriculum::TestRule& test = *curriculum.add_tests();
  test.set_code("written");
  test.set_questions(10);
  test.set_pass_percent(90);
  curriculum.mutable_acts(0)->set_exercises(1);
  Evidence evidence;
  const auto tried = [&](v1::Trial::Kind kind, int day, int number) {
    evidence.tried.push_back({kind, v1::ACT_ORAL_SUCTION, Day(day), number, true, false});
  };
  evidence.attended = {{"1", Day(2), 60, 60}};
  evidence.tested = {{"written", Day(1), 10}};
  tried(v1::Trial::KIND_EXERCISE, 3, 1);
  for (int i = 1; i <= 3; ++i) tried(v1::Trial::KIND_PRACTICUM, 3 + i, i);
  EXPECT_TRUE(Judge(curriculum, evidence, Day(9)).complete());
  curriculum.set_staged(true);
  EXPECT_FALSE(Judge(curriculum, evidence, Day(9)).tests(0).has_pass_date());  // before the lecture
  EXPECT_EQ(Judge(curriculum, evidence, Day(9)).acts(0).exercises(), 0);
  evidence.tested.push_back({"written", Day(2), 9});
  EXPECT_TRUE(Judge(curriculum, evidence, Day(9)).complete());
  EXPECT_EQ(jp::DayOf(Judge(curriculum, evidence, Day(9)).complete_date()), Day(6));
}

TEST(JudgeTest, APracticumHasItsMonths) {
  Curriculum curriculum = Practical(v1::ACT_ORAL_SUCTION, 1);
  curriculum.mutable_acts(0)->set_exercises(1);
  curriculum.mutable_acts(0)->set_last_successes(1);
  curriculum.set_staged(true);
  curriculum.set_practicum_months(6);
  Evidence evidence;
  const CivilDay exercised(2026, 8, 31);
  evidence.tried = {{v1::Trial::KIND_EXERCISE, v1::ACT_ORAL_SUCTION, exercised, 1, true, false},
                    {v1::Trial::KIND_PRACTICUM, v1::ACT_ORAL_SUCTION, CivilDay(2027, 2, 28), 1, true, false}};
  EXPECT_TRUE(Judge(curriculum, evidence, CivilDay(2028, 1, 1)).complete());
  evidence.tried[1].day = CivilDay(2027, 3, 1);
  EXPECT_FALSE(Judge(curriculum, evidence, CivilDay(2028, 1, 1)).complete());
}

TEST(JudgeTest, TheNursesJudgementEndsAPracticum) {
  Curriculum curriculum;
  Curriculum::ActRule& rule = *curriculum.add_acts();
  rule.set_act(v1::ACT_ORAL_SUCTION);
  rule.set_until_judged_sound(true);
  Evidence evidence = Tries(v1::Trial::KIND_PRACTICUM, v1::ACT_ORAL_SUCTION, "++++++++");
  EXPECT_FALSE(Judge(curriculum, evidence, Day(99)).complete());
  evidence.tried[4].judged_sound = true;
  EXPECT_EQ(jp::DayOf(Judge(curriculum, evidence, Day(99)).complete_date()), Day(4));
}

TEST(JudgeTest, ChosenActsAndThoseForAll) {
  Curriculum curriculum = Practical(v1::ACT_ORAL_SUCTION, 10);
  *curriculum.add_acts() = Practical(v1::ACT_NASAL_SUCTION, 20).acts(0);
  Curriculum::ActRule& resuscitation = *curriculum.add_acts();
  resuscitation.set_act(v1::ACT_RESUSCITATION);
  resuscitation.set_exercises(1);
  EXPECT_EQ(ActsOf(curriculum, {}).size(), 3);
  curriculum.set_acts_are_chosen(true);
  const auto acts = ActsOf(curriculum, {v1::ACT_NASAL_SUCTION});
  ASSERT_EQ(acts.size(), 2);
  EXPECT_EQ(acts[0].act(), v1::ACT_NASAL_SUCTION);
  EXPECT_EQ(acts[1].act(), v1::ACT_RESUSCITATION);
}

// What she did that does not count is reported, as an explanation.
TEST(JudgeTest, SaysWhatDoesNotCount) {
  Curriculum curriculum = Practical(v1::ACT_ORAL_SUCTION, 3);
  curriculum.mutable_acts(0)->set_exercises(1);
  curriculum.mutable_acts(0)->set_last_successes(1);
  curriculum.set_staged(true);
  curriculum.set_practicum_months(1);
  *curriculum.add_subjects() = OneSubject(120).subjects(0);
  curriculum.mutable_subjects(0)->set_display_name("講義");
  Curriculum::Subject& exercise = *curriculum.add_subjects();
  exercise = OneSubject(60).subjects(0);
  exercise.set_code("2");
  exercise.set_display_name("演習");
  exercise.set_method(Curriculum::METHOD_EXERCISE);
  Curriculum::TestRule& test = *curriculum.add_tests();
  test.set_code("written");
  test.set_display_name("筆記");
  test.set_questions(10);
  test.set_pass_percent(90);
  Evidence evidence;
  evidence.attended = {{"1", Day(1), 60, 60}, {"1", Day(3), 60, 59}, {"2", Day(2), 60, 60}};
  evidence.viewed = {Viewed(4, 600, 630)};
  evidence.tested = {{"written", Day(2), 10}};
  const auto tried = [&](v1::Trial::Kind kind, int day, int number) {
    evidence.tried.push_back({kind, v1::ACT_ORAL_SUCTION, Day(day), number, true, false});
  };
  tried(v1::Trial::KIND_EXERCISE, 2, 1);
  tried(v1::Trial::KIND_PRACTICUM, 2, 1);
  const auto lines = [&](int day) { return Judge(curriculum, evidence, Day(day)).lines(); };
  EXPECT_EQ(lines(9)[0].en(),
            "講義: 120 minutes required, 60 earned, 60 missing (89 of lessons taken in part do not count)");
  EXPECT_EQ(lines(9)[0].ja(), "科目「講義」：必要120分、修得60分、不足60分（一部だけ受講した89分は算入されません）");
  EXPECT_EQ(lines(9)[1].en(),
            "演習: 60 minutes required, 0 earned, 60 missing (60 before what comes first was done do not count)");
  EXPECT_EQ(lines(9)[1].ja(),
            "科目「演習」：必要60分、修得0分、不足60分（先に必要な科目や試験を終える前の60分は算入されません）");
  EXPECT_EQ(lines(9)[2].en(),
            "筆記: 9 of 10 right to pass, best result 0 (1 before what comes first was done do not count)");
  for (const int line : {3, 4}) {
    EXPECT_TRUE(absl::EndsWith(lines(9)[line].ja(), "（先に必要な科目や試験を終える前の1回は数えません）"))
        << lines(9)[line].ja();
  }
  // After the stages were done in order, the first attempts before are ignored, and so are those that come too late.
  evidence.attended.push_back({"1", Day(10), 60, 60});
  evidence.attended.push_back({"2", Day(12), 60, 60});
  evidence.tested.push_back({"written", Day(11), 9});
  tried(v1::Trial::KIND_EXERCISE, 12, 2);
  tried(v1::Trial::KIND_PRACTICUM, 42, 2);
  tried(v1::Trial::KIND_PRACTICUM, 43, 3);
  EXPECT_EQ(lines(43)[0].en(), "講義: 120 minutes required, 120 earned");
  EXPECT_EQ(lines(43)[2].en(), "筆記: 9 of 10 right to pass, best result 9");
  EXPECT_TRUE(absl::EndsWith(lines(43)[4].en(),
                             "done 1 times, 1 successful, the last 1 in a row"
                             " (1 before what comes first was done do not count)"
                             " (1 after the months for it do not count)"))
      << lines(43)[4].en();
}

struct AheadCase {
  const char* name;
  std::vector<Evidence::Attended> attended;
  int as_of;
  std::vector<std::string> next;
  bool out_of_reach;
};

TEST(JudgeTest, LooksAhead) {
  const Curriculum curriculum = OneSubject(180);
  const AheadCase kCases[] = {
      {"before it begins", {}, 0, {"a", "b"}, false},
      {"one attended", {{"1", Day(1), 90, 90, true, "a"}}, 1, {"b"}, false},
      {"its day has come, and nobody has said yet that she was not there", {}, 1, {"a", "b"}, false},
      {"one missed: what is left does not suffice", {{"1", Day(1), 90, 0, true, "a"}}, 1, {"b"}, true},
      {"one that nothing is recorded of, a day later", {}, 2, {"b"}, true},
      {"all attended", {{"1", Day(1), 90, 90, true, "a"}, {"1", Day(5), 90, 90, true, "b"}}, 5, {}, false},
      {"what is recorded of a later day is not known by then",
       {{"1", Day(1), 90, 90, true, "a"}, {"1", Day(5), 90, 0, true, "b"}},
       4,
       {"b"},
       false},
      {"the last one missed", {{"1", Day(1), 90, 90, true, "a"}}, 6, {}, true},
  };
  for (const AheadCase& test : kCases) {
    Evidence evidence;
    evidence.attended = test.attended;
    evidence.planned = {{"b", "1", Day(5), Day(5), 90}, {"a", "1", Day(1), Day(1), 90}};
    evidence.course_end = Day(9);
    const v1::Progress progress = Judge(curriculum, evidence, Day(test.as_of));
    EXPECT_EQ(std::vector<std::string>(progress.next_sessions().begin(), progress.next_sessions().end()), test.next)
        << test.name;
    EXPECT_EQ(progress.out_of_reach(), test.out_of_reach) << test.name;
    EXPECT_EQ(progress.subjects(0).required(), 180) << test.name;  // not the number so far
  }
  Evidence unplanned;
  unplanned.course_end = Day(9);
  EXPECT_FALSE(Judge(curriculum, unplanned, Day(0)).out_of_reach());
  EXPECT_TRUE(Judge(curriculum, unplanned, Day(10)).out_of_reach());
}

// A second, independent judge: it goes through the days one by one and handles on each day, stage after stage, what
// happened.
class DayByDay {
 public:
  DayByDay(const Curriculum& curriculum, const Evidence& evidence) : curriculum_(curriculum), evidence_(evidence) {
    for (size_t i = 0; i < evidence.viewed.size(); ++i) LookAt(i);
  }

  // Days must not decrease.
  bool CompleteOn(CivilDay last) {
    for (; next_ <= last; ++next_) Live(next_);
    return lectured_ && tested_ && exercised_ && practised_;
  }

 private:
  // Minute by minute: the viewing that began first is credited.
  void LookAt(size_t i) {
    const Watched& mine = evidence_.viewed[i].watched;
    for (int64_t minute = mine.start; minute < mine.end && !mine.elsewhere; ++minute) {
      bool first = true;
      for (const auto& [other, given, of_course] : evidence_.viewed) {
        if (other.session == mine.session && other.subject == mine.subject) continue;
        if (other.start > minute || other.end <= minute) continue;
        first = first && (other.start != mine.start       ? other.start > mine.start
                          : other.session != mine.session ? other.session > mine.session
                                                          : other.subject > mine.subject);
      }
      const CivilDay day = CivilDay(1970, 1, 1) + minute / 1440;
      if (first) seen_on_[{mine.session, mine.subject, day}].insert(minute);
    }
  }

  int CountOf(int given, int minutes) const {
    if (minutes > 0 && given - minutes <= curriculum_.credit_rule().tolerance_minutes()) return given;
    return curriculum_.credit_rule().partial() ? minutes : 0;
  }

  void TakeViewed(CivilDay day, const std::string& subject) {
    std::set<std::string> taken;
    for (const auto& [watched, given, of_course] : evidence_.viewed) {
      if (watched.subject != subject || watched.elsewhere || !taken.insert(watched.session).second) continue;
      if (!of_course && !curriculum_.credit_rule().make_up()) continue;
      int& seen = seen_[{watched.session, subject}];
      minutes_[subject] -= CountOf(given, seen);
      seen = std::min<int>(given, seen + static_cast<int>(seen_on_[{watched.session, subject, day}].size()));
      minutes_[subject] += CountOf(given, seen);
    }
  }

  void Live(CivilDay day) {
    TakeMinutes(day, Curriculum::METHOD_LECTURE, true);
    lectured_ = MinutesDone(Curriculum::METHOD_LECTURE);
    for (const auto& tested : evidence_.tested) {
      for (const auto& rule : curriculum_.tests()) {
        const bool counts = tested.day == day && tested.test == rule.code() && (!curriculum_.staged() || lectured_);
        if (counts && tested.correct * 100 >= rule.pass_percent() * rule.questions()) passed_.insert(rule.code());
      }
    }
    tested_ = passed_.size() == static_cast<size_t>(curriculum_.tests_size());
    const bool may_exercise = !curriculum_.staged() || (lectured_ && tested_);
    TakeMinutes(day, Curriculum::METHOD_EXERCISE, may_exercise);
    for (const auto& rule : curriculum_.acts()) {
      if (may_exercise) TakeTries(day, rule, v1::Trial::KIND_EXERCISE);
    }
    exercised_ = MinutesDone(Curriculum::METHOD_EXERCISE) && ActsDone(v1::Trial::KIND_EXERCISE);
    const bool may_practise = !curriculum_.staged() || (lectured_ && tested_ && exercised_);
    TakeMinutes(day, Curriculum::METHOD_PRACTICUM, may_practise);
    for (const auto& rule : curriculum_.acts()) {
      if (may_practise) TakeTries(day, rule, v1::Trial::KIND_PRACTICUM);
    }
    practised_ = MinutesDone(Curriculum::METHOD_PRACTICUM) && ActsDone(v1::Trial::KIND_PRACTICUM);
  }

  void TakeMinutes(CivilDay day, Curriculum::Method method, bool open) {
    for (const auto& subject : curriculum_.subjects()) {
      if (subject.method() != method || !open) continue;
      bool ready = true;
      for (const auto& before : subject.after()) ready = ready && minutes_[before] >= Required(before);
      for (const auto& attended : evidence_.attended) {
        if (!ready || attended.subject != subject.code() || attended.day != day) continue;
        if (!attended.of_course && !curriculum_.credit_rule().make_up()) continue;
        minutes_[subject.code()] += CountOf(attended.given, attended.minutes);
      }
      if (ready) TakeViewed(day, subject.code());
    }
  }

  int Required(const std::string& code) const {
    for (const auto& subject : curriculum_.subjects()) {
      if (subject.code() == code) return subject.minutes();
    }
    return 0;
  }

  bool MinutesDone(Curriculum::Method method) {
    for (const auto& subject : curriculum_.subjects()) {
      if (subject.method() == method && minutes_[subject.code()] < subject.minutes()) return false;
    }
    return true;
  }

  void TakeTries(CivilDay day, const Curriculum::ActRule& rule, v1::Trial::Kind kind) {
    std::string& results = results_[{kind, rule.act()}];
    std::map<int, bool> of_day;  // by number
    for (const auto& tried : evidence_.tried) {
      if (tried.kind == kind && tried.act == rule.act() && tried.day == day) of_day[tried.number] = tried.successful;
    }
    for (const auto& [number, successful] : of_day) {
      results += successful ? '+' : '-';
      const int count = static_cast<int>(results.size());
      const int successes = static_cast<int>(std::count(results.begin(), results.end(), '+'));
      const bool enough =
          kind == v1::Trial::KIND_EXERCISE
              ? count >= rule.exercises() && successful
              : count >= rule.tries() && successes * 100 >= rule.success_percent() * count &&
                    count >= rule.last_successes() &&
                    results.substr(count - rule.last_successes()) == std::string(rule.last_successes(), '+');
      if (enough) done_.insert({kind, rule.act()});
    }
  }

  bool ActsDone(v1::Trial::Kind kind) const {
    for (const auto& rule : curriculum_.acts()) {
      const int asked = kind == v1::Trial::KIND_EXERCISE ? rule.exercises() : rule.tries();
      if (asked > 0 && done_.count({kind, rule.act()}) == 0) return false;
    }
    return true;
  }

  const Curriculum& curriculum_;
  const Evidence& evidence_;
  CivilDay next_ = kStart;
  std::map<std::tuple<std::string, std::string, CivilDay>, std::set<int64_t>> seen_on_;
  std::map<std::pair<std::string, std::string>, int> seen_;
  std::map<std::string, int> minutes_;
  std::set<std::string> passed_;
  std::map<std::pair<int, int>, std::string> results_;
  std::set<std::pair<int, int>> done_;
  bool lectured_ = false, tested_ = false, exercised_ = false, practised_ = false;
};

class Dice {
 public:
  explicit Dice(uint32_t seed) : random_(seed) {}
  int Below(int bound) { return static_cast<int>(random_() % static_cast<uint32_t>(bound)); }
  bool Chance(int percent) { return Below(100) < percent; }

 private:
  std::mt19937 random_;
};

Curriculum RandomCurriculum(Dice& dice) {
  Curriculum curriculum;
  curriculum.set_staged(dice.Chance(50));
  curriculum.mutable_credit_rule()->set_partial(dice.Chance(50));
  curriculum.mutable_credit_rule()->set_make_up(dice.Chance(50));
  curriculum.mutable_credit_rule()->set_tolerance_minutes(dice.Below(3) * 5);
  const int subjects = 1 + dice.Below(4);
  for (int i = 0; i < subjects; ++i) {
    Curriculum::Subject& subject = *curriculum.add_subjects();
    subject.set_code(absl::StrCat(i));
    subject.set_method(static_cast<Curriculum::Method>(1 + dice.Below(3)));
    subject.set_minutes(30 * (1 + dice.Below(3)));
    // Only in its own stage: a subject that waits for a later one is never met.
    if (i > 0 && dice.Chance(40) && curriculum.subjects(i - 1).method() == subject.method()) {
      subject.add_after(absl::StrCat(i - 1));
    }
  }
  if (dice.Chance(50)) {
    Curriculum::TestRule& test = *curriculum.add_tests();
    test.set_code("t");
    test.set_questions(10);
    test.set_pass_percent(70);
  }
  if (dice.Chance(50)) {
    Curriculum::ActRule& rule = *curriculum.add_acts();
    rule.set_act(v1::ACT_ORAL_SUCTION);
    rule.set_exercises(dice.Below(3));
    rule.set_tries(1 + dice.Below(4));
    rule.set_success_percent(60);
    rule.set_last_successes(1);
  }
  return curriculum;
}

// Around midnight, so that viewings overlap and cross midnight.
Evidence::Viewed RandomViewed(const std::string& subject, Dice& dice) {
  Evidence::Viewed viewed;
  const int session = dice.Below(3);
  viewed.watched.session = absl::StrCat("s", session);
  viewed.watched.subject = subject;
  viewed.watched.start = MinuteAt(Day(dice.Below(10)), 1380 + dice.Below(90));
  viewed.watched.end = viewed.watched.start + dice.Below(70);
  viewed.watched.elsewhere = dice.Chance(15);
  viewed.given = 30;
  viewed.of_course = session != 0;
  return viewed;
}

Evidence RandomEvidence(const Curriculum& curriculum, Dice& dice) {
  Evidence evidence;
  for (int i = dice.Below(16); i > 0; --i) {
    evidence.viewed.push_back(RandomViewed(curriculum.subjects(dice.Below(curriculum.subjects_size())).code(), dice));
  }
  for (int i = 0; i < 12; ++i) {
    const int given = 30 * (1 + dice.Below(2));
    evidence.attended.push_back({curriculum.subjects(dice.Below(curriculum.subjects_size())).code(),
                                 Day(dice.Below(20)), given, dice.Chance(70) ? given : dice.Below(given),
                                 dice.Chance(80)});
  }
  for (int i = 0; i < 3; ++i) evidence.tested.push_back({"t", Day(dice.Below(20)), 5 + dice.Below(6)});
  for (int i = 0; i < 12; ++i) {
    const auto kind = dice.Chance(40) ? v1::Trial::KIND_EXERCISE : v1::Trial::KIND_PRACTICUM;
    evidence.tried.push_back({kind, v1::ACT_ORAL_SUCTION, Day(dice.Below(20)), i + 1, dice.Chance(75), false});
  }
  return evidence;
}

TEST(JudgeTest, AgreesWithAJudgeThatLivesThroughTheDays) {
  int complete = 0;
  for (uint32_t seed = 1; seed <= 3000; ++seed) {
    Dice dice(seed);
    const Curriculum curriculum = RandomCurriculum(dice);
    const Evidence evidence = RandomEvidence(curriculum, dice);
    DayByDay other(curriculum, evidence);
    for (int day = 0; day < 22; ++day) {
      const v1::Progress progress = Judge(curriculum, evidence, Day(day));
      ASSERT_EQ(progress.complete(), other.CompleteOn(Day(day))) << "seed " << seed << ", day " << day << "\n"
                                                                 << curriculum.DebugString();
      ASSERT_EQ(progress.complete(), std::all_of(progress.lines().begin(), progress.lines().end(),
                                                 [](const auto& line) { return line.met(); }))
          << "seed " << seed;
      if (!progress.complete()) continue;
      ASSERT_LE(jp::DayOf(progress.complete_date()), Day(day));
      ++complete;
    }
  }
  EXPECT_GT(complete, 1000);  // enough of the cases are complete
}

TEST(JudgeTest, MonthsEndWhereTheMonthDoes) {
  EXPECT_EQ(jp::MonthsAfter(CivilDay(2026, 8, 31), 6), CivilDay(2027, 2, 28));
  EXPECT_EQ(jp::MonthsAfter(CivilDay(2027, 8, 31), 6), CivilDay(2028, 2, 29));
  EXPECT_EQ(jp::MonthsAfter(CivilDay(2026, 1, 15), 12), CivilDay(2027, 1, 15));
}

}  // namespace
}  // namespace tsunagu::training::rules
