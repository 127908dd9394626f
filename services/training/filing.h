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

// What offices file of their care workers.
void AddFilings(Service& service);

// Whether somebody may act, by her permits and what was filed of them.
absl::StatusOr<v1::CheckActResponse> CheckAct(Service& service, const rpc::Call& call, Resource& permits,
                                              const v1::CheckActRequest& request);

// Reads for a call that compares clients: as the filter on a confidential field it takes the permission to see them, a
// purpose, and the caller's scope for that permission. PERMISSION_DENIED, PURPOSE_REQUIRED.
absl::Status ReadForClients(Service& service, const rpc::Call& call, const store::Table& permits,
                            absl::FunctionRef<absl::Status(store::View&)> read);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_FILING_H_
