#include "services/matching/events/live_round.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "services/matching/market/verify.h"
#include "services/matching/rules/eligibility.h"
#include "services/matching/rules/market.h"

namespace tsunagu::matching {
namespace {

using market::LiveMatching;
using market::Market;
using v1::RoundChange;

constexpr size_t kMostPairs = 100;  // that an event names
constexpr int32_t kAnyNumber = std::numeric_limits<int32_t>::max();

// The lists of all nurses who are ever in the round, with every opening that ever exists. If a nurse lost a licence,
// her list has what she could take when the opening arrived.
rules::DrawnMarket MarketOf(const Roster& roster, const rules::Instance& instance) {
  rules::Instance all = instance;
  for (int32_t nurse = 0; nurse < static_cast<int32_t>(all.nurses.size()); ++nurse) {
    for (int32_t event = 0; roster.lost_a_licence(nurse) && event <= roster.event_count(); ++event) {
      all.nurses[nurse].licences |= roster.LicencesAt(nurse, event);
    }
  }
  rules::DrawnMarket drawn = *rules::ToMarket(all, std::numeric_limits<size_t>::max());
  const Market whole = std::exchange(drawn.market, Market());
  Market& market = drawn.market;
  for (int32_t number = 0; number < whole.nurse_count(); ++number) {
    const int32_t nurse = drawn.nurses[number];
    rules::Nurse her = all.nurses[nurse];
    for (const market::Choice& choice : whole.ChoicesOf(number)) {
      if (roster.lost_a_licence(nurse)) {
        her.licences = roster.LicencesAt(nurse, roster.OpeningSince(choice.opening));
        if (FirstBlocker(her, all.openings[choice.opening]) != rules::Blocker::kNone) continue;
      }
      market.choices.push_back(choice);
    }
    market.begin.push_back(market.choices.size());
  }
  for (int32_t opening = 0; opening < whole.opening_count(); ++opening) {
    market.posts.push_back(roster.OpeningSince(opening) > 0 ? 0 : whole.posts[opening]);
  }
  return drawn;
}

// Returns those who have not arrived yet, by their numbers in the market.
std::vector<int32_t> StillToCome(const Roster& roster, const rules::DrawnMarket& drawn) {
  std::vector<int32_t> numbers;
  for (int32_t number = 0; number < drawn.market.nurse_count(); ++number) {
    if (roster.NurseSince(drawn.nurses[number]) > 0) numbers.push_back(number);
  }
  return numbers;
}

v1::Guarantee ToProto(market::Guarantee guarantee) {
  switch (guarantee) {
    case market::Guarantee::kEqualToFullRun:
      return v1::GUARANTEE_EQUAL_TO_FULL_RUN;
    case market::Guarantee::kStableNobodyWorse:
      return v1::GUARANTEE_STABLE_NOBODY_WORSE;
    case market::Guarantee::kStable:
      return v1::GUARANTEE_STABLE;
    case market::Guarantee::kPairsRemain:
      return v1::GUARANTEE_PAIRS_REMAIN;
  }
  return v1::GUARANTEE_UNSPECIFIED;
}

bool Holds(const RoundChange& change) { return change.mode() == RoundChange::MODE_HOLD; }
bool Stops(const RoundChange& change) {
  return change.has_most_moved() && change.over_budget() == RoundChange::OVER_BUDGET_STOP;
}

market::Handling HandlingOf(const RoundChange& change) {
  return {Holds(change) ? market::Policy::kHold : market::Policy::kChain,
          Stops(change) ? change.most_moved() : kAnyNumber};
}

// Returns the nurse whom a change is about; -1: none.
int32_t AboutOf(const Roster& roster, const RoundChange& change) {
  if (change.has_nurse_quits()) return roster.NurseOf(change.nurse_quits().nurse());
  if (change.has_nurse_arrives()) return roster.NurseOf(change.nurse_arrives().nurse());
  if (change.has_licence_expires()) return roster.NurseOf(change.licence_expires().nurse());
  return -1;
}

}  // namespace

// The combined effect of the steps of one event.
struct LiveRound::Steps {
  const std::vector<int32_t>& nurses;  // by number in the market: the nurse in the roster
  market::Handling handling;
  int32_t about = -1;                          // the nurse whom the event is about
  int32_t closed = 0;                          // number of nurses whose post was closed
  std::map<int32_t, market::Move> moves;       // by nurse
  std::optional<market::Guarantee> guarantee;  // of the weakest step; none when there was no step

