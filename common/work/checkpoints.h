#ifndef TSUNAGU_COMMON_WORK_CHECKPOINTS_H_
#define TSUNAGU_COMMON_WORK_CHECKPOINTS_H_

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/journal/sealer.h"
#include "common/keys/key_store.h"
#include "common/records/store.h"

namespace tsunagu {

// How far one of a service's chains is, said now and then where whoever changes the database cannot change it: as a
// signed line in a file, and as a mark in the key store. One task at a time.
class Checkpoints {
 public:
  enum class Chain { kJournal, kAccessLog };
  Checkpoints(store::Store& store, Chain chain);

  // CHECKPOINT_DIFFERS when the chain is not what its last line says, CHECKPOINTS_MISSING when all lines are of other
  // services (a file may be from before the access log was sealed), CHECKPOINT_MALFORMED when one is none. An empty
  // path: no line is ever written. JOURNAL_CUT when the chain ends before the mark, JOURNAL_REWRITTEN when it passes
  // there as another one. Lines that the file has lost since are said in the log.
  absl::Status Open(const std::string& path);

  // A new line when the chain has grown since the last one, and a minute has passed. Now and then, also for age.
  void WriteIfDue(const store::JournalHead& head);
  // The same without the minute.
  void WriteLast(const store::JournalHead& head);

  // For how long the oldest sealed row has been without a checkpoint; 0 when the last one covers `head`. Thread-safe,
  // unlike the rest.
  absl::Duration age(const store::JournalHead& head) const;

 private:
  absl::Status OpenFile();
  // Whether the chain is still what the mark says.
  absl::Status CheckMark();
  // Only where the chain is still what the mark before says: one that was rewritten meanwhile does not become the
  // truth.
  void SetMark(const store::JournalHead& head);
  // Of the chain at that place; empty where it does not reach it.
  absl::StatusOr<std::string> HashAt(int64_t place);
  void LookForUncovered(const store::JournalHead& head);

  store::Store& store_;
  const Chain chain_;
  const std::string name_;
  std::string path_;
  store::KeyStore::Mark mark_;
  std::atomic<int64_t> place_{0};
  int64_t written_micros_ = 0;
  std::atomic<int64_t> uncovered_micros_{0};  // since when; 0 where that is not known
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_WORK_CHECKPOINTS_H_
