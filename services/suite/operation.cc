#include "services/suite/operation.h"

#include "common/base/status_macros.h"
#include "common/rpc/status.h"
#include "tsunagu/platform/v1/operation.pb.h"

namespace tsunagu::suite {

absl::Status Await(rpc::Peer& peer, google::longrunning::Operation operation, const rpc::CallOptions& options,
                   google::protobuf::Message& response) {
  while (!operation.done()) {
    platform::v1::WaitOperationRequest wait;
    wait.set_name(operation.name());
    ASSIGN_OR_RETURN(operation, peer.Unary<google::longrunning::Operation>(
                                    "tsunagu.platform.v1.OperationService/WaitOperation", wait, options));
  }
  if (operation.has_error()) {
    return rpc::FromGrpc(grpc::Status(static_cast<grpc::StatusCode>(operation.error().code()),
                                      operation.error().message(), operation.error().SerializeAsString()));
  }
  return operation.response().UnpackTo(&response) ? absl::OkStatus()
                                                  : absl::InternalError("an operation of another kind");
}

}  // namespace tsunagu::suite
