#include "services/matching/rounds/comparison.h"

#include <map>
#include <string>
#include <utility>

namespace tsunagu::matching {
namespace {

v1::RoundFigures FiguresOf(const Outcome& outcome) {
  v1::RoundFigures figures;
  figures.set_nurse_count(outcome.snapshot.nurses_size());
  for (const v1::SnapshotOpening& row : outcome.snapshot.openings()) {
    figures.set_post_count(figures.post_count() + row.posts());
  }
  int32_t matched = 0, first = 0, third = 0;
  int64_t metres = 0;
  for (const v1::Assignment& row : outcome.assignments) {
    if (row.opening().empty()) continue;
    ++matched;
    first += row.choice() == 1 ? 1 : 0;
    third += row.choice() <= 3 ? 1 : 0;
    metres += row.distance_metres();
  }
  figures.set_matched_count(matched);
  figures.set_first_choice_count(first);
  figures.set_third_choice_count(third);
  if (matched > 0 && matched >= outcome.least_count) figures.set_mean_metres((metres / matched + 50) / 100 * 100);
  return figures;
}

using Openings = std::map<std::string, v1::OpeningChange>;

void CountOpenings(const Outcome& outcome, Openings& openings, void (v1::OpeningChange::*set_posts)(int32_t),
                   int32_t (v1::OpeningChange::*filled)() const, void (v1::OpeningChange::*set_filled)(int32_t)) {
  for (const v1::SnapshotOpening& row : outcome.snapshot.openings()) {
    v1::OpeningChange& opening = openings[row.name()];
    opening.set_opening(row.name());
    opening.set_facility(row.facility());
    (opening.*set_posts)(row.posts());
  }
  for (const v1::Assignment& row : outcome.assignments) {
    if (row.opening().empty()) continue;
    v1::OpeningChange& opening = openings[row.opening()];
    (opening.*set_filled)((opening.*filled)() + 1);
  }
}

void CountNurse(const v1::Assignment& before, const v1::Assignment& after, Comparison& comparison) {
  v1::RoundDifference& difference = comparison.difference;
  if (before.opening() == after.opening()) {
    difference.set_unchanged_count(difference.unchanged_count() + 1);
    return;
  }
  if (before.opening().empty()) {
    difference.set_placed_count(difference.placed_count() + 1);
  } else if (after.opening().empty()) {
    difference.set_displaced_count(difference.displaced_count() + 1);
  } else {
    difference.set_moved_count(difference.moved_count() + 1);
  }
  v1::NurseMove& move = comparison.moves.emplace_back();
  move.set_nurse(before.nurse());
  move.set_opening_before(before.opening());
  move.set_opening_after(after.opening());
}

}  // namespace

Comparison Compare(const Outcome& before, const Outcome& after) {
  Comparison comparison;
  v1::RoundDifference& difference = comparison.difference;
  *difference.mutable_before() = FiguresOf(before);
  *difference.mutable_after() = FiguresOf(after);
  auto a = before.assignments.begin(), b = after.assignments.begin();
  const auto a_end = before.assignments.end(), b_end = after.assignments.end();
  int32_t only_before = 0, only_after = 0;
  while (a != a_end || b != b_end) {
    if (b == b_end || (a != a_end && a->nurse() < b->nurse())) {
      ++only_before;
      ++a;
    } else if (a == a_end || b->nurse() < a->nurse()) {
      ++only_after;
      ++b;
    } else {
      CountNurse(*a++, *b++, comparison);
    }
  }
  difference.set_only_before_count(only_before);
  difference.set_only_after_count(only_after);
  Openings openings;
  using Row = v1::OpeningChange;
  CountOpenings(before, openings, &Row::set_posts_before, &Row::filled_before, &Row::set_filled_before);
  CountOpenings(after, openings, &Row::set_posts_after, &Row::filled_after, &Row::set_filled_after);
  for (auto& [name, row] : openings) {
    if (row.posts_before() == row.posts_after() && row.filled_before() == row.filled_after()) continue;
    comparison.openings.push_back(std::move(row));
  }
  return comparison;
}

}  // namespace tsunagu::matching
