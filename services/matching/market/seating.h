#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_SEATING_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_SEATING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/matching/market/cap_count.h"
#include "services/matching/market/cutoffs.h"
#include "services/matching/market/market.h"
#include "services/matching/market/place_index.h"

namespace tsunagu::matching::market {

// A nurse whose place changes; -1 for none.
struct Move {
  int32_t nurse = -1;
  int32_t from = -1;
  int32_t to = -1;
  bool operator==(const Move&) const = default;
};

// Who sits where in a market that changes: nurses come and go, choices fall away, posts open and close. It keeps count
// and decides nothing.
class Seating {
 public:
  // Keeps references to both, which must outlive it. Everybody is there, and has nothing.
  Seating(const Market& market, const Caps& caps);

  int32_t nurse_count() const { return market_.nurse_count(); }
  bool present(int32_t nurse) const { return present_[nurse]; }
  void set_present(int32_t nurse, bool present) { present_[nurse] = present; }
  int32_t posts(int32_t place) const { return places_[place].posts; }
  void set_posts(int32_t place, int32_t posts) { places_[place].posts = posts; }
  bool dropped(int32_t nurse, int32_t rank) const { return dropped_[market_.begin[nurse] + rank]; }
  void Drop(int32_t nurse, int32_t rank) { dropped_[market_.begin[nurse] + rank] = true; }

  int32_t choice_count(int32_t nurse) const { return static_cast<int32_t>(market_.ChoicesOf(nurse).size()); }
  // Which of her choices the place is; their number where it is none.
  int32_t RankOf(int32_t nurse, int32_t place) const;
  // Which of her choices she has; their number for nothing.
  int32_t rank(int32_t nurse) const { return ranks_[nurse]; }
  int32_t PlaceAt(int32_t nurse, int32_t rank) const {
    return rank == choice_count(nurse) ? -1 : market_.choices[market_.begin[nurse] + rank].place;
  }
  int32_t place(int32_t nurse) const { return PlaceAt(nurse, ranks_[nurse]); }

  bool full(int32_t place) const { return places_[place].count >= places_[place].posts; }
  bool over(int32_t place) const { return places_[place].count > places_[place].posts; }
  bool has_one_left(int32_t place) const { return places_[place].count == places_[place].posts - 1; }
  // A post is free, and no set around it is full.
  bool HasRoom(int32_t place) const { return !full(place) && caps_.InnermostFull(place) < 0; }
  const CapCount& caps() const { return caps_; }
  // Where the last of those who sit there stands in the order of the place; -1 where nobody does.
  int32_t last(int32_t place) const { return places_[place].last; }
  int32_t LastNurse(int32_t place) const { return index_.Of(place)[last(place)].nurse; }

  // The last of those with whom somebody who comes to the place competes, since nothing is free for her: of the place,
  // or of the innermost set around it that is full. -1: the place has room, or nobody is there.
  int32_t LastAround(int32_t place) const;
  // Whether the nurse may take this choice of hers, which comes before what she has, and the place has room, or she
  // goes before the last with whom she would compete. In a full set that may be herself.
  bool Admits(int32_t nurse, int32_t rank) const {
    const size_t choice = market_.begin[nurse] + rank;
    const int32_t place = market_.choices[choice].place;
    if (dropped_[choice]) return false;
    if (full(place)) return index_.PositionOf(choice) < last(place);
    const int32_t set = caps_.InnermostFull(place);
    if (set < 0) return true;
    // Two of her choices may have the same key: then her own list decides, and this one comes first.
    return caps_.limit(set) > 0 && KeyOf(nurse, rank) <= caps_.LastKey(set);
  }
  // The strict order in which places and sets take nurses.
  uint64_t KeyOf(int32_t nurse, int32_t rank) const {
    return market::KeyOf(nurse, market_.choices[market_.begin[nurse] + rank]);
  }
  // Where those begin, in the order of the place, who go behind this key.
  int32_t Behind(int32_t place, uint64_t key) const;
  // The first in the order of the place, from this position on, who is there and would rather have it than what she
  // has. The place's number of applicants where nobody would.
  int32_t FirstWho(int32_t place, int32_t position) const;
  const PlaceIndex::Applicant& ApplicantAt(int32_t place, int32_t position) const { return index_.Of(place)[position]; }
  int32_t applicant_count(int32_t place) const { return static_cast<int32_t>(index_.Of(place).size()); }

  // She leaves what she has, if anything, and takes this choice; their number for nothing.
  void Seat(int32_t nurse, int32_t rank);
  // How many moves were made; a nurse may have made several.
  size_t move_count() const { return moves_.size(); }
  // Those after the first `since`, by nurse, what each came to.
  std::vector<Move> MovesSince(size_t since) const;
  void Undo(size_t since);
  void ForgetMoves() { moves_.clear(); }

  // The market as it is now: who is absent has no choices.
  Market Now() const;
  Solution Result() const;

 private:
  struct Place {
    int32_t posts = 0;
    int32_t count = 0;
    int32_t last = -1;
  };
  void Leave(int32_t nurse);
  uint64_t LastKey(int32_t place) const;

  const Market& market_;
  const PlaceIndex index_;
  std::vector<bool> present_;   // by nurse
  std::vector<int32_t> ranks_;  // by nurse
  std::vector<bool> dropped_;   // by choice
  std::vector<bool> sits_;      // by applicant of the index
  std::vector<Place> places_;
  CapCount caps_;
  std::vector<Move> moves_;
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_SEATING_H_
