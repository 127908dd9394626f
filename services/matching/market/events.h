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

// What becomes of a post that has become free.
enum class Policy {
  kChain,  // it goes to the first of all who would rather have it, then the post that she leaves does, and so on
  kHold,   // it goes to the first of those who have nothing, if anybody; nobody moves for it
};

struct Handling {
  Policy policy = Policy::kChain;
  // How many times somebody may be moved whom the event is not about. A nurse who would have to send another away for a
  // move too many passes the place over; a free post that would take one stays free.
  int32_t most_moves = std::numeric_limits<int32_t>::max();
};

// What holds of the matching after an event, the strongest first.
enum class Guarantee {
  kEqualToFullRun,     // it is what Solve makes of the market as it is now
  kStableNobodyWorse,  // it is stable, and whoever was there before and still is has nothing that she likes less
  kStable,             // it is stable
  kPairsRemain,        // some pairs would rather have each other, from this event (`left`) or from earlier ones
};

// A nurse and a place that she prefers to what she has, and that has a free post or would rather have her than its
// last.
struct Pair {
  int32_t nurse = -1;
  int32_t place = -1;
  bool operator==(const Pair&) const = default;
};

struct Outcome {
  Guarantee guarantee = Guarantee::kPairsRemain;
  std::vector<Move> moves;        // who has something else now, by nurse
  std::vector<Move> would_chain;  // where a post was held: the moves that kChain would have made
  std::vector<Pair> left;         // pairs that the event leaves, by nurse and place
};

// A matching that is kept while nurses come and go and posts open and close, in the time that the moves take. It begins
// as Solve makes it. Arrivals and closings let nurses go on proposing, which ends where a full run would end, as long
// as the matching was one. A free post is filled from the places' side: that ends stable and makes nobody worse off,
// and is mostly, but not always, what a full run would make; from then on nothing more is promised than stable. Events
// that change nothing (who is there arrives, a post closes where there is none) are none. Under caps the places choose
// together, as Solve does, and what is free is looked for in all sets that have become free: who takes it is the first
// of all who would rather have a place that then has room. Where a set around it is full, a post that opens sends the
// last of the set away, and one that closes leaves room in the set: both ends are stable, no more.
class LiveMatching {
 public:
  // Keeps references to market and caps, which must outlive it, and hold everybody who may ever take part. Who is
  // `absent` has not arrived yet. Relies on CheckMarket finding nothing.
  explicit LiveMatching(const Market& market, absl::Span<const int32_t> absent = {});
  LiveMatching(const Market& market, const Caps& caps, absl::Span<const int32_t> absent = {});

  Outcome Quit(int32_t nurse, const Handling& handling = {});
  Outcome Arrive(int32_t nurse, const Handling& handling = {});
  Outcome OpenPost(int32_t place, const Handling& handling = {});
  Outcome ClosePost(int32_t place, const Handling& handling = {});
  // The nurse may not have the place any more. Whoever has it leaves as if she quit, and arrives again without it.
  Outcome DropChoice(int32_t nurse, int32_t place, const Handling& handling = {});

  // One free post of the place, which was held, as if it had just become free, for those who want this place.
  Outcome Fill(int32_t place, const Handling& handling = {});
  // All pairs, by nurse and place, by one pass over the choices. Where there is none, the next events go by a stable
  // matching again.
  std::vector<Pair> Review();
  // Solve again, from the market as it is now.
  Outcome StartOver();

  Market Now() const { return seating_.Now(); }
  Solution Result() const { return seating_.Result(); }

 private:
  // The rest of a budget, and what it did not reach.
  struct Run {
    int32_t moves_left = 0;
    std::vector<Pair> left;
  };
  void Take(const Assigned& assigned);
  void Vacate(int32_t nurse) { seating_.Seat(nurse, seating_.choice_count(nurse)); }
  void Leave(int32_t nurse);
  market::Waiters Waiters() const { return {seating_, state_ != Guarantee::kPairsRemain}; }
  void Propose(int32_t nurse, Run& run);
  void FillFrom(int32_t place, Where where, Run& run);
  void PushIn(int32_t place, Run& run);
  void OfferToUnplaced(int32_t place, Where where, Run& run);
  template <typename Chain, typename Hold>
  void Handle(const Handling& handling, Run& run, Outcome& outcome, Chain chain, Hold hold);
  void Vacancy(int32_t place, Where where, const Handling& handling, Run& run, Outcome& outcome);
  void LeaveAll(const std::vector<Waiter>& waiters, Run& run) const;
  bool Blocks(const Pair& pair) const;
  Outcome Finish(Guarantee best, Run& run, Outcome outcome);

  const Caps& caps_;
  Seating seating_;
  Guarantee state_ = Guarantee::kEqualToFullRun;  // never kStableNobodyWorse
};

}  // namespace tsunagu::matching::market

#endif  // TSUNAGU_SERVICES_MATCHING_MARKET_EVENTS_H_
