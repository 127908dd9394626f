#ifndef TSUNAGU_TESTS_BENCH_MATCHING_H_
#define TSUNAGU_TESTS_BENCH_MATCHING_H_

#include <vector>

#include "tests/bench/measure.h"

namespace tsunagu::bench {

// A matching service as its operator runs it, on SQLite: rounds of 5,000 nurses and 500 openings around one city,
// frozen before, from SolveRound to the end of its operation. It solves, verifies, explains and stores.
std::vector<Line> MeasureRounds();

// The suite as its operator runs it, on SQLite: a round of 100,000 nurses and 10,000 openings, frozen from its registry
// and solved, beside the same with 10,000 nurses.
std::vector<Line> MeasureLargeRounds();

// The suite on SQLite: a round of visits of a large prefecture, published, its contracts proposed, and then its events.
std::vector<Line> MeasureVisits();

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_MATCHING_H_
