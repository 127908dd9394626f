#ifndef TSUNAGU_SERVICES_MATCHING_LEFT_OUT_H_
#define TSUNAGU_SERVICES_MATCHING_LEFT_OUT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/platform/v1/report.pb.h"

namespace tsunagu::matching {

// Returns a text that states why a row could not take part in a round.
platform::v1::Label TextOf(v1::LeftOutReason reason);

// Returns the error at `field` for a name that has no row in the snapshot: LEFT_OUT_OF_ROUND with the reason if it was
// left out, else NOT_IN_ROUND.
absl::Status NotInRound(const v1::Snapshot& snapshot, const std::string& name, absl::string_view field);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_LEFT_OUT_H_
