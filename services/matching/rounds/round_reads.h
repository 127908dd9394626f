#ifndef TSUNAGU_SERVICES_MATCHING_ROUND_READS_H_
#define TSUNAGU_SERVICES_MATCHING_ROUND_READS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/records/store.h"
#include "common/service/paging.h"
#include "services/matching/rules/instance.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu {
class Service;
namespace rpc {
struct Call;
}
}  // namespace tsunagu

namespace tsunagu::matching {

// Round.least_count where it is left out.
inline constexpr int32_t kLeastCount = 5;

// ROUND_NOT_SOLVED until it has a result, whatever became of it afterwards.
absl::StatusOr<v1::Round> ReadSolved(Service& service, const rpc::Call& call, const std::string& name);
// Once it is frozen its snapshot can be read.
absl::StatusOr<v1::Round> ReadFrozen(Service& service, const rpc::Call& call, const std::string& name);

// A solved round with all it was solved from.
struct SolvedRound {
  v1::Round round;
  v1::Snapshot snapshot;
  std::vector<v1::Assignment> assignments;  // in the order of the snapshot's nurses
  rules::Instance instance;                 // as its rule table reads it, with the limits under which it is stable
  std::vector<int32_t> opening_of_nurse;    // -1: none
  v1::Certificate certificate;
  int32_t after_event =
      0;  // all of this but the round and its certificate is as it was after this event (events/round_after)

  // Index of a name in the snapshot; -1: it is not there.
  int32_t NurseOf(const std::string& name) const;
  int32_t OpeningOf(const std::string& name) const;
};
// ROUND_NOT_SOLVED; SNAPSHOT_CHANGED where the stored snapshot is not the one that was solved.
absl::StatusOr<SolvedRound> LoadSolved(store::View& view, const std::string& name);
absl::StatusOr<SolvedRound> LoadSolved(Service& service, const rpc::Call& call, const std::string& name);
// The same where it was solved by the rules of today, by which it takes events; else ROUND_OF_OTHER_RULES.
absl::StatusOr<SolvedRound> LoadOfToday(store::View& view, const std::string& name);

// Whether it goes by prices, and not by who comes before whom.
bool GoesByPrices(const v1::Round& round);
// Whether it can be solved once more, by the rule table that it was solved by, while somebody waits:
// ROUND_OF_OTHER_RULES where this program does not have that, WHAT_IF_TOO_LARGE where it would take long, since it has
// more pairs of a nurse and an opening.
absl::Status CheckMayVary(const v1::Round& round, int64_t most_pairs = 25'000'000);

// Whether the caller is told what tells of nurses: rounds.readSnapshot for the round, and a purpose.
absl::StatusOr<bool> MaySeeNurses(Service& service, const rpc::Call& call, const std::string& round);
// PURPOSE_REQUIRED, PERMISSION_DENIED where not.
absl::Status CheckMaySeeNurses(Service& service, const rpc::Call& call, const std::string& round);
// Logs that it was told of `nurses`.
absl::Status LogSeen(Service& service, const rpc::Call& call, const std::vector<std::string>& nurses);

// The place in a list of stored rows that a token stands for; without one, the first.
absl::StatusOr<int64_t> PlaceOf(store::Store& store, const std::string& token, const contract::PageCall& page);
std::string TokenOf(store::Store& store, int64_t place, const contract::PageCall& page);

}  // namespace tsunagu::matching

#endif  // TSUNAGU_SERVICES_MATCHING_ROUND_READS_H_
