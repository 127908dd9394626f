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

// A solved round of visits as its events have left it.
struct VisitsAfter {
  SolvedVisits solved;  // its snapshot and its rows less what contracts held when the last event was applied
  v1::Snapshot whole;   // the rows of the snapshot with what they held
  std::vector<v1::VisitEvent> log;  // up to then
  ContractsOfRound contracts;       // as the last event found them; none as it was solved

  // For comparisons; keeps references to this.
  VisitOutcome outcome() const { return {whole, solved.rows, contracts.held}; }
};

// After the event of that number; 0: as it was solved; none: after the last. Nothing is solved: the log has the rows
// that each event has changed. ROUND_NOT_OF_VISITS, ROUND_NOT_SOLVED; NOT_IN_ROUND at `field` where there is no such
// event; EVENT_LOG_DAMAGED.
absl::StatusOr<VisitsAfter> LoadVisitsAfter(store::View& view, const std::string& name,
                                            std::optional<int32_t> after_event,
                                            absl::string_view field = "after_event");
absl::StatusOr<VisitsAfter> LoadVisitsAfter(Service& service, const rpc::Call& call, const std::string& name,
                                            std::optional<int32_t> after_event,
                                            absl::string_view field = "after_event");
// The same without snapshots.
absl::StatusOr<VisitsAfter> LoadVisitRows(store::View& view, const std::string& name,
                                          std::optional<int32_t> after_event, absl::string_view field = "after_event");

// The same as LoadVisitsAfter, where the round was solved by the rules of today, by which it is varied: else
// ROUND_OF_OTHER_RULES; SNAPSHOT_CHANGED where the stored snapshot is not the one that was solved.
absl::StatusOr<VisitsAfter> LoadVisitsOfToday(store::View& view, const std::string& name,
                                              std::optional<int32_t> after_event);
absl::StatusOr<VisitsAfter> LoadVisitsOfToday(Service& service, const rpc::Call& call, const std::string& name,
                                              std::optional<int32_t> after_event);

// Those of `after` that differ from `before`, and without wanted_count those that are gone.
std::vector<v1::VisitRow> ChangedOf(const std::vector<v1::VisitRow>& before, const std::vector<v1::VisitRow>& after);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_VISITS_AFTER_H_
