// Judges every cover of tiny rounds of visits by the choices themselves: what would each side take of the offers?
#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/market.h"
#include "services/matching/rules/priority.h"
#include "services/matching/rules/visit_verify.h"
#include "services/matching/rules/visits.h"

namespace tsunagu::matching::rules {
namespace {

constexpr int kRounds = 20'000;
constexpr int64_t kMostCovers = 20'000;  // of one round

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}
  int32_t Below(int32_t bound) { return static_cast<int32_t>(random_() % static_cast<uint64_t>(bound)); }

  Visits Make() {
    Visits visits;
    visits.instance.seed = random_();
    const int32_t openings = 1 + Below(2);
    const int32_t slots[] = {0, 1, market::kSlotsOfWeek};  // two of school, one of the holidays
    for (int32_t opening = 0; opening < openings; ++opening) {
      for (const int32_t slot : slots) {
        if (Below(3) == 0) continue;
        Opening half_day;
        half_day.name = absl::StrCat("openings/", opening);
        half_day.place = {35000000 + 9000 * Below(3), 134000000};
        half_day.posts = 1 + Below(2);
        half_day.licences = LicenceBit(registry::v1::LICENCE_NURSE);
        half_day.required_skills = static_cast<uint64_t>(Below(2));
        half_day.facility = opening;
        visits.instance.openings.push_back(half_day);
        visits.slots.push_back(slot);
        visits.wanted_kinds.push_back(Below(5) == 0 ? v1::SUPPLIER_POOL : v1::SUPPLIER_UNSPECIFIED);
      }
    }
    const auto half_days = static_cast<int32_t>(visits.instance.openings.size());
    for (int32_t supply = 0, supplies = 1 + Below(3); supply < supplies; ++supply) {
      Nurse one;
      one.name = absl::StrCat("visitSupplies/", Below(1000), "-", supply);
      one.licences = LicenceBit(Below(6) == 0 ? registry::v1::LICENCE_MIDWIFE : registry::v1::LICENCE_NURSE);
      one.skills = static_cast<uint64_t>(1 + 2 * Below(2));
      one.home = {35000000 + 9000 * Below(3), 134000000};
      one.commute_limit_metres = 1500 + 10000 * Below(2);
      one.weekly_minutes = 10080;
      if (Below(6) == 0) one.unwanted.push_back(Below(openings));
      for (int32_t i = Below(3); half_days > 0 && i > 0; --i) {
        const int32_t wish = Below(half_days);
        if (std::find(one.wishes.begin(), one.wishes.end(), wish) == one.wishes.end()) one.wishes.push_back(wish);
      }
      visits.instance.nurses.push_back(one);
      visits.kinds.push_back(Below(2) == 0 ? v1::SUPPLIER_POOL : v1::SUPPLIER_VISITING_STATION);
      market::VisitLimits limits;
      for (const int32_t slot : slots) limits.at_once[slot] = Below(3);
      limits.weekly = {Below(4), Below(3)};
      limits.all = 1 + Below(4);
      visits.limits.push_back(limits);
    }
    MakeCaps(half_days, visits.instance);
    return visits;
  }

 private:
  // A cap of all, one of the first opening, and one of one half-day of it.
  void MakeCaps(int32_t half_days, Instance& instance) {
    Cap all, first, one;
    for (int32_t half_day = 0; half_day < half_days; ++half_day) {
      all.openings.push_back(half_day);
      if (instance.openings[half_day].facility == 0) first.openings.push_back(half_day);
    }
    if (!first.openings.empty()) one.openings = {first.openings.front()};
    for (Cap* cap : {&all, &first, &one}) {
      if (cap->openings.empty() || Below(2) == 0) continue;
      cap->limit = Below(4);
      instance.caps.push_back(*cap);
    }
  }

  std::mt19937_64 random_;
};

// One nurse of a supply at a half-day.
struct Unit {
  int32_t supply, half_day, copy;
};

// By hand: the possible choices, and the orders of both sides.
class Definition {
 public:
  explicit Definition(const Visits& visits) : visits_(visits) {
    for (int32_t supply = 0; supply < static_cast<int32_t>(visits.kinds.size()); ++supply) {
      for (int32_t half_day = 0; half_day < static_cast<int32_t>(visits.slots.size()); ++half_day) {
        if (!TakesKind(visits, supply, half_day)) continue;
        if (FirstBlocker(visits.instance.nurses[supply], visits.instance.openings[half_day]) != Blocker::kNone)
          continue;
        const int32_t most = MostAt(visits, supply, half_day);
        if (most > 0) pairs_.push_back({supply, half_day, most});
      }
    }
    for (const Nurse& supply : visits.instance.nurses) lots_.push_back(DrawLot(visits.instance.seed, supply.name));
  }
  const std::vector<Cover>& pairs() const { return pairs_; }

