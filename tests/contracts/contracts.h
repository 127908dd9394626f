#ifndef TSUNAGU_TESTS_CONTRACTS_CONTRACTS_H_
#define TSUNAGU_TESTS_CONTRACTS_CONTRACTS_H_

#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace tsunagu::contracts {

// Rules of contracts that buf cannot check.
//
// A check examines all contracts together and reports findings as "<full name>: <what>".
class Findings {
 public:
  void Add(absl::string_view where, absl::string_view what);
  // Adds a finding unless `holds`.
  void Demand(bool holds, absl::string_view where, absl::string_view what);
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::vector<std::string> all_;
};

using Files = std::vector<const google::protobuf::FileDescriptor*>;

struct Check {
  std::string name;
  std::function<void(const Files&, Findings&)> run;

  friend void PrintTo(const Check& check, std::ostream* out) { *out << check.name; }
};

const std::vector<Check>& MethodChecks();  // methods, requests, paths
const std::vector<Check>& RecordChecks();  // resources and their fields
const std::vector<Check>& ReasonChecks();  // texts

// Returns every contract of ours that is in this binary.
Files OurContracts();

void ForEachMethod(const Files& files, const std::function<void(const google::protobuf::MethodDescriptor&)>& each);
// Includes nested messages, but not entries of maps.
void ForEachMessage(const Files& files, const std::function<void(const google::protobuf::Descriptor&)>& each);
bool IsOurs(const google::protobuf::Descriptor& message);
// Returns `message` and all messages that it can contain, at any depth, ours and others.
std::set<const google::protobuf::Descriptor*> Reachable(const google::protobuf::Descriptor& message);

}  // namespace tsunagu::contracts

#endif  // TSUNAGU_TESTS_CONTRACTS_CONTRACTS_H_
