#include "tools/demo/outcome.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/demo/words.h"

namespace tsunagu::demo {
namespace {

namespace v1 = matching::v1;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

v1::Assignment Placed(const char* facility, int choice, int64_t metres) {
  v1::Assignment assignment;
  assignment.set_nurse("nurses/placed");
  assignment.set_opening("openings/o");
  assignment.set_facility(facility);
  assignment.set_choice(choice);
  assignment.set_distance_metres(metres);
  return assignment;
}

v1::Assignment Unplaced(const char* nurse, v1::UnmatchedReason reason, v1::Blocker blocker) {
  v1::Assignment assignment;
  assignment.set_nurse(nurse);
  assignment.set_unmatched_reason(reason);
  assignment.set_main_blocker(blocker);
  assignment.set_considered_opening_count(1200);
  assignment.set_blocked_opening_count(800);
  return assignment;
}

registry::v1::Facility Facility(const char* name, bool known = true) {
  registry::v1::Facility facility;
  facility.set_name(name);
  facility.set_display_name(name + 11);
  if (known) facility.set_latitude_e6(35'000'000);
  if (known) facility.set_longitude_e6(135'000'000);
  return facility;
}

v1::Opening Opening(const char* facility, int posts) {
  v1::Opening opening;
  opening.set_facility(facility);
  opening.set_posts(posts);
  return opening;
}

TEST(CountOutcome, CountsChoicesAndCommutes) {
  const std::vector<v1::Assignment> assignments = {Placed("facilities/a", 1, 100),  Placed("facilities/a", 1, 201),
                                                   Placed("facilities/a", 2, 5000), Placed("facilities/a", 3, 1000),
                                                   Placed("facilities/a", 4, 0),    Placed("facilities/a", 10, 0),
                                                   Placed("facilities/a", 11, 0)};
  const Outcome outcome = CountOutcome(assignments, {}, {});
  EXPECT_THAT(outcome.by_choice, ElementsAre(2, 1, 1, 2, 1));
  EXPECT_EQ(outcome.mean_metres, 900);  // 6,301 / 7
  EXPECT_EQ(outcome.median_metres, 100);
}

TEST(CountOutcome, OfNothingIsNothing) {
  const Outcome outcome = CountOutcome({}, {}, {});
  EXPECT_EQ(outcome.mean_metres, 0);
  EXPECT_EQ(outcome.median_metres, 0);
  EXPECT_TRUE(outcome.unmatched.empty());
  EXPECT_TRUE(outcome.facilities.empty());
}

TEST(CountOutcome, TakesTheLowerMedianOfAnEvenNumber) {
  EXPECT_EQ(CountOutcome({Placed("", 1, 300), Placed("", 1, 100)}, {}, {}).median_metres, 100);
}

TEST(CountOutcome, OrdersFacilitiesByOpenPosts) {
  const std::vector<v1::Assignment> assignments = {Placed("facilities/a", 1, 0), Placed("facilities/a", 1, 0)};
  const std::vector<v1::Opening> openings = {Opening("facilities/a", 1),       Opening("facilities/a", 1),
                                             Opening("facilities/b", 3),       Opening("facilities/c", 3),
                                             Opening("facilities/nowhere", 9), Opening("facilities/unknown", 9)};
  const std::vector<registry::v1::Facility> facilities = {Facility("facilities/c"), Facility("facilities/b"),
                                                          Facility("facilities/a"), Facility("facilities/idle"),
                                                          Facility("facilities/nowhere", false)};
  std::vector<std::string> lines;
  for (const auto& line : CountOutcome(assignments, openings, facilities).facilities) {
    lines.push_back(line.display_name + " " + std::to_string(line.posts) + " " + std::to_string(line.filled) + " " +
                    std::to_string(line.open()));
  }
  EXPECT_THAT(lines, ElementsAre("b 3 0 3", "c 3 0 3", "a 2 2 0"));
}

TEST(CountOutcome, GroupsThoseWithoutAPost) {
  const auto skills = [](const char* name) {
    return Unplaced(name, v1::UNMATCHED_REASON_NO_ELIGIBLE_OPENING, v1::BLOCKER_SKILLS);
  };
  const auto outranked = Unplaced("nurses/1", v1::UNMATCHED_REASON_OUTRANKED, v1::BLOCKER_DISTANCE);
  const Outcome outcome = CountOutcome({outranked, skills("nurses/2"), skills("nurses/3")}, {}, {});
  ASSERT_EQ(outcome.unmatched.size(), 2);
  EXPECT_EQ(outcome.unmatched[0].nurses, 2);
  EXPECT_EQ(outcome.unmatched[0].blocker, v1::BLOCKER_SKILLS);
  EXPECT_EQ(outcome.unmatched[0].example.nurse(), "nurses/2");
  EXPECT_EQ(outcome.unmatched[1].reason, v1::UNMATCHED_REASON_OUTRANKED);
}

TEST(CountOutcome, CountsWhatWasLeftOutByReason) {
  const auto row = [](const char* name, v1::LeftOutReason reason) {
    v1::LeftOut left_out;
    left_out.set_name(name);
    left_out.set_reason(reason);
    return left_out;
  };
  const Outcome outcome = CountOutcome({}, {}, {},
                                       {row("nurses/1", v1::LEFT_OUT_REASON_HOME_AREA_UNKNOWN),
                                        row("openings/1", v1::LEFT_OUT_REASON_FACILITY_NOT_FOUND),
                                        row("openings/2", v1::LEFT_OUT_REASON_HOME_AREA_UNKNOWN)});
  ASSERT_EQ(outcome.left_out.size(), 2);
  EXPECT_EQ(outcome.left_out[0].reason, v1::LEFT_OUT_REASON_HOME_AREA_UNKNOWN);
  EXPECT_EQ(outcome.left_out[0].rows, 2);
  EXPECT_EQ(outcome.left_out[0].example, "nurses/1");
  EXPECT_EQ(outcome.left_out[1].rows, 1);
  EXPECT_EQ(LeftOutWords(outcome.left_out[1].reason, Language::kEnglish), "facility not found");
  EXPECT_THAT(LeftOutWords(outcome.left_out[1].reason, Language::kJapanese), HasSubstr("事業所が見つかりません"));
}

TEST(Explain, SaysWhyAndWhatWouldHelp) {
  v1::Assignment row = Unplaced("nurses/1", v1::UNMATCHED_REASON_NO_ELIGIBLE_OPENING, v1::BLOCKER_SKILLS);
  EXPECT_EQ(Explain(row, Language::kEnglish), "No opening fits (800 of 1,200 openings are ruled out by skills).");
  EXPECT_EQ(Explain(row, Language::kJapanese), "条件に合う求人がありません（1,200件のうち800件はできるケアが理由）。");
  row.set_missing_skill(registry::v1::SKILL_VENTILATOR);
  row.set_openings_by_skill_count(7);
  row.set_extra_metres(101);
  EXPECT_EQ(Explain(row, Language::kEnglish),
            "No opening fits (800 of 1,200 openings are ruled out by skills). What would help: with ventilator, 7 more "
            "would fit; a limit 0.2 km wider would reach the nearest that fits otherwise.");
  EXPECT_THAT(Explain(row, Language::kJapanese),
              HasSubstr("「人工呼吸器」ができれば7件が対象になる、通勤の上限を0.2 km延ばせば"));
}

TEST(Explain, RoundsFurtherMetresUp) {
  v1::Assignment row = Unplaced("nurses/1", v1::UNMATCHED_REASON_NO_ELIGIBLE_OPENING, v1::BLOCKER_DISTANCE);
  struct Case {
    int64_t metres;
    const char* text;
  };
  for (const Case& c : {Case{1, " 0.1 km"}, Case{100, " 0.1 km"}, Case{101, " 0.2 km"}}) {
    row.set_extra_metres(c.metres);
    EXPECT_THAT(Explain(row, Language::kEnglish), HasSubstr(c.text)) << c.metres;
  }
}

TEST(Explain, NeverInventsHelp) {
  const auto row = Unplaced("nurses/1", v1::UNMATCHED_REASON_OUTRANKED, v1::BLOCKER_UNSPECIFIED);
  EXPECT_EQ(Explain(row, Language::kEnglish), "Openings that fit went to nurses who rank higher.");
  EXPECT_THAT(Explain(row, Language::kJapanese), Not(HasSubstr("対策")));
}

}  // namespace
}  // namespace tsunagu::demo
