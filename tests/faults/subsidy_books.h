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
//   of each line: postings without a gap, between the accounts and on the days that their acts permit, no account ever
//   below zero, as a whole or of one application or contract, and the balances that they add up to;
//   of each document: the postings that it has to make, and no other;
//   of each body: no more granted than it was allotted;
//   of each application: documents without a gap, each where the model permits it and with the state that the model
//   comes to; state and yen at the end; no voucher twice; nobody with two duties and nobody beyond his limit, but by an
//   override that two people made and nothing else used;
//   of each contract and own work: acts without a gap, each where the model permits it; state and yen of each line; no
//   voucher twice; nobody who pays what he decided;
//   of each batch of payments: the sums of its requests, a payment for each that is paid, and no payment for two; no
//   more asked for than was ever committed; of each forwarding: its sums, and each application in it once; nothing
//   granted that had to be forwarded and was not; of each child: no more minutes than were granted, never at two
//   services, each visit in minutes and yen; and of each claim of hours: what the records of its month say, within the
//   cap, and no month twice.
// Limits are taken as they stand now, and none is a deputy's.
std::vector<std::string> FaultsOfSubsidyBooks(const AskSubsidy& ask);

// Whether the record of that kind is there.
absl::Status GetRecord(const AskSubsidy& ask, const google::protobuf::Descriptor& kind, const std::string& name);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_H_
