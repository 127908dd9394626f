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

// Which personal data one call may see. Identifying fields need the permission <collection>.identity, confidential ones
// <collection>.confidential, both with the record in their scope, and a purpose in the call's metadata.
class Sight {
 public:
  // Both must outlive it. Use one for a whole call: the visible scope of a resource is computed once.
  Sight(const rpc::Call& call, store::Store& store);

  // Clears the personal fields that may not be seen from every record in `message`. Returns the names of the records
  // with personal fields that stay visible: they must be logged before they are shown. Not to be called while the
  // database is read, because it may read the ancestors of a record.
  absl::StatusOr<std::vector<std::string>> Hide(google::protobuf::Message& message);

  // Returns true when messages of this type can contain a personal record.
  static bool Concerns(const google::protobuf::Descriptor* type);

 private:
  // The records in which the caller may see fields of each kind.
  struct Reach {
    identity::Scope identifying = identity::Scope::Nothing();
    identity::Scope confidential = identity::Scope::Nothing();
  };
  const Reach& ReachOf(const contract::Schema& schema);
  absl::StatusOr<std::vector<std::string>> KeysOf(const contract::Schema& schema,
                                                  const google::protobuf::Message& record);
  // Returns whether personal fields may be shown to a caller who reaches the record only by the key that is limited in
  // time.
  absl::StatusOr<bool> Lasts(const contract::Schema& schema, const google::protobuf::Message& record);
  absl::Status HideWithin(google::protobuf::Message& message, std::vector<std::string>& visible);
  absl::Status HideRecord(google::protobuf::Message& record, std::vector<std::string>& visible);

  const rpc::Call& call_;
  store::Store& store_;
  std::map<const contract::Schema*, Reach> reach_;
  std::map<std::string, std::vector<std::string>> keys_above_;  // by the name of the record to which they belong
};

// Applies Sight to the answers of `open`, and writes the access log before any personal data leaves, so that no handler
// can forget it.
rpc::StreamFactory HidePersonal(rpc::StreamFactory open, store::Store& store);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_SIGHT_H_
