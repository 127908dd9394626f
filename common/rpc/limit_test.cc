#include "common/rpc/limit.h"

#include <algorithm>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tsunagu::rpc {
namespace {

constexpr LimitRule kRule = {8, 100, absl::Milliseconds(20)};

struct NextCase {
  const char* name;
  int limit;
  LimitWindow window;
  int next;
};
void PrintTo(const NextCase& c, std::ostream* out) { *out << c.name; }

class NextLimitTest : public testing::TestWithParam<NextCase> {};

TEST_P(NextLimitTest, FollowsTheWait) {
  EXPECT_EQ(NextLimit(kRule, GetParam().limit, GetParam().window), GetParam().next);
}

INSTANTIATE_TEST_SUITE_P(
    All, NextLimitTest,
    testing::Values(NextCase{"NothingKnown", 50, {0, absl::InfiniteDuration(), true}, 50},
                    NextCase{"FreeThreadsAndNobodyRefused", 50, {10, absl::ZeroDuration(), false}, 50},
                    NextCase{"FreeThreadsAndSomebodyRefused", 50, {10, absl::ZeroDuration(), true}, 55},
                    NextCase{"SmallLimitsGrowToo", 8, {1, absl::Milliseconds(10), true}, 9},
                    NextCase{"NotAboveTheCeiling", 99, {10, absl::ZeroDuration(), true}, 100},
                    NextCase{"NearTheTargetItStays", 50, {10, absl::Milliseconds(15), true}, 50},
                    NextCase{"AtTheTargetItStays", 50, {10, absl::Milliseconds(20), true}, 50},
                    NextCase{"AStandingQueueShrinksIt", 50, {10, absl::Milliseconds(21), false}, 35},
                    NextCase{"AlsoWhileRefusing", 50, {10, absl::Seconds(3), true}, 35},
                    NextCase{"NotBelowTheFloor", 9, {10, absl::Seconds(3), true}, 8}),
    [](const auto& info) { return info.param.name; });

struct EnterCase {
  const char* name;
  int limit, all, mine, callers;
  bool may;
  int amount = 1;
};
void PrintTo(const EnterCase& c, std::ostream* out) { *out << c.name; }

class MayEnterTest : public testing::TestWithParam<EnterCase> {};

TEST_P(MayEnterTest, SharesFairly) {
  const EnterCase& c = GetParam();
  EXPECT_EQ(MayEnter(c.limit, c.all, c.mine, c.callers, c.amount), c.may);
}

INSTANTIATE_TEST_SUITE_P(All, MayEnterTest,
                         testing::Values(EnterCase{"Empty", 10, 0, 0, 1, true},
                                         EnterCase{"AloneWithinHalf", 10, 4, 4, 1, true},
                                         EnterCase{"AloneLeavesHalf", 10, 5, 5, 1, false},
                                         EnterCase{"ANewcomerBesideAGreedyOne", 10, 5, 0, 2, true},
                                         EnterCase{"TheGreedyOneLeavesRoomForAThird", 10, 7, 5, 2, false},
                                         EnterCase{"MoreThanAShareWhileThereIsRoom", 10, 6, 5, 2, true},
                                         EnterCase{"WithinTheShareUpToTheLast", 10, 9, 2, 2, true},
                                         EnterCase{"Full", 10, 10, 0, 5, false},
                                         EnterCase{"MoreCallersThanPlaces", 4, 3, 0, 50, true},
                                         EnterCase{"OfOnePlaceTheFirstGetsIt", 1, 0, 0, 1, true},
                                         EnterCase{"APieceLargerThanAShare", 12, 5, 0, 2, true, 7},
                                         EnterCase{"APieceThatDoesNotFit", 12, 5, 0, 2, false, 8},
                                         EnterCase{"AnotherPieceBesideItLeavesAShare", 12, 6, 6, 1, true, 0},
                                         EnterCase{"AnotherPieceBesideItTakesTheShare", 12, 6, 6, 1, false, 1}),
                         [](const auto& info) { return info.param.name; });

// Simulates calls to threads that need `service` for each; time advances in steps of 1 ms.
struct Simulation {
  LimitRule rule;
  int threads;
  int service_ms;
  int limit;
  int peak_queue = 0;

  // Returns how many calls were done in `millis` milliseconds of heavy overload.
  int Run(int millis) {
    std::vector<int> running;  // until when
    std::vector<int> queue;    // since when
    LimitWindow window;
    int done = 0;
    peak_queue = 0;
    for (int now = 0; now < millis; ++now) {
      done += static_cast<int>(std::count_if(running.begin(), running.end(), [&](int end) { return end <= now; }));
      running.erase(std::remove_if(running.begin(), running.end(), [&](int end) { return end <= now; }), running.end());
      while (static_cast<int>(running.size() + queue.size()) < limit) queue.push_back(now);
      window.refused = true;
      while (!queue.empty() && static_cast<int>(running.size()) < threads) {
        ++window.waits;
        window.shortest_wait = std::min(window.shortest_wait, absl::Milliseconds(now - queue.front()));
        queue.erase(queue.begin());
        running.push_back(now + service_ms);
      }
      peak_queue = std::max(peak_queue, static_cast<int>(queue.size()));
      if (now % 100 != 99) continue;
      limit = NextLimit(rule, limit, window);
      window = LimitWindow();
    }
    return done;
  }
};

TEST(LimitSimulation, KeepsThreadsBusyAndTheQueueShort) {
  for (const int service_ms : {1, 5, 20, 100, 700}) {
    Simulation simulation{{8, 1000, absl::Milliseconds(20)}, 16, service_ms, 256};
    simulation.Run(5'000);  // finds its limit
    const int done = simulation.Run(10'000);
    EXPECT_GE(done, 10'000 / service_ms * 16 * 85 / 100) << service_ms << " ms";
    // A new call waits no longer than a few times the target, or than one call that cannot be interrupted.
    EXPECT_LE(simulation.peak_queue * service_ms / 16, 3 * 20 + 2 * service_ms) << service_ms << " ms";
  }
}

TEST(LimitSimulation, ANewcomerIsServedBesideAGreedyCaller) {
  std::map<std::string, int> held = {{"greedy", 0}, {"newcomer", 0}};
  const int limit = 30;
  const auto enter = [&](const std::string& who) {
    const int all = held["greedy"] + held["newcomer"];
    const int callers = (held["greedy"] > 0 || who == "greedy") + (held["newcomer"] > 0 || who == "newcomer");
    if (!MayEnter(limit, all, held[who], callers)) return false;
    ++held[who];
    return true;
  };
  while (enter("greedy")) {
  }
  EXPECT_LT(held["greedy"], limit);
  for (int i = 0; i < limit / 3; ++i) EXPECT_TRUE(enter("newcomer")) << i;
  for (int i = 0; i < 100; ++i) {  // one call of each ends, and everybody tries to enter, the greedy one first
    --held["greedy"];
    --held["newcomer"];
    while (enter("greedy")) {
    }
    while (enter("newcomer")) {
    }
  }
  EXPECT_GE(held["newcomer"], limit / 3 - 1);
}

}  // namespace
}  // namespace tsunagu::rpc
