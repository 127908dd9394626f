#ifndef TSUNAGU_TESTS_PROCESS_HTTP_H_
#define TSUNAGU_TESTS_PROCESS_HTTP_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::process {

// Everything that "127.0.0.1:9464" answers to one request as it stands ("GET /metrics HTTP/1.0\r\n\r\n") until it
// closes the connection.
absl::StatusOr<std::string> HttpExchange(absl::string_view address, absl::string_view request);

// The value of a series as the text shows it ("tsunagu_calls_in_flight", or with its labels); 0 where it is not shown.
// Several series of the same name are added up when only the name is given.
double MetricIn(absl::string_view text, absl::string_view series);

}  // namespace tsunagu::process

#endif  // TSUNAGU_TESTS_PROCESS_HTTP_H_
