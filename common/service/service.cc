#include "common/service/service.h"

#include <chrono>
#include <functional>
#include <thread>
#include <utility>

#include "absl/time/time.h"
#include "common/access/access.h"
#include "common/access/actor.h"
#include "common/base/memory.h"
#include "common/base/metrics.h"
#include "common/base/mutex.h"
#include "common/base/status_macros.h"
#include "common/journal/sealer.h"
#include "common/keys/key_backups.h"
#include "common/records/access_log_chain.h"
#include "common/records/store.h"
#include "common/records/subjects.h"
#include "common/rpc/call.h"
#include "common/rpc/router.h"
#include "common/service/change_newest.h"
#include "common/service/retention.h"
#include "common/service/sight.h"
#include "common/work/checkpoints.h"
#include "common/work/operations.h"
#include "common/work/outbox.h"
#include "common/work/watchers.h"

namespace tsunagu {

struct Service::Parts {
  Parts(std::string name, std::unique_ptr<store::Database> database, std::unique_ptr<store::Keyring> keyring,
        const Clock& clock, Entropy& entropy, Executor::Limits workers);
  ~Parts();

  absl::Status Open(const store::Opening& opening, const std::string& checkpoint_file);
  void Start();
  void Measure();
  // The last written line decides when the next is due, whichever process wrote it, so many short-lived processes write
  // as often as one.
  void WriteCheckpoints();
  // Checks every few seconds for what other replicas have left or changed.
  void KeepUp();

  store::Store store;
  access::Access access;
  Operations operations;
  Executor executor;
  rpc::Module module;
  Watchers watchers;
  Outbox outbox;
  store::Sealer sealer;
  store::AccessLogSealer access_log_sealer;
  Checkpoints checkpoints, access_log_checkpoints;
  std::map<std::string, Resource> resources;                     // by collection
  std::map<std::string, std::shared_ptr<const Report>> reports;  // by name
  std::vector<DueSource> due;
  KeyBackups key_backups;
  std::vector<metrics::Registry::Watch> watches;  // they use the members above, so they end first

