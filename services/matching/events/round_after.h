#ifndef TSUNAGU_SERVICES_MATCHING_ROUND_AFTER_H_
#define TSUNAGU_SERVICES_MATCHING_ROUND_AFTER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/matching/rounds/round_reads.h"
#include "tsunagu/matching/v1/round_event.pb.h"

namespace tsunagu::matching {

// A solved round as its events have left it.
struct RoundAfter {
  // Rows are those of who and what is there then, in order of their names: nurses with what licence is left to them,
  // openings with their posts then. Of who has nothing the row has no more than her name (ResultRows says why).
  SolvedRound solved;
  std::vector<v1::RoundEvent> log;  // up to then

  // The events that changed what she has, by number.
  std::vector<int32_t> ChangedBy(const std::string& nurse) const;
  // The last event that took a licence from her; null: none has.
  const v1::RoundEvent* LicenceLostWith(const std::string& nurse) const;
  // With which event she has gone, if she has.
  std::optional<int32_t> LeftWith(const std::string& nurse) const;
};

// After the event of that number; 0: as it was solved; none: after the last. As LoadSolved fails; NOT_IN_ROUND at
// `field` where there is no such event, EVENT_LOG_DAMAGED.
absl::StatusOr<RoundAfter> LoadAfter(store::View& view, const std::string& name, std::optional<int32_t> after_event,
                                     absl::string_view field = "after_event");
absl::StatusOr<RoundAfter> LoadAfter(Service& service, const rpc::Call& call, const std::string& name,
                                     std::optional<int32_t> after_event, absl::string_view field = "after_event");

// What a request says, if it does.
template <typename Request>
std::optional<int32_t> AfterEventOf(const Request& request) {
  return request.has_after_event() ? std::optional<int32_t>(request.after_event()) : std::nullopt;
}

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUND_AFTER_H_
