#ifndef TSUNAGU_COMMON_HOST_HTTPS_GET_H_
#define TSUNAGU_COMMON_HOST_HTTPS_GET_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tsunagu {

// What "https://host[:port]/path" names.
struct HttpsAddress {
  std::string host;  // an IPv6 address without its brackets
  std::string port = "443";
  std::string path = "/";

  // INVALID_ARGUMENT where it is anything else, or names a user.
  static absl::StatusOr<HttpsAddress> Parse(absl::string_view url);
};

struct HttpsLimits {
  size_t most_bytes = 256 * 1024;
  absl::Duration patience = absl::Seconds(5);  // for the whole, but that a look-up of the name may take longer
};

// The body of the answer to GET. The server proves that it is `host` by a certificate that one of those in the PEM file
// `ca_file` has signed; no other authority counts. TLS 1.2 or later, status 200, no redirection. Waits: not for a
// thread of calls. UNAVAILABLE and others, with words for the log.
absl::StatusOr<std::string> HttpsGet(const HttpsAddress& address, const std::string& ca_file,
                                     const HttpsLimits& limits);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_HTTPS_GET_H_
