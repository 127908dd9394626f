#ifndef TSUNAGU_SERVICES_TRAINING_FILING_H_
#define TSUNAGU_SERVICES_TRAINING_FILING_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "tsunagu/training/v1/care_permit.pb.h"

namespace tsunagu {
class Service;
struct Resource;
namespace store {
class Table;
class View;
}  // namespace store
}  // namespace tsunagu

namespace tsunagu::training {

// Adds the filings of offices about their care workers.
void AddFilings(Service& service);

// Checks whether a worker may act, by her permits and the filings about her.
absl::StatusOr<v1::CheckActResponse> CheckAct(Service& service, const rpc::Call& call, Resource& permits,
                                              const v1::CheckActRequest& request);

// Reads for a call that compares clients. As for a filter on a confidential field, the caller needs the permission to
// see clients, a purpose, and a scope for that permission. Errors: PERMISSION_DENIED, PURPOSE_REQUIRED.
absl::Status ReadForClients(Service& service, const rpc::Call& call, const store::Table& permits,
                            absl::FunctionRef<absl::Status(store::View&)> read);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_FILING_H_
