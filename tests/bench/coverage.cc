// Measures matching for coverage and lists of candidates, compared with LEMON's network simplex and boost's R-tree.
// There is no server: only computation is measured.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <limits>
#include <regex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "services/matching/coverage/engine.h"
#include "services/matching/coverage/network.h"
#include "services/matching/coverage/paths.h"
#include "services/matching/coverage/solve.h"
#include "services/matching/coverage/testing/random_problem.h"
#include "services/matching/coverage/verify.h"
#include "tests/bench/candidates.h"
#include "tests/bench/measure.h"

namespace tsunagu::bench {
namespace {

using matching::coverage::Answer;
using matching::coverage::CoverageProblem;
using matching::coverage::Engine;
using matching::coverage::Shape;

const int32_t kNurses = Sized(170'000, 5'000), kOpenings = Sized(3'000, 100);

// Returns the part of `amount` for each second of the processor, measured for at least half a second, or for `at_least`
// seconds.
double Rate(size_t amount, const std::function<void()>& work, double at_least = 0.5) {
  const double start = ProcessorTime();
  int times = 0;
  double taken = 0;
  do {
    work();
    ++times;
    taken = ProcessorTime() - start;
  } while (taken < at_least && !IsTrial());
  return times * static_cast<double>(amount) / taken;
}

double EngineRate(const CoverageProblem& problem, Engine engine, double at_least = 0.5) {
  return Rate(
      problem.market.nurse_count(),
      [&] {
        switch (engine) {
          case Engine::kNetwork:
            Require(matching::coverage::FindByNetwork(problem).has_value(), "no assignment");
            break;
          case Engine::kNurses:
            matching::coverage::FindByNurses(problem);
            break;
          case Engine::kPairs:
            matching::coverage::FindByPairs(problem);
            break;
        }
      },
      at_least);
}

// Both engines must give the same answer, which must pass the verifier.
void CheckAnswer(const CoverageProblem& problem, Engine engine) {
  const auto ours = SolveCoverage(problem, engine), theirs = SolveCoverage(problem, Engine::kNetwork);
  Require(ours == theirs, "the engines differ");
  const Answer& answer = std::get<Answer>(ours);
  Require(VerifyCoverage(problem, answer.assigned, answer.prices).best, "the answer is not the best");
}

Line AgainstLemon(const std::string& regime, int32_t posts_percent, const std::string& wanted) {
  const CoverageProblem problem = matching::coverage::GeographicProblem({kNurses, kOpenings, 10, posts_percent}, 1);
  const Engine engine = EngineFor(problem);
  Require(engine != Engine::kNetwork, "there is nothing to compare");
  CheckAnswer(problem, engine);
  const std::string what =
      absl::StrCat(kNurses, " nurses to ", kOpenings, " openings, ", regime, " ÷ LEMON's network simplex");
  return {what, "-",
          Alternate(
              what, [&] { return EngineRate(problem, engine); }, [&] { return EngineRate(problem, Engine::kNetwork); }),
          "×", wanted};
}

struct Family {
  bool geographic = false;
  Shape shape;
};

std::string NameOf(const Family& family) {
  const Shape& shape = family.shape;
  return absl::StrCat(family.geographic ? "geographic, " : "random, ", shape.nurses, " nurses, ", shape.openings,
                      " openings, ", shape.posts_percent, " posts for 100, weights up to ", shape.most_weight);
}

std::vector<Family> Families() {
  std::vector<Family> families;
  for (const auto& [nurses, openings] : std::vector<std::pair<int32_t, int32_t>>{
           {1'000, 100}, {5'000, 500}, {5'000, 100}, {5'000, 2'500}, {20'000, 2'000}, {20'000, 400}}) {
    for (const int32_t posts_percent : {50, 90, 100, 115, 150, 200, 400}) {
      for (const int32_t most_weight : {1, 2, 5}) {
        const Shape shape = {nurses, openings, 10, posts_percent, 1'000, most_weight};
        families.push_back({false, shape});
        families.push_back({true, shape});
      }
    }
    if (IsTrial()) break;
  }
  return families;
}

CoverageProblem ProblemOf(const Family& family) {
  return family.geographic ? matching::coverage::GeographicProblem(family.shape, 1)
                           : matching::coverage::RandomProblem(family.shape, 1);
}

// Compares the chosen engine with LEMON's, for all families with another engine. Each family is measured briefly; the
// slowest ones are then measured like everything else here, and the worst of them counts.
Line WorstFamily() {
  constexpr double kLook = 0.02;  // seconds
  constexpr size_t kMeasured = 10;
  const std::vector<Family> families = Families();
  std::vector<std::pair<double, const Family*>> compared;  // by ratio
  for (const Family& family : families) {
    const CoverageProblem problem = ProblemOf(family);
    const Engine engine = EngineFor(problem);
    if (engine == Engine::kNetwork) continue;
    CheckAnswer(problem, engine);
    compared.emplace_back(EngineRate(problem, engine, kLook) / EngineRate(problem, Engine::kNetwork, kLook), &family);
    std::fprintf(stderr, "%d of %zu: %s: %.2f\n", static_cast<int>(&family - families.data()) + 1, families.size(),
                 NameOf(family).c_str(), compared.back().first);
  }
  Require(!compared.empty(), "there is nothing to compare");
  std::sort(compared.begin(), compared.end());
  Spread worst = {std::numeric_limits<double>::max()};
  std::string which;
  for (size_t i = 0; i < std::min(kMeasured, compared.size()); ++i) {
    const Family& family = *compared[i].second;
    const CoverageProblem problem = ProblemOf(family);
    const Engine engine = EngineFor(problem);
    const std::string name = NameOf(family);
    const Spread ratio = Alternate(
        name, [&] { return EngineRate(problem, engine); }, [&] { return EngineRate(problem, Engine::kNetwork); });
    if (ratio.median < worst.median) {
      worst = ratio;
      which = name;
    }
  }
  return {absl::StrCat("engine chosen ÷ LEMON's network simplex, the slowest of ", compared.size(), " problems (of ",
                       families.size(), ") where it is another one: ", which),
          "-", worst, "×", "0.77"};
}

// The whole time from the problem to the answer, compared with the verification of the answer.
Line Verifying() {
  const CoverageProblem problem = matching::coverage::GeographicProblem({kNurses, kOpenings, 10, 100}, 1);
  const Answer answer = std::get<Answer>(SolveCoverage(problem));
  const std::string what = absl::StrCat(kNurses, " nurses to ", kOpenings, " openings, answers verified ÷ found");
  return {what, "-",
          Alternate(
              what,
              [&] {
                return Rate(problem.market.nurse_count(), [&] {
                  Require(VerifyCoverage(problem, answer.assigned, answer.prices).best, "the answer is not the best");
                });
              },
              [&] { return Rate(problem.market.nurse_count(), [&] { SolveCoverage(problem); }); }),
          "×", "-"};
}

}  // namespace
}  // namespace tsunagu::bench

int main(int argc, char** argv) {
  std::string only = ".*";
  CLI::App app("Measures what matching for coverage costs, as ratios, and prints a Markdown table");
  app.add_option("--only", only, "Regular expression of: coverage, coverage-families, coverage-verify, candidates")
      ->capture_default_str();
  app.allow_extras();  // arguments of the other benchmarks
  CLI11_PARSE(app, argc, argv);
  const std::regex wanted(only);
  std::vector<tsunagu::bench::Line> lines;
  if (std::regex_match("coverage", wanted)) {
    lines.push_back(tsunagu::bench::AgainstLemon("as many posts as nurses", 100, "2"));
    lines.push_back(tsunagu::bench::AgainstLemon("twice as many posts", 200, "4"));
  }
  if (std::regex_match("coverage-families", wanted)) lines.push_back(tsunagu::bench::WorstFamily());
  if (std::regex_match("coverage-verify", wanted)) lines.push_back(tsunagu::bench::Verifying());
  if (std::regex_match("candidates", wanted)) {
    for (tsunagu::bench::Line& line : tsunagu::bench::MeasureCandidates()) lines.push_back(std::move(line));
  }
  if (!lines.empty()) std::printf("%s", tsunagu::bench::TableOf(lines).c_str());
  return 0;
}
