#include "common/service/service.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/service/retention.h"
#include "common/service/sight.h"
#include "common/records/subjects.h"

namespace tsunagu {

Service::Service(std::string name, std::unique_ptr<store::Database> database, std::unique_ptr<store::Keyring> keyring,
                 const Clock& clock, Entropy& entropy, Executor::Limits workers)
    : store_(name, std::move(database), std::move(keyring), clock, entropy),
      access_(store_),
      operations_(store_, access_),
      executor_(workers),
      module_(
          name,
          [this](const rpc::Headers& headers) {
            return access_.Authenticate(headers.authorization, headers.on_behalf_of);
          },
          executor_),
      outbox_(store_),
      sealer_(store_.database(), clock, entropy),
      access_log_sealer_(store_.database(), clock),
      checkpoints_(store_, Checkpoints::Chain::kJournal),
      access_log_checkpoints_(store_, Checkpoints::Chain::kAccessLog) {}

Service::~Service() {
  {
    MutexLock lock(mutex_);
    closed_ = true;
  }
  closing_.notify_all();
  if (keeper_.joinable()) keeper_.join();
  outbox_.Stop();
  store_.OnJournaled([] {});
  store_.OnLogged([] {});
  sealer_.Stop();
  access_log_sealer_.Stop();
  checkpoints_.WriteLast(sealer_.head());
  access_log_checkpoints_.WriteLast(access_log_sealer_.head());
}

void Service::Begin() {
  operations_.TakeUp();
  outbox_.Start();
  keeper_ = std::thread([this] { KeepUp(); });
}

void Service::Measure() {
  auto& registry = metrics::Registry::Process();
  const auto gauge = [&](const char* name_of, const char* help, std::function<double()> read) {
    watches_.push_back(registry.Gauge(name_of, help, {{"service", name()}}, std::move(read)));
  };
  gauge("tsunagu_journal_place", "Place that the chain of the journal has reached.",
        [this] { return static_cast<double>(sealer_.head().place); });
  gauge("tsunagu_journal_lag_seconds", "How long the oldest commit has been waiting for its place.",
        [this] { return absl::ToDoubleSeconds(sealer_.lag()); });
  gauge("tsunagu_checkpoint_age_seconds", "How long the oldest sealed row has been without a signed checkpoint.",
        [this] { return absl::ToDoubleSeconds(checkpoints_.age(sealer_.head())); });
}

void Service::KeepUp() {
  constexpr auto kPause = std::chrono::seconds(2);
  constexpr int kRoundsBetweenDeletions = 5;
  int64_t deleted = 0;
  (void)access_.LoadPlaces();  // the other services of this process can be asked only now
  for (int rounds = 1;;) {
    {
      MutexLock lock(mutex_);
      if (!closed_) closing_.wait_for(mutex_, kPause);
      if (closed_) return;
    }
    (void)access_.Reload();  // while the database is away, what was known before holds
    (void)access_.LoadPlaces();
    operations_.TakeUp();
    operations_.waiting().WakeAll();
    (void)store_.keyring().Refresh();
    (void)store::FinishErasures(store_);
    (void)sealer_.Look(Deadline::After(absl::Seconds(2)));
    checkpoints_.WriteIfDue(sealer_.head());
    access_log_checkpoints_.WriteIfDue(access_log_sealer_.head());
    watchers_.WakeAll();  // for their bookmarks
    if (deleted == 0 && rounds++ % kRoundsBetweenDeletions != 0) continue;
    deleted = DeleteOutdated(store_).value_or(0);  // an error: tried again with a later round
  }
}

Resource& Service::Add(const google::protobuf::Descriptor* message) {
  const records::Schema& schema = records::Schema::Of(message);
  Resource& resource = resources_[schema.collection()];
  resource.table = &store_.Add(schema);
  return resource;
}

Resource* Service::Find(absl::string_view collection) {
  const auto found = resources_.find(std::string(collection));
  return found == resources_.end() ? nullptr : &found->second;
}

absl::Status Service::Open(const store::Opening& opening, const std::string& checkpoint_file) {
  RETURN_IF_ERROR(store_.Open(opening));
  RETURN_IF_ERROR(checkpoints_.Open(checkpoint_file));
  RETURN_IF_ERROR(access_log_checkpoints_.Open(checkpoint_file));
  store_.OnJournaled([this] { sealer_.Committed(); });
  sealer_.Start([this](const store::JournalHead&) {
    watchers_.WakeAll();
    outbox_.Wake();
  });
  store_.OnLogged([this] { access_log_sealer_.Logged(); });
  access_log_sealer_.Start();
  RETURN_IF_ERROR(access_.Open());
  operations_.Open();
  Measure();
  module_.Wrap([this](rpc::StreamFactory open) { return HidePersonal(std::move(open), store_); });
  return absl::OkStatus();
}

}  // namespace tsunagu
