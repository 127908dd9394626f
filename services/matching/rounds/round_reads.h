#ifndef TSUNAGU_SERVICES_MATCHING_ROUND_READS_H_
#define TSUNAGU_SERVICES_MATCHING_ROUND_READS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/records/view.h"
#include "common/service/paging.h"
#include "services/matching/rules/instance.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu {
class ReportRun;
class Service;
namespace rpc {
struct Call;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// The value of Round.least_count if it is not set.
inline constexpr int32_t kLeastCount = 5;

// Errors: ROUND_NOT_SOLVED until the round has a result; its later states do not matter.
absl::StatusOr<v1::Round> ReadSolved(Service& service, const rpc::Call& call, const std::string& name);
// Returns a round that has been frozen, so that its snapshot can be read.
absl::StatusOr<v1::Round> ReadFrozen(Service& service, const rpc::Call& call, const std::string& name);

// A solved round with everything that it was solved from.
struct SolvedRound {
  v1::Round round;
  v1::Snapshot snapshot;
  std::vector<v1::Assignment> assignments;  // in the order of the snapshot's nurses
  rules::Instance instance;                 // as its rule table reads it, with the limits under which the result is
                                            // stable
  std::vector<int32_t> opening_of_nurse;    // -1: none
  v1::Certificate certificate;
  // All of this but the round and its certificate is as it was after this event (events/round_after).
  int32_t after_event = 0;

  // Return the index of a name in the snapshot; -1: it is not there.
  int32_t NurseOf(const std::string& name) const;
  int32_t OpeningOf(const std::string& name) const;
  // Returns the instance with the limits of the round, some of which BALANCED lowers.
  rules::Instance WithLimitsOfRound() const;
};
// Errors: ROUND_NOT_SOLVED; SNAPSHOT_CHANGED if the stored snapshot is not the one that was solved.
absl::StatusOr<SolvedRound> LoadSolved(store::View& view, const std::string& name);
absl::StatusOr<SolvedRound> LoadSolved(Service& service, const rpc::Call& call, const std::string& name);
// As LoadSolved, for a round that was solved by today's rules, which is required for events. Errors in addition:
// ROUND_OF_OTHER_RULES.
absl::StatusOr<SolvedRound> LoadOfToday(store::View& view, const std::string& name);

// Returns the event after which a report shows the round: the requested one, else the last one that was known at the
// moment of the report. Errors: RESOURCE_NOT_FOUND, ROUND_NOT_SOLVED as it was then; ROUND_OF_VISITS and
// ROUND_NOT_OF_VISITS; NOT_IN_ROUND at after_event for an event that was not known then.
absl::StatusOr<int32_t> EventToReport(const ReportRun& run, const std::string& name, bool of_visits,
                                      std::optional<int32_t> after_event);

// Returns whether the round is explained by prices, not by the order of nurses.
bool GoesByPrices(const v1::Round& round);
// Checks whether the round can be solved again by its rule table while a caller waits. Errors: ROUND_OF_OTHER_RULES if
// this program does not have that rule table; WHAT_IF_TOO_LARGE if the round has more than `most_pairs` pairs of a
// nurse and an opening, since it would take too long.
absl::Status CheckMayVary(const v1::Round& round, int64_t most_pairs = 25'000'000);

// Returns whether the caller may see data of nurses: it has rounds.readSnapshot for the round, and a purpose.
absl::StatusOr<bool> MaySeeNurses(Service& service, const rpc::Call& call, const std::string& round);
// Errors: PURPOSE_REQUIRED, PERMISSION_DENIED if not.
absl::Status CheckMaySeeNurses(Service& service, const rpc::Call& call, const std::string& round);
// Writes to the access log that the caller saw `nurses`.
absl::Status LogSeen(Service& service, const rpc::Call& call, const std::vector<std::string>& nurses);

// Returns the index, in a list of stored rows, of the first row of the page of a token; without a token, 0.
absl::StatusOr<int64_t> StartOf(Service& service, const std::string& token, const contract::PageCall& page);
std::string TokenOf(Service& service, int64_t start, const contract::PageCall& page);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUND_READS_H_
