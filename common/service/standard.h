#ifndef TSUNAGU_COMMON_SERVICE_STANDARD_H_
#define TSUNAGU_COMMON_SERVICE_STANDARD_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/rpc/bind.h"

namespace tsunagu {

class Service;
struct Resource;
namespace store {
class Tx;
}

// Binds to `service_name` ("tsunagu.registry.v1.AreaService") the standard methods that its contract declares for the
// resource: Get, List, Create, Update, Search, End. Returns the binder for custom methods.
rpc::Binder BindStandard(Service& service, absl::string_view service_name, Resource& resource);

// Reads a record, lets `change` alter it, and writes it: the complete implementation of a custom method. Checks the
// etag of the request, if it has one. The resource's rule checks the changed record.
absl::Status ChangeRecord(Service& service, const rpc::Call& call, Resource& resource,
                          const google::protobuf::Message& request, google::protobuf::Message& response,
                          absl::FunctionRef<absl::Status(store::Tx&, google::protobuf::Message&)> change);

// The same for a record of type M; the answer is the changed record.
template <typename M>
absl::StatusOr<M> ChangeRecord(Service& service, const rpc::Call& call, Resource& resource,
                               const google::protobuf::Message& request,
                               absl::FunctionRef<absl::Status(store::Tx&, M&)> change) {
  M response;
  RETURN_IF_ERROR(ChangeRecord(
      service, call, resource, request, response,
      [&](store::Tx& tx, google::protobuf::Message& record) { return change(tx, static_cast<M&>(record)); }));
  return response;
}

// Fills `response` with the answer that ChangeRecord has given to this request before; returns false when there is
// none. For methods that compute something before they change the record.
absl::StatusOr<bool> FindAnswer(Service& service, const rpc::Call& call, const google::protobuf::Message& request,
                                google::protobuf::Message& response);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_STANDARD_H_
