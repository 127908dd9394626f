#ifndef TSUNAGU_COMMON_RECORDS_SECRETS_H_
#define TSUNAGU_COMMON_RECORDS_SECRETS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/records/tx.h"

namespace tsunagu::store {

// Secrets of 32 bytes that a service makes while it runs, besides those that it names before it opens (Store::Secret).
// They are kept encrypted in the same table, and go with backups as those do.

// Fails where there is one of that name.
absl::Status MakeSecret(Tx& tx, absl::string_view name);
// SEALED_DATA_DAMAGED where it was changed, or there is none.
absl::StatusOr<std::string> ReadSecret(View& view, absl::string_view name);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_SECRETS_H_
