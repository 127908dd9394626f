#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VERIFY_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VERIFY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/matching/coverage/answer.h"
#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

enum class FindingKind {
  kWrongSize,     // the length of an array does not match the problem; nothing else was checked
  kNotChosen,     // the nurse has an opening that is not among her choices; the totals were not checked
  kOverPosts,     // the opening has more nurses than posts
  kOverSupply,    // of visits only: the supply does more visits than it can in a half-day, in a week, or in both kinds
                  // of week
  kOverLimit,     // the set has more nurses than its limit
  kUnderFloor,    // the set has fewer nurses than its floor
  kWrongPrice,    // of an opening or a set: the price is negative or above every possible cost, or both limit and floor
                  // have a price
  kPriceNotFull,  // the opening or the limit has a price, but is not full
  kPriceNotTight,  // the floor has a price, but the set has more nurses than the floor
  kBetterChoice,   // at these prices the nurse prefers the opening (-1: none) to what she has
  kEarlierChoice,  // the opening is as good for her, comes before what she has on her list, and she alone could move
                   // there
  kPriceNotLeast,  // the opening or the set could have a smaller price
  kSumsDiffer,     // the gain of the assignment is not the maximum that follows from the prices
};

struct Finding {
  FindingKind kind = FindingKind::kWrongSize;
  int32_t nurse = -1;    // -1: the finding is not about a nurse
  int32_t opening = -1;  // -1: the finding is not about an opening
  int32_t set = -1;      // -1: the finding is not about a set
};

struct Verdict {
  bool best = false;  // there is no finding
  int64_t finding_count = 0;
  std::vector<Finding> findings;  // the first kMaxFindings findings
};

inline constexpr size_t kMaxFindings = 20;

// Judges an assignment by its prices. If there is no finding, it meets all floors and no assignment is better, by
// weight and then cost. Shares no code with the engines. Reads the choices twice. A change of any single number of an
// answer is detected. If two best assignments differ by several nurses who exchange openings, the verifier does not
// decide which one the lots require.
Verdict VerifyCoverage(const CoverageProblem& problem, const market::Assigned& assigned, const Prices& prices);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VERIFY_H_
