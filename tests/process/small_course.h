#ifndef TSUNAGU_TESTS_PROCESS_SMALL_COURSE_H_
#define TSUNAGU_TESTS_PROCESS_SMALL_COURSE_H_

#include <string>

#include "absl/status/statusor.h"
#include "tests/process/server.h"
#include "tsunagu/training/v1/certificate.pb.h"

namespace tsunagu::process {

// Creates courses/small, with one subject of an hour and one session, which is over.
void MakeSmallCourse(ServerProcess& server);
// Enrolls a new learner, who is accepted; `coordinator` is her name in the registry. Returns the enrollment.
std::string EnrollInSmallCourse(ServerProcess& server, const std::string& name, const std::string& coordinator = "");
// As EnrollInSmallCourse, for a learner who attended the session.
std::string CompletedSmallCourse(ServerProcess& server, const std::string& name, const std::string& coordinator = "");

// Calls the training service with a purpose, so that names and tokens are returned.
template <class Response>
absl::StatusOr<Response> AskTraining(ServerProcess& server, const std::string& method,
                                     const google::protobuf::Message& request) {
  rpc::CallOptions options = server.call_options();
  options.purpose = "tests";
  return server.peer().Unary<Response>("tsunagu.training.v1." + method, request, options);
}
absl::StatusOr<training::v1::Certificate> IssueCertificate(ServerProcess& server, const std::string& enrollment,
                                                           const std::string& request_id = "");
// Returns the server's verdict on a token.
training::v1::VerifyCertificateResponse::Verdict VerdictOf(ServerProcess& server, const std::string& token);
training::v1::VerificationKeys PublishedKeys(ServerProcess& server);

}  // namespace tsunagu::process

#endif  // TSUNAGU_TESTS_PROCESS_SMALL_COURSE_H_
