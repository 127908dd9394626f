#include "services/matching/market/events.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "services/matching/market/capped_posts.h"

namespace tsunagu::matching::market {
namespace {

// Removes duplicates; sorts by nurse and opening.
std::vector<Pair> InOrder(std::vector<Pair> pairs) {
  const auto key = [](const Pair& pair) { return std::pair(pair.nurse, pair.opening); };
  std::sort(pairs.begin(), pairs.end(), [&](const Pair& a, const Pair& b) { return key(a) < key(b); });
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

const Caps& NoCaps() {
  static const Caps* const none = new Caps();
  return *none;
}

}  // namespace

LiveMatching::LiveMatching(const Market& market, absl::Span<const int32_t> absent)
    : LiveMatching(market, NoCaps(), absent) {}

LiveMatching::LiveMatching(const Market& market, const Caps& caps, absl::Span<const int32_t> absent)
    : caps_(caps), seating_(market, caps) {
  for (const int32_t nurse : absent) seating_.set_present(nurse, false);
  Take(Solve(absent.empty() ? market : seating_.Now(), caps).assigned);
  seating_.ForgetMoves();
}

void LiveMatching::Take(const Assigned& assigned) {
  const auto nurses = static_cast<int32_t>(assigned.size());
  for (int32_t nurse = 0; nurse < nurses; ++nurse) {
    const int32_t rank = seating_.RankOf(nurse, assigned[nurse]);
    if (rank != seating_.rank(nurse)) seating_.Seat(nurse, rank);
  }
}

Outcome LiveMatching::Quit(int32_t nurse, const Handling& handling) {
  Run run = {handling.most_moves, {}};
  Outcome outcome;
  if (!seating_.present(nurse)) return Finish(Guarantee::kEqualToFullRun, run, std::move(outcome));
  const int32_t opening = seating_.opening(nurse);
  // In a full run she would have made only a proposal that displaced nobody.
  const bool unnoticed = opening >= 0 && seating_.rank(nurse) == 0 && seating_.HasRoom(opening);
  Leave(nurse);
  if (opening >= 0) Vacancy(opening, Where::kAround, handling, run, outcome);
  return Finish(unnoticed ? Guarantee::kEqualToFullRun : Guarantee::kStableNobodyWorse, run, std::move(outcome));
}

Outcome LiveMatching::Arrive(int32_t nurse, const Handling& handling) {
  Run run = {handling.most_moves, {}};
  if (!seating_.present(nurse)) {
    seating_.set_present(nurse, true);
    Propose(nurse, run);
  }
  return Finish(Guarantee::kEqualToFullRun, run, Outcome());
}

// An opening with room has never sent a nurse away, nor has any set around it: once the outermost of the sets that were
// ever full is full, it stays full.
Outcome LiveMatching::OpenPost(int32_t opening, const Handling& handling) {
  Run run = {handling.most_moves, {}};
  Outcome outcome;
  const bool untouched = seating_.HasRoom(opening), wanted = seating_.full(opening);
  seating_.set_posts(opening, seating_.posts(opening) + 1);
  Guarantee best = untouched ? Guarantee::kEqualToFullRun : Guarantee::kStableNobodyWorse;
  if (wanted && seating_.HasRoom(opening)) {
    Vacancy(opening, Where::kHere, handling, run, outcome);
  } else if (wanted) {
    Handle(
        handling, run, outcome, [&](Run& chain) { PushIn(opening, chain); },
        [&](Run& hold) { LeaveAll(Waiters().BeforeLastOfSet(opening), hold); });
    if (seating_.move_count() > 0) best = Guarantee::kStable;  // the last nurse of the set is worse off
  }
  return Finish(best, run, std::move(outcome));
}

Outcome LiveMatching::ClosePost(int32_t opening, const Handling& handling) {
  Run run = {handling.most_moves, {}};
  Outcome outcome;
  if (seating_.posts(opening) == 0) return Finish(Guarantee::kEqualToFullRun, run, std::move(outcome));
  const bool alone = seating_.caps().InnermostFull(opening) < 0;  // otherwise the set has room afterwards
  seating_.set_posts(opening, seating_.posts(opening) - 1);
  if (!seating_.over(opening)) {
    const Guarantee best = alone ? Guarantee::kEqualToFullRun : Guarantee::kStableNobodyWorse;
    return Finish(best, run, std::move(outcome));
  }
  const int32_t nurse = seating_.LastNurse(opening);
  Leave(nurse);
  if (!alone) Vacancy(opening, Where::kAround, handling, run, outcome);
  seating_.set_present(nurse, true);
  Propose(nurse, run);
  return Finish(alone ? Guarantee::kEqualToFullRun : Guarantee::kStable, run, std::move(outcome));
}

Outcome LiveMatching::DropChoice(int32_t nurse, int32_t opening, const Handling& handling) {
  Run run = {handling.most_moves, {}};
  Outcome outcome;
  const int32_t rank = seating_.RankOf(nurse, opening), has = seating_.rank(nurse);
  if (rank == seating_.choice_count(nurse) || seating_.dropped(nurse, rank)) {
    return Finish(Guarantee::kEqualToFullRun, run, std::move(outcome));
  }
  seating_.Drop(nurse, rank);
  if (rank != has) {
    // She never proposed to a choice after what she has; a choice before it has refused her, perhaps after admitting
    // her.
    const bool unasked = rank > has || !seating_.present(nurse);
    return Finish(unasked ? Guarantee::kEqualToFullRun : Guarantee::kStableNobodyWorse, run, std::move(outcome));
  }
  Leave(nurse);
  Vacancy(opening, Where::kAround, handling, run, outcome);
  seating_.set_present(nurse, true);
  Propose(nurse, run);
  return Finish(Guarantee::kStable, run, std::move(outcome));
}

Outcome LiveMatching::Fill(int32_t opening, const Handling& handling) {
  Run run = {handling.most_moves, {}};
  Outcome outcome;
  const bool held = state_ == Guarantee::kPairsRemain && seating_.HasRoom(opening);
  if (held) Vacancy(opening, Where::kHere, handling, run, outcome);
  return Finish(held ? Guarantee::kStableNobodyWorse : Guarantee::kEqualToFullRun, run, std::move(outcome));
}

std::vector<Pair> LiveMatching::Review() {
  std::vector<Pair> pairs;
  for (int32_t nurse = 0; nurse < seating_.nurse_count(); ++nurse) {
    if (!seating_.present(nurse)) continue;
    for (int32_t rank = 0; rank < seating_.rank(nurse); ++rank) {
      if (seating_.Admits(nurse, rank)) pairs.push_back({nurse, seating_.OpeningAt(nurse, rank)});
    }
  }
  if (!pairs.empty()) {
    state_ = Guarantee::kPairsRemain;
  } else if (state_ == Guarantee::kPairsRemain) {
    state_ = Guarantee::kStable;
  }
  return InOrder(std::move(pairs));
}

Outcome LiveMatching::StartOver() {
  const Assigned assigned = Solve(Now(), caps_).assigned;
  for (int32_t nurse = 0; nurse < seating_.nurse_count(); ++nurse) Vacate(nurse);
  Take(assigned);
  state_ = Guarantee::kEqualToFullRun;
  Run run;
  return Finish(Guarantee::kEqualToFullRun, run, Outcome());
}

// She gives up what she has, and is absent until set_present(nurse, true): she is not offered what becomes free.
void LiveMatching::Leave(int32_t nurse) {
  Vacate(nurse);
  seating_.set_present(nurse, false);
}

// From the side of the nurses: she takes the first of her choices that would have her, and a nurse who is displaced
// does the same.
void LiveMatching::Propose(int32_t nurse, Run& run) {
  while (nurse >= 0) {
    const int32_t proposing = std::exchange(nurse, -1);
    for (int32_t rank = 0; rank < seating_.choice_count(proposing); ++rank) {
      if (!seating_.Admits(proposing, rank)) continue;
      const int32_t opening = seating_.OpeningAt(proposing, rank);
      if (!seating_.HasRoom(opening)) {
        if (run.moves_left <= 0) {
          run.left.push_back({proposing, opening});
          continue;
        }
        --run.moves_left;
        nurse = seating_.LastAround(opening);
        Vacate(nurse);
      }
      seating_.Seat(proposing, rank);
      break;
    }
  }
}

// From the side of the openings: the first nurse in their order who prefers what is free takes it.
void LiveMatching::FillFrom(int32_t opening, Where where, Run& run) {
  for (; opening >= 0; where = Where::kAround) {
    const Waiter first = Waiters().First(opening, where);
    if (first.nurse < 0) return;
    if (run.moves_left <= 0) return LeaveAll(Waiters().All(opening, where), run);
    --run.moves_left;
    opening = seating_.opening(first.nurse);
    seating_.Seat(first.nurse, first.rank);
  }
}

// The first nurse who waits for a post that has opened in a full set takes it, and the last nurse of the set leaves.
// The post that the first nurse had is filled while the last nurse is absent; then the last nurse continues with her
// next choice.
void LiveMatching::PushIn(int32_t opening, Run& run) {
  const std::vector<Waiter> waiters = Waiters().BeforeLastOfSet(opening);
  if (waiters.empty()) return;
  const Waiter& first = waiters.front();
  const int32_t leaves = seating_.LastAround(opening), had = seating_.opening(first.nurse);
  const int32_t takes = leaves == first.nurse ? 1 : 2;
  if (run.moves_left < takes) return LeaveAll(waiters, run);
  run.moves_left -= takes;
  if (leaves == first.nurse) return seating_.Seat(first.nurse, first.rank);
  Leave(leaves);
  seating_.Seat(first.nurse, first.rank);
  FillFrom(had, Where::kAround, run);
  seating_.set_present(leaves, true);
  Propose(leaves, run);
}

// kChain: runs `chain`. kHold: records the moves that `chain` would make, undoes them, and runs `hold`.
template <typename Chain, typename Hold>
void LiveMatching::Handle(const Handling& handling, Run& run, Outcome& outcome, Chain chain, Hold hold) {
  if (handling.policy == Policy::kChain) return chain(run);
  const size_t before = seating_.move_count();
  Run unlimited = {std::numeric_limits<int32_t>::max(), {}};
  chain(unlimited);
  outcome.would_chain = seating_.MovesSince(before);
  seating_.Undo(before);
  hold(run);
  if (run.left.empty()) outcome.would_chain.clear();  // `hold` has done the same
}

void LiveMatching::Vacancy(int32_t opening, Where where, const Handling& handling, Run& run, Outcome& outcome) {
  Handle(
      handling, run, outcome, [&](Run& chain) { FillFrom(opening, where, chain); },
      [&](Run& hold) { OfferToUnplaced(opening, where, hold); });
}

void LiveMatching::OfferToUnplaced(int32_t opening, Where where, Run& run) {
  std::vector<Waiter> waiters = Waiters().All(opening, where);
  const auto taker = std::find_if(waiters.begin(), waiters.end(),
                                  [&](const Waiter& waiter) { return seating_.opening(waiter.nurse) < 0; });
  if (taker != waiters.end() && run.moves_left > 0) {
    --run.moves_left;
    seating_.Seat(taker->nurse, taker->rank);
    waiters.erase(taker, waiters.end());
  }
  LeaveAll(waiters, run);
}

void LiveMatching::LeaveAll(const std::vector<Waiter>& waiters, Run& run) const {
  for (const Waiter& waiter : waiters)
    run.left.push_back({waiter.nurse, seating_.OpeningAt(waiter.nurse, waiter.rank)});
}

bool LiveMatching::Blocks(const Pair& pair) const {
  const int32_t rank = seating_.RankOf(pair.nurse, pair.opening);
  return seating_.present(pair.nurse) && rank < seating_.rank(pair.nurse) && seating_.Admits(pair.nurse, rank);
}

// `best` is the strongest guarantee that this event can keep; kEqualToFullRun keeps that of the matching before it.
Outcome LiveMatching::Finish(Guarantee best, Run& run, Outcome outcome) {
  outcome.moves = seating_.MovesSince(0);
  seating_.ForgetMoves();
  for (const Pair& pair : InOrder(std::move(run.left))) {
    if (Blocks(pair)) outcome.left.push_back(pair);
  }
  if (!outcome.left.empty()) state_ = Guarantee::kPairsRemain;
  if (state_ != Guarantee::kPairsRemain && best != Guarantee::kEqualToFullRun) state_ = Guarantee::kStable;
  const bool kept = best == Guarantee::kEqualToFullRun || state_ == Guarantee::kPairsRemain;
  outcome.guarantee = kept ? state_ : best;
  return outcome;
}

}  // namespace tsunagu::matching::market