  int32_t Others() const { return static_cast<int32_t>(moves.size() - moves.count(about)) - closed; }
  market::Handling Next() const {
    if (handling.most_moves == kAnyNumber) return handling;
    return {handling.policy, std::max(handling.most_moves - Others(), 0)};
  }
  void Add(const market::Outcome& outcome) {
    guarantee = std::max(guarantee.value_or(outcome.guarantee), outcome.guarantee);
    for (market::Move move : outcome.moves) {
      move.nurse = nurses[move.nurse];
      const auto whole = moves.emplace(move.nurse, move).first;
      whole->second.to = move.to;
      if (whole->second.from == move.to) moves.erase(whole);
    }
  }
  void AddClosed(const market::Outcome& outcome, int32_t opening) {
    Add(outcome);
    closed += std::any_of(outcome.moves.begin(), outcome.moves.end(),
                          [opening](const market::Move& move) { return move.from == opening; });
  }
};

LiveRound::LiveRound(const Roster& roster, int64_t seed)
    : roster_(roster),
      instance_(roster.AtFirst(seed)),
      drawn_(MarketOf(roster, instance_)),
      number_of_(rules::RankLots(instance_)),
      caps_(instance_.caps.empty() ? market::Caps() : rules::ToCaps(instance_)),
      matching_(drawn_.market, caps_, StillToCome(roster, drawn_)),
      assigned_(drawn_.ByNurse(matching_.Result().assigned)),
      matched_count_(static_cast<int32_t>(assigned_.size() - std::count(assigned_.begin(), assigned_.end(), -1))) {}

// The choice that she has is dropped last, so that she does not move to a choice that is dropped next.
void LiveRound::Drop(int32_t nurse, uint32_t licences, int32_t event, LiveMatching& matching, Steps& steps) const {
  rules::Nurse her = instance_.nurses[nurse];
  her.licences = licences;
  int32_t hers = -1;
  for (const market::Choice& choice : drawn_.market.ChoicesOf(number_of_[nurse])) {
    const bool came_later = roster_.OpeningSince(choice.opening) > event;
    if (came_later || FirstBlocker(her, instance_.openings[choice.opening]) == rules::Blocker::kNone) continue;
    if (choice.opening == assigned_[nurse]) {
      hers = choice.opening;
    } else {
      steps.Add(matching.DropChoice(number_of_[nurse], choice.opening, steps.Next()));
    }
  }
  if (hers < 0) return;
  steps.Add(matching.DropChoice(number_of_[nurse], hers, steps.Next()));
}

void LiveRound::Perform(const RoundChange& change, int32_t event, LiveMatching& matching, Steps& steps) const {
  switch (change.what_case()) {
    case RoundChange::kNurseQuits:
      return steps.Add(matching.Quit(number_of_[steps.about], steps.Next()));
    case RoundChange::kNurseArrives:
      return steps.Add(matching.Arrive(number_of_[steps.about], steps.Next()));
    case RoundChange::kLicenceExpires:
      return Drop(steps.about, roster_.LicencesAt(steps.about, event + 1), event, matching, steps);
    case RoundChange::kOpeningArrives: {
      const int32_t opening = roster_.OpeningOf(change.opening_arrives().opening());
      for (int32_t i = 0; i < change.opening_arrives().row().posts(); ++i) {
        steps.Add(matching.OpenPost(opening, steps.Next()));
      }
      return;
    }
    case RoundChange::kPostsChange: {
      const int32_t opening = roster_.OpeningOf(change.posts_change().opening()), posts = change.posts_change().posts();
      for (int32_t i = 0; i < posts; ++i) steps.Add(matching.OpenPost(opening, steps.Next()));
      for (int32_t i = 0; i < -posts; ++i) steps.AddClosed(matching.ClosePost(opening, steps.Next()), opening);
      return;
    }
    case RoundChange::kFillOpening: {
      const int32_t opening = roster_.OpeningOf(change.fill_opening().opening());
      market::Outcome outcome;
      do {
        outcome = matching.Fill(opening, steps.Next());
        steps.Add(outcome);
      } while (!outcome.moves.empty());
      return;
    }
    case RoundChange::kStartOver:
      return steps.Add(matching.StartOver());
    default:
      return;
  }
}

void LiveRound::Tell(const Steps& steps, google::protobuf::RepeatedPtrField<v1::NurseMove>& rows) const {
  for (const auto& [nurse, move] : steps.moves) {
    v1::NurseMove& row = *rows.Add();
    row.set_nurse(roster_.rows().nurses(nurse).name());
    row.set_opening_before(NameOf(move.from));
    row.set_opening_after(NameOf(move.to));
  }
}

void LiveRound::TellPairs(v1::RoundEvent& event) {
  std::vector<market::Pair> pairs = matching_.Review();
  for (market::Pair& pair : pairs) pair.nurse = drawn_.nurses[pair.nurse];
  std::stable_sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.nurse < b.nurse; });
  if (pairs.empty()) return event.set_guarantee(v1::GUARANTEE_STABLE);
  event.set_pair_count(static_cast<int64_t>(pairs.size()));
  for (size_t i = 0; i < std::min(pairs.size(), kMostPairs); ++i) {
    v1::RoundEvent::Pair& row = *event.add_pairs();
    row.set_nurse(roster_.rows().nurses(pairs[i].nurse).name());
    row.set_opening(NameOf(pairs[i].opening));
  }
}

