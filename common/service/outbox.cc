#include "common/service/outbox.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;
using google::protobuf::Message;
using google::protobuf::util::TimeUtil;

constexpr absl::Duration kPatience = absl::Seconds(10);  // of one call
constexpr absl::Duration kFirstPause = absl::Milliseconds(200), kLongestPause = absl::Minutes(5);
// The other side keeps request ids for eight days. After that nobody can tell whether a call without an answer was
// made; a day is left for its clock.
constexpr absl::Duration kExpiry = absl::Hours(24 * 7);
constexpr int64_t kAtOnce = 20;
constexpr auto kLook = std::chrono::seconds(1);

constexpr absl::string_view kWaiting = "WAITING", kRefused = "REFUSED", kExpired = "EXPIRED";
constexpr absl::string_view kColumns =
    "o.`id`, o.`resource`, o.`service`, o.`method`, o.`request`, o.`principal`, o.`purpose`, o.`state`, o.`attempts`, "
    "o.`reason`, o.`create_time`, o.`first_time`, o.`next_time`";

// Whether the same call may be answered otherwise later.
bool MayPass(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kUnauthenticated:  // a key was changed on one side and not yet on the other
    case absl::StatusCode::kUnimplemented:    // the other side is older than we are
      return true;
    default:
      return false;
  }
}

}  // namespace

struct Outbox::Row {
  std::string id, resource, service, method, request, principal, purpose, state, reason;
  int64_t attempts = 0, create_time = 0, first_time = 0, next_time = 0;

  static Row Of(const store::Row& row) {
    Row r;
    std::string* texts[] = {&r.id, &r.resource, &r.service, &r.method, &r.request, &r.principal, &r.purpose, &r.state};
    for (int i = 0; i < 8; ++i) *texts[i] = row.Bytes(i);
    r.attempts = row.Integer(8);
    r.reason = row.Bytes(9);
    r.create_time = row.Integer(10);
    r.first_time = row.Integer(11);
    r.next_time = row.Integer(12);
    return r;
  }
};

