#ifndef TSUNAGU_TESTS_BENCH_MEASURE_H_
#define TSUNAGU_TESTS_BENCH_MEASURE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tsunagu::bench {

// Returns whether this run only checks that everything works and gives the same results as its reference: amounts are
// small, and the figures mean nothing. ./test runs it (tests/bench/trial.sh).
bool IsTrial();

// Returns the amount for this kind of run.
inline int Sized(int whole, int in_trial) { return IsTrial() ? in_trial : whole; }

inline const int kRounds = Sized(5, 1);

// The median of kRounds values, and the lowest and the highest of them.
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

// Runs our code and the reference alternately, so that other load on the machine affects both. Each function returns
// its rate for a second; the result is the spread of the ratios of all rounds.
Spread Alternate(absl::string_view what, const std::function<double()>& ours, const std::function<double()>& base);

// Returns the processor time of this thread in seconds. Other load would affect the elapsed time of long runs more than
// of short ones.
double ProcessorTime();

// Returns the measurements so far as a Markdown table.
std::string TableOf(const std::vector<Line>& lines);

// Ends the program: a benchmark with a failed part measures nothing.
[[noreturn]] void GiveUp(absl::string_view why);
void Require(bool holds, absl::string_view why);

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_MEASURE_H_
