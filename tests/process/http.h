#ifndef TSUNAGU_TESTS_PROCESS_HTTP_H_
#define TSUNAGU_TESTS_PROCESS_HTTP_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::process {

// Sends one request to "127.0.0.1:9464" unchanged ("GET /metrics HTTP/1.0\r\n\r\n") and returns everything received
// until the connection closes.
absl::StatusOr<std::string> HttpExchange(absl::string_view address, absl::string_view request);

// Returns the value of a series in the text ("tsunagu_calls_in_flight", or with its labels); 0 if it is absent. If only
// the name is given, returns the sum of all series of that name.
double MetricIn(absl::string_view text, absl::string_view series);

}  // namespace tsunagu::process

#endif  // TSUNAGU_TESTS_PROCESS_HTTP_H_
