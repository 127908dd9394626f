#ifndef TSUNAGU_TESTS_PROCESS_SMALL_COURSE_H_
#define TSUNAGU_TESTS_PROCESS_SMALL_COURSE_H_

#include <string>

#include "absl/status/statusor.h"
#include "tests/process/server.h"
#include "tsunagu/training/v1/certificate.pb.h"

namespace tsunagu::process {

// Makes courses/small, of one subject of an hour, with its one session, which is over.
void MakeSmallCourse(ServerProcess& server);
// The enrollment of somebody new, who is accepted; `coordinator` is who she is in the registry.
std::string EnrollInSmallCourse(ServerProcess& server, const std::string& name, const std::string& coordinator = "");
// The same, of somebody who attended it.
std::string CompletedSmallCourse(ServerProcess& server, const std::string& name, const std::string& coordinator = "");

// Calls of the training service with a purpose, so that names and tokens are told.
template <class Response>
absl::StatusOr<Response> AskTraining(ServerProcess& server, const std::string& method,
                                     const google::protobuf::Message& request) {
  rpc::CallOptions options = server.call_options();
  options.purpose = "tests";
  return server.peer().Unary<Response>("tsunagu.training.v1." + method, request, options);
}
absl::StatusOr<training::v1::Certificate> IssueCertificate(ServerProcess& server, const std::string& enrollment,
                                                           const std::string& request_id = "");
// What the server says of a token.
training::v1::VerifyCertificateResponse::Verdict VerdictOf(ServerProcess& server, const std::string& token);
training::v1::VerificationKeys PublishedKeys(ServerProcess& server);

}  // namespace tsunagu::process

#endif  // TSUNAGU_TESTS_PROCESS_SMALL_COURSE_H_
