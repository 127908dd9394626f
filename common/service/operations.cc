#include "common/service/operations.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"
#include "common/service/service.h"
#include "google/protobuf/util/time_util.h"
#include "google/rpc/status.pb.h"
#include "common/base/log.h"
#include "tsunagu/platform/v1/operation.pb.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;
using google::protobuf::Message;
using google::protobuf::util::TimeUtil;

constexpr absl::Duration kLease = absl::Seconds(30), kPatience = absl::Seconds(10), kLongest = absl::Hours(1);
constexpr absl::string_view kRunning = "RUNNING", kSucceeded = "SUCCEEDED", kFailed = "FAILED";
constexpr absl::string_view kColumns =
    "SELECT `id`, `method`, `principal`, `on_behalf_of`, `purpose`, `request`, `state`, `percent`, `epoch`, `cancel`, "
    "`result`, `create_time`, `end_time` FROM `operations` ";

std::string PlaceOf(absl::string_view id, absl::string_view column) {
  return absl::StrCat("operations ", id, " ", column);
}

store::Actor System() { return {"system", "", "", "operations", "", access::Scope::Everything()}; }

}  // namespace

struct Operations::Row {
  std::string id, method, principal, on_behalf_of, purpose, request, state;
  int64_t percent = 0, epoch = 0;
  bool cancel = false;
  std::string result;  // sealed response, or the fault; while it runs, the traceparent of the call that asked for it
  int64_t create_time = 0, end_time = 0;

  static Row Of(const store::Row& row) {
    return {row.Bytes(0), row.Bytes(1), row.Bytes(2), row.Bytes(3),        row.Bytes(4),  row.Bytes(5),   row.Bytes(6),
            row.Integer(7), row.Integer(8), row.Integer(9) != 0, row.Bytes(10), row.Integer(11), row.Integer(12)};
  }
};

// Renews the lease with every report; whoever has lost it stops.
class Operations::RowProgress : public Progress {
 public:
  RowProgress(store::Store& store, std::string id, int64_t epoch)
      : store_(store), id_(std::move(id)), epoch_(epoch) {}
  absl::Status Report(int percent) override {
    const absl::Time now = store_.clock().Now();
    const int64_t lease = absl::ToUnixMicros(now + kLease);
    int64_t matched = 0;
    RETURN_IF_ERROR(store_.database().Write(now + kPatience, [&](store::Session& session) -> absl::Status {
      ASSIGN_OR_RETURN(matched, session.Execute("UPDATE `operations` SET `percent` = ?, `lease_time` = ? WHERE `id` = ? "
                                                "AND `epoch` = ? AND `cancel` = 0",
                                                {int64_t{percent}, lease, absl::string_view(id_), epoch_}));
      return absl::OkStatus();
    }));
    return matched == 1 ? absl::OkStatus() : Fail(reason::REASON_CANCELLED);
  }

 private:
  store::Store& store_;
  const std::string id_;
  const int64_t epoch_;
};

Operations::Operations(store::Store& store, access::Access& access) : store_(store), access_(access) {
  const bool mysql = store.database().dialect() == store::Dialect::kMysql;
  auto ascii = [&](int length) {
    return absl::StrCat("VARCHAR(", length, ")", mysql ? " CHARACTER SET ascii COLLATE ascii_bin" : "", " NOT NULL");
  };
  const std::string blob = mysql ? "MEDIUMBLOB" : "BLOB";
  const char* number = "BIGINT NOT NULL DEFAULT 0";
  store.AddPlain({"operations",
                  {{"id", ascii(64)},
                   {"method", ascii(128)},
                   {"principal", ascii(64)},
                   {"on_behalf_of", ascii(64)},
                   {"purpose", "VARCHAR(191) NOT NULL"},
                   {"request", blob},
                   {"state", ascii(16)},
                   {"percent", number},
                   {"epoch", number},
                   {"lease_time", number},
                   {"cancel", number},
                   {"result", blob},
                   {"create_time", number},
                   {"end_time", number}},
                  "`id`",
                  {{"i_operations_state", false, "`state`, `lease_time`"},
                   {"i_operations_end_time", false, "`end_time`, `id`"},
                   {"i_operations_principal", false, "`principal`, `on_behalf_of`, `id`"}}});
}

Operations::~Operations() = default;

std::string Operations::NameOf(absl::string_view id) const {
  return absl::StrCat("services/", store_.service(), "/operations/", id);
}

