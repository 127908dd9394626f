#include "services/training/rules/viewing.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tsunagu::training::rules {
namespace {

using jp::CivilDay;

v1::Session OnDemand() {
  v1::Session session;
  *session.mutable_held_date() = jp::ToDate(CivilDay(2026, 6, 1));
  session.set_mode(v1::Session::MODE_ON_DEMAND);
  session.add_lessons()->set_subject("1");
  return session;
}

struct TimesCase {
  const char* name;
  CivilDay start_date;
  int start_minute;
  CivilDay end_date;
  int end_minute;
  const char* faults;
};

TEST(ViewingTest, EachImpossibleTimeHasItsReason) {
  const CivilDay first(2026, 6, 1), day(2026, 6, 10), last(2026, 6, 30);
  // 2026-06-20 9:00 in Japan.
  const absl::Time now = absl::FromCivil(absl::CivilMinute(2026, 6, 20, 0, 0), absl::UTCTimeZone());
  const TimesCase kCases[] = {
      {"an hour", day, 600, day, 660, ""},
      {"nothing", day, 600, day, 600, ""},
      {"ends before it begins", day, 600, day, 599, " end_minute:VIEWING_ENDS_BEFORE_START"},
      {"ends a day before it begins", day, 600, day - 1, 660, " end_minute:VIEWING_ENDS_BEFORE_START"},
      {"until now", day + 10, 500, day + 10, 540, ""},
      {"a minute to come", day + 10, 500, day + 10, 541, " end_minute:VIEWING_TO_COME"},
      {"a day", day, 600, day + 1, 600, ""},
      {"a minute longer than a day", day, 600, day + 1, 601, " end_minute:VIEWING_LONGER_THAN_A_DAY"},
      {"from the first minute of the offer", first, 0, first, 60, ""},
      {"a minute before the offer", first - 1, 1439, first, 60, " start_date:VIEWING_OUTSIDE_OFFER"},
      {"at the end of a day", day, 1400, day, 1440, ""},
      {"all that is wrong is said", first - 2, 0, day + 11, 0,
       " end_minute:VIEWING_TO_COME end_minute:VIEWING_LONGER_THAN_A_DAY start_date:VIEWING_OUTSIDE_OFFER"},
  };
  const auto told = [&](const TimesCase& test, const v1::Session& session, absl::Time at, const char* subject) {
    v1::Viewing viewing;
    viewing.set_subject(subject);
    *viewing.mutable_start_date() = jp::ToDate(test.start_date);
    viewing.set_start_minute(test.start_minute);
    *viewing.mutable_end_date() = jp::ToDate(test.end_date);
    viewing.set_end_minute(test.end_minute);
    Faults faults;
    CheckViewing(viewing, session, last, at, faults);
    std::string all;
    for (const auto& fault : faults.all()) absl::StrAppend(&all, " ", fault.field(), ":", ReasonWord(fault));
    return all;
  };
  for (const TimesCase& test : kCases) EXPECT_EQ(told(test, OnDemand(), now, "1"), test.faults) << test.name;
  const absl::Time later = now + absl::Hours(24 * 60);
  EXPECT_EQ(told({"", last, 1400, last, 1440, ""}, OnDemand(), later, "1"), "");
  EXPECT_EQ(told({"", last, 1400, last + 1, 1, ""}, OnDemand(), later, "1"), " end_date:VIEWING_OUTSIDE_OFFER");
  EXPECT_EQ(told(kCases[0], OnDemand(), now, "2"), " subject:SUBJECT_NOT_IN_SESSION");
  v1::Session on_site = OnDemand();
  on_site.set_mode(v1::Session::MODE_ON_SITE);
  EXPECT_EQ(told(kCases[0], on_site, now, "1"), " session:SESSION_NOT_ON_DEMAND");
}

TEST(ViewingTest, WhoAttendsDoesNotWatch) {
  v1::Session session = OnDemand();
  session.set_start_minute(540);
  session.set_end_minute(600);
  const CivilDay day(2026, 6, 1);
  const auto watched = [&](int from, int to) { return Watched{"s", "1", MinuteAt(day, from), MinuteAt(day, to)}; };
  EXPECT_FALSE(WhileHeld(watched(540, 600), session));
  session.set_mode(v1::Session::MODE_ONLINE);
  EXPECT_TRUE(WhileHeld(watched(540, 600), session));
  EXPECT_TRUE(WhileHeld(watched(599, 700), session));
  EXPECT_FALSE(WhileHeld(watched(600, 700), session));
  EXPECT_FALSE(WhileHeld(watched(500, 540), session));
  EXPECT_FALSE(WhileHeld(watched(560, 560), session));
}

// What is credited here, by lesson.
std::map<std::string, int> Credited(const std::vector<Watched>& watched) {
  std::map<std::string, int> credited;
  for (const Credit& credit : CreditOf(watched)) {
    EXPECT_FALSE(watched[credit.watched].elsewhere);
    credited[absl::StrCat(watched[credit.watched].session, watched[credit.watched].subject)] += credit.minutes;
  }
  return credited;
}

bool NoLess(const std::map<std::string, int>& before, std::map<std::string, int> after) {
  for (const auto& [lesson, minutes] : before) {
    if (after[lesson] < minutes) return false;
  }
  return true;
}

// In any order of the log, of viewings that began together the first session and subject is credited.
TEST(ViewingTest, NoOrderOfALogDecides) {
  const Watched first{"s0", "1", 600, 610}, second{"s0", "2", 600, 610}, third{"s1", "1", 600, 610};
  for (const auto& watched :
       {std::vector<Watched>{first, second, third}, {second, third, first}, {third, second, first}}) {
    const std::map<std::string, int> all_to_the_first = {{"s01", 10}};
    EXPECT_EQ(Credited(watched), all_to_the_first);
  }
}

// Certificates depend on this: what takes nothing from here reduces nothing here, and neither does what is withdrawn
// elsewhere.
TEST(ViewingTest, NothingIsTakenUnseen) {
  std::mt19937 random(1);
  const auto below = [&](uint32_t bound) { return static_cast<int>(random() % bound); };
  int took = 0;
  for (int round = 0; round < 5000; ++round) {
    std::vector<Watched> watched;
    for (int i = 0; i < 6; ++i) {
      const int start = below(20);
      watched.push_back({absl::StrCat("s", below(2)), absl::StrCat(below(2)), start, start + below(10), below(2) == 0});
    }
    const auto before = Credited(watched);
    std::vector<Watched> without = watched;
    const auto elsewhere =
        std::find_if(without.begin(), without.end(), [](const Watched& one) { return one.elsewhere; });
    if (elsewhere != without.end()) without.erase(elsewhere);
    ASSERT_TRUE(NoLess(before, Credited(without))) << round;
    const int start = below(20);
    const Watched added{absl::StrCat("s", below(2)), absl::StrCat(below(2)), start, start + below(10), below(2) == 0};
    const bool takes = std::any_of(watched.begin(), watched.end(),
                                   [&](const Watched& one) { return !one.elsewhere && TakesFrom(added, one); });
    watched.push_back(added);
    const bool no_less = NoLess(before, Credited(watched));
    ASSERT_TRUE(takes || no_less) << round;
    if (!no_less) ++took;
  }
  EXPECT_GT(took, 100);
}

}  // namespace
}  // namespace tsunagu::training::rules
