#ifndef TSUNAGU_COMMON_JOURNAL_CHAIN_H_
#define TSUNAGU_COMMON_JOURNAL_CHAIN_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/db/database.h"

namespace tsunagu::store {

// What stands before the first place of a service's chain; 32 bytes.
std::string ChainStart(absl::string_view service);

// The hash of one sealed row: SHA-256 over the format's number, the hash of the place before, place, known time and
// `content`, which is the journal row as stored, each column with its length in front.
std::string SealHash(absl::string_view previous, int64_t place, int64_t known_time, absl::string_view content);

// Columns of a row from the `first` on, each with its length in front; NULL differs from empty. `integers` says of each
// whether it is a number.
std::string RowContent(const Row& row, int first, absl::Span<const bool> integers);
// The same of a row that is being written.
std::string RowContent(absl::Span<const Value> columns);
// One column of it, added to `content`.
void AppendColumn(int64_t number, std::string& content);
void AppendColumn(absl::string_view bytes, std::string& content);

// A place of the chain as it is found in the database.
struct ChainLink {
  int64_t place = 0;
  int64_t known_time = 0;  // microseconds
  std::string hash;        // as stored
  bool has_row = false;    // its journal row is there
  std::string id;          // of the journal row
  std::string name;        // resource
  int64_t revision = 0;    // 0 where the rows have none
  std::string content;
};

// Something that cannot have come about by this program.
struct ChainFinding {
  enum class Kind {
    kRowChanged,         // the journal row at a place is not what was sealed
    kRowMoved,           // it was sealed at another place
    kRowRemoved,         // its journal row is gone
    kPlaceMissing,       // row and seal are gone
    kSealChanged,        // the hash kept at a place was altered
    kTimeReversed,       // known before what stands in front of it
    kRevisionMissing,    // the chain goes from revision n to n + 2 or further of one record, or repeats one
    kNeverSealed,        // a journal row that is neither sealed nor waiting for it
    kPendingWithoutRow,  // waits for sealing, but is not in the journal
    kHeadDiffers,        // the chain ends elsewhere than its head says
    kCheckpointDiffers,  // a checkpoint names another hash, or a place that is not there
    kCheckpointForged,   // its signature does not hold
    kMarkDiffers,        // the key store has seen another chain pass there
    kNamesDiffer,        // of the access log: what leads from a record to this row is not what the row says
    kBeforeDiffers,      // of the access log: rows from before it was sealed were added or removed
  };
  Kind kind;
  int64_t place = 0;  // 0 where there is none
  std::string name;   // of the record, else of the row's id
  int64_t revision = 0;

  friend bool operator==(const ChainFinding& a, const ChainFinding& b) {
    return a.kind == b.kind && a.place == b.place && a.name == b.name && a.revision == b.revision;
  }
};

// Follows a chain from its start, link by link in the order of places. It goes on after a fault with the hash that is
// kept, and what a fault explains is no further one, so that one altered row is one finding. Memory: some 50 bytes a
// record, and the faulty rows themselves.
class ChainVerifier {
 public:
  explicit ChainVerifier(absl::string_view service);
  // Of a chain that begins with `start`.
  static ChainVerifier From(std::string start) { return ChainVerifier(Start{std::move(start)}); }

  void Add(ChainLink link);
  // After the last link: tells moved rows from changed ones. What was found, by place.
  std::vector<ChainFinding> Finish();

  int64_t place() const { return place_; }
  const std::string& hash() const { return hash_; }

 private:
  struct Start {
    std::string hash;
  };
  explicit ChainVerifier(Start start) : hash_(std::move(start.hash)) {}
  struct Suspect {
    ChainLink link;
    std::string previous;
  };
  struct Revision {
    int64_t number = 0;
    int64_t place = 0;
  };
  void CheckGap(const ChainLink& link);
  // Of rows that are as they were sealed.
  void CheckTime(const ChainLink& link);
  void CheckRevision(const ChainLink& link);
  bool Fits(const ChainLink& link);
  void FindMoved();
  void Mark(const Suspect& suspect, ChainFinding::Kind kind);
  ChainFinding* FindingAt(int64_t place, ChainFinding::Kind kind);  // null where there is none
  void Find(ChainFinding::Kind kind, const ChainLink& link);

  int64_t place_ = 0;
  int64_t fault_ = 0;  // the last place with one
  int64_t known_time_ = 0;
  std::string hash_;        // as kept at place_
  std::string recomputed_;  // for place_, where it differs from hash_
  std::vector<Suspect> suspects_;
  std::vector<ChainFinding> findings_;
  std::unordered_map<uint64_t, Revision> revisions_;  // by hash of the name
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_CHAIN_H_
