#ifndef TSUNAGU_COMMON_ACCESS_VERIFY_KEY_HASHES_H_
#define TSUNAGU_COMMON_ACCESS_VERIFY_KEY_HASHES_H_

#include "absl/status/status.h"
#include "common/records/verify_tables.h"

namespace tsunagu::access {

// Adds to `report` every API key that has not exactly one hash, and every hash of a key that is not there: a key given
// to another, copied or hidden. Two hashes that were swapped, or one that was replaced, are not found: the journal has
// never held a hash. May run beside servers.
absl::Status VerifyKeyHashes(store::Store& store, store::TablesReport& report);

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_VERIFY_KEY_HASHES_H_
