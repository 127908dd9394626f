#ifndef TSUNAGU_SERVICES_MATCHING_COMPARISON_H_
#define TSUNAGU_SERVICES_MATCHING_COMPARISON_H_

#include <cstdint>
#include <vector>

#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/round_comparison.pb.h"

namespace tsunagu::matching {

// A result as one side of a comparison. Rows are ordered by name.
struct Outcome {
  const v1::Snapshot& snapshot;
  const std::vector<v1::Assignment>& assignments;
  int32_t least_count = 1;  // a mean of fewer values is not disclosed
};

struct Comparison {
  v1::RoundDifference difference;
  std::vector<v1::OpeningChange> openings;  // those that differ, by name
  std::vector<v1::NurseMove> moves;         // nurses who are on both sides, by name
};
Comparison Compare(const Outcome& before, const Outcome& after);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_COMPARISON_H_
