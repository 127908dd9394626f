#ifndef TSUNAGU_COMMON_SERVICE_RESOURCE_H_
#define TSUNAGU_COMMON_SERVICE_RESOURCE_H_

#include <functional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/jp/civil_day.h"
#include "common/text/file_format.h"
#include "google/protobuf/message.h"

namespace tsunagu {

class Faults;
namespace rpc {
struct Call;
}
namespace store {
template <typename M>
class Decision;
class Table;
struct Proposal;
}  // namespace store

// A record that a caller wants to write. `faults` refuse it, by the fields of the record. Its empty fields may be
// filled, and the rule sees them. OUTPUT_ONLY fields may be filled only in a new record that is created alone.
template <typename M>
struct Wanted {
  const M* before;  // null for a new record
  M* after;
  Faults* faults;
};

// A resource of a service, with rules that its contract cannot express.
struct Resource {
  template <typename M>
  using AskOf = std::function<absl::Status(rpc::Call&, absl::Span<const Wanted<M>>)>;

  store::Table* table = nullptr;
  std::vector<FileFormatFactory> formats;  // foreign file formats, tried before the contract's own
  AskOf<google::protobuf::Message> ask;    // see AskFirst

  // Callers must include common/records/rule.h.
  template <typename M>
  Resource& Rule(absl::Status (*rule)(const store::Decision<M>&)) {
    return SetRule([rule](const store::Proposal& proposal) { return rule(store::Decision<M>(proposal)); });
  }
  // Sets a function that asks another service about records before the transaction that writes them, because the
  // transaction must not wait for others. Standard methods and imports call it; the rule runs afterwards, and the
  // faults of both are returned together. It does not know what is written meanwhile. An error refuses the call, or
  // ends the import.
  template <typename M>
  Resource& AskFirst(AskOf<M> asked) {
    ask = [asked = std::move(asked)](rpc::Call& call, absl::Span<const Wanted<google::protobuf::Message>> all) {
      std::vector<Wanted<M>> typed;
      for (const auto& [before, after, faults] : all) {
        typed.push_back({static_cast<const M*>(before), static_cast<M*>(after), faults});
      }
      return asked(call, typed);
    };
    return *this;
  }

  // Sets a function that completes a new record that a caller has sent.
  template <typename M>
  Resource& WhenReceived(void (*complete)(M&)) {
    return SetReceived([complete](google::protobuf::Message& record) { complete(static_cast<M&>(record)); });
  }
  // Callers who reach a record only by the field `key` of access_by see its personal fields only while `lasts` is true
  // for the present record, also when an earlier revision is shown.
  template <typename M>
  Resource& ShowPersonalWhile(const char* key, bool (*lasts)(const M& now, jp::CivilDay today)) {
    return SetSighting(key, [lasts](const google::protobuf::Message& now, jp::CivilDay today) {
      return lasts(static_cast<const M&>(now), today);
    });
  }
  // Sets a function that adjusts a record that is being erased.
  template <typename M>
  Resource& WhenErased(void (*adjust)(M&)) {
    return SetErased([adjust](google::protobuf::Message& record) { adjust(static_cast<M&>(record)); });
  }

 private:
  Resource& SetRule(std::function<absl::Status(const store::Proposal&)> rule);
  Resource& SetReceived(std::function<void(google::protobuf::Message&)> complete);
  Resource& SetSighting(std::string key, std::function<bool(const google::protobuf::Message&, jp::CivilDay)> lasts);
  Resource& SetErased(std::function<void(google::protobuf::Message&)> adjust);
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_RESOURCE_H_