  Mutex mutex;
  CondVar closing;
  bool closed ABSL_GUARDED_BY(mutex) = false;
  std::thread keeper;
};

Service::Parts::Parts(std::string name, std::unique_ptr<store::Database> database,
                      std::unique_ptr<store::Keyring> keyring, const Clock& clock, Entropy& entropy,
                      Executor::Limits workers)
    : store(name, std::move(database), std::move(keyring), clock, entropy),
      access(store),
      operations(store, access),
      executor(workers),
      module(
          name, [this](const rpc::Headers& headers) { return access.Authenticate(headers); }, executor),
      outbox(store),
      sealer(store.database(), clock, entropy),
      access_log_sealer(store.database(), clock),
      checkpoints(store, Checkpoints::Chain::kJournal),
      access_log_checkpoints(store, Checkpoints::Chain::kAccessLog) {}

Service::Parts::~Parts() {
  {
    MutexLock lock(mutex);
    closed = true;
  }
  closing.notify_all();
  if (keeper.joinable()) keeper.join();
  outbox.Stop();
  store.OnJournaled([] {});
  store.OnLogged([] {});
  sealer.Stop();
  access_log_sealer.Stop();
  checkpoints.WriteLast(sealer.head());
  access_log_checkpoints.WriteLast(access_log_sealer.head());
}

absl::Status Service::Parts::Open(const store::Opening& opening, const std::string& checkpoint_file) {
  RETURN_IF_ERROR(store.Open(opening));
  RETURN_IF_ERROR(checkpoints.Open(checkpoint_file));
  RETURN_IF_ERROR(access_log_checkpoints.Open(checkpoint_file));
  store.OnJournaled([this] { sealer.Committed(); });
  sealer.Start(store.RowKey(), [this](const store::JournalHead&) {
    watchers.WakeAll();
    outbox.Wake();
  });
  store.OnLogged([this] { access_log_sealer.Logged(); });
  access_log_sealer.Start(store.RowKey());
  RETURN_IF_ERROR(access.Open());
  operations.Start();
  Measure();
  module.Wrap([this](rpc::StreamFactory open) { return HidePersonal(std::move(open), store); });
  return absl::OkStatus();
}

void Service::Parts::WriteCheckpoints() {
  (void)sealer.Look(Deadline::After(absl::Seconds(2)));
  (void)access_log_sealer.Look(Deadline::After(absl::Seconds(2)));
  checkpoints.WriteIfDue(sealer.head());
  access_log_checkpoints.WriteIfDue(access_log_sealer.head());
}

void Service::Parts::Start() {
  WriteCheckpoints();
  operations.TakeUp();
  outbox.Start();
  keeper = std::thread([this] { KeepUp(); });
}

void Service::Parts::Measure() {
  auto& registry = metrics::Registry::Process();
  const auto gauge = [&](const char* name_of, const char* help, std::function<double()> read) {
    watches.push_back(registry.Gauge(name_of, help, {{"service", store.service()}}, std::move(read)));
  };
  gauge("tsunagu_journal_place", "Place that the chain of the journal has reached.",
        [this] { return static_cast<double>(sealer.head().place); });
  gauge("tsunagu_journal_lag_seconds", "How long the oldest commit has been waiting for its place.",
        [this] { return absl::ToDoubleSeconds(sealer.lag()); });
  gauge("tsunagu_checkpoint_age_seconds", "How long the oldest sealed row has been without a signed checkpoint.",
        [this] { return absl::ToDoubleSeconds(checkpoints.age(sealer.head())); });
}

void Service::Parts::KeepUp() {
  constexpr auto kPause = std::chrono::seconds(2);
  constexpr int kRoundsBetweenDeletions = 5;
  int64_t deleted = 0;
  (void)access.LoadPlaces();  // the other services of this process can be called only now
  for (int rounds = 1;;) {
    {
      MutexLock lock(mutex);
      if (!closed) closing.wait_for(mutex, kPause);
      if (closed) return;
    }
    (void)access.Reload();  // while the database is unavailable, the previous state stays
    (void)access.LoadPlaces();
    operations.TakeUp();
    operations.waiting().WakeAll();
    (void)store.keyring().Refresh();
    (void)store::FinishErasures(store);
    WriteCheckpoints();
    watchers.WakeAll();  // so that they send bookmarks
    KeepMemoryInReserve();
    if (deleted == 0 && rounds++ % kRoundsBetweenDeletions != 0) continue;
    deleted = DeleteOutdated(store).value_or(0);  // after an error, a later round tries again
  }
}

Service::Service(std::string name, std::unique_ptr<store::Database> database, std::unique_ptr<store::Keyring> keyring,
                 const Clock& clock, Entropy& entropy, Executor::Limits workers)
    : parts_(
          std::make_unique<Parts>(std::move(name), std::move(database), std::move(keyring), clock, entropy, workers)) {}
Service::~Service() = default;

Resource& Service::Add(const google::protobuf::Descriptor* message) {
  const contract::Schema& schema = contract::Schema::Of(message);
  Resource& resource = parts_->resources[schema.collection()];
  resource.table = &parts_->store.Add(schema);
  return resource;
}

Resource* Service::Find(absl::string_view collection) {
  const auto found = parts_->resources.find(std::string(collection));
  return found == parts_->resources.end() ? nullptr : &found->second;
}

absl::Status Service::Open(const store::Opening& opening, const std::string& checkpoint_file) {
  return parts_->Open(opening, checkpoint_file);
}
void Service::Start() { parts_->Start(); }

void Service::SetKeyBackups(KeyBackups backups) { parts_->key_backups = std::move(backups); }
const KeyBackups& Service::key_backups() const { return parts_->key_backups; }

const std::string& Service::name() const { return parts_->store.service(); }
absl::Status Service::Read(const rpc::Call& call, absl::FunctionRef<absl::Status(store::View&)> body) {
  return Read(ActorOf(call), call.deadline, body);
}
absl::Status Service::Read(const identity::Actor& actor, Deadline deadline,
                           absl::FunctionRef<absl::Status(store::View&)> body) {
  return store().Read(actor, deadline, body);
}
absl::Status Service::Change(const rpc::Call& call, const google::protobuf::Message& request,
                             google::protobuf::Message& response, absl::FunctionRef<absl::Status(store::Tx&)> body) {
  return Change(ActorOf(call, request), call.deadline, RequestOf(request), response, body);
}
absl::Status Service::Change(const identity::Actor& actor, Deadline deadline, const store::ChangeRequest& request,
                             google::protobuf::Message& response, absl::FunctionRef<absl::Status(store::Tx&)> body) {
  return store().Change(actor, deadline, request, response, body);
}
absl::Status Service::LogAccess(const rpc::Call& call, absl::Span<const std::string> names) {
  return LogAccess(ActorOf(call), call.deadline, names);
}
absl::Status Service::LogAccess(const identity::Actor& actor, Deadline deadline, absl::Span<const std::string> names) {
  return store().LogAccess(actor, deadline, names);
}
absl::Time Service::Now() { return store().clock().Now(); }
jp::CivilDay Service::Today() { return store().Today(); }
const identity::Places& Service::places() { return store().places(); }
store::Store& Service::store() { return parts_->store; }
access::Access& Service::access() { return parts_->access; }
Operations& Service::operations() { return parts_->operations; }
store::Sealer& Service::sealer() { return parts_->sealer; }
store::AccessLogSealer& Service::access_log_sealer() { return parts_->access_log_sealer; }
Watchers& Service::watchers() { return parts_->watchers; }
Outbox& Service::outbox() { return parts_->outbox; }
rpc::Module& Service::module() { return parts_->module; }
const std::map<std::string, Resource>& Service::resources() const { return parts_->resources; }

void Service::AddReport(std::string name, std::shared_ptr<const Report> report) {
  parts_->reports[std::move(name)] = std::move(report);
}

const Report* Service::FindReport(const std::string& name) const {
  const auto found = parts_->reports.find(name);
  return found == parts_->reports.end() ? nullptr : found->second.get();
}

void Service::AddDue(DueSource source) { parts_->due.push_back(std::move(source)); }
const std::vector<DueSource>& Service::due() const { return parts_->due; }

}  // namespace tsunagu
