#ifndef TSUNAGU_COMMON_SERVICE_SIGHT_H_
#define TSUNAGU_COMMON_SERVICE_SIGHT_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/rpc/call.h"
#include "common/contract/schema.h"
#include "common/records/store.h"
#include "google/protobuf/message.h"

namespace tsunagu {

// What one call may see of personal data. Identifying fields need the permission <collection>.identity, confidential
// ones <collection>.confidential, for the record's own area, and a purpose in the call's metadata.
class Sight {
 public:
  // Both outlive it. Keep one for a whole call: what may be seen of a resource is worked out once.
  Sight(const rpc::Call& call, const store::Store& store);

  // Clears from every personal record in `message` what may not be seen. Returns the names of the records of which
  // something personal stays visible: those have to be logged before they are shown.
  std::vector<std::string> Hide(google::protobuf::Message& message);

  // True when messages of this type can hold a personal record.
  static bool Concerns(const google::protobuf::Descriptor* type);

 private:
  // In which records the caller may see the fields of one kind.
  struct Reach {
    identity::Scope identifying = identity::Scope::Nothing();
    identity::Scope confidential = identity::Scope::Nothing();
  };
  const Reach& ReachOf(const records::Schema& schema);
  void HideWithin(google::protobuf::Message& message, std::vector<std::string>& visible);
  void HideRecord(google::protobuf::Message& record, std::vector<std::string>& visible);

  const rpc::Call& call_;
  const store::Store& store_;
  std::map<const records::Schema*, Reach> reach_;
};

// Puts `open`'s answers through Sight, and writes the access log before anything personal leaves: no handler can
// forget it.
rpc::StreamFactory HidePersonal(rpc::StreamFactory open, store::Store& store);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_SIGHT_H_
