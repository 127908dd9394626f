// The queue; outbox_delivery.cc delivers it.
#include "common/work/outbox.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/records/store.h"
#include "common/work/outbox_row.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu {

namespace v1 = platform::v1;
using google::protobuf::Message;
using google::protobuf::util::TimeUtil;

// The trace is a line before the request.
absl::StatusOr<std::string> EncryptCall(store::Parts& parts, absl::string_view id, const OwedCall& call) {
  return parts.Encrypt(absl::StrCat("outbox ", id), absl::StrCat(call.trace, "\n", call.request));
}

absl::StatusOr<OwedCall> DecryptCall(store::Parts& parts, absl::string_view id, absl::string_view encrypted) {
  ASSIGN_OR_RETURN(const std::string plain, parts.Decrypt(absl::StrCat("outbox ", id), encrypted));
  const size_t line = plain.find('\n');
  if (line == std::string::npos) return absl::DataLossError("kept delivery");
  return OwedCall{plain.substr(0, line), plain.substr(line + 1)};
}

Outbox::Outbox(store::Store& store) : parts_(store) {
  const store::ColumnTypes types(store.database().dialect());
  const auto ascii = [&](int length) { return types.Ascii(length) + " NOT NULL"; };
  const char* number = "BIGINT NOT NULL DEFAULT 0";
  store.AddSigned(OutboxTable(), {"outbox",
                                  {{"id", ascii(64)},
                                   {"tx", types.Bytes(16) + " NOT NULL"},
                                   {"resource", ascii(191)},
                                   {"service", ascii(64)},
                                   {"method", ascii(128)},
                                   {"request", types.Blob()},
                                   {"principal", ascii(64)},
                                   {"purpose", "VARCHAR(191) NOT NULL"},
                                   {"state", ascii(16)},
                                   {"attempts", number},
                                   {"reason", ascii(64)},
                                   {"create_time", number},
                                   {"first_time", number},
                                   {"next_time", number}},
                                  "`id`",
                                  {{"i_outbox_state", false, "`state`, `next_time`"},
                                   {"i_outbox_resource", false, "`resource`, `state`"}}});
}

Outbox::~Outbox() { Stop(); }

void Outbox::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void Outbox::Stop() {
  if (!thread_.joinable()) return;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  thread_.join();
}

void Outbox::Wake() {
  MutexLock lock(mutex_);
  woken_ = true;
  wake_.notify_one();
}

absl::Status Outbox::Add(store::Tx& tx, absl::string_view resource, absl::string_view service, absl::string_view method,
                         const Message& request) {
  if (tx.first_row_id().empty()) return absl::InternalError("a delivery goes with a change, and behind it");
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr) return absl::InternalError(absl::StrCat(method, " takes no request_id"));
  const std::string id = NewId(parts_.clock().Now(), parts_.entropy());
  const std::unique_ptr<Message> own(request.New());
  own->CopyFrom(request);
  own->GetReflection()->SetString(own.get(), field, id);
  ASSIGN_OR_RETURN(const std::string encrypted, EncryptCall(parts_, id, {tx.actor().trace, own->SerializeAsString()}));
  const identity::Actor& actor = tx.actor();
  const absl::string_view principal = actor.Person();
  std::vector<store::Value> values = {absl::string_view(id),
                                      store::Blob{tx.first_row_id()},
                                      resource,
                                      service,
                                      method,
                                      store::Blob{encrypted},
                                      principal,
                                      absl::string_view(actor.purpose)};
  const std::string mac = OutboxTable().Mac(parts_.RowKey(), values);
  values.insert(values.end(), {store::Blob{mac}, kWaiting, absl::ToUnixMicros(parts_.clock().Now())});
  return tx.session()
      .Execute(
          "INSERT INTO `outbox` (`id`, `tx`, `resource`, `service`, `method`, `request`, `principal`, `purpose`, "
          "`mac`, `state`, `reason`, `create_time`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?)",
          values)
      .status();
}

v1::Delivery Outbox::ToDelivery(const Row& row) const {
  v1::Delivery delivery;
  delivery.set_name(absl::StrCat("services/", parts_.service(), "/deliveries/", row.id));
  delivery.set_resource_name(row.resource);
  delivery.set_target_service(row.service);
  delivery.set_method(row.method);
  delivery.set_state(row.state == kWaiting   ? v1::Delivery::STATE_WAITING
                     : row.state == kRefused ? v1::Delivery::STATE_REFUSED
                                             : v1::Delivery::STATE_EXPIRED);
  delivery.set_attempt_count(static_cast<int32_t>(row.attempts));
  delivery.set_reason(row.reason);
  *delivery.mutable_create_time() = TimeUtil::MicrosecondsToTimestamp(row.create_time);
  if (row.state == kWaiting && row.next_time != 0) {
    *delivery.mutable_next_attempt_time() = TimeUtil::MicrosecondsToTimestamp(row.next_time);
  }
  return delivery;
}

absl::StatusOr<std::vector<v1::Delivery>> Outbox::List(Deadline deadline, const std::string& after, int64_t limit) {
  std::vector<v1::Delivery> deliveries;
  RETURN_IF_ERROR(parts_.database().Read(deadline, [&](store::Session& session) {
    deliveries.clear();
    return session.Query(
        absl::StrCat("SELECT ", kOutboxColumns, " FROM `outbox` o WHERE o.`id` > ? ORDER BY o.`id` LIMIT ?"),
        {absl::string_view(after), limit}, [&](const store::Row& row) {
          deliveries.push_back(ToDelivery(Row::Of(row)));
          return absl::OkStatus();
        });
  }));
  return deliveries;
}

absl::StatusOr<v1::Delivery> Outbox::Retry(store::Tx& tx, const std::string& name) {
  const std::string id = contract::OwnId(name);
  std::vector<Row> rows;
  if (contract::IsWellFormedId(id)) {  // MySQL cannot compare an ASCII column with other text
    RETURN_IF_ERROR(
        tx.session()
            .Execute("UPDATE `outbox` SET `state` = ?, `next_time` = 0, `first_time` = 0 WHERE `id` = ? AND "
                     "`state` <> ?",
                     {kWaiting, absl::string_view(id), kWaiting})
            .status());
    RETURN_IF_ERROR(tx.session().Query(absl::StrCat("SELECT ", kOutboxColumns, " FROM `outbox` o WHERE o.`id` = ?"),
                                       {absl::string_view(id)}, [&](const store::Row& row) {
                                         rows.push_back(Row::Of(row));
                                         return absl::OkStatus();
                                       }));
  }
  if (rows.empty() || ToDelivery(rows.front()).name() != name) {
    return Fail("RESOURCE_NOT_FOUND"_reason, {{"resource", "DELIVERY"}, {"name", name}});
  }
  tx.OnCommit([this] { Wake(); });
  return ToDelivery(rows.front());
}

}  // namespace tsunagu
