#ifndef TSUNAGU_TESTS_FAULTS_STORM_H_
#define TSUNAGU_TESTS_FAULTS_STORM_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "tests/process/server.h"

namespace tsunagu::faults {

// One change of a caller, for the storm of duplicates.
struct StormCall {
  std::string method;   // "registry.v1.AreaService/CreateArea"
  std::string service;  // the service whose data it changes
  std::string request;  // in protobuf text format; $Name is the name in the earlier answer of the call of that method
  int effects = 1;      // number of rows that it adds to the journal
  std::string again;    // the answer to a repetition, if it is not the same answer
  bool fades = false;   // its answer is erased later
  std::string key;      // the caller's key, as $Secret: the key in an earlier answer; empty: the default caller
};

// Returns one call for each mutating method of each service, in a possible order.
const std::vector<StormCall>& StormCalls();

// Returns "registry.v1.AreaService/CreateArea registry" for every mutating method in the contracts and every service
// that has it.
std::vector<std::string> MutatingMethods();

const google::protobuf::MethodDescriptor& MethodOf(const StormCall& call);

// Sends the call and returns the bytes of the answer; for a stream, those of all answers concatenated.
absl::StatusOr<std::string> SendUntyped(process::ServerProcess& server, const StormCall& call,
                                        const google::protobuf::Message& request);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_STORM_H_
