#ifndef TSUNAGU_SERVICES_MATCHING_VISITS_AFTER_H_
#define TSUNAGU_SERVICES_MATCHING_VISITS_AFTER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/matching/rounds/held_visits.h"
#include "services/matching/rounds/visit_comparison.h"
#include "services/matching/rounds/visit_round.h"
#include "tsunagu/matching/v1/visit_event.pb.h"

namespace tsunagu::matching {

// A solved round of visits after its events.
struct VisitsAfter {
  SolvedVisits solved;  // its snapshot and its rows, less what contracts held when the last event was applied
  v1::Snapshot whole;   // the rows of the snapshot, including what contracts held
  std::vector<v1::VisitEvent> log;  // up to that event
  ContractsOfRound contracts;       // as of the last event; empty for the round as it was solved

  // For comparisons; the result keeps references to this object.
  VisitOutcome outcome() const { return {whole, solved.rows, contracts.held}; }
};

// Returns the round after the event of that number; 0: as it was solved; nothing: after the last event. Nothing is
// solved again: the log contains the rows that each event changed. Errors: ROUND_NOT_OF_VISITS, ROUND_NOT_SOLVED;
// NOT_IN_ROUND at `field` if there is no such event; EVENT_LOG_DAMAGED.
absl::StatusOr<VisitsAfter> LoadVisitsAfter(store::View& view, const std::string& name,
                                            std::optional<int32_t> after_event,
                                            absl::string_view field = "after_event");
absl::StatusOr<VisitsAfter> LoadVisitsAfter(Service& service, const rpc::Call& call, const std::string& name,
                                            std::optional<int32_t> after_event,
                                            absl::string_view field = "after_event");
// As LoadVisitsAfter, without snapshots.
absl::StatusOr<VisitsAfter> LoadVisitRows(store::View& view, const std::string& name,
                                          std::optional<int32_t> after_event, absl::string_view field = "after_event");

// As LoadVisitsAfter, for a round that was solved by today's rules, by which it can be varied. Errors in addition:
// ROUND_OF_OTHER_RULES; SNAPSHOT_CHANGED if the stored snapshot is not the one that was solved.
absl::StatusOr<VisitsAfter> LoadVisitsOfToday(store::View& view, const std::string& name,
                                              std::optional<int32_t> after_event);
absl::StatusOr<VisitsAfter> LoadVisitsOfToday(Service& service, const rpc::Call& call, const std::string& name,
                                              std::optional<int32_t> after_event);

// Returns the rows of `after` that differ from `before`, and the removed rows without wanted_count.
std::vector<v1::VisitRow> ChangedOf(const std::vector<v1::VisitRow>& before, const std::vector<v1::VisitRow>& after);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISITS_AFTER_H_
