#ifndef TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_H_
#define TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace tsunagu::faults {

// Calls "LedgerService/Method" of subsidy.v1 and fills the response.
using AskSubsidy = std::function<absl::Status(const std::string& method, const google::protobuf::Message& request,
                                              google::protobuf::Message& response)>;

// What is wrong with the books of a subsidy service, whatever has happened to it; empty: nothing. Everything is read
// through the wire and worked out anew, by a model that shares no code with the service:
//   of each line: postings without a gap, no account ever below zero, the balances they add up to, a cause for each,
//   and the budget that its changes come to;
//   of each body: no more granted than it was allotted;
//   of each application: documents without a gap, each where the model permits it and with the state that the model
//   comes to; state and yen at the end; its postings; no voucher twice; nobody with two duties.
std::vector<std::string> FaultsOfSubsidyBooks(const AskSubsidy& ask);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_H_
