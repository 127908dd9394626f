// Measures matching without a server: the kernel of services/matching/market, compared with a textbook run in the same
// program. Prints the rows of docs/performance.md.

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <numeric>
#include <queue>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "services/matching/market/capped_posts.h"
#include "services/matching/market/deferred_acceptance.h"
#include "services/matching/market/events.h"
#include "services/matching/market/verify.h"
#include "tests/bench/measure.h"

namespace {

std::atomic<int64_t> memory_now = 0, memory_most = 0;

}  // namespace

void* operator new(size_t size) {
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  memory_now += static_cast<int64_t>(malloc_usable_size(memory));
  memory_most = std::max(memory_most.load(), memory_now.load());
  return memory;
}

void operator delete(void* memory) noexcept {
  memory_now -= static_cast<int64_t>(malloc_usable_size(memory));
  std::free(memory);
}

void operator delete(void* memory, size_t) noexcept { operator delete(memory); }

namespace tsunagu::bench {
namespace {

using matching::market::Assigned;
using matching::market::Caps;
using matching::market::Choice;
using matching::market::LiveMatching;
using matching::market::Market;
using matching::market::Solution;
using matching::market::Solve;
using matching::market::VerifyStable;

constexpr int32_t kChoices = 10;  // of each nurse
const int32_t kManyNurses = Sized(1'000'000, 10'000), kManyOpenings = Sized(10'000, 100);

// Steele, Lea, Flood 2014: the same numbers on every machine.
class SplitMix64 {
 public:
  explicit SplitMix64(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t mixed = state_ += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }
  int32_t Below(int32_t bound) { return static_cast<int32_t>(((Next() >> 32) * static_cast<uint64_t>(bound)) >> 32); }

