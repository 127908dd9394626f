#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_TESTING_DEFINITION_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_TESTING_DEFINITION_H_

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include "services/matching/market/cutoffs.h"
#include "services/matching/market/market.h"

namespace tsunagu::matching::market {

// The definition of stability under caps from the literature, without regard to speed. For tests only.
class Definition {
 public:
  // Keeps references to both, which must outlive this object.
  Definition(const Market& market, const Caps& caps) : market_(market), caps_(caps) {}

  // A nurse at an opening.
  struct Contract {
    int32_t nurse = -1;
    int32_t opening = -1;
    bool operator==(const Contract&) const = default;
  };

  // Returns 0 for her first choice. No opening ranks after every choice, and before an opening that is not on her list.
  int32_t Rank(int32_t nurse, int32_t opening) const {
    const auto list = market_.ChoicesOf(nurse);
    const auto size = static_cast<int32_t>(list.size());
    if (opening < 0) return size;
    for (int32_t rank = 0; rank < size; ++rank) {
      if (list[rank].opening == opening) return rank;
    }
    return size + 1;
  }

  // Returns the contracts that the facilities would choose together out of all those offered: in their order, each for
  // which there is still room.
  std::vector<Contract> Choose(std::vector<Contract> offered) const {
    std::sort(offered.begin(), offered.end(),
              [&](const Contract& a, const Contract& b) { return Order(a) < Order(b); });
    std::vector<int32_t> in_opening(market_.posts.size(), 0), in_set(caps_.limit.size(), 0);
    std::vector<Contract> chosen;
    for (const Contract& contract : offered) {
      bool room = in_opening[contract.opening] < market_.posts[contract.opening];
      ForSetsAround(contract.opening, [&](int32_t set) { room = room && in_set[set] < caps_.limit[set]; });
      if (!room) continue;
      ++in_opening[contract.opening];
      ForSetsAround(contract.opening, [&](int32_t set) { ++in_set[set]; });
      chosen.push_back(contract);
    }
    return chosen;
  }

  // Returns whether every nurse has a choice of hers, all of them have room, and no other contract would be both chosen
  // by the facilities and preferred by its nurse.
  bool Stable(const Assigned& assigned) const {
    std::vector<Contract> made;
    for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) {
      if (Rank(nurse, assigned[nurse]) > Rank(nurse, -1)) return false;
      if (assigned[nurse] >= 0) made.push_back({nurse, assigned[nurse]});
    }
    if (Choose(made).size() != made.size()) return false;
    for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) {
      for (const Choice& choice : market_.ChoicesOf(nurse)) {
        if (choice.opening == assigned[nurse]) break;
        const Contract better = {nurse, choice.opening};
        std::vector<Contract> offered = made;
        offered.push_back(better);
        offered = Choose(offered);
        if (std::find(offered.begin(), offered.end(), better) != offered.end()) return false;
      }
    }
    return true;
  }

  Cutoffs CutoffsOf(const Assigned& assigned) const {
    std::vector<std::vector<uint64_t>> in_opening(market_.posts.size()), in_set(caps_.limit.size());
    for (int32_t nurse = 0; nurse < market_.nurse_count(); ++nurse) {
      const int32_t opening = assigned[nurse];
      if (opening < 0 || Rank(nurse, opening) > Rank(nurse, -1)) continue;
      const uint64_t key = KeyOf(nurse, market_.ChoicesOf(nurse)[Rank(nurse, opening)]);
      in_opening[opening].push_back(key);
      ForSetsAround(opening, [&](int32_t set) { in_set[set].push_back(key); });
    }
    Cutoffs cutoffs;
    for (size_t i = 0; i < in_opening.size(); ++i) cutoffs.of_opening.push_back(Last(in_opening[i], market_.posts[i]));
    for (size_t i = 0; i < in_set.size(); ++i) cutoffs.of_set.push_back(Last(in_set[i], caps_.limit[i]));
    return cutoffs;
  }

 private:
  std::tuple<uint32_t, int32_t, int32_t> Order(const Contract& contract) const {
    const int32_t rank = Rank(contract.nurse, contract.opening);
    return {market_.ChoicesOf(contract.nurse)[rank].merit, contract.nurse, rank};
  }

  template <typename Do>
  void ForSetsAround(int32_t opening, Do what) const {
    if (caps_.set_of_opening.empty()) return;
    for (int32_t set = caps_.set_of_opening[opening]; set >= 0; set = caps_.parent[set]) what(set);
  }

  static uint64_t Last(const std::vector<uint64_t>& keys, int32_t most) {
    if (keys.empty() || static_cast<int32_t>(keys.size()) < most) return kNoCutoff;
    return *std::max_element(keys.begin(), keys.end());
  }

  const Market& market_;
  const Caps& caps_;
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_TESTING_DEFINITION_H_
