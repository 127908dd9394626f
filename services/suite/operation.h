#ifndef TSUNAGU_SERVICES_SUITE_OPERATION_H_
#define TSUNAGU_SERVICES_SUITE_OPERATION_H_

#include "absl/status/status.h"
#include "common/rpc/client.h"
#include "google/longrunning/operations.pb.h"
#include "google/protobuf/message.h"

namespace tsunagu::suite {

// Waits until an operation is done and stores its response; an error of the operation is returned as if it were the
// error of the call.
absl::Status Await(rpc::Peer& peer, google::longrunning::Operation operation, const rpc::CallOptions& options,
                   google::protobuf::Message& response);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_OPERATION_H_
