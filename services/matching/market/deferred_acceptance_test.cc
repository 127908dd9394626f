#include "services/matching/market/deferred_acceptance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
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
  Assigned assigned;
  std::vector<uint64_t> cutoffs;
};

std::vector<Case> Cases() {
  return {
      {"nobody", {}, {}, {}},
      {"nobody wants an opening", {.begin = {0, 0}, .posts = {1}}, {-1}, {kNoCutoff}},
      {"a post for each", {.begin = {0, 1, 2}, .choices = {{0, 7}, {0, 3}}, .posts = {2}}, {0, 0}, {Key(7, 0)}},
      {"merit before lot", {.begin = {0, 1, 2}, .choices = {{0, 7}, {0, 3}}, .posts = {1}}, {-1, 0}, {Key(3, 1)}},
      {"the lot decides where merits are equal",
       {.begin = {0, 1, 2}, .choices = {{0, 7}, {0, 7}}, .posts = {1}},
       {0, -1},
       {Key(7, 0)}},
      {"who is sent away goes on, and sends others away",
       {.begin = {0, 2, 4, 5}, .choices = {{0, 1}, {1, 2}, {0, 2}, {1, 1}, {1, 3}}, .posts = {1, 1}},
       {0, 1, -1},
       {Key(1, 0), Key(1, 1)}},
      {"no posts, and none that is left free",
       {.begin = {0, 2}, .choices = {{0, 0}, {1, 0}}, .posts = {0, 2}},
       {1},
       {kNoCutoff, kNoCutoff}},
      {"two that would each rather have the other's post, where the openings would not",
       {.begin = {0, 2, 4}, .choices = {{0, 1}, {1, 0}, {1, 1}, {0, 0}}, .posts = {1, 1}},
       {0, 1},
       {Key(1, 0), Key(1, 1)}},
      {"the largest merit there is",
       {.begin = {0, 1, 2}, .choices = {{0, 0xffffffff}, {0, 0xffffffff}}, .posts = {1}},
       {0, -1},
       {Key(0xffffffff, 0)}},
      {"more posts than nurses on earth",
       {.begin = {0, 1}, .choices = {{0, 1}}, .posts = {0x7fffffff}},
       {0},
       {kNoCutoff}},
  };
}

TEST(DeferredAcceptanceTest, WhoGetsWhat) {
  for (const Case& example : Cases()) {
    const Solution solution = Solve(example.market);
    EXPECT_THAT(solution.assigned, ElementsAreArray(example.assigned)) << example.name;
    EXPECT_THAT(solution.cutoffs.of_opening, ElementsAreArray(example.cutoffs)) << example.name;
    EXPECT_TRUE(solution.cutoffs.of_set.empty()) << example.name;
  }
}

// Lists that are built while they are read, two choices at a time, from the choices that would admit her then.
class GrowingLists {
 public:
  GrowingLists(const Market& market, const Posts& posts)
      : market_(market), posts_(posts), lists_(market.nurse_count()) {}

  Choice Next(int32_t nurse) {
    List& list = lists_[nurse];
    if (list.next == list.choices.size()) Read(nurse, list);
    return list.choices.empty() ? Choice() : list.choices[list.next++];
  }

  void ExpectSoon(int32_t nurse) const { ++soon_[nurse]; }
  void ExpectNext(int32_t nurse) const { ++next_[nurse]; }

  int64_t read() const { return read_; }
  const std::map<int32_t, int>& soon() const { return soon_; }
  const std::map<int32_t, int>& next() const { return next_; }

 private:
  struct List {
    std::vector<Choice> choices;
    size_t next = 0;
  };

  void Read(int32_t nurse, List& list) {
    list = List();
    for (const Choice& choice : market_.ChoicesOf(nurse)) {
      if (list.choices.size() == 2) break;
      if (posts_.WouldAdmit(choice.opening, KeyOf(nurse, choice))) list.choices.push_back(choice);
    }
    read_ += static_cast<int64_t>(list.choices.size());
  }

  const Market& market_;
  const Posts& posts_;
  std::vector<List> lists_;
  mutable std::map<int32_t, int> soon_, next_;  // by nurse: number of hints
  int64_t read_ = 0;
};

TEST(DeferredAcceptanceTest, ListsThatGrowMakeTheSameMatching) {
  MarketMaker maker(1);
  int64_t choices = 0, read = 0;
  size_t expected = 0;
  for (int i = 0; i < 50; ++i) {
    const Market market =
        maker.Make({.nurses = 400, .openings = 100, .most_choices = 60, .most_posts = 6, .merits = 50});
    Posts posts(market.nurse_count(), market.posts);
    GrowingLists lists(market, posts);
    ProposeAll(market.nurse_count(), lists, posts);
    const Solution grown = posts.Result(), whole = Solve(market);
    ASSERT_EQ(grown.assigned, whole.assigned) << i;
    ASSERT_EQ(grown.cutoffs.of_opening, whole.cutoffs.of_opening) << i;
    choices += static_cast<int64_t>(market.choices.size());
    read += lists.read();
    expected += lists.soon().size();
    for (const auto& [nurse, times] : lists.soon())
      ASSERT_GE(lists.next().at(nurse), times) << "soon comes before next";
  }
  EXPECT_LT(read, choices / 2) << "they are read as far as it is needed";
  EXPECT_GT(expected, 50u) << "who waits is announced";
}

}  // namespace
}  // namespace tsunagu::matching::market
