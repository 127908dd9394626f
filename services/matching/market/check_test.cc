#include "services/matching/market/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace tsunagu::matching::market {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAreArray;

// Three nurses, three openings, a facility (1) in a municipality (0).
struct Input {
  Market market{.begin = {0, 2, 2, 5}, .choices = {{2, 5}, {0, 5}, {0, 1}, {1, 2}, {2, 3}}, .posts = {1, 0, 3}};
  Caps caps{.parent = {-1, 0}, .limit = {0, 4}, .set_of_opening = {1, -1, 0}};
};

TEST(CheckMarketTest, NothingIsWrong) {
  const Input input;
  EXPECT_THAT(CheckMarket(input.market, input.caps), IsEmpty());
  EXPECT_THAT(CheckMarket(input.market, Caps()), IsEmpty());
  EXPECT_THAT(CheckMarket(Market(), Caps()), IsEmpty()) << "nobody wants anything";
}

struct Case {
  std::string name;
  std::function<void(Market&, Caps&)> spoil;
  std::vector<Fault> faults;
};

std::vector<Case> Cases() {
  using enum FaultKind;
  return {
      {"no beginnings", [](Market& market, Caps&) { market.begin.clear(); }, {{kWrongSizes}}},
      {"lists begin later", [](Market& market, Caps&) { market.begin[0] = 1; }, {{kWrongSizes}}},
      {"a choice of nobody",
       [](Market& market, Caps&) {
         market.choices.push_back({0, 1});
       },
       {{kWrongSizes}}},
      {"a list ends before it begins",
       [](Market& market, Caps&) { market.begin[1] = 6; },
       {{.kind = kListsDisordered, .nurse = 1}}},
      {"openings that there are not",
       [](Market& market, Caps&) { market.choices[0].opening = 3, market.choices[4].opening = -1; },
       {{kUnknownOpening, 0, 3}, {kUnknownOpening, 2, -1}}},
      {"an opening twice", [](Market& market, Caps&) { market.choices[1].opening = 2; }, {{kOpeningTwice, 0, 2}}},
      {"an opening three times",
       [](Market& market, Caps&) { market.choices[3].opening = market.choices[4].opening = 0; },
       {{kOpeningTwice, 2, 0}, {kOpeningTwice, 2, 0}}},
      {"fewer than no posts",
       [](Market& market, Caps&) { market.posts[1] = -1; },
       {{.kind = kNegativePosts, .opening = 1}}},
      {"a limit too few", [](Market&, Caps& caps) { caps.limit.pop_back(); }, {{kWrongSizes}}},
      {"a set for each opening but one", [](Market&, Caps& caps) { caps.set_of_opening.pop_back(); }, {{kWrongSizes}}},
      {"limits below none",
       [](Market&, Caps& caps) {
         caps.limit = {-1, -5};
       },
       {{.kind = kNegativeLimit, .set = 0}, {.kind = kNegativeLimit, .set = 1}}},
      {"parents that there are not",
       [](Market&, Caps& caps) {
         caps.parent = {-2, 2};
       },
       {{.kind = kUnknownParent, .set = 0}, {.kind = kUnknownParent, .set = 1}}},
      {"a set in itself", [](Market&, Caps& caps) { caps.parent[1] = 1; }, {{.kind = kParentNotBefore, .set = 1}}},
      {"two sets in each other",
       [](Market&, Caps& caps) { caps.parent[0] = 1; },
       {{.kind = kParentNotBefore, .set = 0}}},
      {"openings in sets that there are not",
       [](Market&, Caps& caps) {
         caps.set_of_opening = {2, -2, 0};
       },
       {{kUnknownSet, -1, 0, 2}, {kUnknownSet, -1, 1, -2}}},
      {"openings in sets, and no sets",
       [](Market&, Caps& caps) { caps.parent.clear(), caps.limit.clear(); },
       {{kUnknownSet, -1, 0, 1}, {kUnknownSet, -1, 2, 0}}},
      {"all at once",
       [](Market& market, Caps& caps) {
         market.choices[1].opening = 2, market.posts[0] = -1, caps.parent[0] = 0, caps.limit[1] = -1;
       },
       {{kOpeningTwice, 0, 2},
        {.kind = kNegativePosts, .opening = 0},
        {.kind = kParentNotBefore, .set = 0},
        {.kind = kNegativeLimit, .set = 1}}},
  };
}

TEST(CheckMarketTest, EveryFaultIsNamed) {
  for (const Case& spoilt : Cases()) {
    Input input;
    spoilt.spoil(input.market, input.caps);
    EXPECT_THAT(CheckMarket(input.market, input.caps), UnorderedElementsAreArray(spoilt.faults)) << spoilt.name;
  }
}

}  // namespace
}  // namespace tsunagu::matching::market
