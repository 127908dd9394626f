#include "services/matching/market/capped_posts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "services/matching/market/testing/random_market.h"

namespace tsunagu::matching::market {
namespace {

using testing::ElementsAreArray;

constexpr uint64_t Key(uint32_t merit, int32_t nurse) { return uint64_t{merit} << 32 | static_cast<uint32_t>(nurse); }

struct Case {
  std::string name;
  Market market;
  Caps caps;
  Assigned assigned;
  Cutoffs cutoffs;
};

std::vector<Case> Cases() {
  const Market two_openings = {.begin = {0, 1, 2, 3}, .choices = {{0, 5}, {1, 3}, {1, 4}}, .posts = {2, 2}};
  const Market two_each = {
      .begin = {0, 2, 4, 6}, .choices = {{0, 2}, {1, 1}, {0, 3}, {2, 1}, {1, 4}, {2, 2}}, .posts = {1, 1, 1}};
  return {
      {"no sets", two_openings, {}, {0, 1, 1}, {{kNoCutoff, Key(4, 2)}, {}}},
      {"a limit that nobody reaches",
       two_openings,
       {.parent = {-1}, .limit = {4}, .set_of_opening = {0, 0}},
       {0, 1, 1},
       {{kNoCutoff, Key(4, 2)}, {kNoCutoff}}},
      {"the last of the set leaves, whichever opening she has",
       two_openings,
       {.parent = {-1}, .limit = {2}, .set_of_opening = {0, 0}},
       {-1, 1, 1},
       {{kNoCutoff, Key(4, 2)}, {Key(4, 2)}}},
      {"a limit of nobody",
       two_openings,
       {.parent = {-1}, .limit = {0}, .set_of_opening = {0, -1}},
       {-1, 1, 1},
       {{kNoCutoff, Key(4, 2)}, {kNoCutoff}}},
      {"the innermost set decides",
       two_openings,
       {.parent = {-1, 0}, .limit = {2, 1}, .set_of_opening = {0, 1}},
       {0, 1, -1},
       {{kNoCutoff, kNoCutoff}, {Key(5, 0), Key(3, 1)}}},
      {"who leaves a set goes on outside of it",
       two_each,
       {.parent = {-1}, .limit = {1}, .set_of_opening = {0, 0, -1}},
       {0, 2, -1},
       {{Key(2, 0), kNoCutoff, Key(1, 1)}, {Key(2, 0)}}},
      {"sets beside one another, in one",
       two_each,
       {.parent = {-1, 0, 0}, .limit = {2, 1, 1}, .set_of_opening = {1, 1, 2}},
       {0, 2, -1},
       {{Key(2, 0), kNoCutoff, Key(1, 1)}, {Key(2, 0), Key(2, 0), Key(1, 1)}}},
  };
}

TEST(CappedPostsTest, WhoGetsWhat) {
  for (const Case& example : Cases()) {
    const Solution solution = Solve(example.market, example.caps);
    EXPECT_THAT(solution.assigned, ElementsAreArray(example.assigned)) << example.name;
    EXPECT_THAT(solution.cutoffs.of_opening, ElementsAreArray(example.cutoffs.of_opening)) << example.name;
    EXPECT_THAT(solution.cutoffs.of_set, ElementsAreArray(example.cutoffs.of_set)) << example.name;
  }
}

TEST(CappedPostsTest, LimitsThatNobodyReachesChangeNothing) {
  MarketMaker maker(31);
  for (int i = 0; i < 100; ++i) {
    const Shape shape = {.nurses = 200, .openings = 60, .most_choices = 10, .most_posts = 4, .sets = 12};
    const Market market = maker.Make(shape);
    Caps caps = maker.MakeCaps(shape);
    std::fill(caps.limit.begin(), caps.limit.end(), 1000);
    const Solution capped = Solve(market, caps), plain = Solve(market);
    ASSERT_EQ(capped.assigned, plain.assigned);
    ASSERT_EQ(capped.cutoffs.of_opening, plain.cutoffs.of_opening);
  }
}

// If openings are renumbered, every nurse gets the same post.
TEST(CappedPostsTest, TheOrderOfOpeningsDoesNotMatter) {
  MarketMaker maker(33);
  for (int i = 0; i < 400; ++i) {
    const Shape shape = {
        .nurses = 60, .openings = 20, .most_choices = 12, .most_posts = 4, .sets = i % 2 * 8, .most_limit = 9};
    const Market market = maker.Make(shape);
    const Caps caps = shape.sets > 0 ? maker.MakeCaps(shape) : Caps();
    const std::vector<int32_t> openings = maker.Shuffled(20);  // old number to new
    Market other = market;
    Caps other_caps = caps;
    for (Choice& choice : other.choices) choice.opening = openings[choice.opening];
    for (int32_t opening = 0; opening < 20; ++opening) {
      other.posts[openings[opening]] = market.posts[opening];
      if (shape.sets > 0) other_caps.set_of_opening[openings[opening]] = caps.set_of_opening[opening];
    }
    const Solution here = Solve(market, caps), there = Solve(other, other_caps);
    for (int32_t nurse = 0; nurse < 60; ++nurse) {
      const int32_t opening = here.assigned[nurse];
      ASSERT_EQ(there.assigned[nurse], opening < 0 ? -1 : openings[opening]) << i;
    }
    for (int32_t opening = 0; opening < 20; ++opening) {
      ASSERT_EQ(there.cutoffs.of_opening[openings[opening]], here.cutoffs.of_opening[opening]) << i;
    }
    ASSERT_EQ(there.cutoffs.of_set, here.cutoffs.of_set) << i;
  }
}

TEST(LargestTest, AsOneWouldLook) {
  MarketMaker maker(32);
  for (const int32_t count : {1, 2, 3, 7, 8, 9, 100}) {
    Largest largest(count);
    std::vector<uint64_t> values(count, 0);
    for (int i = 0; i < 20 * count; ++i) {
      const int32_t index = maker.Below(count);
      largest.Set(index, values[index] = maker.Below(50));
      const int32_t first = maker.Below(count), end = first + 1 + maker.Below(count - first);
      const size_t found = largest.Among(first, end);
      ASSERT_TRUE(found >= static_cast<size_t>(first) && found < static_cast<size_t>(end));
      ASSERT_EQ(largest.Get(found), *std::max_element(values.begin() + first, values.begin() + end))
          << count << ": " << first << " to " << end;
    }
  }
}

}  // namespace
}  // namespace tsunagu::matching::market
