#ifndef TSUNAGU_TESTS_BENCH_REPORT_H_
#define TSUNAGU_TESTS_BENCH_REPORT_H_

#include "tests/bench/registry.h"

namespace tsunagu::bench {

// Fills a registry with 1,741 municipalities, 2,000 coordinators and so many placements, a fifth of which hold today.
// Placements imported a second.
double AddPlacements(Registry& registry, int placements);

// Rows of all placements for a second of one report, as the administrator sees it; `past`: as it was known just now,
// while the tables say something newer.
double ReportRate(Registry& registry, int placements, bool past);

// The same for a program that only reads the columns of the rows that hold today, and all areas, from the database's
// file.
double RawScanRate(const std::string& file, int placements);

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_REPORT_H_
