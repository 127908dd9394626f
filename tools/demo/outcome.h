#ifndef TSUNAGU_TOOLS_DEMO_OUTCOME_H_
#define TSUNAGU_TOOLS_DEMO_OUTCOME_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"

namespace tsunagu::demo {

// First, second and third choice; fourth to tenth; later.
inline constexpr size_t kChoiceBands = 5;

// The counted result of a round.
struct Outcome {
  struct FacilityLine {
    std::string name;  // facilities/…
    std::string display_name;
    int64_t posts = 0;
    int64_t filled = 0;
    int64_t open() const { return posts - filled; }
  };
  struct UnmatchedLine {
    matching::v1::UnmatchedReason reason = matching::v1::UNMATCHED_REASON_UNSPECIFIED;
    matching::v1::Blocker blocker = matching::v1::BLOCKER_UNSPECIFIED;
    int64_t nurses = 0;
    matching::v1::Assignment example;  // the first by name
  };
  struct LeftOutLine {
    matching::v1::LeftOutReason reason = matching::v1::LEFT_OUT_REASON_UNSPECIFIED;
    int64_t rows = 0;
    std::string example;  // the first by name
  };

  std::array<int64_t, kChoiceBands> by_choice = {};
  int64_t mean_metres = 0;               // of the nurses who got a post, rounded; 0 if there are none
  int64_t median_metres = 0;             // the lower one of an even number
  std::vector<UnmatchedLine> unmatched;  // most nurses first
  std::vector<LeftOutLine> left_out;     // most rows first
  std::vector<FacilityLine> facilities;  // with openings; most open posts first, then by name
};

// `openings` must be those of the round's area. An opening whose facility is not in `facilities`, or has no known
// place, took no part.
Outcome CountOutcome(absl::Span<const matching::v1::Assignment> assignments,
                     absl::Span<const matching::v1::Opening> openings,
                     absl::Span<const registry::v1::Facility> facilities,
                     absl::Span<const matching::v1::LeftOut> left_out = {});

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_OUTCOME_H_
