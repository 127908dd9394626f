// The work of operations: taken up under a lease, done, and its end kept.
#include <utility>

#include "absl/strings/str_replace.h"
#include "common/base/failpoint.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/work/operation_row.h"

namespace tsunagu {

using google::protobuf::Message;

namespace {

constexpr absl::Duration kPatience = absl::Seconds(10);  // of the database
constexpr absl::Duration kLongest = absl::Hours(1);

}  // namespace

// Renews the lease with every report; whoever has lost it stops.
class Operations::RowProgress : public Progress {
 public:
  RowProgress(store::Store& store, std::string id, int64_t epoch)
      : store_(store), id_(std::move(id)), epoch_(epoch) {}
  absl::Status Report(int percent) override {
    const absl::Time now = store_.clock().Now();
    const int64_t lease = absl::ToUnixMicros(now + kOperationLease);
    int64_t matched = 0;
    RETURN_IF_ERROR(store_.database().Write(Deadline::After(kPatience), [&](store::Session& session) -> absl::Status {
      ASSIGN_OR_RETURN(matched, session.Execute("UPDATE `operations` SET `percent` = ?, `lease_time` = ? "
                                                "WHERE `id` = ? AND `epoch` = ? AND `cancel` = 0",
                                                {int64_t{percent}, lease, absl::string_view(id_), epoch_}));
      return absl::OkStatus();
    }));
    return matched == 1 ? absl::OkStatus() : Fail("CANCELLED"_reason);
  }

 private:
  store::Store& store_;
  const std::string id_;
  const int64_t epoch_;
};

void Operations::Open() {
  executor_ = std::make_unique<Executor>(Executor::Limits{.threads = 2, .queued = 10'000});
}

void Operations::TakeUp() {
  std::vector<std::string> ids;
  const absl::Time now = store_.clock().Now();
  const absl::Status read = store_.Read(OperationsActor(), Deadline::After(kPatience), [&](store::View& view) {
    ids.clear();
    return view.session().Query("SELECT `id` FROM `operations` WHERE `state` = ? AND `lease_time` < ? LIMIT 100",
                                {kRunning, absl::ToUnixMicros(now)}, [&](const store::Row& row) {
                                  ids.push_back(row.Bytes(0));
                                  return absl::OkStatus();
                                });
  });
  if (!read.ok()) return;  // tried again with the next round
  for (const std::string& id : ids) (void)executor_->TryPost([this, id] { Run(id); });
}

absl::StatusOr<bool> Operations::Claim(const std::string& id, int64_t& epoch) {
  const absl::Time now = store_.clock().Now();
  int64_t matched = 0;
  RETURN_IF_ERROR(store_.database().Write(Deadline::After(kPatience), [&](store::Session& session) -> absl::Status {
    epoch = 0;
    RETURN_IF_ERROR(session.Query("SELECT `epoch` FROM `operations` WHERE `id` = ?", {absl::string_view(id)},
                                  [&](const store::Row& row) {
                                    epoch = row.Integer(0);
                                    return absl::OkStatus();
                                  }));
    // The first run belongs to whoever started it; any later one to whoever finds the lease ended.
    ASSIGN_OR_RETURN(matched,
                     session.Execute("UPDATE `operations` SET `epoch` = ?, `lease_time` = ? WHERE `id` = ? AND "
                                     "`epoch` = ? AND `state` = ? AND (`epoch` = 0 OR `lease_time` < ?)",
                                     {epoch + 1, absl::ToUnixMicros(now + kOperationLease), absl::string_view(id),
                                      epoch, kRunning, absl::ToUnixMicros(now)}));
    return absl::OkStatus();
  }));
  ++epoch;
  return matched == 1;
}

void Operations::Run(const std::string& id) {
  int64_t epoch = 0;
  const auto claimed = Claim(id, epoch);
  if (!claimed.ok() || !*claimed) return;  // somebody else has it, or it will be found again
  Failpoint("operation.after_claim");
  const auto row = Load(id);
  if (!row.ok()) return;
  const auto kind = kinds_.find(row->method);
  if (kind == kinds_.end()) return;  // of a newer binary
  std::unique_ptr<Message> request(kind->second.request->New()), response(kind->second.response->New());
  const auto plain = store_.Decrypt(ContextOfOperation(id, "request"), row->request);
  absl::Status outcome = plain.ok() && request->ParseFromString(*plain) ? absl::OkStatus()
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
    RowProgress progress(store_, id, epoch);
    outcome = kind->second.work(call, *request, absl::StrCat("operations/", id), progress, *response);
  }
  const Reason why = ReasonOf(outcome);
  if (why == "DATABASE_UNAVAILABLE"_reason || why == "COMMIT_UNKNOWN"_reason ||
      why == "SHUTTING_DOWN"_reason) {
    return;  // its lease ends, and it is tried again
  }
  (void)Finish(*row, outcome, *response);
  Failpoint("operation.after_finish");
  waiting_.WakeAll();
}

absl::Status Operations::Finish(const Row& row, const absl::Status& outcome, const Message& response) {
  Failpoint("operation.before_finish");
  if (!outcome.ok() && ReasonOf(FaultOf(outcome)) == "INTERNAL"_reason) {
    log::Line(log::Level::kError, "operation")
        .Add("operation", row.id)
        .Add("text", log::Harmless(outcome.ToString()))
        .Write();
  }
  ASSIGN_OR_RETURN(
      const std::string result,
      store_.Encrypt(ContextOfOperation(row.id, "result"),
                  outcome.ok() ? response.SerializeAsString() : FaultOf(outcome).SerializeAsString()));
  const absl::Time now = store_.clock().Now();
  return store_.database().Write(Deadline::After(kPatience), [&](store::Session& session) {
    return session
        .Execute("UPDATE `operations` SET `state` = ?, `percent` = 100, `result` = ?, `end_time` = ? "
                 "WHERE `id` = ? AND `state` = ?",
                 {outcome.ok() ? kSucceeded : kFailed, store::Blob{result}, absl::ToUnixMicros(now),
                  absl::string_view(row.id), kRunning})
        .status();
  });
}

}  // namespace tsunagu
