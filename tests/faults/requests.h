#ifndef TSUNAGU_TESTS_FAULTS_REQUESTS_H_
#define TSUNAGU_TESTS_FAULTS_REQUESTS_H_

#include <signal.h>

#include <string>
#include <utility>

#include "google/longrunning/operations.pb.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/process/server.h"
#include "tsunagu/platform/v1/operation.pb.h"

namespace tsunagu::faults {

// Calls a method ("matching.v1.RoundService/CreateRound") with a request in protobuf text format.
template <typename M, typename Request>
absl::StatusOr<M> Ask(process::ServerProcess& server, const std::string& method, const std::string& fields) {
  Request request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, &request)) << fields;
  return server.Call<M>(method, request);
}

// As Ask; the call must succeed.
template <typename M, typename Request>
M Made(process::ServerProcess& server, const std::string& method, const std::string& fields) {
  auto made = Ask<M, Request>(server, method, fields);
  EXPECT_TRUE(made.ok()) << method << ": " << made.status();
  return made.ok() ? *std::move(made) : M();
}

// Starts an operation, which must succeed, and waits for it.
template <typename Request>
void Operate(process::ServerProcess& server, const std::string& method, const std::string& fields) {
  platform::v1::WaitOperationRequest wait;
  wait.set_name(Made<google::longrunning::Operation, Request>(server, method, fields).name());
  const auto done = server.Call<google::longrunning::Operation>("platform.v1.OperationService/WaitOperation", wait);
  ASSERT_TRUE(done.ok()) << done.status();
  ASSERT_FALSE(done->has_error()) << done->ShortDebugString();
}

// Stops the server as an operator would.
inline void Stop(process::ServerProcess& server) {
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Wait(), 0) << server.process().Errors();
}

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_REQUESTS_H_
