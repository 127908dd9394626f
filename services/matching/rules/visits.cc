#include "services/matching/rules/visits.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <tuple>

#include "services/matching/rules/market.h"

namespace tsunagu::matching::rules {

std::vector<int32_t> ListOf(const Visits& visits, Candidates& candidates, int32_t supply) {
  return candidates.First(supply, std::numeric_limits<size_t>::max(), [&](int32_t half_day) {
    return TakesKind(visits, supply, half_day) && GivesSlot(visits, supply, half_day);
  });
}

bool TakesKind(const Visits& visits, int32_t supply, int32_t half_day) {
  const v1::Supplier wanted = visits.wanted_kinds[half_day];
  return wanted == v1::SUPPLIER_UNSPECIFIED || wanted == visits.kinds[supply];
}

bool GivesSlot(const Visits& visits, int32_t supply, int32_t half_day) {
  const market::VisitLimits& limits = visits.limits[supply];
  const int32_t slot = visits.slots[half_day];
  return std::min({limits.at_once[slot], limits.weekly[slot / market::kSlotsOfWeek], limits.all}) > 0;
}

int32_t MostAt(const Visits& visits, int32_t supply, int32_t half_day) {
  const market::VisitLimits& limits = visits.limits[supply];
  const int32_t slot = visits.slots[half_day];
  return std::max(0, std::min({limits.at_once[slot], limits.weekly[slot / market::kSlotsOfWeek], limits.all,
                               visits.instance.openings[half_day].posts}));
}

std::optional<std::vector<Cover>> SolveVisits(const Visits& visits, size_t most) {
  const Instance& instance = visits.instance;
  market::VisitMarket market;
  market.lots = RankLots(instance);
  market.posts = PostsOf(instance);
  market.slots = visits.slots;
  market.limits = visits.limits;
  std::vector<int32_t> supply_of;
  Candidates candidates(instance);
  for (int32_t supply = 0; supply < market.supply_count(); ++supply) {
    for (const int32_t half_day : ListOf(visits, candidates, supply)) {
      const uint32_t merit = MeritOf(instance.nurses[supply], instance.openings[half_day]);
      const auto nurses = static_cast<size_t>(MostAt(visits, supply, half_day));
      market.visits.insert(market.visits.end(), nurses, {half_day, merit});
    }
    if (market.visits.size() > most) return std::nullopt;
    market.begin.push_back(market.visits.size());
    supply_of.resize(market.visits.size(), supply);
  }
  const std::vector<bool> made = market::Solve(market, ToCaps(instance));
  std::vector<Cover> covers;
  for (size_t i = 0; i < made.size(); ++i) {
    if (!made[i]) continue;
    const Cover one = {supply_of[i], market.visits[i].opening, 1};
    const bool more = !covers.empty() && covers.back().supply == one.supply && covers.back().half_day == one.half_day;
    if (more) {
      ++covers.back().count;
    } else {
      covers.push_back(one);
    }
  }
  std::sort(covers.begin(), covers.end(), [](const Cover& a, const Cover& b) {
    return std::tie(a.half_day, a.supply) < std::tie(b.half_day, b.supply);
  });
  return covers;
}

namespace {

// A limit of a supply: how much of it is left, and the index on its list of the last that uses it.
struct Used {
  int32_t left = 0;
  size_t last = 0;
  bool Admits(size_t at) const { return left > 0 || at < last; }
};

std::vector<Standing> StandingsOf(const Visits& visits, const std::vector<int32_t>& list,
                                  const std::vector<int32_t>& sends, int32_t supply) {
  const market::VisitLimits& limits = visits.limits[supply];
  std::array<Used, market::kSlots> at_once;
  std::array<Used, 2> weekly;
  Used all = {limits.all, 0};
  for (int32_t slot = 0; slot < market::kSlots; ++slot) at_once[slot].left = limits.at_once[slot];
  for (int32_t week = 0; week < 2; ++week) weekly[week].left = limits.weekly[week];
  for (size_t at = 0; at < list.size(); ++at) {
    const int32_t slot = visits.slots[list[at]];
    if (sends[list[at]] == 0) continue;
    for (Used* used : {&at_once[slot], &weekly[slot / market::kSlotsOfWeek], &all}) {
      used->left -= sends[list[at]];
      used->last = at;
    }
  }
  std::vector<Standing> standings(visits.slots.size());
  for (size_t at = 0; at < list.size(); ++at) {
    const int32_t slot = visits.slots[list[at]];
    const bool more = sends[list[at]] < MostAt(visits, supply, list[at]);
    standings[list[at]] = {
        true, more && at_once[slot].Admits(at) && weekly[slot / market::kSlotsOfWeek].Admits(at) && all.Admits(at)};
  }
  return standings;
}

// Calls `look` for one supply after another, with its standing at each half-day.
template <typename Look>
void ForEachSupply(const Visits& visits, absl::Span<const Cover> covers, Look look) {
  Candidates candidates(visits.instance);
  std::vector<std::vector<Cover>> of_supply(visits.kinds.size());
  for (const Cover& cover : covers) {
    if (cover.supply >= 0) of_supply[cover.supply].push_back(cover);
  }
  std::vector<int32_t> sends(visits.slots.size(), 0);
  for (int32_t supply = 0; supply < static_cast<int32_t>(visits.kinds.size()); ++supply) {
    for (const Cover& cover : of_supply[supply]) sends[cover.half_day] = cover.count;
    look(supply, StandingsOf(visits, ListOf(visits, candidates, supply), sends, supply));
    for (const Cover& cover : of_supply[supply]) sends[cover.half_day] = 0;
  }
}

}  // namespace

std::vector<Standing> StandingsAt(const Visits& visits, absl::Span<const Cover> covers, int32_t half_day) {
  std::vector<Standing> there;
  ForEachSupply(visits, covers,
                [&](int32_t, const std::vector<Standing>& standings) { there.push_back(standings[half_day]); });
  return there;
}

std::vector<VisitAccount> AccountsOf(const Visits& visits, absl::Span<const Cover> covers) {
  std::vector<VisitAccount> accounts(visits.slots.size());
  ForEachSupply(visits, covers, [&](int32_t supply, const std::vector<Standing>& standings) {
    for (int32_t half_day = 0; half_day < static_cast<int32_t>(accounts.size()); ++half_day) {
      VisitAccount& account = accounts[half_day];
      account.eligible += standings[half_day].is_eligible;
      account.would_send += standings[half_day].would_send;
      if (standings[half_day].is_eligible) continue;
      if (!TakesKind(visits, supply, half_day)) {
        ++account.wrong_kind;
      } else if (!GivesSlot(visits, supply, half_day)) {
        ++CountOf(account.blocked, Blocker::kHalfDays);
      } else {
        ++CountOf(account.blocked, FirstBlocker(visits.instance.nurses[supply], visits.instance.openings[half_day]));
      }
    }
  });
  return accounts;
}

std::vector<Cover> ChoicesOf(const Visits& visits, absl::Span<const Cover> offered) {
  std::vector<std::map<int32_t, int32_t>> of_supply(visits.kinds.size());  // by half-day: how many
  for (const Cover& cover : offered) of_supply[cover.supply][cover.half_day] = cover.count;
  Candidates candidates(visits.instance);
  std::vector<Cover> chosen;
  for (int32_t supply = 0; supply < static_cast<int32_t>(of_supply.size()); ++supply) {
    if (of_supply[supply].empty()) continue;
    market::VisitLimits left = visits.limits[supply];
    for (const int32_t half_day : ListOf(visits, candidates, supply)) {
      const auto offer = of_supply[supply].find(half_day);
      if (offer == of_supply[supply].end()) continue;
      int32_t &at_once = left.at_once[visits.slots[half_day]],
              &weekly = left.weekly[visits.slots[half_day] / market::kSlotsOfWeek];
      const int32_t taken = std::min({offer->second, at_once, weekly, left.all});
      if (taken <= 0) continue;
      chosen.push_back({supply, half_day, taken});
      at_once -= taken;
      weekly -= taken;
      left.all -= taken;
    }
  }
  return chosen;
}

}  // namespace tsunagu::matching::rules
