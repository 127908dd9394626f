#ifndef TSUNAGU_SERVICES_SUITE_DEMO_CALLS_H_
#define TSUNAGU_SERVICES_SUITE_DEMO_CALLS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "services/suite/client.h"
#include "services/suite/input.h"
#include "tsunagu/platform/v1/transfer.pb.h"

namespace tsunagu::suite {

// What an import came to.
struct Imported {
  std::string collection;  // areas
  std::string source;      // the file's path; empty where the rows were invented
  platform::v1::ImportSummary summary;
  std::vector<platform::v1::RowOutcome> rows;  // those refused or warned about
};

// Sends a CSV file to `service` ("registry"). Refused rows are no error.
absl::StatusOr<Imported> ImportCsv(const Client& client, absl::string_view service, absl::string_view collection,
                                   Input& file);

// Calls `each` with every page of a List method; `request` says the rest.
template <typename Response, typename Request, typename Each>
absl::Status ListAll(const Client& client, absl::string_view method, Request request, Each each) {
  rpc::CallOptions options = client.once;
  options.retry_safe = true;
  request.set_page_size(1000);
  do {
    ASSIGN_OR_RETURN(Response response, client.peer->Unary<Response>(method, request, options));
    request.set_page_token(response.next_page_token());
    each(response);
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_DEMO_CALLS_H_
