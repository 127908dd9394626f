#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_SEATING_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_SEATING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/matching/market/cap_count.h"
#include "services/matching/market/cutoffs.h"
#include "services/matching/market/market.h"
#include "services/matching/market/opening_index.h"

namespace tsunagu::matching::market {

// A nurse whose opening changes; -1 for no opening.
struct Move {
  int32_t nurse = -1;
  int32_t from = -1;
  int32_t to = -1;
  bool operator==(const Move&) const = default;
};

// The state of a market that changes: nurses come and go, choices are dropped, posts open and close. The class records
// the state and makes no decisions.
class Seating {
 public:
  // Keeps references to both, which must outlive this object. At first every nurse is present and has no opening.
  Seating(const Market& market, const Caps& caps);

  int32_t nurse_count() const { return market_.nurse_count(); }
  bool present(int32_t nurse) const { return present_[nurse]; }
  void set_present(int32_t nurse, bool present) { present_[nurse] = present; }
  int32_t posts(int32_t opening) const { return openings_[opening].posts; }
  void set_posts(int32_t opening, int32_t posts) { openings_[opening].posts = posts; }
  bool dropped(int32_t nurse, int32_t rank) const { return dropped_[market_.begin[nurse] + rank]; }
  void Drop(int32_t nurse, int32_t rank) { dropped_[market_.begin[nurse] + rank] = true; }

  int32_t choice_count(int32_t nurse) const { return static_cast<int32_t>(market_.ChoicesOf(nurse).size()); }
  // Returns the index of the opening on her list; choice_count(nurse) if it is not on the list.
  int32_t RankOf(int32_t nurse, int32_t opening) const;
  // Returns the index of the opening that she has; choice_count(nurse) if she has none.
  int32_t rank(int32_t nurse) const { return ranks_[nurse]; }
  int32_t OpeningAt(int32_t nurse, int32_t rank) const {
    return rank == choice_count(nurse) ? -1 : market_.choices[market_.begin[nurse] + rank].opening;
  }
  int32_t opening(int32_t nurse) const { return OpeningAt(nurse, ranks_[nurse]); }

  bool full(int32_t opening) const { return openings_[opening].count >= openings_[opening].posts; }
  bool over(int32_t opening) const { return openings_[opening].count > openings_[opening].posts; }
  bool has_one_left(int32_t opening) const { return openings_[opening].count == openings_[opening].posts - 1; }
  // Returns whether a post is free, and no set around the opening is full.
  bool HasRoom(int32_t opening) const { return !full(opening) && caps_.InnermostFull(opening) < 0; }
  const CapCount& caps() const { return caps_; }
  // Returns the index, in the order of the opening, of the last nurse who sits there; -1 if the opening is empty.
  int32_t last(int32_t opening) const { return openings_[opening].last; }
  int32_t LastNurse(int32_t opening) const { return index_.Of(opening)[last(opening)].nurse; }

  // Returns the last of the nurses with whom a newcomer to the opening competes: those of the opening if it is full,
  // else those of the innermost full set around it. -1: the opening has room, or there is no such nurse.
  int32_t LastAround(int32_t opening) const;
  // Returns whether the nurse may take this choice, which must come before what she has: the opening has room, or she
  // goes before the last nurse with whom she competes. In a full set that may be herself.
  bool Admits(int32_t nurse, int32_t rank) const {
    const size_t choice = market_.begin[nurse] + rank;
    const int32_t opening = market_.choices[choice].opening;
    if (dropped_[choice]) return false;
    if (full(opening)) return index_.IndexOf(choice) < last(opening);
    const int32_t set = caps_.InnermostFull(opening);
    if (set < 0) return true;
    // Two of her choices may have the same key. Then her own list decides, and this choice comes first.
    return caps_.limit(set) > 0 && KeyOf(nurse, rank) <= caps_.LastKey(set);
  }
  // Returns the key by which openings and sets order nurses strictly.
  uint64_t KeyOf(int32_t nurse, int32_t rank) const {
    return market::KeyOf(nurse, market_.choices[market_.begin[nurse] + rank]);
  }
  // Returns the index, in the order of the opening, of the first applicant behind this key.
  int32_t Behind(int32_t opening, uint64_t key) const;
  // Returns the first index, from `index` on in the order of the opening, of a nurse who is present and prefers
  // the opening to what she has; applicant_count(opening) if there is none.
  int32_t FirstWho(int32_t opening, int32_t index) const;
  const OpeningIndex::Applicant& ApplicantAt(int32_t opening, int32_t index) const { return index_.Of(opening)[index]; }
  int32_t applicant_count(int32_t opening) const { return static_cast<int32_t>(index_.Of(opening).size()); }

  // Moves her from what she has, if anything, to this choice; choice_count(nurse) means no opening.
  void Seat(int32_t nurse, int32_t rank);
  // Returns how many moves were made; a nurse may have made several.
  size_t move_count() const { return moves_.size(); }
  // Returns the moves after the first `since`, combined to one move a nurse, by nurse.
  std::vector<Move> MovesSince(size_t since) const;
  void Undo(size_t since);
  void ForgetMoves() { moves_.clear(); }

  // Returns the present market; an absent nurse has no choices.
  Market Now() const;
  Solution Result() const;

 private:
  struct Opening {
    int32_t posts = 0;
    int32_t count = 0;
    int32_t last = -1;
  };
  void Leave(int32_t nurse);
  uint64_t LastKey(int32_t opening) const;

  const Market& market_;
  const OpeningIndex index_;
  std::vector<bool> present_;   // by nurse
  std::vector<int32_t> ranks_;  // by nurse
  std::vector<bool> dropped_;   // by choice
  std::vector<bool> sits_;      // by applicant of the index
  std::vector<Opening> openings_;
  CapCount caps_;
  std::vector<Move> moves_;
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_SEATING_H_
