#ifndef TSUNAGU_COMMON_SERVICE_SERVICE_H_
#define TSUNAGU_COMMON_SERVICE_SERVICE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/deadline.h"
#include "common/base/executor.h"
#include "common/jp/civil_day.h"
#include "common/records/change_request.h"
#include "common/service/resource.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

// The classes that a service gives access to are only declared here, so that a change of the store does not recompile
// every file that includes this header: include what you use.
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
namespace identity {
class Places;
struct Actor;
}  // namespace identity
namespace rpc {
struct Call;
class Module;
}  // namespace rpc
namespace store {
class AccessLogSealer;
class Database;
class Keyring;
class Sealer;
class Store;
class Tx;
class View;
struct Opening;
}  // namespace store

// Collects a service's tasks for callers with `permission`.
struct DueSource {
  std::string permission;
  absl::Status (*collect)(DueRun&) = nullptr;
};

// The parts of every service of the suite: its data, its callers, its executor and its bindings. A service adds its
// resources and binds its methods, then opens it.
class Service {
 public:
  // Without a keyring it can only report the missing parts of its database's schema.
  Service(std::string name, std::unique_ptr<store::Database> database, std::unique_ptr<store::Keyring> keyring,
          const Clock& clock, Entropy& entropy, Executor::Limits workers = {});
  ~Service();

  template <typename Message>
  Resource& Add() {
    return Add(Message::descriptor());
  }
  Resource& Add(const google::protobuf::Descriptor* message);

  // Checks or migrates the database, verifies the chain against the last line of the checkpoint file (without a file,
  // none is written), loads the callers and binds the platform's methods.
  absl::Status Open(const store::Opening& opening, const std::string& checkpoint_file = "");

  // Call once all callers are loaded and the other services can be reached. Starts the background work, beginning with
  // what an earlier process has left. Calls are answered without it too.
  void Start();

  // Call before Open: how long backups of its keys are kept.
  void SetKeyBackups(KeyBackups backups);
  const KeyBackups& key_backups() const;

  const std::string& name() const;
  // What methods do with the store, as the caller and until the call's deadline: see Store::Read, Change and LogAccess.
  // An actor is given where it is not simply the caller.
  absl::Status Read(const rpc::Call& call, absl::FunctionRef<absl::Status(store::View&)> body);
  absl::Status Read(const identity::Actor& actor, Deadline deadline,
                    absl::FunctionRef<absl::Status(store::View&)> body);
  absl::Status Change(const rpc::Call& call, const google::protobuf::Message& request,
                      google::protobuf::Message& response, absl::FunctionRef<absl::Status(store::Tx&)> body);
  absl::Status Change(const identity::Actor& actor, Deadline deadline, const store::ChangeRequest& request,
                      google::protobuf::Message& response, absl::FunctionRef<absl::Status(store::Tx&)> body);
  absl::Status LogAccess(const rpc::Call& call, absl::Span<const std::string> names);
  absl::Status LogAccess(const identity::Actor& actor, Deadline deadline, absl::Span<const std::string> names);
  absl::Time Now();
  // The day in Japan.
  jp::CivilDay Today();
  const identity::Places& places();
  store::Store& store();
  access::Access& access();
  Operations& operations();
  store::Sealer& sealer();
  store::AccessLogSealer& access_log_sealer();
  Watchers& watchers();
  Outbox& outbox();
  rpc::Module& module();
  // Returns null when there is no such resource.
  Resource* Find(absl::string_view collection);
  const std::map<std::string, Resource>& resources() const;  // by collection

  void AddReport(std::string name, std::shared_ptr<const Report> report);
  // Returns null when there is no such report.
  const Report* FindReport(const std::string& name) const;
  void AddDue(DueSource source);
  const std::vector<DueSource>& due() const;

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_SERVICE_H_
