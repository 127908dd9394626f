#include "services/matching/rules/visits.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <tuple>

#include "services/matching/rules/market.h"

namespace tsunagu::matching::rules {

std::vector<int32_t> ListOf(const Visits& visits, Candidates& candidates, int32_t supply) {
  return candidates.First(supply, std::numeric_limits<size_t>::max(), [&](int32_t place) {
    return TakesKind(visits, supply, place) && GivesSlot(visits, supply, place);
  });
}

bool TakesKind(const Visits& visits, int32_t supply, int32_t place) {
  const v1::Supplier wanted = visits.wanted_kinds[place];
  return wanted == v1::SUPPLIER_UNSPECIFIED || wanted == visits.kinds[supply];
}

bool GivesSlot(const Visits& visits, int32_t supply, int32_t place) {
  const market::VisitLimits& limits = visits.limits[supply];
  const int32_t slot = visits.slots[place];
  return std::min({limits.at_once[slot], limits.weekly[slot / market::kSlotsOfWeek], limits.all}) > 0;
}

int32_t MostAt(const Visits& visits, int32_t supply, int32_t place) {
  const market::VisitLimits& limits = visits.limits[supply];
  const int32_t slot = visits.slots[place];
  return std::max(0, std::min({limits.at_once[slot], limits.weekly[slot / market::kSlotsOfWeek], limits.all,
                               visits.instance.openings[place].posts}));
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
    for (const int32_t place : ListOf(visits, candidates, supply)) {
      const uint32_t merit = MeritOf(instance.nurses[supply], instance.openings[place]);
      const auto nurses = static_cast<size_t>(MostAt(visits, supply, place));
      market.visits.insert(market.visits.end(), nurses, {place, merit});
    }
    if (market.visits.size() > most) return std::nullopt;
    market.begin.push_back(market.visits.size());
    supply_of.resize(market.visits.size(), supply);
  }
  const std::vector<bool> made = market::Solve(market, ToCaps(instance));
  std::vector<Cover> covers;
  for (size_t i = 0; i < made.size(); ++i) {
    if (!made[i]) continue;
    const Cover one = {supply_of[i], market.visits[i].place, 1};
    const bool more = !covers.empty() && covers.back().supply == one.supply && covers.back().place == one.place;
    if (more) {
      ++covers.back().count;
    } else {
      covers.push_back(one);
    }
  }
  std::sort(covers.begin(), covers.end(),
            [](const Cover& a, const Cover& b) { return std::tie(a.place, a.supply) < std::tie(b.place, b.supply); });
  return covers;
}

namespace {

// A limit of a supply: how much of it is left, and the position on its list of the last that uses it.
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
    for (const Cover& cover : of_supply[supply]) sends[cover.place] = cover.count;
    look(supply, StandingsOf(visits, ListOf(visits, candidates, supply), sends, supply));
    for (const Cover& cover : of_supply[supply]) sends[cover.place] = 0;
  }
}

}  // namespace

std::vector<Standing> StandingsAt(const Visits& visits, absl::Span<const Cover> covers, int32_t place) {
  std::vector<Standing> there;
  ForEachSupply(visits, covers,
                [&](int32_t, const std::vector<Standing>& standings) { there.push_back(standings[place]); });
  return there;
}

std::vector<VisitAccount> AccountsOf(const Visits& visits, absl::Span<const Cover> covers) {
  std::vector<VisitAccount> accounts(visits.slots.size());
  ForEachSupply(visits, covers, [&](int32_t supply, const std::vector<Standing>& standings) {
    for (int32_t place = 0; place < static_cast<int32_t>(accounts.size()); ++place) {
      VisitAccount& account = accounts[place];
      account.eligible += standings[place].is_eligible;
      account.would_send += standings[place].would_send;
      if (standings[place].is_eligible) continue;
      if (!TakesKind(visits, supply, place)) {
        ++account.wrong_kind;
      } else if (!GivesSlot(visits, supply, place)) {
        ++CountOf(account.blocked, Blocker::kHalfDays);
      } else {
        ++CountOf(account.blocked, FirstBlocker(visits.instance.nurses[supply], visits.instance.openings[place]));
      }
    }
  });
  return accounts;
}

std::vector<Cover> ChoicesOf(const Visits& visits, absl::Span<const Cover> offered) {
  std::vector<std::map<int32_t, int32_t>> of_supply(visits.kinds.size());  // by place: how many
  for (const Cover& cover : offered) of_supply[cover.supply][cover.place] = cover.count;
  Candidates candidates(visits.instance);
  std::vector<Cover> chosen;
  for (int32_t supply = 0; supply < static_cast<int32_t>(of_supply.size()); ++supply) {
    if (of_supply[supply].empty()) continue;
    market::VisitLimits left = visits.limits[supply];
    for (const int32_t place : ListOf(visits, candidates, supply)) {
      const auto offer = of_supply[supply].find(place);
      if (offer == of_supply[supply].end()) continue;
      int32_t &at_once = left.at_once[visits.slots[place]],
              &weekly = left.weekly[visits.slots[place] / market::kSlotsOfWeek];
      const int32_t taken = std::min({offer->second, at_once, weekly, left.all});
      if (taken <= 0) continue;
      chosen.push_back({supply, place, taken});
      at_once -= taken;
      weekly -= taken;
      left.all -= taken;
    }
  }
  return chosen;
}

}  // namespace tsunagu::matching::rules
