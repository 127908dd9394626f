#ifndef TSUNAGU_SERVICES_SUITE_CALL_H_
#define TSUNAGU_SERVICES_SUITE_CALL_H_

#include <functional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "services/suite/client.h"
#include "services/suite/input.h"

namespace tsunagu::suite {

// `tsunagu call`. A chosen command is left in `chosen`, to be run after parsing; it returns the exit code.
void AddCall(CLI::App& app, std::function<int()>& chosen);

// Calls "pkg.Service/Method" of any kind with JSON as contract::JsonToMessage takes it, and writes what comes back.
//
// One message: `input` is one JSON text (nothing at all means {}), the answer is pretty. Streams of the client: one
// JSON a line, sent as it is read. Streams of the server: one compact JSON a line, written as it comes.
//
// Errors: METHOD_NOT_FOUND as Contracts has it; what JsonToMessage says, in streams with metadata "line"; the server's.
absl::Status CallMethod(const Client& client, const std::string& method, Input& input, std::ostream& out);

// One line for each method that the server offers: "pkg.Service/Method (Request) returns (stream Response)".
absl::Status ListMethods(const Client& client, std::ostream& out);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_CALL_H_
