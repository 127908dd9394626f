#ifndef TSUNAGU_TESTS_BENCH_MATCHING_H_
#define TSUNAGU_TESTS_BENCH_MATCHING_H_

#include <vector>

#include "tests/bench/measure.h"

namespace tsunagu::bench {

// A matching service in its production configuration, on SQLite: rounds of 5,000 nurses and 500 openings around one
// city, which were frozen before, from SolveRound to the end of its operation. Solves, verifies, explains and stores.
std::vector<Line> MeasureRounds();

// The suite in its production configuration, on SQLite: a round of 100,000 nurses and 10,000 openings, frozen from its
// registry and solved, compared with 10,000 nurses.
std::vector<Line> MeasureLargeRounds();

// The suite on SQLite: a round of visits of a large prefecture is published, its contracts are proposed, and its events
// are applied.
std::vector<Line> MeasureVisits();

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_MATCHING_H_