Outbox::Outbox(store::Store& store) : store_(store) {
  const bool mysql = store.database().dialect() == store::Dialect::kMysql;
  auto ascii = [&](int length) {
    return absl::StrCat("VARCHAR(", length, ")", mysql ? " CHARACTER SET ascii COLLATE ascii_bin" : "", " NOT NULL");
  };
  const char* number = "BIGINT NOT NULL DEFAULT 0";
  store.AddPlain({"outbox",
                  {{"id", ascii(64)},
                   {"tx", mysql ? "BINARY(16) NOT NULL" : "BLOB NOT NULL"},
                   {"resource", ascii(191)},
                   {"service", ascii(64)},
                   {"method", ascii(128)},
                   {"request", mysql ? "MEDIUMBLOB" : "BLOB"},
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

absl::Status Outbox::Add(store::Tx& tx, absl::string_view resource, absl::string_view service,
                         absl::string_view method, const Message& request) {
  if (tx.journaled().empty()) return absl::InternalError("a delivery goes with a change, and behind it");
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr) return absl::InternalError(absl::StrCat(method, " takes no request_id"));
  const std::string id = NewId(store_.clock().Now(), store_.entropy());
  const std::unique_ptr<Message> own(request.New());
  own->CopyFrom(request);
  own->GetReflection()->SetString(own.get(), field, id);
  ASSIGN_OR_RETURN(const std::string sealed, store_.Seal(absl::StrCat("outbox ", id), own->SerializeAsString()));
  const store::Actor& actor = tx.actor();
  const absl::string_view principal = actor.on_behalf_of.empty() ? actor.principal : actor.on_behalf_of;
  return tx.session()
      .Execute("INSERT INTO `outbox` (`id`, `tx`, `resource`, `service`, `method`, `request`, `principal`, `purpose`, "
               "`state`, `reason`, `create_time`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?)",
               {absl::string_view(id), store::Blob{tx.journaled()}, resource, service, method, store::Blob{sealed},
                principal, absl::string_view(actor.purpose), kWaiting, absl::ToUnixMicros(store_.clock().Now())})
      .status();
}

void Outbox::Loop() {
  for (bool more = false;;) {
    {
      MutexLock lock(mutex_);
      if (!more && !woken_ && !stopping_) wake_.wait_for(mutex_, kLook);
      woken_ = false;
      if (stopping_) return;
    }
    more = DeliverDue();
  }
}

bool Outbox::DeliverDue() {
  const absl::StatusOr<std::vector<Row>> due = ReadDue();
  if (!due.ok()) return false;  // while the database is away everything waits
  std::set<std::string> away;   // whoever did not answer once is left alone for this round
  bool delivered = false;
  for (const Row& row : *due) {
    {
      MutexLock lock(mutex_);
      if (stopping_) return false;
    }
    if (away.count(row.service) != 0 || !Claim(row).value_or(false)) continue;
    const absl::Status outcome = Call(row);
    if (absl::IsUnavailable(outcome) || absl::IsDeadlineExceeded(outcome)) away.insert(row.service);
    delivered |= Conclude(row, outcome).ok() && outcome.ok();
  }
  return delivered;
}

absl::StatusOr<std::vector<Outbox::Row>> Outbox::ReadDue() {
  static const auto& sql = *new std::string(absl::StrCat(
      "SELECT ", kColumns,
      " FROM `outbox` o JOIN `journal_seal` s ON s.`id` = o.`tx` WHERE o.`state` = ? AND o.`next_time` <= ? AND NOT "
      "EXISTS (SELECT 1 FROM `outbox` e JOIN `journal_seal` es ON es.`id` = e.`tx` WHERE e.`resource` = o.`resource` AND "
      "e.`state` = ? AND (es.`place` < s.`place` OR (es.`place` = s.`place` AND e.`id` < o.`id`))) "
      "ORDER BY s.`place`, o.`id` LIMIT ?"));
  std::vector<Row> rows;
  const absl::Time now = store_.clock().Now();
  RETURN_IF_ERROR(store_.database().Read(now + kPatience, [&](store::Session& session) {
    rows.clear();
    return session.Query(sql, {kWaiting, absl::ToUnixMicros(now), kWaiting, kAtOnce}, [&](const store::Row& row) {
      rows.push_back(Row::Of(row));
      return absl::OkStatus();
    });
  }));
  return rows;
}

// Saves another replica the work; the pause is also what a crash in the middle of the call costs.
absl::StatusOr<bool> Outbox::Claim(const Row& row) {
  const absl::Time now = store_.clock().Now();
  const absl::Duration backoff = kFirstPause * (int64_t{1} << std::min<int64_t>(row.attempts, 12));
  const absl::Time next = now + kPatience + std::min(backoff, kLongestPause);
  int64_t matched = 0;
  RETURN_IF_ERROR(store_.database().Write(now + kPatience, [&](store::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(matched,
                     session.Execute("UPDATE `outbox` SET `attempts` = `attempts` + 1, `next_time` = ?, `first_time` = ? "
                                     "WHERE `id` = ? AND `state` = ? AND `attempts` = ?",
                                     {absl::ToUnixMicros(next),
                                      row.first_time == 0 ? absl::ToUnixMicros(now) : row.first_time,
                                      absl::string_view(row.id), kWaiting, row.attempts}));
    return absl::OkStatus();
  }));
  return matched == 1;
}

absl::Status Outbox::Call(const Row& row) {
  const PeerAccess peer = find_peer_ ? find_peer_(row.service) : PeerAccess();
  if (peer.peer == nullptr) return Fail(reason::REASON_PEER_UNAVAILABLE, {{"service", row.service}});
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(row.method, {{"/", "."}}));
  if (method == nullptr) return absl::UnimplementedError("of a newer binary");
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  const std::unique_ptr<Message> request(factory->GetPrototype(method->input_type())->New());
  const std::unique_ptr<Message> response(factory->GetPrototype(method->output_type())->New());
  ASSIGN_OR_RETURN(const std::string plain, store_.Unseal(absl::StrCat("outbox ", row.id), row.request));
  if (!request->ParseFromString(plain)) return absl::DataLossError("kept delivery");
  rpc::CallOptions options;
  options.timeout = kPatience;
  options.api_key = peer.api_key;
  options.on_behalf_of = row.principal;
  options.purpose = row.purpose;
  return peer.peer->UnaryUntyped(row.method, *request, *response, options);
}

absl::Status Outbox::Conclude(const Row& row, const absl::Status& outcome) {
  const absl::Time now = store_.clock().Now();
  const std::string word = outcome.ok() ? "" : ReasonWord(FaultOf(outcome));
  const bool late = row.first_time != 0 && now - absl::FromUnixMicros(row.first_time) > kExpiry;
  const bool again = !outcome.ok() && MayPass(outcome) && !late;
  const absl::Duration backoff = kFirstPause * (int64_t{1} << std::min<int64_t>(row.attempts, 12));
  if (!outcome.ok() && !again) {
    log::Line(log::Level::kError, "delivery").Add("delivery", row.id).Add("method", row.method).Add("reason", word).Write();
  }
  return store_.database().Write(now + kPatience, [&](store::Session& session) {
    if (outcome.ok()) {
      return session.Execute("DELETE FROM `outbox` WHERE `id` = ?", {absl::string_view(row.id)}).status();
    }
    const absl::string_view state = again ? kWaiting : late ? kExpired : kRefused;
    return session
        .Execute("UPDATE `outbox` SET `state` = ?, `reason` = ?, `next_time` = ? WHERE `id` = ?",
                 {state, absl::string_view(word), absl::ToUnixMicros(now + std::min(backoff, kLongestPause)),
                  absl::string_view(row.id)})
        .status();
  });
}

v1::Delivery Outbox::ToDelivery(const Row& row) const {
  v1::Delivery delivery;
  delivery.set_name(absl::StrCat("services/", store_.service(), "/deliveries/", row.id));
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

absl::StatusOr<std::vector<v1::Delivery>> Outbox::List(absl::Time deadline, const std::string& after, int64_t limit) {
  std::vector<v1::Delivery> deliveries;
  RETURN_IF_ERROR(store_.database().Read(deadline, [&](store::Session& session) {
    deliveries.clear();
    return session.Query(absl::StrCat("SELECT ", kColumns, " FROM `outbox` o WHERE o.`id` > ? ORDER BY o.`id` LIMIT ?"),
                         {absl::string_view(after), limit}, [&](const store::Row& row) {
                           deliveries.push_back(ToDelivery(Row::Of(row)));
                           return absl::OkStatus();
                         });
  }));
  return deliveries;
}

absl::StatusOr<v1::Delivery> Outbox::Retry(store::Tx& tx, const std::string& name) {
  const std::string id = name.substr(name.rfind('/') + 1);
  std::vector<Row> rows;
  if (records::IsWellFormedId(id)) {  // MySQL does not compare a column of ASCII with other text
    RETURN_IF_ERROR(tx.session()
                        .Execute("UPDATE `outbox` SET `state` = ?, `next_time` = 0, `first_time` = 0 WHERE `id` = ? AND "
                                 "`state` <> ?",
                                 {kWaiting, absl::string_view(id), kWaiting})
                        .status());
    RETURN_IF_ERROR(tx.session().Query(absl::StrCat("SELECT ", kColumns, " FROM `outbox` o WHERE o.`id` = ?"),
                                       {absl::string_view(id)}, [&](const store::Row& row) {
                                         rows.push_back(Row::Of(row));
                                         return absl::OkStatus();
                                       }));
  }
  if (rows.empty() || ToDelivery(rows.front()).name() != name) {
    return Fail(reason::REASON_RESOURCE_NOT_FOUND, {{"resource", "DELIVERY"}, {"name", name}});
  }
  tx.OnCommit([this] { Wake(); });
  return ToDelivery(rows.front());
}

}  // namespace tsunagu
