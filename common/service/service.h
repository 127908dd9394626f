#ifndef TSUNAGU_COMMON_SERVICE_SERVICE_H_
#define TSUNAGU_COMMON_SERVICE_SERVICE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/access/access.h"
#include "common/access/actor.h"
#include "common/base/error.h"
#include "common/base/executor.h"
#include "common/base/metrics.h"
#include "common/base/mutex.h"
#include "common/rpc/router.h"
#include "common/keys/key_backups.h"
#include "common/records/rule.h"
#include "common/text/file_format.h"
#include "common/work/checkpoints.h"
#include "common/work/operations.h"
#include "common/work/outbox.h"
#include "common/work/watchers.h"
#include "common/journal/sealer.h"
#include "common/records/access_log_chain.h"
#include "common/records/store.h"
#include "common/records/table.h"

namespace tsunagu {

class DueRun;
struct Report;

// What a service says about what waits for somebody who has `permission`.
struct DueSource {
  std::string permission;
  absl::Status (*collect)(DueRun&) = nullptr;
};

// A resource of a service with what its contract cannot say.
struct Resource {
  store::Table* table = nullptr;
  std::vector<FileFormatFactory> formats;  // files of others, tried before the contract's own

  template <typename M>
  Resource& Rule(absl::Status (*rule)(const store::Decision<M>&)) {
    table->SetRule(store::MakeRule(rule));
    return *this;
  }
  // Completes a new record that a caller has sent.
  template <typename M>
  Resource& WhenReceived(void (*complete)(M&)) {
    table->when_received = [complete](google::protobuf::Message& record) { complete(static_cast<M&>(record)); };
    return *this;
  }
  // Adjusts a record that is being erased.
  template <typename M>
  Resource& WhenErased(void (*adjust)(M&)) {
    table->when_erased = [adjust](google::protobuf::Message& record) { adjust(static_cast<M&>(record)); };
    return *this;
  }
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
  void SetKeyBackups(KeyBackups backups) { key_backups_ = std::move(backups); }
  const KeyBackups& key_backups() const { return key_backups_; }

  const std::string& name() const { return store_.service(); }
  store::Store& store() { return store_; }
  access::Access& access() { return access_; }
  Operations& operations() { return operations_; }
  store::Sealer& sealer() { return sealer_; }
  store::AccessLogSealer& access_log_sealer() { return access_log_sealer_; }
  Watchers& watchers() { return watchers_; }
  Outbox& outbox() { return outbox_; }
  rpc::Module& module() { return module_; }
  // Null where there is no such resource.
  Resource* Find(absl::string_view collection);
  const std::map<std::string, Resource>& resources() const { return resources_; }

  void AddReport(std::string name, std::shared_ptr<const Report> report) {
    reports_[std::move(name)] = std::move(report);
  }
  // Null where there is no such report.
  const Report* FindReport(const std::string& name) const {
    const auto found = reports_.find(name);
    return found == reports_.end() ? nullptr : found->second.get();
  }
  void AddDue(DueSource source) { due_.push_back(std::move(source)); }
  const std::vector<DueSource>& due() const { return due_; }

 private:
  store::Store store_;
  access::Access access_;
  Operations operations_;
  Executor executor_;
  rpc::Module module_;
  Watchers watchers_;
  Outbox outbox_;
  store::Sealer sealer_;
  store::AccessLogSealer access_log_sealer_;
  Checkpoints checkpoints_, access_log_checkpoints_;
  std::map<std::string, Resource> resources_;  // by collection
  std::map<std::string, std::shared_ptr<const Report>> reports_;  // by name
  std::vector<DueSource> due_;
  KeyBackups key_backups_;
  std::vector<metrics::Registry::Watch> watches_;  // on what is above: they end first

  void Measure();

  // Looks every few seconds for what other replicas have left or changed.
  void KeepUp();
  Mutex mutex_;
  CondVar closing_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread keeper_;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_SERVICE_H_