void Operations::Add(const std::string& method, const Message& request, const Message& response, Work work) {
  kinds_[method] = {&request, &response, std::move(work)};
}

void Operations::Open() {
  executor_ = std::make_unique<Executor>(Executor::Limits{.threads = 2, .queued = 10'000});
}

void Operations::TakeUp() {
  std::vector<std::string> ids;
  const absl::Time now = store_.clock().Now();
  const absl::Status read = store_.Read(System(), now + kPatience, [&](store::View& view) {
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

absl::StatusOr<google::longrunning::Operation> Operations::Start(
    rpc::Call& call, const Message& request, absl::FunctionRef<absl::Status(store::View&)> check) {
  const std::string id = NewId(store_.clock().Now(), store_.entropy());
  ASSIGN_OR_RETURN(const std::string bytes, store_.Seal(PlaceOf(id, "request"), request.SerializeAsString()));
  google::longrunning::Operation answer;
  RETURN_IF_ERROR(store_.Change(
      ActorOf(call, request), call.deadline, {request.SerializeAsString()}, answer,
      [&](store::Tx& tx) -> absl::Status {
        RETURN_IF_ERROR(check(tx));
        const int64_t now = tx.Stamp(), lease = now + absl::ToInt64Microseconds(kLease);
        RETURN_IF_ERROR(
            tx.session()
                .Execute("INSERT INTO `operations` (`id`, `method`, `principal`, `on_behalf_of`, `purpose`, `request`, "
                         "`state`, `lease_time`, `result`, `create_time`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                         {absl::string_view(id), absl::string_view(tx.actor().method),
                          absl::string_view(call.principal.id), absl::string_view(call.principal.on_behalf_of),
                          absl::string_view(tx.actor().purpose), store::Blob{bytes}, kRunning, lease,
                          store::Blob{tx.actor().trace}, now})
                .status());
        Row row{id, tx.actor().method, "", "", "", "", std::string(kRunning)};
        row.create_time = now;
        ASSIGN_OR_RETURN(answer, ToOperation(row, call.headers.language));
        tx.OnCommit([this, id] { (void)executor_->TryPost([this, id] { Run(id); }); });
        return absl::OkStatus();
      }));
  return answer;
}

absl::StatusOr<bool> Operations::Claim(const std::string& id, int64_t& epoch) {
  const absl::Time now = store_.clock().Now();
  int64_t matched = 0;
  RETURN_IF_ERROR(store_.database().Write(now + kPatience, [&](store::Session& session) -> absl::Status {
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
                                     {epoch + 1, absl::ToUnixMicros(now + kLease), absl::string_view(id), epoch,
                                      kRunning, absl::ToUnixMicros(now)}));
    return absl::OkStatus();
  }));
  ++epoch;
  return matched == 1;
}

absl::StatusOr<Operations::Row> Operations::Load(const std::string& id) {
  const absl::Status absent =
      Fail(reason::REASON_RESOURCE_NOT_FOUND, {{"resource", "OPERATION"}, {"name", NameOf(id)}});
  if (!records::IsWellFormedId(id)) return absent;  // MySQL does not compare a column of ASCII with other text
  std::vector<Row> rows;
  RETURN_IF_ERROR(store_.Read(System(), store_.clock().Now() + kPatience, [&](store::View& view) {
    rows.clear();
    return view.session().Query(absl::StrCat(kColumns, "WHERE `id` = ?"), {absl::string_view(id)},
                                [&](const store::Row& row) {
                                  rows.push_back(Row::Of(row));
                                  return absl::OkStatus();
                                });
  }));
  if (rows.empty()) return absent;
  return rows.front();
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
  const auto plain = store_.Unseal(PlaceOf(id, "request"), row->request);
  absl::Status outcome = plain.ok() && request->ParseFromString(*plain) ? absl::OkStatus()
                                                                        : absl::DataLossError("kept request");
  rpc::Call call;
  call.method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(row->method, {{"/", "."}}));
  call.start = store_.clock().Now();
  call.deadline = call.start + kLongest;
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
  if (why == reason::REASON_DATABASE_UNAVAILABLE || why == reason::REASON_COMMIT_UNKNOWN ||
      why == reason::REASON_SHUTTING_DOWN) {
    return;  // its lease ends, and it is tried again
  }
  (void)Finish(*row, outcome, *response);
  Failpoint("operation.after_finish");
  waiting_.WakeAll();
}

absl::Status Operations::Finish(const Row& row, const absl::Status& outcome, const Message& response) {
  Failpoint("operation.before_finish");
  if (!outcome.ok() && FaultOf(outcome).reason() == reason::REASON_INTERNAL) {
    log::Line(log::Level::kError, "operation").Add("operation", row.id).Add("text", log::Harmless(outcome.ToString())).Write();
  }
  ASSIGN_OR_RETURN(
      const std::string result,
      store_.Seal(PlaceOf(row.id, "result"),
                  outcome.ok() ? response.SerializeAsString() : FaultOf(outcome).SerializeAsString()));
  const absl::Time now = store_.clock().Now();
  return store_.database().Write(now + kPatience, [&](store::Session& session) {
    return session
        .Execute("UPDATE `operations` SET `state` = ?, `percent` = 100, `result` = ?, `end_time` = ? WHERE `id` = ? AND "
                 "`state` = ?",
                 {outcome.ok() ? kSucceeded : kFailed, store::Blob{result}, absl::ToUnixMicros(now),
                  absl::string_view(row.id), kRunning})
        .status();
  });
}

absl::StatusOr<google::longrunning::Operation> Operations::ToOperation(const Row& row, Language language) const {
  google::longrunning::Operation operation;
  operation.set_name(NameOf(row.id));
  v1::OperationMetadata metadata;
  metadata.set_method(row.method);
  metadata.set_progress_percent(static_cast<int32_t>(row.percent));
  *metadata.mutable_create_time() = TimeUtil::MicrosecondsToTimestamp(row.create_time);
  if (row.end_time != 0) *metadata.mutable_end_time() = TimeUtil::MicrosecondsToTimestamp(row.end_time);
  metadata.set_cancel_requested(row.cancel);
  operation.mutable_metadata()->PackFrom(metadata);
  operation.set_done(row.state != kRunning);
  if (!operation.done()) return operation;
  ASSIGN_OR_RETURN(const std::string result, store_.Unseal(PlaceOf(row.id, "result"), row.result));
  if (row.state == kSucceeded) {
    const auto kind = kinds_.find(row.method);
    if (kind == kinds_.end()) return operation;
    std::unique_ptr<Message> response(kind->second.response->New());
    if (!response->ParseFromString(result)) return absl::DataLossError("kept result");
    operation.mutable_response()->PackFrom(*response);
    return operation;
  }
  Fault fault;
  if (!fault.ParseFromString(result)) return absl::DataLossError("kept fault");
  const grpc::Status status = rpc::ToGrpc(ToStatus(fault), language, row.id);
  if (!operation.mutable_error()->ParseFromString(status.error_details())) return absl::DataLossError("kept fault");
  return operation;
}

absl::StatusOr<google::longrunning::Operation> Operations::Get(const rpc::Call& call, const std::string& name) {
  const std::string id = name.substr(name.rfind('/') + 1);
  ASSIGN_OR_RETURN(const Row row, Load(id));
  const bool own = row.principal == call.principal.id && row.on_behalf_of == call.principal.on_behalf_of;
  if (!own || NameOf(id) != name) {
    return Fail(reason::REASON_RESOURCE_NOT_FOUND, {{"resource", "OPERATION"}, {"name", name}});
  }
  return ToOperation(row, call.headers.language);
}

absl::StatusOr<std::vector<google::longrunning::Operation>> Operations::List(const rpc::Call& call,
                                                                             const std::string& before,
                                                                             int64_t limit) {
  std::vector<google::longrunning::Operation> operations;
  const std::string below = before.empty() ? "~" : before;  // behind every id
  RETURN_IF_ERROR(store_.Read(System(), call.deadline, [&](store::View& view) {
    operations.clear();
    return view.session().Query(
        absl::StrCat(kColumns, "WHERE `principal` = ? AND `on_behalf_of` = ? AND `id` < ? ORDER BY `id` DESC LIMIT ?"),
        {absl::string_view(call.principal.id), absl::string_view(call.principal.on_behalf_of),
         absl::string_view(below), limit},
        [&](const store::Row& row) -> absl::Status {
          ASSIGN_OR_RETURN(operations.emplace_back(), ToOperation(Row::Of(row), call.headers.language));
          return absl::OkStatus();
        });
  }));
  return operations;
}

absl::Status Operations::RequestCancel(store::Tx& tx, const std::string& name) {
  const std::string id = name.substr(name.rfind('/') + 1);
  return tx.session()
      .Execute("UPDATE `operations` SET `cancel` = 1 WHERE `id` = ? AND `state` = ?", {absl::string_view(id), kRunning})
      .status();
}

}  // namespace tsunagu
