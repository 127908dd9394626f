#ifndef TSUNAGU_COMMON_SERVICE_SERVICE_H_
#define TSUNAGU_COMMON_SERVICE_SERVICE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/executor.h"
#include "common/service/resource.h"
#include "google/protobuf/descriptor.h"

// What a service hands out is only named here, so that a change of the store does not reach all who know a service:
// include what you use.
namespace tsunagu {

class Clock;
class DueRun;
class Entropy;
class KeyBackups;
class Operations;
class Outbox;
class Watchers;
struct Report;
namespace access {
class Access;
}
namespace rpc {
class Module;
}
namespace store {
class AccessLogSealer;
class Database;
class Keyring;
class Sealer;
class Store;
struct Opening;
}  // namespace store

// What a service says about what waits for somebody who has `permission`.
struct DueSource {
  std::string permission;
  absl::Status (*collect)(DueRun&) = nullptr;
};

// What every service of the suite is made of: its data, its callers, its executor and its bindings. A service adds its
// resources and binds its methods, then opens it.
class Service {
 public:
  // Without a keyring it can only be asked what its database lacks.
  Service(std::string name, std::unique_ptr<store::Database> database, std::unique_ptr<store::Keyring> keyring,
          const Clock& clock, Entropy& entropy, Executor::Limits workers = {});
  ~Service();

  template <typename Message>
  Resource& Add() {
    return Add(Message::descriptor());
  }
  Resource& Add(const google::protobuf::Descriptor* message);

  // The database fits or is made to fit, and is what the last line of the checkpoint file says (without a file, none is
  // written); the callers are known; the platform's methods are bound.
  absl::Status Open(const store::Opening& opening, const std::string& checkpoint_file = "");

  // Once all callers are known and the other services can be reached: takes up what was left over, and looks after
  // things from then on. Without it calls are answered all the same.
  void Begin();

  // Before Open: how long backups of its keys are kept.
  void SetKeyBackups(KeyBackups backups);
  const KeyBackups& key_backups() const;

  const std::string& name() const;
  store::Store& store();
  access::Access& access();
  Operations& operations();
  store::Sealer& sealer();
  store::AccessLogSealer& access_log_sealer();
  Watchers& watchers();
  Outbox& outbox();
  rpc::Module& module();
  // Null where there is no such resource.
  Resource* Find(absl::string_view collection);
  const std::map<std::string, Resource>& resources() const;  // by collection

  void AddReport(std::string name, std::shared_ptr<const Report> report);
  // Null where there is no such report.
  const Report* FindReport(const std::string& name) const;
  void AddDue(DueSource source);
  const std::vector<DueSource>& due() const;

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_SERVICE_H_
