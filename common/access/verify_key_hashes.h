#ifndef TSUNAGU_COMMON_ACCESS_VERIFY_KEY_HASHES_H_
#define TSUNAGU_COMMON_ACCESS_VERIFY_KEY_HASHES_H_

#include "absl/status/status.h"
#include "common/records/verify_tables.h"

namespace tsunagu::store {
class Parts;
}
namespace tsunagu::access {

// Adds to `report` every API key that has not exactly one hash, and every hash without a key: a key that was given to
// another caller, copied or hidden. Does not find two hashes that were swapped, or one that was replaced: the journal
// has never held a hash. May run beside servers.
absl::Status VerifyKeyHashes(store::Parts& parts, store::TablesReport& report);

}  // namespace tsunagu::access

#endif  // TSUNAGU_COMMON_ACCESS_VERIFY_KEY_HASHES_H_
