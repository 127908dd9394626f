#include "services/matching/rounds/verify_visit_coverage.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "services/matching/coverage/visit_verify.h"
#include "services/matching/rounds/verify_coverage.h"
#include "services/matching/rules/visit_verify.h"

namespace tsunagu::matching {
namespace {

constexpr size_t kMostPairs = 2'000'000;  // the limit of a round of this objective

// The order of its pairs, which decides ties, is not that of the round: no price depends on it.
coverage::VisitProblem ProblemOf(const rules::Visits& visits) {
  coverage::VisitProblem problem;
  for (const rules::Opening& half_day : visits.instance.openings) {
    problem.posts.push_back(std::max(half_day.posts, 0));
    problem.weights.push_back(half_day.weight);
  }
  for (int32_t supply = 0; supply < static_cast<int32_t>(visits.limits.size()); ++supply) {
    const market::VisitLimits& limits = visits.limits[supply];
    for (int32_t half_day = 0; half_day < static_cast<int32_t>(visits.slots.size()); ++half_day) {
      const int32_t slot = visits.slots[half_day];
      const bool has_somebody =
          limits.at_once[slot] > 0 && limits.weekly[slot / market::kSlotsOfWeek] > 0 && limits.all > 0;
      if (!has_somebody || !rules::MayVisit(visits, supply, half_day)) continue;
      const int64_t metres = rules::VisitMetres(visits, supply, half_day);
      problem.pairs.push_back({supply, half_day, static_cast<int32_t>(metres)});
    }
    if (problem.pairs.size() > kMostPairs) break;
  }
  problem.limits = visits.limits;
  problem.slots = visits.slots;
  problem.caps = SetsOf(visits.instance);
  for (const rules::Cap& cap : visits.instance.caps) problem.floors.push_back(cap.least);
  return problem;
}

class Judge {
 public:
  // Keeps references to both, which must outlive this object.
  Judge(const v1::Snapshot& snapshot, const std::vector<v1::VisitRow>& rows) : snapshot_(snapshot), rows_(rows) {}

  v1::VerifySolutionResponse Run(const coverage::VisitProblem& problem, const std::vector<rules::Cover>& covers,
                                 const v1::Certificate& certificate) && {
    if (problem.pairs.size() > kMostPairs || !coverage::CheckVisitProblem(problem).empty()) {
      return std::move(Add("WRONG_SIZE", -1, -1, -1));
    }
    const std::vector<int32_t> counts = CountsOf(problem, covers);
    if (response_.findings_size() > 0) return std::move(response_);
    const auto read = [](const auto& prices) { return std::vector<int64_t>(prices.begin(), prices.end()); };
    const coverage::Verdict verdict =
        coverage::VerifyVisitCoverage(problem, counts,
                                      {read(certificate.supply_prices()), read(certificate.supply_week_prices()),
                                       read(certificate.supply_half_day_prices()), read(certificate.opening_prices()),
                                       read(certificate.limit_prices()), read(certificate.floor_prices())});
    response_.set_stable(verdict.best);
    response_.set_checked_pair_count(static_cast<int64_t>(problem.limits.size() * problem.posts.size()));
    for (const coverage::Finding& one : verdict.findings)
      Add(std::string(WordOf(one.kind)), one.nurse, one.opening, one.set);
    return std::move(response_);
  }

 private:
  v1::VerifySolutionResponse& Add(const std::string& kind, int32_t supply, int32_t half_day, int32_t set) {
    auto& finding = *response_.add_findings();
    finding.set_kind(kind);
    if (supply >= 0) finding.set_supply(snapshot_.supplies(supply).name());
    if (set >= 0) finding.set_cap(snapshot_.caps(set).place());
    if (half_day < 0) return response_;
    finding.set_opening(rows_[half_day].opening());
    finding.set_half_day(rows_[half_day].half_day());
    finding.set_holidays(rows_[half_day].holidays());
    return response_;
  }

  // Each cover must be of a pair, of one or more visits, and unique.
  std::vector<int32_t> CountsOf(const coverage::VisitProblem& problem, const std::vector<rules::Cover>& covers) {
    std::map<std::pair<int32_t, int32_t>, size_t> pairs;
    for (size_t i = 0; i < problem.pairs.size(); ++i) pairs[{problem.pairs[i].supply, problem.pairs[i].opening}] = i;
    std::vector<int32_t> counts(problem.pairs.size(), 0);
    for (const rules::Cover& cover : covers) {
      const auto found = pairs.find({cover.supply, cover.half_day});
      if (cover.supply < 0 || cover.count < 1) {
        Add("UNKNOWN_SUPPLY", cover.supply, cover.half_day, -1);
      } else if (found == pairs.end()) {
        Add("NOT_ELIGIBLE", cover.supply, cover.half_day, -1);
      } else if (counts[found->second] > 0) {
        Add("UNKNOWN_SUPPLY", cover.supply, cover.half_day, -1);
      } else {
        counts[found->second] = cover.count;
      }
      if (response_.findings_size() == static_cast<int>(coverage::kMaxFindings)) break;
    }
    return counts;
  }

  const v1::Snapshot& snapshot_;
  const std::vector<v1::VisitRow>& rows_;
  v1::VerifySolutionResponse response_;
};

}  // namespace

v1::VerifySolutionResponse VerifyVisitCoverage(const v1::Snapshot& snapshot, const rules::Visits& visits,
                                               int rule_table, const std::vector<rules::Cover>& covers,
                                               const std::vector<v1::VisitRow>& rows,
                                               const v1::Certificate& certificate) {
  if (rule_table == rules::kRuleTableVersion) return Judge(snapshot, rows).Run(ProblemOf(visits), covers, certificate);
  v1::VerifySolutionResponse response;
  response.add_findings()->set_kind("UNKNOWN_RULES");
  return response;
}

}  // namespace tsunagu::matching
