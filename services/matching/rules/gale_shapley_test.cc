// Compares the solver with a textbook run on whole lists, which shares only the distance and the hash with it, at sizes
// at which a cut of the lists would be visible.

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "common/base/digest.h"
#include "services/matching/rules/candidates.h"
#include "services/matching/rules/deferred_acceptance.h"
#include "services/matching/rules/distance.h"
#include "services/matching/rules/reason.h"
#include "services/matching/rules/testing/random_instance.h"
#include "services/matching/rules/verify.h"

namespace tsunagu::matching::rules {
namespace {

// Rule table 3 as written, with whole lists on both sides.
class Textbook {
 public:
  explicit Textbook(const Instance& instance) : nurses_(instance.nurses), openings_(instance.openings) {
    for (const Nurse& nurse : nurses_) {
      std::string text = "tsunagu.lottery.v1";
      for (int byte = 0; byte < 8; ++byte) text += static_cast<char>(instance.seed >> (56 - 8 * byte) & 255);
      lots_.push_back(Sha256(text + nurse.name).substr(0, 8));
    }
  }

  // Nurses propose in the order of a stack; an opening sends away the last of its nurses.
  std::vector<int32_t> Run() const {
    std::vector<std::vector<int32_t>> lists, has(openings_.size());
    for (const Nurse& nurse : nurses_) lists.push_back(ListOf(nurse));
    std::vector<int32_t> got(nurses_.size(), -1), free;
    std::vector<size_t> next(nurses_.size(), 0);
    for (int32_t nurse = 0; nurse < Count(nurses_); ++nurse) free.push_back(nurse);
    while (!free.empty()) {
      const int32_t nurse = free.back();
      if (next[nurse] == lists[nurse].size()) {
        free.pop_back();
        continue;
      }
      const int32_t opening = lists[nurse][next[nurse]++];
      std::vector<int32_t>& theirs = has[opening];
      theirs.push_back(nurse);
      std::sort(theirs.begin(), theirs.end(), [&](int32_t a, int32_t b) { return Key(a, opening) < Key(b, opening); });
      got[nurse] = opening;
      free.pop_back();
      if (static_cast<int32_t>(theirs.size()) <= openings_[opening].posts) continue;
      got[theirs.back()] = -1;
      free.push_back(theirs.back());
      theirs.pop_back();
    }
    return got;
  }

 private:
  template <typename Rows>
  static int32_t Count(const Rows& rows) {
    return static_cast<int32_t>(rows.size());
  }

  // 1: 看護師, 3: 保健師, 4: 助産師.
  static bool Fits(const Nurse& nurse, const Opening& opening) {
    bool licensed = false;
    for (int licence = 0; licence < 32; ++licence) {
      if ((nurse.licences >> licence & 1) == 0) continue;
      licensed = licensed || (opening.licences >> licence & 1) == 1;
      const bool as_nurse = (licence == 3 || licence == 4) && !opening.named_licences_only;
      licensed = licensed || (as_nurse && (opening.licences >> 1 & 1) == 1);
    }
    bool skilled = true;
    for (int skill = 0; skill < 64; ++skill) {
      skilled = skilled && ((opening.required_skills >> skill & 1) == 0 || (nurse.skills >> skill & 1) == 1);
    }
    bool works = true;
    for (int half_day = 1; half_day <= 14; ++half_day) {
      const auto says = [half_day](uint32_t week) { return (week >> half_day & 1) == 1; };
      if (nurse.half_days.school != 0 && !says(nurse.half_days.school))
        works = works && !says(opening.half_days.school);
      if (nurse.half_days.holidays == 0 || says(nurse.half_days.holidays)) continue;
      works = works && !says(opening.half_days.holidays);
    }
    for (const int32_t facility : nurse.unwanted) works = works && facility != opening.facility;
    works = works && nurse.available_from <= opening.start && opening.max_weekly_minutes >= nurse.min_weekly_minutes;
    return opening.posts > 0 && licensed && skilled && works && opening.weekly_minutes <= nurse.weekly_minutes &&
           DistanceMetres(nurse.home, opening.place) <= nurse.commute_limit_metres;
  }

