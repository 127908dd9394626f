#ifndef TSUNAGU_SERVICES_MATCHING_ROSTER_H_
#define TSUNAGU_SERVICES_MATCHING_ROSTER_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/matching/rules/instance.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/round_event.pb.h"

namespace tsunagu::matching {

// Who is in a round and which posts are open there, after the changes that it has taken; it knows nothing of who has
// what. Rows are those of the snapshot, with an index as there, and behind them those that came later, in the order of
// the log: no index ever changes.
class Roster {
 public:
  // `snapshot` is that of the round: each name once.
  explicit Roster(v1::Snapshot snapshot);

  // Takes the change as the next event, or says what keeps it from being one: then it is as before.
  absl::Status Take(const v1::RoundChange& change);
  int32_t event_count() const { return event_count_; }

  const v1::Snapshot& rows() const { return rows_; }
  // Of names that are in it.
  int32_t NurseOf(const std::string& name) const { return nurse_index_.at(name); }
  int32_t OpeningOf(const std::string& name) const { return opening_index_.at(name); }
  // With which event the row came; 0: it was in the snapshot.
  int32_t NurseSince(int32_t nurse) const { return nurses_[nurse].since; }
  int32_t OpeningSince(int32_t opening) const { return openings_[opening].since; }
  bool lost_a_licence(int32_t nurse) const { return !nurses_[nurse].lost.empty(); }
  bool present(int32_t nurse) const { return nurses_[nurse].present; }
  int32_t posts(int32_t opening) const { return openings_[opening].posts; }
  // What she held when that event came: one bit for each licence; 0: none.
  uint32_t LicencesAt(int32_t nurse, int32_t event) const;

  // As it was when each row came, whatever became of it since, and every opening with its posts then.
  rules::Instance AtFirst(int64_t seed) const;
  // As it is now: who has gone is eligible nowhere, and what is closed wants nobody.
  rules::Instance Now(int64_t seed) const;

 private:
  struct Nurse {
    bool present = true;
    int32_t since = 0;
    std::vector<std::pair<int32_t, uint32_t>> lost;  // with which event, and what was left to her
  };
  struct Opening {
    int32_t posts = 0;
    int32_t since = 0;
  };
  absl::StatusOr<int32_t> Find(const std::unordered_map<std::string, int32_t>& index, const std::string& name,
                               absl::string_view field) const;
  absl::Status Take(const v1::RoundChange::NurseQuits& quits);
  absl::Status Take(const v1::RoundChange::NurseArrives& arrives);
  absl::Status Take(const v1::RoundChange::OpeningArrives& arrives);
  absl::Status Take(const v1::RoundChange::PostsChange& change);
  absl::Status Take(const v1::RoundChange::LicenceExpires& expires);
  absl::Status TakeAny(const v1::RoundChange& change);
  bool OpensMore(int32_t nurse, uint32_t licences) const;

  v1::Snapshot rows_;
  std::unordered_map<std::string, int32_t> nurse_index_, opening_index_;
  std::vector<Nurse> nurses_;
  std::vector<Opening> openings_;
  int32_t event_count_ = 0;
};

// One that has taken a log; EVENT_LOG_DAMAGED where it does not.
absl::StatusOr<Roster> RosterAfter(const v1::Snapshot& snapshot, const std::vector<v1::RoundEvent>& log);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROSTER_H_