  using Units = std::vector<Unit>;
  static Units UnitsOf(const std::vector<Cover>& covers) {
    Units units;
    for (const Cover& cover : covers) {
      for (int32_t copy = 0; copy < cover.count; ++copy) units.push_back({cover.supply, cover.half_day, copy});
    }
    return units;
  }

  // Returns the first of each supply's list that its limits permit.
  Units ChosenBySupplies(Units units) const {
    std::stable_sort(units.begin(), units.end(), [&](const Unit& a, const Unit& b) { return Prefers(a, b); });
    std::vector<market::VisitLimits> left = visits_.limits;
    Units chosen;
    for (const Unit& unit : units) {
      market::VisitLimits& mine = left[unit.supply];
      const int32_t slot = visits_.slots[unit.half_day];
      int32_t& week = mine.weekly[slot / market::kSlotsOfWeek];
      if (mine.at_once[slot] == 0 || week == 0 || mine.all == 0) continue;
      --mine.at_once[slot], --week, --mine.all;
      chosen.push_back(unit);
    }
    return chosen;
  }
  // Returns the first in the order of half-days and caps that posts and limits permit.
  Units ChosenByHalfDays(Units units) const {
    std::stable_sort(units.begin(), units.end(), [&](const Unit& a, const Unit& b) { return GoesFirst(a, b); });
    std::vector<int32_t> posts = PostsOf(visits_.instance);
    std::vector<Cap> caps = visits_.instance.caps;
    Units chosen;
    for (const Unit& unit : units) {
      std::vector<int32_t*> around = {&posts[unit.half_day]};
      for (Cap& cap : caps) {
        const bool inside = std::binary_search(cap.openings.begin(), cap.openings.end(), unit.half_day);
        if (inside) around.push_back(&cap.limit);
      }
      if (std::any_of(around.begin(), around.end(), [](const int32_t* left) { return *left == 0; })) continue;
      for (int32_t* left : around) --*left;
      chosen.push_back(unit);
    }
    return chosen;
  }

  bool Stable(const std::vector<Cover>& covers) const {
    const Units has = UnitsOf(covers);
    if (ChosenBySupplies(has).size() != has.size() || ChosenByHalfDays(has).size() != has.size()) return false;
    for (const Cover& pair : pairs_) {
      int32_t count = 0;
      for (const Cover& cover : covers) {
        if (cover.supply == pair.supply && cover.half_day == pair.half_day) count = cover.count;
      }
      if (count == pair.count) continue;
      const Unit one = {pair.supply, pair.half_day, count};
      Units more = has;
      more.push_back(one);
      if (Has(ChosenBySupplies(more), one) && Has(ChosenByHalfDays(more), one)) return false;
    }
    return true;
  }

 private:
  static bool Has(const Units& units, const Unit& one) {
    return std::any_of(units.begin(), units.end(), [&](const Unit& unit) {
      return unit.supply == one.supply && unit.half_day == one.half_day && unit.copy == one.copy;
    });
  }
  int64_t Metres(const Unit& unit) const {
    return DistanceMetres(visits_.instance.nurses[unit.supply].home, visits_.instance.openings[unit.half_day].place);
  }
  // For two units of one supply.
  bool Prefers(const Unit& a, const Unit& b) const {
    if (a.supply != b.supply) return a.supply < b.supply;
    if (a.half_day == b.half_day) return a.copy < b.copy;
    const std::vector<int32_t>& wishes = visits_.instance.nurses[a.supply].wishes;
    const auto wish_a = std::find(wishes.begin(), wishes.end(), a.half_day);
    const auto wish_b = std::find(wishes.begin(), wishes.end(), b.half_day);
    if (wish_a != wish_b) return wish_a < wish_b;
    return Metres(a) != Metres(b) ? Metres(a) < Metres(b)
                                  : a.half_day < b.half_day;  // half-days are in order of their names
  }
  bool GoesFirst(const Unit& a, const Unit& b) const {
    const auto key = [&](const Unit& unit) {
      return PriorityOf(visits_.instance.nurses[unit.supply], visits_.instance.openings[unit.half_day],
                        lots_[unit.supply]);
    };
    const PriorityKey key_a = key(a), key_b = key(b);
    return key_a == key_b ? Prefers(a, b) : key_a < key_b;
  }