v1::RoundEvent LiveRound::Apply(const RoundChange& change) {
  v1::RoundEvent event;
  event.set_number(++event_count_);
  *event.mutable_change() = change;
  Steps steps = {drawn_.nurses, HandlingOf(change), AboutOf(roster_, change)};
  Steps chain = {drawn_.nurses, market::Handling(), steps.about};
  if (Holds(change) || Stops(change)) {
    LiveMatching otherwise = matching_;
    Perform(change, event_count_, otherwise, chain);
  }
  Perform(change, event_count_, matching_, steps);
  for (const auto& [nurse, move] : steps.moves) {
    matched_count_ += (move.to >= 0) - (move.from >= 0);
    assigned_[nurse] = move.to;
  }
  event.set_guarantee(ToProto(steps.guarantee.value_or(matching_.standing())));
  event.set_moved_count(steps.Others());
  event.set_matched_count(matched_count_);
  Tell(steps, *event.mutable_moves());
  if (event.guarantee() == v1::GUARANTEE_PAIRS_REMAIN) TellPairs(event);
  if (event.pair_count() > 0) Tell(chain, *event.mutable_would_move());
  return event;
}

bool LiveRound::IsAsTold(const v1::RoundEvent& event) const {
  const market::Solution result = matching_.Result();
  const market::Verdict verdict = market::VerifyStable(matching_.Now(), caps_, result.assigned, result.cutoffs);
  const bool only_pairs = std::all_of(verdict.findings.begin(), verdict.findings.end(),
                                      [](const auto& finding) { return finding.kind == market::FindingKind::kBlocks; });
  return only_pairs && verdict.finding_count == event.pair_count() && drawn_.ByNurse(result.assigned) == assigned_;
}

bool IsOverBudget(const v1::RoundEvent& event) {
  const RoundChange& change = event.change();
  if (!change.has_most_moved() || event.moved_count() <= change.most_moved()) return false;
  return change.has_start_over() || !Stops(change);
}

}  // namespace tsunagu::matching
