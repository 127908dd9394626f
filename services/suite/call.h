#ifndef TSUNAGU_SERVICES_SUITE_CALL_H_
#define TSUNAGU_SERVICES_SUITE_CALL_H_

#include <functional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "services/suite/client.h"
#include "services/suite/input.h"

namespace tsunagu::suite {

// Adds `tsunagu call`. If the command line selects it, `chosen` runs it after parsing and returns the exit code.
void AddCall(CLI::App& app, std::function<int()>& chosen);

// Calls any "pkg.Service/Method" with JSON as contract::JsonToMessage accepts it, and writes the answers.
//
// A single request: `input` is one JSON text (empty input means {}), the answer is indented. Client streams: one JSON a
// line, sent as it is read. Server streams: one compact JSON a line, written as it arrives.
//
// Errors: METHOD_NOT_FOUND as in Contracts; those of JsonToMessage, in streams with metadata "line"; those of the
// server.
absl::Status CallMethod(const Client& client, const std::string& method, Input& input, std::ostream& out);

// Writes one line for each method of the server: "pkg.Service/Method (Request) returns (stream Response)".
absl::Status ListMethods(const Client& client, std::ostream& out);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_CALL_H_
