#include "tests/bench/measure.h"

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tsunagu::bench {
namespace {

std::string Number(double number, absl::string_view unit) {
  return absl::StrCat(absl::StrFormat(number < 20 ? "%.2f" : "%.0f", number), unit == "×" ? "" : " ", unit);
}

}  // namespace

bool IsTrial() {
  static const bool trial = std::getenv("TSUNAGU_BENCH_TRIAL") != nullptr;
  return trial;
}

Spread SpreadOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values[values.size() / 2], values.front(), values.back()};
}

Spread Alternate(absl::string_view what, const std::function<double()>& ours, const std::function<double()>& base) {
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    const double mine = ours();
    const double other = base();
    ratios.push_back(mine / other);
    std::fprintf(stderr, "%s: %.0f / %.0f a second = %.3f\n", std::string(what).c_str(), mine, other, ratios.back());
  }
  return SpreadOf(std::move(ratios));
}

double ProcessorTime() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::string TableOf(const std::vector<Line>& lines) {
  std::string table = "| what | engine | median of 5 | lowest to highest | wanted |\n|---|---|---|---|---|\n";
  for (const Line& line : lines) {
    absl::StrAppend(&table, "| ", line.what, " | ", line.engine, " | ", Number(line.value.median, line.unit), " | ",
                    Number(line.value.low, line.unit), " to ", Number(line.value.high, line.unit), " | ", line.wanted,
                    " |\n");
  }
  return table;
}

void GiveUp(absl::string_view why) {
  std::fprintf(stderr, "benchmark: %s\n", std::string(why).c_str());
  std::exit(1);
}

void Require(bool holds, absl::string_view why) {
  if (!holds) GiveUp(why);
}

}  // namespace tsunagu::bench
