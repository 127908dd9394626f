#ifndef TSUNAGU_SERVICES_MATCHING_PROMISES_H_
#define TSUNAGU_SERVICES_MATCHING_PROMISES_H_

#include <map>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "common/jp/civil_day.h"
#include "common/records/view.h"

namespace tsunagu::matching {

// What proposals have already promised, including proposals that the caller may not see.
struct Promises {
  std::map<std::string, int> posts;  // by opening: the most posts that are held on any one day
  std::set<std::string> nurses;      // nurses who have accepted a post and have not started there
};
// Counts promises from `day` on.
absl::StatusOr<Promises> ReadPromises(store::View& view, jp::CivilDay day);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_PROMISES_H_
