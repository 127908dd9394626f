#include "services/matching/rounds/candidate_lists.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "services/matching/rounds/result.h"
#include "services/matching/rounds/way_text.h"
#include "services/matching/rules/candidate_text.h"
#include "services/matching/rules/candidates.h"
#include "services/matching/rules/priority.h"
#include "services/matching/rules/way.h"
#include "services/matching/snapshot/snapshot.h"

namespace tsunagu::matching {
namespace {

using rules::Blocker;

// For a nurse and an opening, both by index in the snapshot.
v1::Candidate CandidateOf(const v1::Snapshot& snapshot, const rules::Instance& instance, int32_t nurse_at,
                          int32_t opening_at, const rules::Gap& gap) {
  const v1::SnapshotNurse& nurse = snapshot.nurses(nurse_at);
  const v1::SnapshotOpening& opening = snapshot.openings(opening_at);
  v1::Candidate candidate;
  *candidate.mutable_way() = WayOf(snapshot, instance.nurses[nurse_at], instance.openings[opening_at], opening);
  candidate.set_nurse(nurse.name());
  candidate.set_opening(opening.name());
  candidate.set_facility(opening.facility());
  candidate.set_blocker(BlockerOf(gap.blocker));
  candidate.set_distance_metres(candidate.way().metres());
  candidate.set_extra_metres(gap.metres);
  candidate.set_extra_travel_minutes(gap.travel_minutes);
  candidate.set_missing_minutes(gap.minutes);
  candidate.set_missing_days(gap.days);
  for (int skill = 0; skill < 64; ++skill) {
    if ((gap.skills >> skill & 1) != 0) candidate.add_missing_skills(static_cast<registry::v1::Skill>(skill));
  }
  for (int half_day = 0; half_day < 32; ++half_day) {
    const auto value = static_cast<registry::v1::HalfDay>(half_day);
    if ((gap.half_days.school >> half_day & 1) != 0) candidate.add_missing_school_half_days(value);
    if ((gap.half_days.holidays >> half_day & 1) != 0) candidate.add_missing_holiday_half_days(value);
  }
  for (rules::Label& reason : rules::ReasonsOf(candidate, nurse, opening)) *candidate.add_reasons() = std::move(reason);
  return candidate;
}

// Adds the steps that open more than the previous step, for minutes and for metres.
void AddFarther(const rules::GapCounts& counts, bool of_nurses, v1::CandidateCounts& told) {
  int32_t before = 0;
  for (size_t i = 0; i < std::size(rules::kFartherSteps); ++i) {
    const auto [minutes, metres] = rules::kFartherSteps[i];
    if (i > 0 && (minutes == 0) != (rules::kFartherSteps[i - 1].minutes == 0)) before = 0;
    const int32_t count = counts.opened_farther[i];
    if (count <= before) continue;
    before = count;
    v1::CandidateCounts::WayCount& row = *told.add_ways();
    row.set_extra_minutes(minutes);
    row.set_extra_metres(metres);
    row.set_count(count);
    *row.mutable_text() = rules::TextOf(row, of_nurses);
  }
}

v1::CandidateCounts CountsOf(const std::vector<rules::Gap>& gaps, bool of_nurses) {
  rules::GapCounts counts;
  for (const rules::Gap& gap : gaps) counts.Add(gap);
  v1::CandidateCounts told;
  told.set_eligible_count(CountOf(counts.first, Blocker::kNone));
  for (size_t i = 0; i < rules::kBlockerCount; ++i) {
    const auto blocker = static_cast<Blocker>(i);
    const int32_t count = CountOf(counts.first, blocker);
    told.set_considered_count(told.considered_count() + count);
    if (count == 0 || blocker == Blocker::kNone) continue;
    v1::CandidateCounts::BlockerCount& row = *told.add_blockers();
    row.set_blocker(BlockerOf(blocker));
    row.set_count(count);
    row.set_near_miss_count(CountOf(counts.near, blocker));
  }
  for (int skill = 0; skill < 64; ++skill) {
    const int32_t count = counts.opened_by[skill];
    if (count == 0) continue;
    v1::CandidateCounts::SkillCount& row = *told.add_skills();
    row.set_skill(static_cast<registry::v1::Skill>(skill));
    row.set_count(count);
    *row.mutable_text() = rules::TextOf(row.skill(), count, of_nurses);
  }
  std::stable_sort(told.mutable_skills()->pointer_begin(), told.mutable_skills()->pointer_end(),
                   [](const auto* a, const auto* b) { return a->count() > b->count(); });
  AddFarther(counts, of_nurses, told);
  return told;
}

// Sorts the first `most` elements of `order`, and removes the others.
template <typename Key>
void SortFirst(size_t most, std::vector<std::pair<Key, int32_t>>& order) {
  most = std::min(most, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<int64_t>(most), order.end());
  order.erase(order.begin() + static_cast<int64_t>(most), order.end());
}

}  // namespace

NurseList::NurseList(const v1::Snapshot& snapshot, int64_t seed)
    : snapshot_(snapshot), instance_(ToInstance(snapshot, seed)) {
  for (const rules::Nurse& nurse : instance_.nurses) gaps_.push_back(GapBetween(nurse, instance_.openings[0]));
}

v1::CandidateCounts NurseList::Counts() const { return CountsOf(gaps_, true); }

std::map<registry::v1::Licence, int32_t> NurseList::WithinReachByLicence() const {
  std::map<registry::v1::Licence, int32_t> counts;
  for (size_t i = 0; i < gaps_.size(); ++i) {
    if (gaps_[i].blocker == Blocker::kNone || gaps_[i].near) ++counts[snapshot_.nurses(static_cast<int>(i)).licence()];
  }
  return counts;
}

void NurseList::ListEligible(const std::set<registry::v1::Licence>& named, size_t most, CandidateRows& rows) const {
  List(
      named, [](const rules::Gap& gap) { return gap.blocker == Blocker::kNone; }, most, rows);
}

void NurseList::ListNear(const std::set<registry::v1::Licence>& named, size_t most, CandidateRows& rows) const {
  List(
      named, [](const rules::Gap& gap) { return gap.near; }, most, rows);
}

template <typename Wanted>
void NurseList::List(const std::set<registry::v1::Licence>& named, const Wanted& wanted, size_t most,
                     CandidateRows& rows) const {
  // Shortest excess first: minutes, then metres; of equals, the order of the opening.
  using Order = std::tuple<int32_t, int64_t, rules::PriorityKey>;
  std::vector<std::pair<Order, int32_t>> order;
  for (int32_t i = 0; i < static_cast<int32_t>(gaps_.size()); ++i) {
    if (!wanted(gaps_[i]) || named.count(snapshot_.nurses(i).licence()) == 0) continue;
    const rules::Nurse& nurse = instance_.nurses[i];
    const auto key = PriorityOf(nurse, instance_.openings[0], rules::DrawLot(instance_.seed, nurse.name));
    order.emplace_back(Order(gaps_[i].travel_minutes, gaps_[i].metres, key), i);
  }
  SortFirst(most, order);
  for (const auto& [key, nurse] : order) {
    *rows.Add() = CandidateOf(snapshot_, instance_, nurse, 0, gaps_[nurse]);
  }
}

OpeningList::OpeningList(const v1::Snapshot& snapshot) : snapshot_(snapshot), instance_(ToInstance(snapshot, 0)) {
  for (const rules::Opening& opening : instance_.openings) gaps_.push_back(GapBetween(instance_.nurses[0], opening));
}

v1::CandidateCounts OpeningList::Counts() const { return CountsOf(gaps_, false); }

void OpeningList::ListEligible(const std::vector<bool>& named, size_t most, CandidateRows& rows) const {
  rules::Candidates candidates(instance_);
  Add(candidates.First(0, most, [&](int32_t opening) { return named[opening]; }), rows);
}

void OpeningList::ListNear(const std::vector<bool>& named, size_t most, CandidateRows& rows) const {
  std::vector<std::pair<int64_t, int32_t>> order;
  for (int32_t i = 0; i < static_cast<int32_t>(gaps_.size()); ++i) {
    if (named[i] && gaps_[i].near) order.emplace_back(Metres(i), i);
  }
  SortFirst(most, order);
  std::vector<int32_t> first;
  for (const auto& [metres, opening] : order) first.push_back(opening);
  Add(first, rows);
}

int64_t OpeningList::Metres(int32_t opening) const {
  return rules::WayMetres(instance_.nurses[0], instance_.openings[opening]);
}

void OpeningList::Add(const std::vector<int32_t>& openings, CandidateRows& rows) const {
  for (const int32_t i : openings) {
    *rows.Add() = CandidateOf(snapshot_, instance_, 0, i, gaps_[i]);
  }
}

}  // namespace tsunagu::matching
