#ifndef TSUNAGU_SERVICES_TRAINING_GUARDS_H_
#define TSUNAGU_SERVICES_TRAINING_GUARDS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/records/tx.h"

namespace tsunagu::training {

// Guards that rules over several rows lock (Tx::Guard). The names are those of the records.

// Protects the seats of a course, and its waiting list.
inline absl::Status GuardSeats(store::Tx& tx, absl::string_view course) { return tx.Guard("seats", course); }
// Protects whether anybody has begun under a curriculum.
inline absl::Status GuardCurriculum(store::Tx& tx, absl::string_view curriculum) {
  return tx.Guard("enrollments of curriculum", curriculum);
}
// Protects whether anybody has attended or viewed a session.
inline absl::Status GuardSession(store::Tx& tx, absl::string_view session) {
  return tx.Guard("attendances of session", session);
}
// Protects all facts of a learner, and her certificates.
inline absl::Status GuardLearner(store::Tx& tx, absl::string_view learner) {
  return tx.Guard("facts of learner", learner);
}

// Protects the first day of a course, which decides the evidence of its certificates. Lock it after GuardLearner.
inline absl::Status GuardStart(store::Tx& tx, absl::string_view course) { return tx.Guard("start of course", course); }

// Protects the choice of the signing key.
inline absl::Status GuardSigningKeys(store::Tx& tx) { return tx.Guard("signing keys", ""); }

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_GUARDS_H_
