#ifndef TSUNAGU_TESTS_FAULTS_STORM_H_
#define TSUNAGU_TESTS_FAULTS_STORM_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "tests/process/server.h"

namespace tsunagu::faults {

// One change as a caller makes it, for the storm of duplicates.
struct StormCall {
  std::string method;   // "registry.v1.AreaService/CreateArea"
  std::string service;  // whose data it changes
  std::string request;  // in protobuf's text; $Name is the name that the call of that method answered with before
  int effects = 1;      // rows that it adds to the journal
  std::string again;    // what a repetition is told instead of the same answer
  bool fades = false;   // what it answered is erased later
  std::string key;      // by whom, as $Secret: the key that was answered before; empty: the caller of all others
};

// One for each mutating method of each service, in an order in which they can be made.
const std::vector<StormCall>& StormCalls();

// "registry.v1.AreaService/CreateArea registry" for every mutating method that a contract declares and every service
// that offers it.
std::vector<std::string> MutatingMethods();

const google::protobuf::MethodDescriptor& MethodOf(const StormCall& call);

// Sends it and returns the bytes of the answer, of all answers one after another for a stream.
absl::StatusOr<std::string> SendUntyped(process::ServerProcess& server, const StormCall& call,
                                        const google::protobuf::Message& request);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_STORM_H_
