// Runs operations: claims them under a lease, does the work, stores the result.
#include <chrono>
#include <utility>

#include "absl/strings/str_replace.h"
#include "common/access/access.h"
#include "common/base/executor.h"
#include "common/base/failpoint.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/records/store.h"
#include "common/rpc/call.h"
#include "common/rpc/exceptions.h"
#include "common/work/operation_lease.h"
#include "common/work/operation_row.h"

namespace tsunagu {

using google::protobuf::Message;

namespace {

constexpr absl::Duration kPatience = absl::Seconds(10);  // for the database
constexpr absl::Duration kLongest = absl::Hours(1);
constexpr auto kRenewal = std::chrono::seconds(3);  // a tenth of a lease, so that some renewals may fail

// Returns whether the operation is left unfinished: its lease expires, and it is taken up again.
bool MayBeTriedAgain(Reason why) {
  return why == "DATABASE_UNAVAILABLE"_reason || why == "COMMIT_UNKNOWN"_reason || why == "SHUTTING_DOWN"_reason;
}

}  // namespace

void Operations::Start() {
  executor_ = std::make_unique<Executor>(Executor::Limits{.threads = 2, .queued = 1'000'000});
  renewing_ = std::thread([this] { RenewLeases(); });
}

Operations::~Operations() {
  executor_.reset();  // ends with the last task; leases are extended until then
  if (!renewing_.joinable()) return;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    stopped_.notify_all();
  }
  renewing_.join();
}

void Operations::TakeUp() {
  std::vector<std::pair<std::string, std::string>> found;  // with their callers
  const absl::Time now = store_.clock().Now();
  const absl::Status read = store_.Read(OperationsActor(), Deadline::After(kPatience), [&](store::View& view) {
    found.clear();
    return view.session().Query(
        "SELECT `id`, `principal`, `on_behalf_of` FROM `operations` WHERE `state` = ? AND "
        "`lease_time` < ? LIMIT 1000",
        {kRunning, absl::ToUnixMicros(now)}, [&](const store::Row& row) {
          found.emplace_back(row.Bytes(0), CallerOf(row.Bytes(1), row.Bytes(2)));
          return absl::OkStatus();
        });
  });
  if (!read.ok()) return;  // tried again in the next round
  for (const auto& [id, caller] : found) Post(id, caller);
}

void Operations::Post(const std::string& id, const std::string& caller) {
  {
    MutexLock lock(mutex_);
    if (!here_.emplace(id, nullptr).second) return;
    turns_.Add(caller, id);
  }
  (void)executor_->TryPost([this] { RunNext(); });  // false only at shutdown: the next process takes it up
}

// Called once per posted operation.
void Operations::RunNext() {
  std::string id;
  {
    MutexLock lock(mutex_);
    id = turns_.Take();
  }
  const absl::Status run = rpc::CatchExceptions([&] {
    Run(id);
    return absl::OkStatus();
  });
  if (!run.ok()) {  // its lease expires, and it is taken up again
    log::Line(log::Level::kError, "operation").Add("operation", id).Add("text", log::Harmless(run.ToString())).Write();
  }
  MutexLock lock(mutex_);
  here_.erase(id);
}

// While an operation waits for a thread, its lease is not extended: another replica may have a free thread.
void Operations::RenewLeases() {
  for (;;) {
    std::vector<Lease> held;
    {
      MutexLock lock(mutex_);
      if (!stopping_) stopped_.wait_for(mutex_, kRenewal);
      if (stopping_) return;
      for (const auto& [id, lease] : here_) {
        if (lease != nullptr) held.push_back(lease);
      }
    }
    // When the lease is lost, the run gets the error at its next write; while the database is unavailable, a later
    // renewal may succeed.
    for (const Lease& lease : held) (void)lease->Renew();
  }
}

void Operations::Run(const std::string& id) {
  const absl::StatusOr<Lease> claimed = OperationLease::Claim(store_, id);
  if (!claimed.ok() || *claimed == nullptr) return;  // another process has it, or TakeUp will find it again
  {
    MutexLock lock(mutex_);
    here_[id] = *claimed;
  }
  RunUnder(**claimed);
}

void Operations::RunUnder(OperationLease& lease) {
  Failpoint("operation.after_claim");
  const std::string& id = lease.id();
  const auto row = Load(id);
  if (!row.ok()) return;
  const auto kind = kinds_.find(row->method);
  if (kind == kinds_.end()) return;  // from a newer binary
  std::unique_ptr<Message> request(kind->second.request->New()), response(kind->second.response->New());
  const auto plain = store_.Decrypt(ContextOfOperation(id, "request"), row->request);
  const bool genuine = row->IsGenuine(store_.RowKey());
  absl::Status outcome = !genuine                                         ? store::ForgedRow(OperationTable())
                         : plain.ok() && request->ParseFromString(*plain) ? absl::OkStatus()
                                                                          : absl::DataLossError("kept request");
  rpc::Call call;
  call.method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(row->method, {{"/", "."}}));
  call.start = store_.clock().Now();
  call.deadline = Deadline::After(kLongest);
  call.correlation_id = id;
  call.headers.purpose = row->purpose;
  call.trace = rpc::Trace::Continue(row->result);
  const auto principal = access_.Known(row->principal, row->on_behalf_of);
  if (outcome.ok()) outcome = principal.status();
  if (outcome.ok()) {
    call.principal = *principal;
    outcome = rpc::CatchExceptions(
        [&] { return kind->second.work(call, *request, absl::StrCat("operations/", id), lease, *response); });
  }
  if (MayBeTriedAgain(ReasonOf(outcome))) return;
  if (ReasonOf(Finish(lease, outcome, *response)) == "LEASE_LOST"_reason) {
    log::Line(log::Level::kWarning, "operation_taken_over")
        .Add("operation", id)
        .Add("method", row->method)
        .Add("epoch", lease.epoch())
        .Write();
    return;
  }
  Failpoint("operation.after_finish");
  waiting_.WakeAll();
}

// The lease decides whether the outcome is stored, whatever it is: the work may have failed because of what a later run
// has done meanwhile.
absl::Status Operations::Finish(OperationLease& lease, const absl::Status& outcome, const Message& response) {
  Failpoint("operation.before_finish");
  if (!outcome.ok() && ReasonOf(FaultOf(outcome)) == "INTERNAL"_reason) {
    log::Line(log::Level::kError, "operation")
        .Add("operation", lease.id())
        .Add("text", log::Harmless(outcome.ToString()))
        .Write();
  }
  ASSIGN_OR_RETURN(const std::string result,
                   store_.Encrypt(ContextOfOperation(lease.id(), "result"),
                                  outcome.ok() ? response.SerializeAsString() : FaultOf(outcome).SerializeAsString()));
  return lease.End(outcome.ok() ? kSucceeded : kFailed, result);
}

}  // namespace tsunagu
