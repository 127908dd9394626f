#ifndef TSUNAGU_TESTS_BENCH_CANDIDATES_H_
#define TSUNAGU_TESTS_BENCH_CANDIDATES_H_

#include <vector>

#include "tests/bench/measure.h"

namespace tsunagu::bench {

// Measures the lists of a nation's nurses, as rounds make them, against boost's R-tree.
std::vector<Line> MeasureCandidates();

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_CANDIDATES_H_
