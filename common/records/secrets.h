#ifndef TSUNAGU_COMMON_RECORDS_SECRETS_H_
#define TSUNAGU_COMMON_RECORDS_SECRETS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/records/tx.h"

namespace tsunagu::store {

// Secrets of 32 bytes that a service makes while it runs, in addition to those that it names before it opens
// (Store::Secret). They are stored encrypted in the same table and are part of backups in the same way.

// Fails when a secret of that name exists.
absl::Status MakeSecret(Tx& tx, absl::string_view name);
// Errors: SEALED_DATA_DAMAGED when the secret was changed or does not exist.
absl::StatusOr<std::string> ReadSecret(View& view, absl::string_view name);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_SECRETS_H_
