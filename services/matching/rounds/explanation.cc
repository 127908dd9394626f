#include "services/matching/rounds/explanation.h"

#include <algorithm>
#include <bit>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/matching/rounds/explanation_text.h"
#include "services/matching/rounds/result.h"
#include "services/matching/rounds/way_text.h"
#include "services/matching/rounds/worth.h"
#include "services/matching/rules/account.h"
#include "services/matching/rules/admission.h"
#include "services/matching/rules/way.h"
#include "services/matching/snapshot/registry_copy.h"
#include "services/matching/snapshot/within.h"
#include "services/peers/registry_places.h"

namespace tsunagu::matching {
namespace {

using rules::Account;
using rules::Blocker;
using rules::Taste;

constexpr size_t kMostSteps = 50;
constexpr size_t kMostShortages = 5;

v1::Span SpanOf(int32_t count, int32_t least) {
  v1::Span span;
  const bool is_small = count > 0 && count < least;
  span.set_at_least(is_small ? 1 : count);
  span.set_at_most(is_small ? least - 1 : count);
  return span;
}

// Tells the innermost place around the opening whose limit is reached, if there is one.
template <typename Message>
void TellCap(const SolvedRound& solved, const peers::RegistryPlaces& names, int32_t opening, Message& told) {
  if (solved.instance.caps.empty()) return;
  const std::vector<int32_t> filled = FilledOf(solved.instance, solved.opening_of_nurse);
  for (int i = solved.snapshot.caps_size() - 1; i >= 0; --i) {  // wider ones come first
    const rules::Cap& cap = solved.instance.caps[i];
    if (!std::binary_search(cap.openings.begin(), cap.openings.end(), opening)) continue;
    int32_t count = 0;
    for (const int32_t other : cap.openings) count += filled[other];
    if (count < cap.limit) continue;
    const v1::SnapshotCap& row = solved.snapshot.caps(i);
    told.set_cap(row.place());
    told.set_cap_display_name(names.DisplayNameOf(row.place()));
    told.set_cap_is_zero(row.limit() == 0);
    told.set_cap_is_lowered(cap.limit < row.limit());
    return;
  }
}

// Returns whether an event has left out a nurse who would be admitted.
bool IsHeld(const SolvedRound& solved, int32_t opening) {
  if (solved.after_event == 0) return false;
  const rules::Admission admission(solved.instance, solved.opening_of_nurse);
  for (int32_t nurse = 0; nurse < static_cast<int32_t>(solved.instance.nurses.size()); ++nurse) {
    const int32_t has = solved.opening_of_nurse[nurse];
    if (has == opening) continue;
    if (FirstBlocker(solved.instance.nurses[nurse], solved.instance.openings[opening]) != Blocker::kNone) continue;
    const bool prefers = has < 0 || TasteOf(solved.instance, nurse, opening) < TasteOf(solved.instance, nurse, has);
    if (prefers && admission.WouldTake(nurse, opening)) return true;
  }
  return false;
}

v1::Obstacles ObstaclesOf(const SolvedRound& solved, const peers::RegistryPlaces& names, int32_t opening,
                          const Account& account) {
  const int32_t least = solved.round.least_count();
  v1::Obstacles obstacles;
  const bool has_room = account.taken < solved.instance.openings[opening].posts;
  if (has_room) TellCap(solved, names, opening, obstacles);
  const Blocker main = account.MainBlocker();
  obstacles.set_held(has_room && IsHeld(solved, opening));
  obstacles.set_main_blocker(BlockerOf(main));
  *obstacles.mutable_blocked() = SpanOf(main == Blocker::kNone ? 0 : CountOf(account.blocked, main), least);
  const int skill = account.BestSkill();
  if (skill >= 0) obstacles.set_missing_skill(static_cast<registry::v1::Skill>(skill));
  *obstacles.mutable_by_skill() = SpanOf(skill >= 0 ? account.by_skill[skill] : 0, least);
  *obstacles.mutable_by_distance() = SpanOf(account.by_distance, least);
  *obstacles.mutable_by_minutes() = SpanOf(account.by_minutes, least);
  *obstacles.mutable_by_hours() = SpanOf(account.by_hours, least);
  return obstacles;
}

// Returns the openings that come before what she got, in her order, or all. Her wishes and nearer openings come before,
// whether or not she is eligible.
std::vector<int32_t> Before(const SolvedRound& solved, int32_t nurse) {
  const int32_t has = solved.opening_of_nurse[nurse];
  const Taste got = has < 0 ? Taste() : TasteOf(solved.instance, nurse, has);
  std::vector<std::pair<Taste, int32_t>> before;
  for (int32_t i = 0; i < static_cast<int32_t>(solved.instance.openings.size()); ++i) {
    if (solved.instance.openings[i].posts <= 0) continue;
    const Taste taste = TasteOf(solved.instance, nurse, i);
    if (has < 0 || taste < got) before.emplace_back(taste, i);
  }
  const size_t count = std::min(before.size(), kMostSteps);
  std::partial_sort(before.begin(), before.begin() + static_cast<int64_t>(count), before.end());
  std::vector<int32_t> openings;
  for (size_t i = 0; i < count; ++i) openings.push_back(before[i].second);
  return openings;
}

// Returns whether the care can be named without revealing few children: enough facilities need it, each of which has at
// least one such child.
bool NamesCare(const SolvedRound& solved, registry::v1::Skill skill) {
  std::set<std::string> facilities;
  for (int i = 0; i < solved.snapshot.openings_size(); ++i) {
    if ((solved.instance.openings[i].required_skills >> skill & 1) == 0) continue;
    facilities.insert(solved.snapshot.openings(i).facility());
  }
  return static_cast<int32_t>(facilities.size()) >= solved.round.least_count();
}

// A price states what others would bring or lose: with few of them, it would reveal where somebody lives.
bool IsTold(const SolvedRound& solved, int32_t opening) {
  if (opening < 0) return true;  // she has nothing, which has no price
  return AccountOf(solved.instance, solved.opening_of_nurse, opening).eligible() >= solved.round.least_count();
}

// Computed from the parts instead of the count: otherwise a span could be computed from the other numbers.
v1::Span EligibleOf(const Account& account, int32_t least) {
  const v1::Span elsewhere = SpanOf(account.elsewhere, least), refused = SpanOf(account.refused, least);
  v1::Span eligible;
  eligible.set_at_least(account.taken + elsewhere.at_least() + refused.at_least());
  eligible.set_at_most(account.taken + elsewhere.at_most() + refused.at_most());
  return eligible;
}

// Returns the rule that decided between her and the last nurse there.
v1::PriorityRule DecidedBy(const v1::ExplainAssignmentResponse::Step& step, const Account& account) {
  if (step.extra_skills() != account.last_extra_skills) return v1::PRIORITY_RULE_SKILLS;
  return step.metres() != account.last_metres ? v1::PRIORITY_RULE_WAY : v1::PRIORITY_RULE_LOT;
}

// The last is a single nurse. That a lot decided would reveal where she lives, so nothing is stated about her if there
// are few nurses.
void ExplainByPriority(const SolvedRound& solved, const peers::RegistryPlaces& names, const rules::Admission* admission,
                       int32_t nurse, int32_t index, v1::ExplainAssignmentResponse::Step& step) {
  const Account account = AccountOf(solved.instance, solved.opening_of_nurse, index);
  if (admission != nullptr && admission->WouldTake(nurse, index)) {
    step.set_held(true);
  } else if (account.taken < solved.instance.openings[index].posts) {
    TellCap(solved, names, index, step);
  } else {
    const int32_t least = std::max(1, solved.round.least_count());
    step.set_post_count(solved.instance.openings[index].posts);
    *step.mutable_eligible() = EligibleOf(account, least);
    if (account.taken < least) return;
    step.set_cut_off_extra_skills(account.last_extra_skills);
    step.set_cut_off_kilometres(static_cast<int32_t>(WholeKilometres(account.last_metres)));
    step.set_decided_by(DecidedBy(step, account));
  }
}

v1::ExplainAssignmentResponse::Step StepOf(const SolvedRound& solved, const peers::RegistryPlaces& names,
                                           const RoundPrices* prices, const rules::Admission* admission, int32_t nurse,
                                           int32_t index) {
  const rules::Nurse& her = solved.instance.nurses[nurse];
  const rules::Opening& opening = solved.instance.openings[index];
  v1::ExplainAssignmentResponse::Step step;
  step.set_opening(opening.name);
  step.set_facility(solved.snapshot.openings(index).facility());
  step.set_metres(rules::WayMetres(her, opening));
  step.set_blocker(BlockerOf(rules::FirstBlocker(her, opening)));
  for (uint64_t missing = opening.required_skills & ~her.skills; missing != 0; missing &= missing - 1) {
    step.add_missing_skills(static_cast<registry::v1::Skill>(std::countr_zero(missing)));
  }
  step.set_extra_minutes(std::max(0, opening.weekly_minutes - her.weekly_minutes));
  const rules::Beyond beyond = rules::BeyondLimit(her, opening);
  step.set_extra_metres(beyond.metres);
  step.set_extra_travel_minutes(beyond.minutes);
  *step.mutable_way() = WayOf(solved.snapshot, her, opening, solved.snapshot.openings(index));
  step.set_extra_skills(std::popcount(her.skills & ~opening.required_skills));
  if (step.blocker() != v1::BLOCKER_UNSPECIFIED) {
    *step.mutable_text() = TextOf(step);
  } else if (prices == nullptr) {
    ExplainByPriority(solved, names, admission, nurse, index, step);
    *step.mutable_text() = TextOf(step);
  } else {
    if (IsTold(solved, index) && IsTold(solved, solved.opening_of_nurse[nurse])) {
      *step.mutable_loss() = prices->Told(prices->LossOf(nurse, index));
    }
    *step.mutable_text() = TextByPrices(step);
  }
  return step;
}

// Returns the least loss if an eligible nurse were here. Returns nothing if nobody is eligible.
std::optional<int64_t> LeastLoss(const SolvedRound& solved, const RoundPrices& prices, int32_t opening) {
  std::optional<int64_t> least;
  for (int32_t nurse = 0; nurse < static_cast<int32_t>(solved.instance.nurses.size()); ++nurse) {
    if (FirstBlocker(solved.instance.nurses[nurse], solved.instance.openings[opening]) != Blocker::kNone) continue;
    const int64_t loss = prices.LossOf(nurse, opening);
    least = std::min(least.value_or(loss), loss);
  }
  return least;
}

void AddPrices(const SolvedRound& solved, int32_t opening, const Account& account,
               v1::ExplainOpeningResponse& response) {
  if (account.eligible() < solved.round.least_count()) return;
  const RoundPrices prices(solved);
  if (prices.OfFloors(opening) > 0) *response.mutable_floor_worth() = prices.Told(prices.OfFloors(opening));
  if (account.taken >= solved.instance.openings[opening].posts) {
    *response.mutable_post_worth() = prices.Told(prices.OfPost(opening));
  } else if (account.taken == 0) {
    const auto loss = LeastLoss(solved, prices, opening);
    if (loss.has_value()) *response.mutable_least_loss() = prices.Told(*loss);
  }
}

}  // namespace

int64_t WholeKilometres(int64_t metres) { return std::max<int64_t>(1, (metres + 999) / 1000); }

v1::ExplainAssignmentResponse ExplainNurse(const SolvedRound& solved, const peers::RegistryPlaces& names,
                                           int32_t nurse) {
  v1::ExplainAssignmentResponse response;
  const bool after_events = solved.after_event > 0;
  // The reasons in an old result are from another program, and those after an event are not stored.
  ResultRows rows(solved.snapshot, solved.round, solved.instance, solved.opening_of_nurse, after_events);
  *response.mutable_assignment() = rows.Of(nurse);
  response.set_after_event(solved.after_event);
  *response.mutable_text() = TextOf(response.assignment(), NamesCare(solved, response.assignment().missing_skill()));
  if (const int32_t has = solved.opening_of_nurse[nurse]; has >= 0) {
    *response.mutable_way() = WayOf(solved.snapshot, solved.instance.nurses[nurse], solved.instance.openings[has],
                                    solved.snapshot.openings(has));
  }
  const auto admission =
      after_events ? std::make_unique<rules::Admission>(solved.instance, solved.opening_of_nurse) : nullptr;
  const auto prices = GoesByPrices(solved.round) ? std::make_unique<RoundPrices>(solved) : nullptr;
  for (const int32_t opening : Before(solved, nurse)) {
    *response.add_steps() = StepOf(solved, names, prices.get(), admission.get(), nurse, opening);
  }
  AddCaps(response);
  AddAfterEvent(solved.after_event, *response.mutable_text());
  return response;
}

v1::ExplainAssignmentResponse ExplainToNurse(const SolvedRound& solved, const peers::RegistryPlaces& names,
                                             int32_t nurse) {
  v1::ExplainAssignmentResponse response = ExplainNurse(solved, names, nurse);
  if (!NamesCare(solved, response.assignment().missing_skill())) response.mutable_assignment()->clear_missing_skill();
  for (auto& step : *response.mutable_steps()) {
    step.clear_missing_skills();
    step.clear_extra_skills();
    step.clear_cut_off_extra_skills();
  }
  return response;
}

v1::ExplainOpeningResponse ExplainOpening(const SolvedRound& solved, const peers::RegistryPlaces& names,
                                          int32_t opening) {
  const int32_t least = solved.round.least_count();
  Account account = AccountOf(solved.instance, solved.opening_of_nurse, opening);
  const bool by_prices = GoesByPrices(solved.round);
  if (by_prices) {  // by prices, nobody has anything because she prefers it
    const int32_t without = CountOf(account.blocked, Blocker::kNone);
    account.elsewhere += account.refused - without;
    account.refused = without;
  }
  v1::ExplainOpeningResponse response;
  response.set_after_event(solved.after_event);
  response.set_opening(solved.instance.openings[opening].name);
  response.set_facility(solved.snapshot.openings(opening).facility());
  response.set_post_count(solved.instance.openings[opening].posts);
  response.set_filled_count(account.taken);
  *response.mutable_elsewhere() = SpanOf(account.elsewhere, least);
  *response.mutable_refused() = SpanOf(account.refused, least);
  *response.mutable_eligible() = EligibleOf(account, least);
  *response.mutable_obstacles() = ObstaclesOf(solved, names, opening, account);
  if (by_prices) AddPrices(solved, opening, account, response);
  *response.mutable_text() = by_prices ? TextByPrices(response) : TextOf(response);
  AddAfterEvent(solved.after_event, *response.mutable_text());
  return response;
}

v1::ExplainAreaResponse ExplainArea(const SolvedRound& solved, const peers::RegistryPlaces& names,
                                    const std::string& area) {
  const Within within(names, area, jp::DayOf(solved.round.as_of_date()));
  const std::vector<int32_t> filled = FilledOf(solved.instance, solved.opening_of_nurse);
  v1::ExplainAreaResponse response;
  response.set_after_event(solved.after_event);
  std::map<v1::Blocker, int32_t> short_posts;
  const rules::Unplaced unplaced(solved.instance, solved.opening_of_nurse);
  std::vector<std::pair<int32_t, int32_t>> shortages;  // by number of posts, largest first, then by name
  int32_t posts = 0, taken = 0;
  for (int32_t i = 0; i < solved.snapshot.openings_size(); ++i) {
    if (!within.Has(solved.snapshot.openings(i).area())) continue;
    response.set_opening_count(response.opening_count() + 1);
    posts += solved.instance.openings[i].posts;
    taken += filled[i];
    const int32_t left = solved.instance.openings[i].posts - filled[i];
    if (left <= 0) continue;
    short_posts[BlockerOf(unplaced.MainBlockerAt(i))] += left;
    shortages.emplace_back(-left, i);
  }
  response.set_post_count(posts);
  response.set_filled_count(taken);
  for (const auto& [blocker, count] : short_posts) {
    auto& row = *response.add_short_posts();
    row.set_blocker(blocker);
    row.set_post_count(count);
  }
  std::sort(shortages.begin(), shortages.end());
  if (shortages.size() > kMostShortages) shortages.resize(kMostShortages);
  for (const auto& [left, opening] : shortages) {
    auto& row = *response.add_shortages();
    row.set_opening(solved.instance.openings[opening].name);
    row.set_facility(solved.snapshot.openings(opening).facility());
    row.set_post_count(solved.instance.openings[opening].posts);
    row.set_filled_count(filled[opening]);
    *row.mutable_obstacles() =
        ObstaclesOf(solved, names, opening, AccountOf(solved.instance, solved.opening_of_nurse, opening));
    *row.mutable_text() = TextOf(row, NamesCare(solved, row.obstacles().missing_skill()));
  }
  *response.mutable_text() = TextOf(response);
  AddAfterEvent(solved.after_event, *response.mutable_text());
  return response;
}

}  // namespace tsunagu::matching