 private:
  uint64_t state_;
};

// Nurses choose random openings; the openings have `percent` posts for each hundred nurses.
Market MarketOf(int32_t nurses, int32_t openings, int64_t percent) {
  SplitMix64 random(42);
  Market market;
  market.begin.reserve(nurses + 1);
  market.choices.reserve(size_t{static_cast<uint32_t>(nurses)} * kChoices);
  std::vector<int32_t> chosen_by(openings, -1);
  for (int32_t nurse = 0; nurse < nurses; ++nurse) {
    for (int32_t i = 0; i < kChoices; ++i) {
      int32_t opening = random.Below(openings);
      while (chosen_by[opening] == nurse) opening = random.Below(openings);
      chosen_by[opening] = nurse;
      market.choices.push_back({opening, static_cast<uint32_t>(random.Next() >> 32)});
    }
    market.begin.push_back(market.choices.size());
  }
  for (int32_t opening = 0; opening < openings; ++opening) {
    market.posts.push_back(static_cast<int32_t>((opening + 1) * (nurses * percent / 100) / openings -
                                                opening * (nurses * percent / 100) / openings));
  }
  return market;
}

// 47 regions of neighbouring openings, each with a limit of `percent` of its posts.
Caps RegionsOf(const Market& market, int64_t percent) {
  constexpr int32_t kRegions = 47;
  Caps caps = {.parent = std::vector<int32_t>(kRegions, -1), .limit = std::vector<int32_t>(kRegions, 0)};
  std::vector<int64_t> posts(kRegions, 0);
  for (int64_t opening = 0; opening < market.opening_count(); ++opening) {
    const auto region = static_cast<int32_t>(opening * kRegions / market.opening_count());
    caps.set_of_opening.push_back(region);
    posts[region] += market.posts[opening];
  }
  for (int32_t region = 0; region < kRegions; ++region) {
    caps.limit[region] = static_cast<int32_t>(posts[region] * percent / 100);
  }
  return caps;
}

// The textbook algorithm: a stack of nurses, and a priority queue for each opening.
Assigned Textbook(const Market& market) {
  std::vector<std::priority_queue<std::pair<uint64_t, int32_t>>> admitted(market.posts.size());
  std::vector<size_t> next(market.nurse_count(), 0);
  Assigned assigned(market.nurse_count(), -1);
  std::vector<int32_t> free;
  for (int32_t nurse = market.nurse_count(); nurse-- > 0;) free.push_back(nurse);
  while (!free.empty()) {
    const int32_t nurse = free.back();
    free.pop_back();
    if (next[nurse] == market.ChoicesOf(nurse).size()) continue;
    const Choice& choice = market.ChoicesOf(nurse)[next[nurse]++];
    auto& queue = admitted[choice.opening];
    queue.emplace(matching::market::KeyOf(nurse, choice), nurse);
    assigned[nurse] = choice.opening;
    if (static_cast<int64_t>(queue.size()) <= market.posts[choice.opening]) continue;
    assigned[queue.top().second] = -1;
    free.push_back(queue.top().second);
    queue.pop();
  }
  return assigned;
}

// Only reads the choices, which is the minimum for any matching.
uint64_t SumOf(const Market& market) {
  uint64_t sum = 0;
  for (const Choice& choice : market.choices) sum += choice.merit ^ static_cast<uint32_t>(choice.opening);
  return sum;
}

// Returns the rate for each second from the time of one run.
template <typename Do>
double Rate(Do what) {
  const double start = ProcessorTime();
  what();
  return 1 / (ProcessorTime() - start);
}

class MarketBenchmark {
 public:
  std::vector<Line> Run() && {
    Solving(kManyNurses, kManyOpenings, 90, "3");
    Solving(kManyNurses, kManyOpenings, 200, "-");
    Solving(Sized(5'000, 500), Sized(500, 50), 90, "-");
    Verifying();
    Memory();
    Events();
    return std::move(lines_);
  }

 private:
  void Keep(std::string what, Spread value, std::string unit, std::string wanted) {
    lines_.push_back({std::move(what), "-", value, std::move(unit), std::move(wanted)});
  }

  // Returns the ratio of the two times.
  template <typename One, typename Other>
  void KeepTime(std::string what, One one, Other other, std::string wanted) {
    const Spread ratio = Alternate(
        what, [&] { return Rate(other); }, [&] { return Rate(one); });
    Keep(std::move(what), ratio, "×", absl::StrCat(wanted, wanted == "-" ? "" : " at most"));
  }

  void Solving(int32_t nurses, int32_t openings, int64_t percent, std::string wanted) {
    const Market market = MarketOf(nurses, openings, percent);
    Require(Solve(market).assigned == Textbook(market), "the textbook has another matching");
    const std::string what = absl::StrCat("matchings of ", nurses, " nurses, ", kChoices, " choices each, ", openings,
                                          " openings, ", percent, " posts for 100 nurses ÷ by the textbook");
    Keep(what,
         Alternate(
             what, [&] { return Rate([&] { Solve(market); }); }, [&] { return Rate([&] { Textbook(market); }); }),
         "×", std::move(wanted));
    if (nurses < kManyNurses) return;  // otherwise the cache holds all of them
    KeepTime(
        absl::StrCat("time to match ", nurses, " nurses, ", percent, " posts for 100 ÷ to read their choices"),
        [&] { Solve(market); }, [&] { Require(SumOf(market) != 0, "nothing is read"); }, percent > 100 ? "8" : "65");
  }

  void Verifying() {
    const Market market = MarketOf(kManyNurses, kManyOpenings, 90);
    const Caps caps = RegionsOf(market, 80);
    const Solution plain = Solve(market), capped = Solve(market, caps);
    const auto verify = [&](const Caps& by, const Solution& solution) {
      Require(VerifyStable(market, by, solution.assigned, solution.cutoffs).stable, "a matching is not stable");
    };
    const auto verify_plain = [&] { verify(Caps(), plain); };
    KeepTime(
        absl::StrCat("time to verify ", kManyNurses, " nurses, 90 posts for 100 ÷ to match them"), verify_plain,
        [&] { Solve(market); }, "0.1");
    KeepTime(
        "the same ÷ to read their choices", verify_plain, [&] { Require(SumOf(market) != 0, "nothing is read"); }, "6");
    KeepTime(
        "time to verify them with caps of 80 % on 47 regions ÷ to match them", [&] { verify(caps, capped); },
        [&] { Solve(market, caps); }, "0.1");
    KeepTime(
        "time to match them with these caps ÷ without", [&] { Solve(market, caps); }, [&] { Solve(market); }, "-");
  }

  // Returns the peak memory in bytes beside the market, while it is solved.
  static double MemoryOfSolving(const Market& market, const Caps& caps) {
    const int64_t before = memory_now;
    memory_most = before;
    Solve(market, caps);
    return static_cast<double>(memory_most - before);
  }

  // In total, and for each additional nurse, choice and opening.
  void Memory() {
    const int32_t kNurses = kManyNurses, kOpenings = kManyOpenings;
    const int64_t before = memory_now;
    Market market = MarketOf(kNurses, kOpenings, 90);
    const auto size = static_cast<double>(memory_now - before);
    const double whole = MemoryOfSolving(market, Caps());
    const double posts = std::accumulate(market.posts.begin(), market.posts.end(), 0.0);
    const double wanted = 8.0 * market.choices.size() + 16.0 * posts + 100.0 * kOpenings + 2.0 * kNurses;
    const auto once = [](double value) { return Spread{value, value, value}; };
    Keep("memory of that market and of solving it ÷ 8 bytes a choice, 16 a post, 100 an opening and 2 a nurse",
         once((size + whole) / wanted), "×", "1 at most");
    Keep("memory of that market, a choice", once(size / market.choices.size()), "bytes", "8, and 4 a nurse");
    Keep("memory beside it while it is solved, a nurse", once(whole / kNurses), "bytes", "-");
    Keep("the same with these caps", once(MemoryOfSolving(market, RegionsOf(market, 80)) / kNurses), "bytes", "-");
    for (int32_t& posts : market.posts) ++posts;
    Keep("one more post each opening takes", once((MemoryOfSolving(market, Caps()) - whole) / kOpenings),
         "bytes a post", "16");
    for (int32_t& posts : market.posts) --posts;
    market.posts.resize(2 * kOpenings, 0);
    Keep("one more opening takes", once((MemoryOfSolving(market, Caps()) - whole) / kOpenings), "bytes an opening",
         "100");
  }

  void Events() {
    const int32_t kNurses = kManyNurses / 10, kOpenings = kManyOpenings, kEvents = Sized(4'000, 200);
    const Market market = MarketOf(kNurses, kOpenings, 90);
    const Stopwatch building;
    LiveMatching matching(market);
    std::fprintf(stderr, "a live matching of %d nurses: %.0f ms\n", kNurses,
                 absl::ToDoubleMilliseconds(building.Elapsed()));
    SplitMix64 random(99);
    std::vector<int32_t> gone;
    std::vector<double> ratios, medians, latest;
    for (int round = 0; round < kRounds; ++round) {
      std::vector<double> micros;
      for (int i = 0; i < kEvents; ++i) micros.push_back(Event(matching, random, gone));
      std::sort(micros.begin(), micros.end());
      medians.push_back(micros[kEvents / 2]);
      latest.push_back(micros[kEvents * 99 / 100]);
      const Market now = matching.Now();
      ratios.push_back(1e6 / Rate([&] { Solve(now); }) / latest.back());
      std::fprintf(stderr, "events: median %.2f µs, of 99 in 100 at most %.2f µs, a full run %.0f times\n",
                   medians.back(), latest.back(), ratios.back());
    }
    Require(matching.Review().empty(), "events leave pairs");
    Keep(absl::StrCat("a full run of ", kNurses, " nurses, 90 posts for 100 ÷ 99 of 100 events"), SpreadOf(ratios), "×",
         "500");
    Keep("99 of 100 events take at most", SpreadOf(latest), "µs", "-");
    Keep("every second event takes at most", SpreadOf(medians), "µs", "-");
  }

  // Quits, arrivals, posts that open and close; in microseconds.
  static double Event(LiveMatching& matching, SplitMix64& random, std::vector<int32_t>& gone) {
    const int32_t kind = random.Below(4), opening = random.Below(kManyOpenings);
    int32_t nurse = random.Below(kManyNurses / 10);
    if (kind == 0 && !gone.empty()) {
      nurse = gone.back();
      gone.pop_back();
    } else if (kind == 1) {
      gone.push_back(nurse);
    }
    const Stopwatch watch;
    if (kind == 0) matching.Arrive(nurse);
    if (kind == 1) matching.Quit(nurse);
    if (kind == 2) matching.OpenPost(opening);
    if (kind == 3) matching.ClosePost(opening);
    return absl::ToDoubleMicroseconds(watch.Elapsed());
  }

  std::vector<Line> lines_;
};

}  // namespace
}  // namespace tsunagu::bench

int main() {
  std::printf("%s", tsunagu::bench::TableOf(tsunagu::bench::MarketBenchmark().Run()).c_str());
  return 0;
}
