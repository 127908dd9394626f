#ifndef TSUNAGU_COMMON_SERVICE_SIGHT_H_
#define TSUNAGU_COMMON_SERVICE_SIGHT_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "google/protobuf/message.h"

namespace tsunagu {

namespace contract {
class Schema;
}
namespace store {
class Store;
}

// What one call may see of personal data. Identifying fields need the permission <collection>.identity, confidential
// ones <collection>.confidential, for the record's own area, and a purpose in the call's metadata.
class Sight {
 public:
  // Both outlive it. Keep one for a whole call: what may be seen of a resource is worked out once.
  Sight(const rpc::Call& call, store::Store& store);

  // Clears from every personal record in `message` what may not be seen. Returns the names of the records of which
  // something personal stays visible: those have to be logged before they are shown. Not to be called while the
  // database is read: it may have to look up who sees the records above one.
  absl::StatusOr<std::vector<std::string>> Hide(google::protobuf::Message& message);

  // True when messages of this type can hold a personal record.
  static bool Concerns(const google::protobuf::Descriptor* type);

 private:
  // In which records the caller may see the fields of one kind.
  struct Reach {
    identity::Scope identifying = identity::Scope::Nothing();
    identity::Scope confidential = identity::Scope::Nothing();
  };
  const Reach& ReachOf(const contract::Schema& schema);
  absl::StatusOr<std::vector<std::string>> KeysOf(const contract::Schema& schema,
                                                  const google::protobuf::Message& record);
  // Whether what is personal may be shown to who reaches the record by the one key that lasts for a time, and nothing
  // else.
  absl::StatusOr<bool> Lasts(const contract::Schema& schema, const google::protobuf::Message& record);
  absl::Status HideWithin(google::protobuf::Message& message, std::vector<std::string>& visible);
  absl::Status HideRecord(google::protobuf::Message& record, std::vector<std::string>& visible);

  const rpc::Call& call_;
  store::Store& store_;
  std::map<const contract::Schema*, Reach> reach_;
  std::map<std::string, std::vector<std::string>> keys_above_;  // by the name of the record that has them
};

// Puts `open`'s answers through Sight, and writes the access log before anything personal leaves: no handler can
// forget it.
rpc::StreamFactory HidePersonal(rpc::StreamFactory open, store::Store& store);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_SIGHT_H_
