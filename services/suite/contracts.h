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

// The contracts of a server, read by reflection (v1, or v1alpha if the server has only that). Each file is fetched when
// it is first needed, also for a google.protobuf.Any in an answer. Contracts that the server does not describe are
// taken from this binary. Must outlive its messages and descriptors. Thread-safe.
class Contracts {
 public:
  explicit Contracts(const Client& client);
  ~Contracts();

  // Returns full names, sorted.
  absl::StatusOr<std::vector<std::string>> Services();
  // Returns null if neither the server nor this binary describes the service.
  absl::StatusOr<const google::protobuf::ServiceDescriptor*> FindService(const std::string& name);
  // Finds "tsunagu.registry.v1.AreaService/GetArea". Errors: METHOD_NOT_FOUND {methods} or, if the service is unknown,
  // {services}.
  absl::StatusOr<const google::protobuf::MethodDescriptor*> FindMethod(const std::string& name);
  std::unique_ptr<google::protobuf::Message> New(const google::protobuf::Descriptor* type);

  // Returns the directory name of the service that keeps `collection`: "areas" -> "registry". The contract of an
  // importable resource states its plural and its type; a parent may precede it ("courses/c1/sessions"). Errors:
  // NOT_IMPORTABLE, with all importable collections.
  absl::StatusOr<std::string> KeeperOf(const std::string& collection);
  // Returns all keepers, sorted.
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

// "tsunagu.registry.v1.AreaService/GetArea".
std::string PathOf(const google::protobuf::MethodDescriptor& method);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_CONTRACTS_H_
