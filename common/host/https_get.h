#ifndef TSUNAGU_COMMON_HOST_HTTPS_GET_H_
#define TSUNAGU_COMMON_HOST_HTTPS_GET_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tsunagu {

// The parts of "https://host[:port]/path".
struct HttpsAddress {
  std::string host;  // an IPv6 address without its brackets
  std::string port = "443";
  std::string path = "/";

  // Errors: INVALID_ARGUMENT for any other URL, and for one with a user name.
  static absl::StatusOr<HttpsAddress> Parse(absl::string_view url);
};

struct HttpsLimits {
  size_t most_bytes = 256 * 1024;
  absl::Duration patience = absl::Seconds(5);  // for the whole request; only the look-up of the name may take longer
};

// Returns the body of the answer to GET. The server must present a certificate for `host` that an authority in the PEM
// file `ca_file` has signed; no other authority is accepted. TLS 1.2 or later, status 200, no redirection. Blocks: do
// not call it on a thread that serves calls. Errors: UNAVAILABLE and others, with a text for the log.
absl::StatusOr<std::string> HttpsGet(const HttpsAddress& address, const std::string& ca_file,
                                     const HttpsLimits& limits);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_HTTPS_GET_H_
