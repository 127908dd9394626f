#include "services/matching/market/events.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "services/matching/market/deferred_acceptance.h"

namespace tsunagu::matching::market {
namespace {

// Each once, by nurse and place.
std::vector<Pair> InOrder(std::vector<Pair> pairs) {
  const auto key = [](const Pair& pair) { return std::pair(pair.nurse, pair.place); };
  std::sort(pairs.begin(), pairs.end(), [&](const Pair& a, const Pair& b) { return key(a) < key(b); });
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

}  // namespace

LiveMatching::LiveMatching(const Market& market, absl::Span<const int32_t> absent) : seating_(market) {
  for (const int32_t nurse : absent) seating_.set_present(nurse, false);
  Take(Solve(absent.empty() ? market : seating_.Now()).assigned);
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
  const int32_t place = seating_.place(nurse);
  // A full run would have seen no more of her than a proposal that stood in nobody's way.
  const bool unnoticed = place >= 0 && seating_.rank(nurse) == 0 && !seating_.full(place);
  const int32_t position = Vacate(nurse);
  seating_.set_present(nurse, false);
  if (place >= 0) Vacancy(place, position, handling, run, outcome);
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

Outcome LiveMatching::OpenPost(int32_t place, const Handling& handling) {
  Run run = {handling.most_moves, {}};
  Outcome outcome;
  const bool wanted = seating_.full(place);  // a place that still has a free post has never sent anybody away
  const int32_t position = FirstWaiting(place);
  seating_.set_posts(place, seating_.posts(place) + 1);
  if (wanted) Vacancy(place, position, handling, run, outcome);
  return Finish(wanted ? Guarantee::kStableNobodyWorse : Guarantee::kEqualToFullRun, run, std::move(outcome));
}

Outcome LiveMatching::ClosePost(int32_t place, const Handling& handling) {
  Run run = {handling.most_moves, {}};
  if (seating_.posts(place) > 0) seating_.set_posts(place, seating_.posts(place) - 1);
  if (seating_.over(place)) {
    const int32_t nurse = seating_.LastNurse(place);
    Vacate(nurse);
    Propose(nurse, run);
  }
  return Finish(Guarantee::kEqualToFullRun, run, Outcome());
}

Outcome LiveMatching::DropChoice(int32_t nurse, int32_t place, const Handling& handling) {
  Run run = {handling.most_moves, {}};
  Outcome outcome;
  const int32_t rank = seating_.RankOf(nurse, place), has = seating_.rank(nurse);
  if (rank == seating_.choice_count(nurse) || seating_.dropped(nurse, rank)) {
    return Finish(Guarantee::kEqualToFullRun, run, std::move(outcome));
  }
  seating_.Drop(nurse, rank);
  if (rank != has) {
    // What comes after what she has she never asked for; what comes before has refused her, perhaps after it took her.
    const bool unasked = rank > has || !seating_.present(nurse);
    return Finish(unasked ? Guarantee::kEqualToFullRun : Guarantee::kStableNobodyWorse, run, std::move(outcome));
  }
  const int32_t position = Vacate(nurse);
  seating_.set_present(nurse, false);
  Vacancy(place, position, handling, run, outcome);
  seating_.set_present(nurse, true);
  Propose(nurse, run);
  return Finish(Guarantee::kStable, run, std::move(outcome));
}

Outcome LiveMatching::Fill(int32_t place, const Handling& handling) {
  Run run = {handling.most_moves, {}};
  Outcome outcome;
  const bool held = state_ == Guarantee::kPairsRemain && !seating_.full(place);
  if (held) Vacancy(place, 0, handling, run, outcome);
  return Finish(held ? Guarantee::kStableNobodyWorse : Guarantee::kEqualToFullRun, run, std::move(outcome));
}

std::vector<Pair> LiveMatching::Review() {
  std::vector<Pair> pairs;
  for (int32_t nurse = 0; nurse < seating_.nurse_count(); ++nurse) {
    if (!seating_.present(nurse)) continue;
    for (int32_t rank = 0; rank < seating_.rank(nurse); ++rank) {
      if (seating_.Admits(nurse, rank)) pairs.push_back({nurse, seating_.PlaceAt(nurse, rank)});
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
  const Assigned assigned = Solve(Now()).assigned;
  for (int32_t nurse = 0; nurse < seating_.nurse_count(); ++nurse) Vacate(nurse);
  Take(assigned);
  state_ = Guarantee::kEqualToFullRun;
  Run run;
  return Finish(Guarantee::kEqualToFullRun, run, Outcome());
}

// Where those begin, in the order of the place, who may wait for a post of it. In a stable matching nobody does who goes
// before its last, or where a post is free.
int32_t LiveMatching::FirstWaiting(int32_t place) const {
  if (state_ == Guarantee::kPairsRemain) return 0;
  return seating_.full(place) ? seating_.last(place) + 1 : seating_.applicant_count(place);
}

// Returns who may wait for what she leaves.
int32_t LiveMatching::Vacate(int32_t nurse) {
  const int32_t place = seating_.place(nurse);
  if (place < 0) return 0;
  const int32_t position = FirstWaiting(place);
  seating_.Seat(nurse, seating_.choice_count(nurse));
  return position;
}

// From the nurses' side: she takes the first of her choices that would have her, and whoever leaves for it does the same.
void LiveMatching::Propose(int32_t nurse, Run& run) {
  while (nurse >= 0) {
    const int32_t proposing = std::exchange(nurse, -1);
    for (int32_t rank = 0; rank < seating_.choice_count(proposing); ++rank) {
      if (!seating_.Admits(proposing, rank)) continue;
      const int32_t place = seating_.PlaceAt(proposing, rank);
      if (seating_.full(place)) {
        if (run.moves_left <= 0) {
          run.left.push_back({proposing, place});
          continue;
        }
        --run.moves_left;
        nurse = seating_.LastNurse(place);
        Vacate(nurse);
      }
      seating_.Seat(proposing, rank);
      break;
    }
  }
}

// From the places' side: the first in its order, from this position on, who would rather have the free post takes it.
void LiveMatching::FillFrom(int32_t place, int32_t position, Run& run) {
  while (place >= 0) {
    position = seating_.FirstWho(place, position);
    if (position == seating_.applicant_count(place)) return;
    if (run.moves_left <= 0) return LeaveAll(place, position, seating_.applicant_count(place), run);
    --run.moves_left;
    const auto [nurse, rank] = seating_.ApplicantAt(place, position);
    place = seating_.place(nurse);
    position = Vacate(nurse);
    seating_.Seat(nurse, rank);
  }
}

void LiveMatching::Vacancy(int32_t place, int32_t position, const Handling& handling, Run& run, Outcome& outcome) {
  if (handling.policy == Policy::kChain) return FillFrom(place, position, run);
  const size_t before = seating_.move_count();
  Run chain = {std::numeric_limits<int32_t>::max(), {}};
  FillFrom(place, position, chain);
  outcome.would_chain = seating_.MovesSince(before);
  seating_.Undo(before);
  OfferToUnplaced(place, position, run);
  if (run.left.empty()) outcome.would_chain.clear();  // it has made it
}

void LiveMatching::OfferToUnplaced(int32_t place, int32_t position, Run& run) {
  const int32_t end = seating_.applicant_count(place);
  const auto placed = [&](int32_t at) { return seating_.place(seating_.ApplicantAt(place, at).nurse) >= 0; };
  int32_t taker = seating_.FirstWho(place, position);
  while (taker < end && placed(taker)) taker = seating_.FirstWho(place, taker + 1);
  if (taker < end && run.moves_left > 0) {
    --run.moves_left;
    const auto [nurse, rank] = seating_.ApplicantAt(place, taker);
    seating_.Seat(nurse, rank);
    LeaveAll(place, position, taker, run);
  } else {
    LeaveAll(place, position, end, run);
  }
}

// Those who would rather have the place, from a position to before another.
void LiveMatching::LeaveAll(int32_t place, int32_t from, int32_t before, Run& run) {
  for (int32_t at = seating_.FirstWho(place, from); at < before; at = seating_.FirstWho(place, at + 1)) {
    run.left.push_back({seating_.ApplicantAt(place, at).nurse, place});
  }
}

bool LiveMatching::Blocks(const Pair& pair) const {
  const int32_t rank = seating_.RankOf(pair.nurse, pair.place);
  return seating_.present(pair.nurse) && rank < seating_.rank(pair.nurse) && seating_.Admits(pair.nurse, rank);
}

// `best` is what the event keeps at best, of the matching that it found.
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
