#ifndef TSUNAGU_COMMON_SERVICE_SIGHT_H_
#define TSUNAGU_COMMON_SERVICE_SIGHT_H_

#include <memory>
#include <string>
#include <vector>

#include "common/rpc/call.h"
#include "common/records/store.h"
#include "google/protobuf/message.h"

namespace tsunagu {

// What one call may see of personal data. Identifying fields need the permission <collection>.identity, confidential
// ones <collection>.confidential, for the record's own area, and a purpose in the call's metadata.
class Sight {
 public:
  explicit Sight(const rpc::Call& call) : call_(call) {}

  // Clears from every personal record in `message` what may not be seen. Returns the names of the records of which
  // something personal stays visible: those have to be logged before they are shown.
  std::vector<std::string> Hide(google::protobuf::Message& message) const;

  // True when messages of this type can hold a personal record.
  static bool Concerns(const google::protobuf::Descriptor* type);

 private:
  void HideWithin(google::protobuf::Message& message, std::vector<std::string>& visible) const;
  void HideRecord(google::protobuf::Message& record, std::vector<std::string>& visible) const;

  const rpc::Call& call_;
};

// Puts `open`'s answers through Sight, and writes the access log before anything personal leaves: no handler can
// forget it.
rpc::StreamFactory Guarded(rpc::StreamFactory open, store::Store& store);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_SIGHT_H_
