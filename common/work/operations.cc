#include "common/work/operations.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/access/access.h"
#include "common/access/actor.h"
#include "common/base/executor.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/records/store.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "common/work/operation_lease.h"
#include "common/work/operation_row.h"
#include "google/protobuf/util/time_util.h"
#include "google/rpc/status.pb.h"
#include "tsunagu/platform/v1/operation.pb.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;
using google::protobuf::Message;
using google::protobuf::util::TimeUtil;

constexpr absl::Duration kPatience = absl::Seconds(10);  // for the database

}  // namespace

Operations::Operations(store::Store& store, access::Access& access) : store_(store), access_(access) {
  const store::ColumnTypes types(store.database().dialect());
  const auto ascii = [&](int length) { return types.Ascii(length) + " NOT NULL"; };
  const std::string blob = types.Blob();
  const char* number = "BIGINT NOT NULL DEFAULT 0";
  store.AddSigned(OperationTable(), {"operations",
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

std::string Operations::NameOf(absl::string_view id) const {
  return absl::StrCat("services/", store_.service(), "/operations/", id);
}

void Operations::Add(const std::string& method, const Message& request, const Message& response, Work work) {
  kinds_[method] = {&request, &response, std::move(work)};
}

absl::StatusOr<google::longrunning::Operation> Operations::Begin(rpc::Call& call, const Message& request,
                                                                 absl::FunctionRef<absl::Status(store::View&)> check) {
  const std::string id = NewId(store_.clock().Now(), store_.entropy());
  ASSIGN_OR_RETURN(const std::string bytes,
                   store_.Encrypt(ContextOfOperation(id, "request"), request.SerializeAsString()));
  google::longrunning::Operation answer;
  RETURN_IF_ERROR(store_.Change(
      ActorOf(call, request), call.deadline, {request.SerializeAsString()}, answer, [&](store::Tx& tx) -> absl::Status {
        RETURN_IF_ERROR(check(tx));
        RETURN_IF_ERROR(CheckRoom(tx, call));
        const int64_t now = tx.Stamp(), lease = now + absl::ToInt64Microseconds(OperationLease::kLength);
        std::vector<store::Value> values = Row::Signed(id, tx.actor().method, call.principal.id,
                                                       call.principal.on_behalf_of, tx.actor().purpose, bytes);
        const std::string mac = OperationTable().Mac(store_.RowKey(), values);
        values.insert(values.end(), {store::Blob{mac}, kRunning, lease, store::Blob{tx.actor().trace}, now});
        RETURN_IF_ERROR(
            tx.session()
                .Execute(
                    "INSERT INTO `operations` (`id`, `method`, `principal`, `on_behalf_of`, `purpose`, `request`, "
                    "`mac`, `state`, `lease_time`, `result`, `create_time`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    values)
                .status());
        Row row{id, tx.actor().method, "", "", "", "", std::string(kRunning)};
        row.create_time = now;
        ASSIGN_OR_RETURN(answer, ToOperation(row, call.headers.language));
        tx.OnCommit(
            [this, id, caller = CallerOf(call.principal.id, call.principal.on_behalf_of)] { Post(id, caller); });
        return absl::OkStatus();
      }));
  return answer;
}

absl::Status Operations::CheckRoom(store::Tx& tx, const rpc::Call& call) const {
  int64_t unended = 0;
  RETURN_IF_ERROR(tx.session().Query(
      "SELECT COUNT(*) FROM `operations` WHERE `state` = ? AND `principal` = ? AND `on_behalf_of` = ?",
      {kRunning, absl::string_view(call.principal.id), absl::string_view(call.principal.on_behalf_of)},
      [&](const store::Row& row) {
        unended = row.Integer(0);
        return absl::OkStatus();
      }));
  if (unended < kMostOfCaller) return absl::OkStatus();
  return Fail("TOO_MANY_OPERATIONS"_reason, {{"max", absl::StrCat(kMostOfCaller)}});
}

absl::StatusOr<Operations::Row> Operations::Load(const std::string& id) {
  const absl::Status absent = Fail("RESOURCE_NOT_FOUND"_reason, {{"resource", "OPERATION"}, {"name", NameOf(id)}});
  if (!contract::IsWellFormedId(id)) return absent;  // MySQL cannot compare an ASCII column with other text
  std::vector<Row> rows;
  RETURN_IF_ERROR(store_.Read(OperationsActor(), Deadline::After(kPatience), [&](store::View& view) {
    rows.clear();
    return view.session().Query(absl::StrCat(kOperationColumns, "WHERE `id` = ?"), {absl::string_view(id)},
                                [&](const store::Row& row) {
                                  rows.push_back(Row::Of(row));
                                  return absl::OkStatus();
                                });
  }));
  if (rows.empty()) return absent;
  return rows.front();
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
  ASSIGN_OR_RETURN(const std::string result, store_.Decrypt(ContextOfOperation(row.id, "result"), row.result));
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
  const std::string id = contract::OwnId(name);
  ASSIGN_OR_RETURN(const Row row, Load(id));
  const bool own = row.principal == call.principal.id && row.on_behalf_of == call.principal.on_behalf_of;
  if (!own || NameOf(id) != name) {
    return Fail("RESOURCE_NOT_FOUND"_reason, {{"resource", "OPERATION"}, {"name", name}});
  }
  return ToOperation(row, call.headers.language);
}

absl::StatusOr<std::vector<google::longrunning::Operation>> Operations::List(const rpc::Call& call,
                                                                             const std::string& before, int64_t limit) {
  std::vector<google::longrunning::Operation> operations;
  const std::string below = before.empty() ? "~" : before;  // greater than every id
  RETURN_IF_ERROR(store_.Read(OperationsActor(), call.deadline, [&](store::View& view) {
    operations.clear();
    return view.session().Query(
        absl::StrCat(kOperationColumns,
                     "WHERE `principal` = ? AND `on_behalf_of` = ? AND `id` < ? ORDER BY `id` DESC LIMIT ?"),
        {absl::string_view(call.principal.id), absl::string_view(call.principal.on_behalf_of), absl::string_view(below),
         limit},
        [&](const store::Row& row) -> absl::Status {
          ASSIGN_OR_RETURN(operations.emplace_back(), ToOperation(Row::Of(row), call.headers.language));
          return absl::OkStatus();
        });
  }));
  return operations;
}

absl::Status Operations::RequestCancel(store::Tx& tx, const std::string& name) {
  const std::string id = contract::OwnId(name);
  return tx.session()
      .Execute("UPDATE `operations` SET `cancel` = 1 WHERE `id` = ? AND `state` = ?", {absl::string_view(id), kRunning})
      .status();
}

}  // namespace tsunagu
