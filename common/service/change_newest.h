#ifndef TSUNAGU_COMMON_SERVICE_CHANGE_NEWEST_H_
#define TSUNAGU_COMMON_SERVICE_CHANGE_NEWEST_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/records/change_request.h"
#include "google/protobuf/message.h"

namespace tsunagu {

class Service;
namespace rpc {
struct Call;
}
namespace store {
class Tx;
}

// What of a request tells a retry of it from another.
store::ChangeRequest RequestOf(const google::protobuf::Message& request);

// Runs `change` in one transaction, once for each request id. `change` reads records and writes them, compares the
// request's etag itself, and answers Overtaken where another has written one of them in between. Then it runs again:
// whoever gave an etag finds that it is no longer true, and whoever gave none minds no change of another. Those to whom
// that happens wait for one another, by `collection` ("placements"), so that each is in time before long. ETAG_MISMATCH
// where it is overtaken again and again.
absl::Status ChangeNewest(Service& service, const rpc::Call& call, absl::string_view collection,
                          const google::protobuf::Message& request, google::protobuf::Message& response,
                          absl::FunctionRef<absl::Status(store::Tx&)> change);

absl::Status Overtaken();
// Overtaken where an update says that the record is no longer as it was read in this transaction.
absl::Status OrOvertaken(const absl::Status& updated);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_CHANGE_NEWEST_H_
