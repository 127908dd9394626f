#include <algorithm>
#include <chrono>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/records/parts.h"
#include "common/rpc/client.h"
#include "common/work/outbox_row.h"

namespace tsunagu {
namespace {

using google::protobuf::Message;

constexpr absl::Duration kPatience = absl::Seconds(10);  // for one call
constexpr absl::Duration kLongestPause = absl::Minutes(5);
constexpr absl::Duration kFirstPause = absl::Seconds(1);  // the pause that a server which is too busy asks for
// The other side stores request ids for eight days. After that it cannot be known whether a call without an answer was
// executed; one day is a margin for the other side's clock.
constexpr absl::Duration kExpiry = absl::Hours(24 * 7);
constexpr int64_t kAtOnce = 20;
constexpr auto kLook = std::chrono::seconds(1);

// Returns whether the same call may get another answer within a week, also because somebody corrects the cause. This
// includes more errors than those that waiting alone solves (RetryDelayOf).
bool MayBeRepaired(const absl::Status& status) {
  if (ReasonOf(status) == "MESSAGE_TOO_LARGE"_reason) return false;
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kUnauthenticated:  // a key was changed on only one side so far
    case absl::StatusCode::kUnimplemented:    // the other side is older than this one
      return true;
    default:
      return false;
  }
}

}  // namespace

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
  if (!due.ok()) return false;  // while the database is unavailable, every call waits
  std::set<std::string> away;   // a service that did not answer once is skipped for this round
  bool delivered = false;
  for (const Row& row : *due) {
    {
      MutexLock lock(mutex_);
      if (stopping_) return false;
    }
    if (away.count(row.service) != 0 || !Claim(row).value_or(false)) continue;
    Failpoint("outbox.before_call");
    const absl::Status outcome = Call(row);
    Failpoint("outbox.after_call");
    if (absl::IsUnavailable(outcome) || absl::IsDeadlineExceeded(outcome)) away.insert(row.service);
    delivered |= Conclude(row, outcome).ok() && outcome.ok();
  }
  return delivered;
}

absl::StatusOr<std::vector<Outbox::Row>> Outbox::ReadDue() {
  static const auto& sql = *new std::string(absl::StrCat(
      "SELECT ", OutboxTable().columns("o"), ", ", kOutboxColumns,
      " FROM `outbox` o JOIN `journal_seal` s ON s.`id` = o.`tx` WHERE o.`state` = ? AND o.`next_time` <= ? AND NOT "
      "EXISTS (SELECT 1 FROM `outbox` e JOIN `journal_seal` es ON es.`id` = e.`tx` WHERE e.`resource` = o.`resource` "
      "AND e.`state` = ? AND (es.`place` < s.`place` OR (es.`place` = s.`place` AND e.`id` < o.`id`))) "
      "ORDER BY s.`place`, o.`id` LIMIT ?"));
  std::vector<Row> rows;
  const absl::Time now = parts_.clock().Now();
  RETURN_IF_ERROR(parts_.database().Read(Deadline::After(kPatience), [&](store::Session& session) {
    rows.clear();
    return session.Query(sql, {kWaiting, absl::ToUnixMicros(now), kWaiting, kAtOnce}, [&](const store::Row& row) {
      if (OutboxTable().IsGenuine(parts_.RowKey(), row)) {
        rows.push_back(Row::Of(row, OutboxTable().width()));
      } else {
        (void)store::ForgedRow(OutboxTable());  // logs the forged row, which is never sent
      }
      return absl::OkStatus();
    });
  }));
  return rows;
}

