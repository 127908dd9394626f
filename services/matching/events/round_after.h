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

// A solved round after its events.
struct RoundAfter {
  // The nurses and openings that are present then, in order of names: nurses with their remaining licences, openings
  // with their posts. The row of a nurse without a post has only her name (the reason is at ResultRows).
  SolvedRound solved;
  std::vector<v1::RoundEvent> log;  // up to that event

  // Returns the numbers of the events that changed what she has.
  std::vector<int32_t> ChangedBy(const std::string& nurse) const;
  // Returns the last event that took a licence from her; null: there is none.
  const v1::RoundEvent* LicenceLostWith(const std::string& nurse) const;
  // Returns the number of the event with which she left; nothing if she has not left.
  std::optional<int32_t> LeftWith(const std::string& nurse) const;
};

// Returns the round after the event of that number; 0: as it was solved; nothing: after the last event. Errors: those
// of LoadSolved; NOT_IN_ROUND at `field` if there is no such event; EVENT_LOG_DAMAGED.
absl::StatusOr<RoundAfter> LoadAfter(store::View& view, const std::string& name, std::optional<int32_t> after_event,
                                     absl::string_view field = "after_event");
absl::StatusOr<RoundAfter> LoadAfter(Service& service, const rpc::Call& call, const std::string& name,
                                     std::optional<int32_t> after_event, absl::string_view field = "after_event");

// Returns the after_event of a request, if it is set.
template <typename Request>
std::optional<int32_t> AfterEventOf(const Request& request) {
  return request.has_after_event() ? std::optional<int32_t>(request.after_event()) : std::nullopt;
}

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUND_AFTER_H_
