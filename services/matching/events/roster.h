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

// The nurses and open posts of a round after the changes that this class has taken. It does not hold the assignment.
// The rows are those of the snapshot, with the same indexes, followed by later rows in the order of the log: an index
// never changes.
class Roster {
 public:
  // `snapshot` is the snapshot of the round; each name must be unique.
  explicit Roster(v1::Snapshot snapshot);

  // Takes the change as the next event. On error, nothing is changed.
  absl::Status Take(const v1::RoundChange& change);
  int32_t event_count() const { return event_count_; }

  const v1::Snapshot& rows() const { return rows_; }
  // The names must be present.
  int32_t NurseOf(const std::string& name) const { return nurse_index_.at(name); }
  int32_t OpeningOf(const std::string& name) const { return opening_index_.at(name); }
  // Return the number of the event with which the row came; 0: it was in the snapshot.
  int32_t NurseSince(int32_t nurse) const { return nurses_[nurse].since; }
  int32_t OpeningSince(int32_t opening) const { return openings_[opening].since; }
  bool lost_a_licence(int32_t nurse) const { return !nurses_[nurse].lost.empty(); }
  bool present(int32_t nurse) const { return nurses_[nurse].present; }
  int32_t posts(int32_t opening) const { return openings_[opening].posts; }
  // Returns the licences that she held when that event came, one bit each; 0: none.
  uint32_t LicencesAt(int32_t nurse, int32_t event) const;

  // Returns each row as it was when it came, regardless of later changes, and every opening with its posts at that
  // time.
  rules::Instance AtFirst(int64_t seed) const;
  // Returns the present state: a nurse who has left is eligible nowhere, and a closed opening wants nobody.
  rules::Instance Now(int64_t seed) const;

 private:
  struct Nurse {
    bool present = true;
    int32_t since = 0;
    std::vector<std::pair<int32_t, uint32_t>> lost;  // number of the event, and the licences that remained
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

// Returns a roster that has taken the log. Errors: EVENT_LOG_DAMAGED if it cannot.
absl::StatusOr<Roster> RosterAfter(const v1::Snapshot& snapshot, const std::vector<v1::RoundEvent>& log);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROSTER_H_
