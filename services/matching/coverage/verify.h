#ifndef TSUNAGU_SERVICES_MATCHING_COVERAGE_VERIFY_H_
#define TSUNAGU_SERVICES_MATCHING_COVERAGE_VERIFY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/matching/coverage/answer.h"
#include "services/matching/coverage/problem.h"

namespace tsunagu::matching::coverage {

enum class FindingKind {
  kWrongSize,     // an array does not fit the problem; nothing else was checked
  kNotChosen,     // the nurse has what is not among her choices; the prices were not checked
  kOverPosts,     // the place has more nurses than posts
  kOverSupply,    // of visits only: the supply does more than it can in a half-day, in a week, or in both kinds of week
  kOverLimit,     // the set has more nurses than its limit
  kUnderFloor,    // the set has fewer nurses than its floor
  kWrongPrice,    // of a place or a set: negative, or more than anything can cost, or a limit and a floor both cost
  kPriceNotFull,  // the place or the limit has a price and room
  kPriceNotTight,  // the floor has a price and more nurses than it asks for
  kBetterChoice,   // at these prices the place, or -1 none, suits the nurse better than what she has
  kEarlierChoice,  // the place suits her just as well, stands before what she has, and she alone could go there
  kPriceNotLeast,  // the place or the set could cost less
  kSumsDiffer,     // what the assignment gains is not what the prices say is the most
};

struct Finding {
  FindingKind kind = FindingKind::kWrongSize;
  int32_t nurse = -1;  // -1: of no nurse
  int32_t place = -1;  // -1: of no place
  int32_t set = -1;    // -1: of no set
};

struct Verdict {
  bool best = false;  // no finding
  int64_t finding_count = 0;
  std::vector<Finding> findings;  // the first kMaxFindings
};

inline constexpr size_t kMaxFindings = 20;

// Judges an assignment by its prices: without a finding it meets all floors and none is better, by weight and then
// cost. Shares no code with the engines. Reads the choices twice. A change of any one number of an answer is a finding;
// of two best assignments between which several nurses change places at once it does not tell which one the lots ask
// for.
Verdict VerifyCoverage(const CoverageProblem& problem, const market::Assigned& assigned, const Prices& prices);

}  // namespace tsunagu::matching::coverage

#endif  // TSUNAGU_SERVICES_MATCHING_COVERAGE_VERIFY_H_
