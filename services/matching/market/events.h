#ifndef TSUNAGU_SERVICES_MATCHING_MARKET_EVENTS_H_
#define TSUNAGU_SERVICES_MATCHING_MARKET_EVENTS_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/types/span.h"
#include "services/matching/market/cutoffs.h"
#include "services/matching/market/market.h"
#include "services/matching/market/seating.h"
#include "services/matching/market/waiters.h"

namespace tsunagu::matching::market {

// How a post that has become free is filled.
enum class Policy {
  kChain,  // the first nurse who prefers it gets it, then the post that she leaves is filled, and so on
  kHold,   // the first nurse without an opening gets it, if there is one; no nurse moves for it
};

struct Handling {
  Policy policy = Policy::kChain;
  // The largest number of moves of nurses whom the event is not about. If a nurse's proposal would exceed it by sending
  // another nurse away, she skips the opening; if filling a free post would exceed it, the post stays free.
  int32_t most_moves = std::numeric_limits<int32_t>::max();
};

// What is true of the matching after an event, the strongest guarantee first.
enum class Guarantee {
  kEqualToFullRun,     // the matching equals the result of Solve for the present market
  kStableNobodyWorse,  // it is stable, and no nurse who was present before and still is has an opening that she likes
                       // less
  kStable,             // it is stable
  kPairsRemain,        // some pairs block it, from this event (`left`) or from earlier events
};

// A blocking pair: a nurse and an opening that she prefers to what she has, where the opening has a free post or
// prefers her to its last nurse.
struct Pair {
  int32_t nurse = -1;
  int32_t opening = -1;
  bool operator==(const Pair&) const = default;
};

struct Outcome {
  Guarantee guarantee = Guarantee::kPairsRemain;
  std::vector<Move> moves;        // the nurses whose opening changed, by nurse
  std::vector<Move> would_chain;  // if a post was held: the moves that kChain would have made
  std::vector<Pair> left;         // blocking pairs that the event leaves, by nurse and opening
};

// Keeps a matching up to date while nurses come and go and posts open and close. An update takes only the time that its
// moves take. The initial matching is the result of Solve.
// After arrivals and closings nurses continue to propose; the result equals a full run if the matching before it did. A
// free post is filled from the side of the openings: the result is stable and makes no nurse worse off. Mostly, but not
// always, it equals a full run, so from then on only stability is guaranteed. An event that changes nothing (a present
// nurse arrives, an opening without posts closes one) is ignored.
// Under caps the openings choose together, as in Solve, and a free post is searched for in all sets that have room
// because of the event: the first nurse who prefers an opening that now has room gets it. If a set around the opening
// is full, a post that opens sends the last nurse of the set away, and a post that closes leaves room in the set; both
// results are guaranteed to be stable, no more.
class LiveMatching {
 public:
  // Keeps references to market and caps, which must outlive this object, and must contain every nurse who may ever take
  // part. Nurses in `absent` have not arrived yet. CheckMarket must have found no fault.
  explicit LiveMatching(const Market& market, absl::Span<const int32_t> absent = {});
  LiveMatching(const Market& market, const Caps& caps, absl::Span<const int32_t> absent = {});

  Outcome Quit(int32_t nurse, const Handling& handling = {});
  Outcome Arrive(int32_t nurse, const Handling& handling = {});
  Outcome OpenPost(int32_t opening, const Handling& handling = {});
  Outcome ClosePost(int32_t opening, const Handling& handling = {});
  // Removes the opening from the nurse's list. If she has the opening, she leaves as in Quit and arrives again without
  // it.
  Outcome DropChoice(int32_t nurse, int32_t opening, const Handling& handling = {});

  // Fills one free post of the opening, which was held, as if it had just become free, with nurses who want this
  // opening.
  Outcome Fill(int32_t opening, const Handling& handling = {});
  // Returns all blocking pairs, by nurse and opening, in one pass over the choices. If there is none, later events
  // start from a stable matching again.
  std::vector<Pair> Review();
  // Runs Solve again on the present market.
  Outcome StartOver();

  // What is true of the matching as it is. Never kStableNobodyWorse, which is about an event.
  Guarantee standing() const { return state_; }
  Market Now() const { return seating_.Now(); }
  Solution Result() const { return seating_.Result(); }

 private:
  // The moves that are left of the budget, and the pairs that it did not reach.
  struct Run {
    int32_t moves_left = 0;
    std::vector<Pair> left;
  };
  void Take(const Assigned& assigned);
  void Vacate(int32_t nurse) { seating_.Seat(nurse, seating_.choice_count(nurse)); }
  void Leave(int32_t nurse);
  market::Waiters Waiters() const { return {seating_, state_ != Guarantee::kPairsRemain}; }
  void Propose(int32_t nurse, Run& run);
  void FillFrom(int32_t opening, Where where, Run& run);
  void PushIn(int32_t opening, Run& run);
  void OfferToUnplaced(int32_t opening, Where where, Run& run);
  template <typename Chain, typename Hold>
  void Handle(const Handling& handling, Run& run, Outcome& outcome, Chain chain, Hold hold);
  void Vacancy(int32_t opening, Where where, const Handling& handling, Run& run, Outcome& outcome);
  void LeaveAll(const std::vector<Waiter>& waiters, Run& run) const;
  bool Blocks(const Pair& pair) const;
  Outcome Finish(Guarantee best, Run& run, Outcome outcome);

  const Caps& caps_;
  Seating seating_;
  Guarantee state_ = Guarantee::kEqualToFullRun;  // never kStableNobodyWorse
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_EVENTS_H_
