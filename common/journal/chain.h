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

// Returns the hash before the first place of a service's chain; 32 bytes.
std::string ChainStart(absl::string_view service);

// Returns the hash of one sealed row: SHA-256 over the format number, the hash of the previous place, place, known time
// and `content`. `content` is the journal row as stored, each column preceded by its length.
std::string SealHash(absl::string_view previous, int64_t place, int64_t known_time, absl::string_view content);

// Returns the columns of a row from `first` on, each preceded by its length; NULL differs from empty. `integers` tells
// for each column whether it is a number.
std::string RowContent(const Row& row, int first, absl::Span<const bool> integers);
// The same for a row that is being written.
std::string RowContent(absl::Span<const Value> columns);
// Adds one column to `content`.
void AppendColumn(int64_t number, std::string& content);
void AppendColumn(absl::string_view bytes, std::string& content);

// A place of the chain as it is stored in the database.
struct ChainLink {
  int64_t place = 0;
  int64_t known_time = 0;  // microseconds
  std::string hash;        // as stored
  bool has_row = false;    // whether its journal row exists
  std::string id;          // of the journal row
  std::string name;        // resource
  int64_t revision = 0;    // 0 when the rows have no revision
  std::string content;
};

// A fault that this program cannot have caused.
struct ChainFinding {
  enum class Kind {
    kRowChanged,         // the journal row at a place is not what was sealed
    kRowMoved,           // the row was sealed at another place
    kRowRemoved,         // the journal row does not exist
    kPlaceMissing,       // neither row nor seal exists
    kSealChanged,        // the stored hash of a place was changed
    kTimeReversed,       // the known time is earlier than that of the place before
    kRevisionMissing,    // the revisions of a record have a gap in the chain, or one is repeated
    kNeverSealed,        // a journal row is neither sealed nor waiting for sealing
    kPendingWithoutRow,  // waits for sealing, but is not in the journal
    kHeadDiffers,        // the end of the chain is not the one that its head records
    kCheckpointDiffers,  // a checkpoint has another hash, or a place that does not exist
    kCheckpointForged,   // the signature of a checkpoint is invalid
    kMarkDiffers,        // the key store has recorded another hash at that place
    kNamesDiffer,        // access log: the entries from records to this row differ from the row
    kBeforeDiffers,      // access log: rows from before it was sealed were added or removed
  };
  Kind kind;
  int64_t place = 0;  // 0 when there is none
  std::string name;   // of the record; without one, the id of the row
  int64_t revision = 0;

  friend bool operator==(const ChainFinding& a, const ChainFinding& b) {
    return a.kind == b.kind && a.place == b.place && a.name == b.name && a.revision == b.revision;
  }
};

// Follows a chain from its start in the order of places. After a fault it continues with the stored hash and does not
// report consequences of the fault again, so that one changed row gives one finding. Memory: about 50 bytes per record,
// and the faulty rows themselves.
class ChainVerifier {
 public:
  explicit ChainVerifier(absl::string_view service);
  // For a chain that begins with `start`.
  static ChainVerifier From(std::string start) { return ChainVerifier(Start{std::move(start)}); }

  void Add(ChainLink link);
  // Call after the last link. Distinguishes moved rows from changed ones and returns the findings by place.
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
  // For rows that are as they were sealed.
  void CheckTime(const ChainLink& link);
  void CheckRevision(const ChainLink& link);
  bool Fits(const ChainLink& link);
  void FindMoved();
  void Mark(const Suspect& suspect, ChainFinding::Kind kind);
  ChainFinding* FindingAt(int64_t place, ChainFinding::Kind kind);  // null when there is none
  void Find(ChainFinding::Kind kind, const ChainLink& link);

  int64_t place_ = 0;
  int64_t fault_ = 0;  // the last place with a fault
  int64_t known_time_ = 0;
  std::string hash_;        // as stored at place_
  std::string recomputed_;  // for place_, when it differs from hash_
  std::vector<Suspect> suspects_;
  std::vector<ChainFinding> findings_;
  std::unordered_map<uint64_t, Revision> revisions_;  // by hash of the name
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_JOURNAL_CHAIN_H_
