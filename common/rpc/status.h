#ifndef TSUNAGU_COMMON_RPC_STATUS_H_
#define TSUNAGU_COMMON_RPC_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "grpcpp/support/status.h"

namespace tsunagu::rpc {

// Converts every error for callers: the text in `language`, and google.rpc details with exactly one ErrorInfo, under 4
// KiB (field faults that do not fit are counted in its metadata "omitted"). An error without a reason becomes INTERNAL
// without its text; the text goes to the log together with `correlation_id`.
grpc::Status ToGrpc(const absl::Status& status, Language language, absl::string_view correlation_id);

// Converts a peer's refusal as if it were made here, ready to be passed on. A status without our details keeps its code
// and text.
absl::Status FromGrpc(const grpc::Status& status);

// Returns how long the sender asks to wait before a retry; zero when it does not say.
absl::Duration RetryDelay(const grpc::Status& status);

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_STATUS_H_
