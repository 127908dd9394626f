#ifndef TSUNAGU_TESTS_BENCH_WEB_H_
#define TSUNAGU_TESTS_BENCH_WEB_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/bench/measure.h"

namespace tsunagu::bench {

// Measures calls over HTTP relative to a bare gRPC echo, both loaded by h2load, and the memory of idle connections.
std::vector<Line> MeasureWeb(absl::Duration duration);

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_WEB_H_
