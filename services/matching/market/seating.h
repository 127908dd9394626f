#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_SEATING_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_SEATING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

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

// Who sits where in a market that changes: nurses come and go, choices fall away, posts open and close. It keeps count and
// decides nothing.
class Seating {
 public:
  // Keeps a reference to the market, which must outlive it. Everybody is there, and has nothing.
  explicit Seating(const Market& market);

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
  // Where the last of those who sit there stands in the order of the place; -1 where nobody does.
  int32_t last(int32_t place) const { return places_[place].last; }
  int32_t LastNurse(int32_t place) const { return index_.Of(place)[last(place)].nurse; }

  // Whether the nurse may take this choice of hers, and the place would rather have her than its last, or has a free post.
  bool Admits(int32_t nurse, int32_t rank) const {
    const size_t choice = market_.begin[nurse] + rank;
    const int32_t place = market_.choices[choice].place;
    return !dropped_[choice] && (!full(place) || index_.PositionOf(choice) < last(place));
  }
  // The first in the order of the place, from this position on, who is there and would rather have it than what she has.
  // The place's number of applicants where nobody would.
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

  const Market& market_;
  const PlaceIndex index_;
  std::vector<bool> present_;   // by nurse
  std::vector<int32_t> ranks_;  // by nurse
  std::vector<bool> dropped_;   // by choice
  std::vector<bool> sits_;      // by applicant of the index
  std::vector<Place> places_;
  std::vector<Move> moves_;
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_SEATING_H_
