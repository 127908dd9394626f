#ifndef TSUNAGU_TESTS_BENCH_CANDIDATES_H_
#define TSUNAGU_TESTS_BENCH_CANDIDATES_H_

#include <vector>

#include "tests/bench/measure.h"

namespace tsunagu::bench {

// What the lists of a nation's nurses cost, as rounds make them, beside boost's R-tree.
std::vector<Line> MeasureCandidates();

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_CANDIDATES_H_
