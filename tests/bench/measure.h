#ifndef TSUNAGU_TESTS_BENCH_MEASURE_H_
#define TSUNAGU_TESTS_BENCH_MEASURE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tsunagu::bench {

// Whether this run is to show only that everything works and comes to the same as what it is measured against: little
// of everything, and the figures mean nothing. ./test does it (tests/bench/trial.sh).
bool IsTrial();

// How much there is of something.
inline int Sized(int whole, int in_trial) { return IsTrial() ? in_trial : whole; }

inline const int kRounds = Sized(5, 1);

// Of kRounds values: the middle one, and between what the others lay.
struct Spread {
  double median = 0, low = 0, high = 0;
};
Spread SpreadOf(std::vector<double> values);

// One row of docs/performance.md.
struct Line {
  std::string what;
  std::string engine;
  Spread value;
  std::string unit;  // "×" for a ratio
  std::string wanted;
};

// Ours and what it is measured against, taking turns, so that whatever else the machine does hits both alike. Each
// returns how much it did a second; the ratio of every round counts.
Spread Alternate(absl::string_view what, const std::function<double()>& ours, const std::function<double()>& base);

// Of this thread, in seconds. What else the machine does would hit long runs more than short ones.
double ProcessorTime();

// What has been measured so far, as a Markdown table.
std::string TableOf(const std::vector<Line>& lines);

// Ends the program: a benchmark whose parts fail measures nothing.
[[noreturn]] void GiveUp(absl::string_view why);
void Require(bool holds, absl::string_view why);

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_MEASURE_H_