  const Visits& visits_;
  std::vector<Cover> pairs_;  // with the largest possible counts
  std::vector<uint64_t> lots_;
};

// Steps through all covers, feasible or not. Returns false after the last.
bool Next(const std::vector<Cover>& pairs, std::vector<int32_t>& counts) {
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (++counts[i] <= pairs[i].count) return true;
    counts[i] = 0;
  }
  return false;
}

std::vector<Cover> CoversOf(const std::vector<Cover>& pairs, const std::vector<int32_t>& counts) {
  std::vector<Cover> covers;
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (counts[i] > 0) covers.push_back({pairs[i].supply, pairs[i].half_day, counts[i]});
  }
  return covers;
}

using Counts = std::map<std::pair<int32_t, int32_t>, int32_t>;
Counts CountsOf(const std::vector<Cover>& covers) {
  Counts counts;
  for (const Cover& cover : covers) counts[{cover.supply, cover.half_day}] = cover.count;
  return counts;
}

struct Tally {
  int64_t rounds = 0, covers = 0, stable = 0, several = 0, at_limits = 0, capped = 0;
};

void CheckEveryCover(const Visits& visits, Tally& tally) {
  const Definition definition(visits);
  int64_t all = 1;
  for (const Cover& pair : definition.pairs()) all = std::min(all * (pair.count + 1), kMostCovers + 1);
  if (all > kMostCovers) return;
  ++tally.rounds;
  const std::vector<Cover> solved = *SolveVisits(visits, 1000);
  ASSERT_TRUE(definition.Stable(solved));
  ASSERT_TRUE(VerifyVisits(visits, solved).stable);
  int64_t stable_count = 0;
  std::vector<int32_t> counts(definition.pairs().size(), 0);
  do {
    const std::vector<Cover> covers = CoversOf(definition.pairs(), counts);
    const bool stable = definition.Stable(covers);
    ASSERT_EQ(VerifyVisits(visits, covers).stable, stable);
    ++tally.covers;
    if (!stable) continue;
    ++stable_count;
    // Offered both, each supply would choose the solved cover.
    Counts both = CountsOf(solved);
    for (const auto& [pair, count] : CountsOf(covers)) both[pair] = std::max(both[pair], count);
    std::vector<Cover> united;
    for (const auto& [pair, count] : both) united.push_back({pair.first, pair.second, count});
    Counts chosen;
    for (const Unit& unit : definition.ChosenBySupplies(Definition::UnitsOf(united)))
      ++chosen[{unit.supply, unit.half_day}];
    ASSERT_EQ(chosen, CountsOf(solved));
    ASSERT_EQ(chosen, CountsOf(ChoicesOf(visits, united)));
  } while (Next(definition.pairs(), counts));
  ASSERT_GE(stable_count, 1);
  tally.stable += stable_count;
  tally.several += stable_count > 1;
  Visits freely = visits;
  for (market::VisitLimits& limits : freely.limits) limits.weekly = {99, 99}, limits.all = 99;
  tally.at_limits += *SolveVisits(freely, 1000) != solved;
  freely = visits;
  freely.instance.caps.clear();
  tally.capped += *SolveVisits(freely, 1000) != solved;
}

TEST(VisitEnumerationTest, EveryCoverOfTwentyThousandRounds) {
  Maker maker(20261129);
  Tally tally;
  for (int i = 0; i < kRounds; ++i) {
    CheckEveryCover(maker.Make(), tally);
    ASSERT_FALSE(testing::Test::HasFatalFailure()) << "round " << i;
  }
  // The rounds are diverse enough: limits and caps matter, and there are often several stable covers.
  EXPECT_GT(tally.rounds, kRounds * 9 / 10);
  EXPECT_GT(tally.covers, 500'000);
  EXPECT_GT(tally.several, 100);
  EXPECT_GT(tally.at_limits, 1'000);
  EXPECT_GT(tally.capped, 1'000);
  RecordProperty("covers", static_cast<int>(tally.covers));
  RecordProperty("several", static_cast<int>(tally.several));
}

}  // namespace
}  // namespace tsunagu::matching::rules
