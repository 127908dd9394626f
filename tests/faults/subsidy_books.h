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

// Returns all faults in the books of a subsidy service; empty: there are none. Everything is read through the wire and
// computed again, by a model that shares no code with the service:
//   of each line: consecutive postings, between the accounts and on the days that their acts permit, no account ever
//   below zero, in total or of one application or contract, and the balances that they add up to;
//   of each document: exactly the postings that it must make;
//   of each body: no more granted than it was allotted;
//   of each application: consecutive documents, each permitted by the model and with the state of the model; state and
//   yen at the end; no repeated voucher; no person with two duties or beyond his limit, except by an override that two
//   people made and that nothing else used;
//   of each contract and own work: consecutive acts, each permitted by the model; state and yen of each line; no
//   repeated voucher; no person who pays what he decided;
//   of each batch of payments: the sums of its requests, a payment for each paid request, and no payment for two; no
//   more requested than was ever committed; of each forwarding: its sums, and each application in it once; nothing
//   granted that had to be forwarded and was not; of each child: no more minutes than were granted, never at two
//   services at once, each visit in minutes and yen; and of each claim of hours: the total of the records of its month,
//   within the cap, and no month twice.
// Uses the present limits, and no limit of a deputy.
std::vector<std::string> FaultsOfSubsidyBooks(const AskSubsidy& ask);

// Returns OK if the record of that kind exists.
absl::Status GetRecord(const AskSubsidy& ask, const google::protobuf::Descriptor& kind, const std::string& name);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_H_