// Saves other replicas the work; the pause is also the cost of a crash during the call. `attempts` identifies the
// claim, like an epoch: each claim increases it, and Conclude checks it.
absl::StatusOr<bool> Outbox::Claim(const Row& row) {
  const absl::Time now = parts_.clock().Now();
  const absl::Duration backoff = kFirstPause * (int64_t{1} << std::min<int64_t>(row.attempts, 12));
  const absl::Time next = now + kPatience + std::min(backoff, kLongestPause);
  int64_t matched = 0;
  RETURN_IF_ERROR(parts_.database().Write(Deadline::After(kPatience), [&](store::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(matched, session.Execute("UPDATE `outbox` SET `attempts` = `attempts` + 1, `next_time` = ?, "
                                              "`first_time` = ? WHERE `id` = ? AND `state` = ? AND `attempts` = ?",
                                              {absl::ToUnixMicros(next),
                                               row.first_time == 0 ? absl::ToUnixMicros(now) : row.first_time,
                                               absl::string_view(row.id), kWaiting, row.attempts}));
    return absl::OkStatus();
  }));
  return matched == 1;
}

absl::Status Outbox::Call(const Row& row) {
  const PeerAccess peer = find_peer_ ? find_peer_(row.service) : PeerAccess();
  if (peer.peer == nullptr) return Fail("PEER_UNAVAILABLE"_reason, {{"service", row.service}});
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(row.method, {{"/", "."}}));
  if (method == nullptr) return absl::UnimplementedError("of a newer binary");
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  const std::unique_ptr<Message> request(factory->GetPrototype(method->input_type())->New());
  const std::unique_ptr<Message> response(factory->GetPrototype(method->output_type())->New());
  ASSIGN_OR_RETURN(const OwedCall owed, DecryptCall(parts_, row.id, row.request));
  if (!request->ParseFromString(owed.request)) return absl::DataLossError("kept delivery");
  rpc::CallOptions options;
  options.timeout = kPatience;
  options.api_key = peer.api_key;
  options.on_behalf_of = row.principal;
  options.purpose = row.purpose;
  options.trace = owed.trace;
  return peer.peer->UnaryUntyped(row.method, *request, *response, options);
}

// Writes nothing when another replica has claimed the delivery meanwhile: that replica makes the same call and
// concludes it.
absl::Status Outbox::Conclude(const Row& row, const absl::Status& outcome) {
  const absl::Time now = parts_.clock().Now();
  const Fault fault = FaultOf(outcome);
  // INVALID_REQUEST alone would not tell an operator which rule was violated.
  const std::string word = outcome.ok() ? "" : ReasonWord(fault.faults_size() == 1 ? fault.faults(0) : fault);
  const bool late = row.first_time != 0 && now - absl::FromUnixMicros(row.first_time) > kExpiry;
  const bool again = !outcome.ok() && MayBeRepaired(outcome) && !late;
  const absl::string_view state = again ? kWaiting : late ? kExpired : kRefused;
  const absl::Duration backoff = kFirstPause * (int64_t{1} << std::min<int64_t>(row.attempts, 12));
  const int64_t next = absl::ToUnixMicros(now + std::min(backoff, kLongestPause));
  const int64_t claimed = row.attempts + 1;  // the value that Claim has stored
  int64_t matched = 0;
  RETURN_IF_ERROR(parts_.database().Write(Deadline::After(kPatience), [&](store::Session& session) -> absl::Status {
    const absl::StatusOr<int64_t> written =
        outcome.ok() ? session.Execute("DELETE FROM `outbox` WHERE `id` = ? AND `attempts` = ?",
                                       {absl::string_view(row.id), claimed})
                     : session.Execute(
                           "UPDATE `outbox` SET `state` = ?, `reason` = ?, `next_time` = ? WHERE `id` = ? AND "
                           "`attempts` = ?",
                           {state, absl::string_view(word), next, absl::string_view(row.id), claimed});
    ASSIGN_OR_RETURN(matched, written);
    return absl::OkStatus();
  }));
  if (matched == 1 && !outcome.ok() && !again) {
    log::Line(log::Level::kError, "delivery")
        .Add("delivery", row.id)
        .Add("method", row.method)
        .Add("reason", word)
        .Write();
  }
  return absl::OkStatus();
}

}  // namespace tsunagu
