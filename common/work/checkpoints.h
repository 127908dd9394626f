#ifndef TSUNAGU_COMMON_WORK_CHECKPOINTS_H_
#define TSUNAGU_COMMON_WORK_CHECKPOINTS_H_

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/journal/sealer.h"
#include "common/keys/key_store.h"

namespace tsunagu {
namespace store {
class Parts;
}

// Records regularly how far one of a service's chains is, where somebody who can change the database cannot change it:
// as a signed line in a file, and as a mark in the key store. One task at a time.
class Checkpoints {
 public:
  enum class Chain { kJournal, kAccessLog };
  Checkpoints(store::Parts& parts, Chain chain);

  // An empty path: no line is ever written. Errors: CHECKPOINT_DIFFERS when the chain differs from its last line;
  // CHECKPOINTS_MISSING when all lines are of other services (a file may be from before the access log was sealed);
  // CHECKPOINT_MALFORMED for a malformed line; JOURNAL_CUT when the chain ends before the mark; JOURNAL_REWRITTEN when
  // it has another hash there. Logs when the file has lost lines.
  absl::Status Open(const std::string& path);

  // Writes a line when the chain has grown since the last one and a minute has passed. Call it regularly; it also
  // updates age().
  void WriteIfDue(const store::JournalHead& head);
  // As WriteIfDue, without waiting for the minute.
  void WriteLast(const store::JournalHead& head);

  // Returns for how long the oldest sealed row has had no checkpoint; 0 when the last one covers `head`. Thread-safe,
  // unlike the other methods.
  absl::Duration age(const store::JournalHead& head) const;

 private:
  absl::Status OpenFile();
  // Checks the chain against the mark.
  absl::Status CheckMark();
  // Sets the mark only while the chain still fits the previous one, so that a chain that was rewritten meanwhile is not
  // confirmed.
  void SetMark(const store::JournalHead& head);
  // Returns the hash of the chain at that place; empty when the chain does not reach it.
  absl::StatusOr<std::string> HashAt(int64_t place);
  void LookForUncovered(const store::JournalHead& head);

  store::Parts& parts_;
  const Chain chain_;
  const std::string name_;
  std::string path_;
  store::KeyStore::Mark mark_;
  std::atomic<int64_t> place_{0};
  int64_t written_micros_ = 0;
  std::atomic<int64_t> uncovered_micros_{0};  // since when; 0 when it is not known
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_WORK_CHECKPOINTS_H_
