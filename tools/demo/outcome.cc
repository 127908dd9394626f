#include "tools/demo/outcome.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

namespace tsunagu::demo {
namespace {

using matching::v1::Assignment;

size_t BandOf(int32_t choice) {
  if (choice <= 3) return std::max(choice, 1) - 1;
  return choice <= 10 ? 3 : 4;
}

void CountCommutes(std::vector<int64_t> metres, Outcome& outcome) {
  if (metres.empty()) return;
  const int64_t count = static_cast<int64_t>(metres.size());
  int64_t sum = 0;
  for (const int64_t distance : metres) sum += distance;
  outcome.mean_metres = (2 * sum + count) / (2 * count);
  const auto middle = metres.begin() + (count - 1) / 2;
  std::nth_element(metres.begin(), middle, metres.end());
  outcome.median_metres = *middle;
}

std::vector<Outcome::FacilityLine> CountFacilities(absl::Span<const Assignment> assignments,
                                                   absl::Span<const matching::v1::Opening> openings,
                                                   absl::Span<const registry::v1::Facility> facilities) {
  std::unordered_map<std::string, Outcome::FacilityLine> lines;
  for (const registry::v1::Facility& facility : facilities) {
    if (!facility.has_latitude_e6() || !facility.has_longitude_e6()) continue;
    lines[facility.name()] = {facility.name(), facility.display_name()};
  }
  for (const matching::v1::Opening& opening : openings) {
    const auto found = lines.find(opening.facility());
    if (found != lines.end()) found->second.posts += opening.posts();
  }
  for (const Assignment& assignment : assignments) {
    const auto found = lines.find(assignment.facility());
    if (found != lines.end()) ++found->second.filled;
  }
  std::vector<Outcome::FacilityLine> counted;
  for (auto& [name, line] : lines) {
    if (line.posts > 0) counted.push_back(std::move(line));
  }
  std::sort(counted.begin(), counted.end(), [](const auto& a, const auto& b) {
    return std::make_pair(-a.open(), a.name) < std::make_pair(-b.open(), b.name);
  });
  return counted;
}

std::vector<Outcome::LeftOutLine> CountLeftOut(absl::Span<const matching::v1::LeftOut> rows) {
  std::map<int, Outcome::LeftOutLine> lines;
  for (const matching::v1::LeftOut& row : rows) {
    Outcome::LeftOutLine& line = lines[row.reason()];
    if (line.rows++ == 0) line = {row.reason(), 1, row.name()};
  }
  std::vector<Outcome::LeftOutLine> counted;
  for (auto& [reason, line] : lines) counted.push_back(std::move(line));
  std::stable_sort(counted.begin(), counted.end(), [](const auto& a, const auto& b) { return a.rows > b.rows; });
  return counted;
}

}  // namespace

Outcome CountOutcome(absl::Span<const Assignment> assignments, absl::Span<const matching::v1::Opening> openings,
                     absl::Span<const registry::v1::Facility> facilities,
                     absl::Span<const matching::v1::LeftOut> left_out) {
  Outcome outcome;
  std::vector<int64_t> metres;
  std::map<std::pair<int, int>, Outcome::UnmatchedLine> unmatched;
  for (const Assignment& assignment : assignments) {
    if (!assignment.opening().empty()) {
      ++outcome.by_choice[BandOf(assignment.choice())];
      metres.push_back(assignment.distance_metres());
      continue;
    }
    auto& line = unmatched[{assignment.unmatched_reason(), assignment.main_blocker()}];
    if (line.nurses++ == 0) line = {assignment.unmatched_reason(), assignment.main_blocker(), 1, assignment};
  }
  CountCommutes(std::move(metres), outcome);
  for (auto& [reason, line] : unmatched) outcome.unmatched.push_back(std::move(line));
  std::stable_sort(outcome.unmatched.begin(), outcome.unmatched.end(),
                   [](const auto& a, const auto& b) { return a.nurses > b.nurses; });
  outcome.left_out = CountLeftOut(left_out);
  outcome.facilities = CountFacilities(assignments, openings, facilities);
  return outcome;
}

}  // namespace tsunagu::demo
