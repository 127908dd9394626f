#include "services/matching/rounds/verify_coverage.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/matching/coverage/problem.h"
#include "services/matching/rules/verify_lists.h"

namespace tsunagu::matching {
namespace {

constexpr size_t kMostChoices = 20'000'000;  // the limit of a round of this objective

}  // namespace

absl::string_view WordOf(coverage::FindingKind kind) {
  switch (kind) {
    case coverage::FindingKind::kWrongSize:
      return "WRONG_SIZE";
    case coverage::FindingKind::kNotChosen:
      return "NOT_ELIGIBLE";
    case coverage::FindingKind::kOverPosts:
      return "OVER_CAPACITY";
    case coverage::FindingKind::kOverSupply:
      return "OVER_SUPPLY";
    case coverage::FindingKind::kOverLimit:
      return "OVER_CAP";
    case coverage::FindingKind::kUnderFloor:
      return "UNDER_FLOOR";
    case coverage::FindingKind::kWrongPrice:
      return "WRONG_PRICE";
    case coverage::FindingKind::kPriceNotFull:
      return "PRICE_NOT_FULL";
    case coverage::FindingKind::kPriceNotTight:
      return "PRICE_NOT_TIGHT";
    case coverage::FindingKind::kBetterChoice:
      return "BETTER_CHOICE";
    case coverage::FindingKind::kEarlierChoice:
      return "EARLIER_CHOICE";
    case coverage::FindingKind::kPriceNotLeast:
      return "PRICE_NOT_LEAST";
    case coverage::FindingKind::kSumsDiffer:
      return "SUMS_DIFFER";
  }
  return "";
}

market::Caps SetsOf(const rules::Instance& instance) {
  market::Caps caps;
  if (instance.caps.empty()) return caps;
  std::vector<std::vector<int32_t>> around(instance.openings.size());
  for (size_t set = 0; set < instance.caps.size(); ++set) {
    caps.limit.push_back(instance.caps[set].limit);
    for (const int32_t opening : instance.caps[set].openings) around[opening].push_back(static_cast<int32_t>(set));
  }
  caps.parent.assign(instance.caps.size(), -1);
  for (const std::vector<int32_t>& sets : around) {
    caps.set_of_opening.push_back(sets.empty() ? -1 : sets.back());
    for (size_t i = 1; i < sets.size(); ++i) caps.parent[sets[i]] = sets[i - 1];
  }
  return caps;
}

namespace {

// Nurses keep the order of the instance: the verifier does not use lots. Returns nothing if the lists are longer than
// the limit.
std::optional<coverage::CoverageProblem> ProblemOf(const rules::Instance& instance, int rule_table) {
  coverage::CoverageProblem problem;
  market::Market& market = problem.market;
  rules::ListReader lists(instance, rule_table);
  for (const rules::Nurse& nurse : instance.nurses) {
    for (const auto& [opening, metres] : lists.Read(nurse)) {
      market.choices.push_back({opening, 0});  // the opening's preference is ignored
      problem.costs.push_back(static_cast<int32_t>(metres));
    }
    market.begin.push_back(market.choices.size());
    if (market.choices.size() > kMostChoices) return std::nullopt;
  }
  for (const rules::Opening& opening : instance.openings) {
    market.posts.push_back(std::max(opening.posts, 0));
    problem.weights.push_back(opening.weight);
  }
  problem.caps = SetsOf(instance);
  for (const rules::Cap& cap : instance.caps) problem.floors.push_back(cap.least);
  return problem;
}

v1::VerifySolutionResponse Refused(const char* kind) {
  v1::VerifySolutionResponse response;
  response.add_findings()->set_kind(kind);
  return response;
}

}  // namespace

v1::VerifySolutionResponse VerifyCoverage(const v1::Snapshot& snapshot, const rules::Instance& instance, int rule_table,
                                          absl::Span<const int32_t> opening_of_nurse,
                                          const v1::Certificate& certificate) {
  if (!rules::KnowsTable(rule_table)) return Refused("UNKNOWN_RULES");
  const std::optional<coverage::CoverageProblem> problem = ProblemOf(instance, rule_table);
  if (!problem || !coverage::CheckProblem(*problem).empty()) return Refused("WRONG_SIZE");
  const auto read = [](const auto& prices) { return std::vector<int64_t>(prices.begin(), prices.end()); };
  const coverage::Verdict verdict = coverage::VerifyCoverage(
      *problem, {opening_of_nurse.begin(), opening_of_nurse.end()},
      {read(certificate.opening_prices()), read(certificate.limit_prices()), read(certificate.floor_prices())});
  v1::VerifySolutionResponse response;
  response.set_stable(verdict.best);
  response.set_checked_pair_count(static_cast<int64_t>(instance.nurses.size()) *
                                  static_cast<int64_t>(instance.openings.size()));
  for (const coverage::Finding& finding : verdict.findings) {
    auto& row = *response.add_findings();
    row.set_kind(std::string(WordOf(finding.kind)));
    if (finding.nurse >= 0 && finding.nurse < snapshot.nurses_size())
      row.set_nurse(snapshot.nurses(finding.nurse).name());
    if (finding.opening >= 0 && finding.opening < snapshot.openings_size()) {
      row.set_opening(snapshot.openings(finding.opening).name());
    }
    if (finding.set >= 0 && finding.set < snapshot.caps_size()) row.set_cap(snapshot.caps(finding.set).place());
  }
  return response;
}

}  // namespace tsunagu::matching
