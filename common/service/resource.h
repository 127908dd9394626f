#ifndef TSUNAGU_COMMON_SERVICE_RESOURCE_H_
#define TSUNAGU_COMMON_SERVICE_RESOURCE_H_

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "common/text/file_format.h"
#include "google/protobuf/message.h"

namespace tsunagu {

namespace store {
template <typename M>
class Decision;
class Table;
struct Proposal;
}  // namespace store

// A resource of a service with what its contract cannot say.
struct Resource {
  store::Table* table = nullptr;
  std::vector<FileFormatFactory> formats;  // files of others, tried before the contract's own

  // Whoever gives one includes common/records/rule.h.
  template <typename M>
  Resource& Rule(absl::Status (*rule)(const store::Decision<M>&)) {
    return SetRule([rule](const store::Proposal& proposal) { return rule(store::Decision<M>(proposal)); });
  }
  // Completes a new record that a caller has sent.
  template <typename M>
  Resource& WhenReceived(void (*complete)(M&)) {
    return SetReceived([complete](google::protobuf::Message& record) { complete(static_cast<M&>(record)); });
  }
  // Adjusts a record that is being erased.
  template <typename M>
  Resource& WhenErased(void (*adjust)(M&)) {
    return SetErased([adjust](google::protobuf::Message& record) { adjust(static_cast<M&>(record)); });
  }

 private:
  Resource& SetRule(std::function<absl::Status(const store::Proposal&)> rule);
  Resource& SetReceived(std::function<void(google::protobuf::Message&)> complete);
  Resource& SetErased(std::function<void(google::protobuf::Message&)> adjust);
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_RESOURCE_H_
