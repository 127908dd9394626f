#ifndef TSUNAGU_SERVICES_SUITE_CONTRACTS_H_
#define TSUNAGU_SERVICES_SUITE_CONTRACTS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/message.h"
#include "services/suite/client.h"

namespace tsunagu::suite {

// The contracts that a server tells of by reflection (v1, or v1alpha where it has only that), each file fetched when
// it is first needed, also for a google.protobuf.Any in an answer. What the server does not tell of is taken from this
// binary's own contracts. Outlives its messages and descriptors. Thread-safe.
class Contracts {
 public:
  explicit Contracts(const Client& client);
  ~Contracts();

  // Full names, sorted.
  absl::StatusOr<std::vector<std::string>> Services();
  // Null where neither the server nor this binary describes it.
  absl::StatusOr<const google::protobuf::ServiceDescriptor*> FindService(const std::string& name);
  // "tsunagu.registry.v1.AreaService/GetArea". METHOD_NOT_FOUND {methods} or, without such a service, {services}.
  absl::StatusOr<const google::protobuf::MethodDescriptor*> FindMethod(const std::string& name);
  std::unique_ptr<google::protobuf::Message> New(const google::protobuf::Descriptor* type);

  // The name in the directory of services of the one that keeps `collection`: "areas" -> "registry". By the contracts:
  // an importable resource says its plural and its type; a parent may stand in front ("courses/c1/sessions").
  // NOT_IMPORTABLE, with all that are.
  absl::StatusOr<std::string> KeeperOf(const std::string& collection);
  // All of them, sorted.
  absl::StatusOr<std::vector<std::string>> Keepers();

 private:
  class Source;
  class Complaints;

  // By plural.
  absl::StatusOr<std::map<std::string, std::string>> KeepersByCollection();

  const std::unique_ptr<Source> source_;
  const std::unique_ptr<Complaints> complaints_;
  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_;
};

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_CONTRACTS_H_
