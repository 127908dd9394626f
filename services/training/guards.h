#ifndef TSUNAGU_SERVICES_TRAINING_GUARDS_H_
#define TSUNAGU_SERVICES_TRAINING_GUARDS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/records/tx.h"

namespace tsunagu::training {

// What is held while rules over several rows look at them (Tx::Guard). Names are those of the records.

// The seats of a course, and who waits for one.
inline absl::Status GuardSeats(store::Tx& tx, absl::string_view course) { return tx.Guard("seats", course); }
// Whether anybody has begun under a curriculum.
inline absl::Status GuardCurriculum(store::Tx& tx, absl::string_view curriculum) {
  return tx.Guard("enrollments of curriculum", curriculum);
}
// Whether anybody has attended or viewed a session.
inline absl::Status GuardSession(store::Tx& tx, absl::string_view session) {
  return tx.Guard("attendances of session", session);
}
// All that is recorded of a learner, and her certificates.
inline absl::Status GuardLearner(store::Tx& tx, absl::string_view learner) {
  return tx.Guard("facts of learner", learner);
}

// The first day of a course, which decides what certificates of it rest on. After GuardLearner.
inline absl::Status GuardStart(store::Tx& tx, absl::string_view course) { return tx.Guard("start of course", course); }

// Which key signs.
inline absl::Status GuardSigningKeys(store::Tx& tx) { return tx.Guard("signing keys", ""); }

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_GUARDS_H_
