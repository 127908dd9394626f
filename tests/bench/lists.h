#ifndef TSUNAGU_TESTS_BENCH_LISTS_H_
#define TSUNAGU_TESTS_BENCH_LISTS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/bench/measure.h"
#include "tests/bench/registry.h"

namespace tsunagu::bench {

// So many invented facilities into the tables of a registry without any, past its journal: 118 in the town of its town
// officer, one in 47 in the prefecture of its officer, the others elsewhere. Its server starts again and signs them, as
// it does in a database from before rows were signed.
void FillFacilities(Registry& registry, int rows);

// How long a page of facilities takes where there are many, ÷ the same where there are few: a line for each kind of
// caller and order.
std::vector<Line> CompareLists(const std::string& engine, Registry& few, Registry& many, absl::string_view sizes,
                               absl::Duration duration);

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_LISTS_H_
