#ifndef TSUNAGU_TESTS_BENCH_LISTS_H_
#define TSUNAGU_TESTS_BENCH_LISTS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/bench/measure.h"
#include "tests/bench/registry.h"

namespace tsunagu::bench {

// Writes `rows` invented facilities directly into the tables of a registry without facilities, bypassing its journal:
// 118 in the town of the town officer, one in 47 in the prefecture of the officer, the others elsewhere. The server
// restarts and signs them, as it does for a database from before rows were signed.
void FillFacilities(Registry& registry, int rows);

// Measures the time of a page of facilities with many rows relative to few rows: a line for each kind of caller and
// order.
std::vector<Line> CompareLists(const std::string& engine, Registry& few, Registry& many, absl::string_view sizes,
                               absl::Duration duration);

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_LISTS_H_
