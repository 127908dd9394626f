#ifndef TSUNAGU_TESTS_BENCH_REPORT_H_
#define TSUNAGU_TESTS_BENCH_REPORT_H_

#include "tests/bench/registry.h"

namespace tsunagu::bench {

// Fills a registry with 1,741 municipalities, 2,000 coordinators and `placements` placements, a fifth of which are
// valid today. Returns imported placements a second.
double AddPlacements(Registry& registry, int placements);

// Returns the rows of all placements for each second of one report, with the scope of the administrator; `past`: as
// known a moment ago, when the tables already contain newer data.
double ReportRate(Registry& registry, int placements, bool past);

// As ReportRate, for a program that only reads from the database the columns of the rows valid today, and all
// areas.
double RawScanRate(const std::string& location, int placements);

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_REPORT_H_