  std::vector<int32_t> ListOf(const Nurse& nurse) const {
    std::vector<int32_t> list;
    for (const int32_t wish : nurse.wishes) {
      const bool known = wish >= 0 && wish < Count(openings_);
      if (!known || !Fits(nurse, openings_[wish])) continue;
      if (std::find(list.begin(), list.end(), wish) == list.end()) list.push_back(wish);
    }
    std::vector<std::tuple<int64_t, std::string, int32_t>> rest;
    for (int32_t i = 0; i < Count(openings_); ++i) {
      if (std::find(list.begin(), list.end(), i) != list.end() || !Fits(nurse, openings_[i])) continue;
      rest.emplace_back(DistanceMetres(nurse.home, openings_[i].place), openings_[i].name, i);
    }
    std::sort(rest.begin(), rest.end());
    for (const auto& [metres, name, opening] : rest) list.push_back(opening);
    return list;
  }

  std::tuple<int, int64_t, std::string, std::string> Key(int32_t nurse, int32_t opening) const {
    const int beyond = std::popcount(nurses_[nurse].skills) -
                       std::popcount(nurses_[nurse].skills & openings_[opening].required_skills);
    return {-beyond, DistanceMetres(nurses_[nurse].home, openings_[opening].place), lots_[nurse], nurses_[nurse].name};
  }

  const std::vector<Nurse>& nurses_;
  const std::vector<Opening>& openings_;
  std::vector<std::string> lots_;
};

TEST(GaleShapleyTest, EqualToTheTextbookInSixtyRandomInstances) {
  const Shape kShapes[] = {
      {.nurses = 150, .openings = 100, .extent_e6 = 100'000},
      {.nurses = 200, .openings = 80, .most_posts = 1, .extent_e6 = 60'000, .alike = true},  // too few posts
      {.nurses = 100, .openings = 200, .fewest_posts = 1, .most_posts = 1, .extent_e6 = 60'000, .alike = true},
      {.nurses = 150,
       .openings = 150,
       .fewest_posts = 1,
       .most_posts = 1,
       .most_wishes = 40,
       .places = 2,
       .alike = true},
      {.nurses = 150, .openings = 100, .most_wishes = 8, .extent_e6 = 400'000},
      {.nurses = 150, .openings = 100, .most_posts = 4, .places = 3},
  };
  InstanceMaker maker(20261129);
  int64_t placed = 0, deep = 0;
  for (int i = 0; i < 60; ++i) {
    const Instance instance = maker.Make(kShapes[i % 6]);
    const std::vector<int32_t> solved = Solve(instance).opening_of_nurse;
    ASSERT_EQ(solved, Textbook(instance).Run()) << "instance " << i;
    ASSERT_TRUE(VerifyMatching(instance, solved).stable) << "instance " << i;
    Candidates candidates(instance);
    for (int32_t nurse = 0; nurse < static_cast<int32_t>(solved.size()); ++nurse) {
      if (solved[nurse] < 0) continue;
      ++placed;
      deep += candidates.ChoiceOf(nurse, solved[nurse]) > 30;
    }
  }
  EXPECT_GT(placed, 3000);
  EXPECT_GT(deep, 50) << "what a cut at 30 would have left out";
}

TEST(GaleShapleyTest, InOneCityEverybodyIsPlacedWhereThereIsAPostForEach) {
  InstanceMaker maker(300);
  const Instance instance = maker.Make(
      {.nurses = 300, .openings = 300, .fewest_posts = 1, .most_posts = 1, .extent_e6 = 50'000, .alike = true});
  const Matching matching = Solve(instance);
  EXPECT_EQ(std::count(matching.opening_of_nurse.begin(), matching.opening_of_nurse.end(), -1), 0);
  EXPECT_TRUE(VerifyMatching(instance, matching.opening_of_nurse).stable);
}

TEST(GaleShapleyTest, WhoIsToldThatAllIsFilledHasNothingLeft) {
  InstanceMaker maker(301);
  const Instance instance = maker.Make({.nurses = 400, .openings = 200, .extent_e6 = 50'000});
  const Matching matching = Solve(instance);
  std::vector<int32_t> filled(instance.openings.size(), 0);
  for (const int32_t opening : matching.opening_of_nurse) {
    if (opening >= 0) ++filled[opening];
  }
  int outranked = 0;
  for (int32_t nurse = 0; nurse < 400; ++nurse) {
    if (matching.opening_of_nurse[nurse] >= 0) continue;
    if (Explain(instance, nurse).reason != UnmatchedReason::kOutrankedEverywhere) continue;
    ++outranked;
    for (size_t i = 0; i < instance.openings.size(); ++i) {
      if (FirstBlocker(instance.nurses[nurse], instance.openings[i]) != Blocker::kNone) continue;
      ASSERT_EQ(filled[i], instance.openings[i].posts) << nurse << " " << i;
    }
  }
  EXPECT_GT(outranked, 20);
}

}  // namespace
}  // namespace tsunagu::matching::rules
