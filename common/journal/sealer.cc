#include "common/journal/sealer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock_check.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/db/parameters.h"
#include "common/journal/chain.h"
#include "common/journal/pending.h"
#include "common/journal/seal.h"
#include "common/journal/signed_table.h"

namespace tsunagu::store {
namespace {

constexpr int64_t kBatch = 256;  // rows per sealing, approximately
constexpr size_t kRowsAStatement = 32;
constexpr absl::Duration kLease = absl::Seconds(5), kPatience = absl::Seconds(10);
constexpr auto kGather = std::chrono::milliseconds(20);  // collects a burst of commits
constexpr auto kLook = std::chrono::seconds(1);

constexpr absl::string_view kFirstWaiting = "SELECT `id` FROM `journal_pending` LIMIT 1";
constexpr absl::string_view kFirstWaitingUpTo = "SELECT `id` FROM `journal_pending` WHERE `id` <= ? LIMIT 1";
constexpr absl::string_view kLastWaiting = "SELECT `id` FROM `journal_pending` ORDER BY `id` DESC LIMIT 1";

absl::Status RemovePending(Session& session, absl::Span<const std::string> ids) {
  while (!ids.empty()) {  // two statements to prepare, whatever the number of rows
    const size_t count = ids.size() >= kRowsAStatement ? kRowsAStatement : 1;
    std::vector<Value> values;
    for (const std::string& id : ids.first(count)) values.push_back(Blob{id});
    RETURN_IF_ERROR(
        session.Execute(absl::StrCat("DELETE FROM `journal_pending` WHERE `id` IN ", Marks(1, count)), values)
            .status());
    ids.remove_prefix(count);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<JournalHead> JournalHead::Read(Session& session) {
  JournalHead head;
  bool found = false;
  RETURN_IF_ERROR(session.Query(
      "SELECT `place`, `known_time`, `hash`, `epoch`, `holder`, `lease_time`, `kept_from` FROM `journal_head` WHERE "
      "`id` = 1",
      {}, [&](const Row& row) {
        head = {row.Integer(0), row.Integer(1), row.Bytes(2),  row.Integer(3),
                row.Bytes(4),   row.Integer(5), row.Integer(6)};
        found = true;
        return absl::OkStatus();
      }));
  if (!found) return absl::DataLossError("the journal has no head");
  return head;
}

Sealer::Sealer(Database& database, const Clock& clock, Entropy& entropy)
    : database_(database), clock_(clock), holder_(NewId(clock.Now(), entropy)) {}

Sealer::~Sealer() { Stop(); }

void Sealer::Start(std::string key, std::function<void(const JournalHead&)> sealed) {
  key_ = std::move(key);
  sealed_ = std::move(sealed);
  thread_ = std::thread([this] { Loop(); });
}

void Sealer::Committed() {
  MutexLock lock(mutex_);
  if (committed_) return;  // the thread is collecting already
  committed_ = true;
  waiting_since_ = std::min(waiting_since_, clock_.Now());
  wake_.notify_one();
}

void Sealer::Stop() {
  if (!thread_.joinable()) return;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  thread_.join();
  (void)GiveUpLease(Deadline::After(absl::Seconds(1)));  // otherwise the lease expires
}

absl::Status Sealer::GiveUpLease(Deadline deadline) {
  if (head().holder != holder_) return absl::OkStatus();
  return database_.Write(deadline, [&](Session& session) {
    return session
        .Execute("UPDATE `journal_head` SET `lease_time` = 0 WHERE `id` = 1 AND `holder` = ?",
                 {absl::string_view(holder_)})
        .status();
  });
}

void Sealer::Loop() {
  bool more = false, stopping = false;
  while (!stopping) {
    bool committed = false;
    absl::Time since;
    {
      MutexLock lock(mutex_);
      if (!more && !committed_ && !stopping_) wake_.wait_for(mutex_, kLook);
      if (committed_ && !stopping_) wake_.wait_for(mutex_, kGather);
      committed = std::exchange(committed_, false) || more;
      since = std::exchange(waiting_since_, absl::InfiniteFuture());
      stopping = stopping_;
    }
    more = false;
    const Deadline deadline = Deadline::After(kPatience);
    // On SQLite a transaction places its rows itself. Elsewhere rows of others may wait, or rows from before the start.
    // Looking costs no write.
    if (!committed || database_.dialect() == Dialect::kSqlite) {
      const bool waiting = !FindWaiting(deadline, kFirstWaiting, {}).value_or("").empty();
      if (!waiting && committed) (void)Look(deadline);  // on failure, the keeper of the service looks again
      if (!waiting) continue;
    }
    const absl::StatusOr<Outcome> outcome = SealSome(deadline, Duty::kOwn);
    more = outcome.ok() && outcome->sealed >= kBatch / 2;
    if (!outcome.ok() || more) {
      MutexLock lock(mutex_);
      waiting_since_ = std::min(waiting_since_, since);
    }
    // While the database is unavailable, committed rows wait.
    if (!outcome.ok() && ReasonOf(outcome.status()) == "INTERNAL"_reason) {
      log::Line(log::Level::kError, "sealing").Add("text", log::Harmless(outcome.status().message())).Write();
    }
  }
}

absl::StatusOr<std::string> Sealer::FindWaiting(Deadline deadline, absl::string_view sql,
                                                absl::Span<const Value> parameters) {
  std::string id;
  RETURN_IF_ERROR(database_.Read(deadline, [&](Session& session) {
    id.clear();
    return session.Query(sql, parameters, [&](const Row& row) {
      id = row.Bytes(0);
      return absl::OkStatus();
    });
  }));
  return id;
}

absl::Status Sealer::SealWaiting(Deadline deadline) {
  ASSIGN_OR_RETURN(const std::string last, FindWaiting(deadline, kLastWaiting, {}));
  while (true) {
    ASSIGN_OR_RETURN(const std::string first, FindWaiting(deadline, kFirstWaitingUpTo, {Blob{last}}));
    if (last.empty() || first.empty()) return Look(deadline);
    RETURN_IF_ERROR(SealSome(deadline, Duty::kAny).status());
    if (deadline.Over()) return Fail("DEADLINE_EXCEEDED"_reason);
  }
}

absl::Status Sealer::SettleUntilNow(Deadline deadline) {
  RETURN_IF_ERROR(SealWaiting(deadline));
  return SealSome(deadline, Duty::kSettle).status();
}

absl::Status Sealer::Look(Deadline deadline) {
  JournalHead head;
  RETURN_IF_ERROR(database_.Read(deadline, [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(head, JournalHead::Read(session));
    return absl::OkStatus();
  }));
  Publish(head);
  return absl::OkStatus();
}

JournalHead Sealer::head() const {
  MutexLock lock(mutex_);
  return head_;
}

absl::Duration Sealer::lag() const {
  MutexLock lock(mutex_);
  return std::max(absl::ZeroDuration(), clock_.Now() - waiting_since_);
}

absl::StatusOr<Sealer::Outcome> Sealer::SealSome(Deadline deadline, Duty duty) {
  Outcome outcome;
  RETURN_IF_ERROR(database_.Write(deadline, [&](Session& session) { return SealWithin(session, duty, outcome); }));
  Failpoint("seal.after_commit");
  Publish(outcome.head);
  return outcome;
}

absl::Status Sealer::SealWithin(Session& session, Duty duty, Outcome& outcome) {
  outcome = {};
  RETURN_IF_ERROR(CheckClock(clock_));
  // Concurrent sealers wait for each other here; on a cluster, the second one fails at its commit.
  RETURN_IF_ERROR(session.Execute("UPDATE `journal_head` SET `epoch` = `epoch` WHERE `id` = 1").status());
  ASSIGN_OR_RETURN(outcome.head, JournalHead::Read(session));
  JournalHead& head = outcome.head;
  const JournalHead before = head;
  const int64_t now = absl::ToUnixMicros(clock_.Now());
  // Only one process seals a file, so the lease of a process that crashed is not waited for.
  const bool shared = session.dialect() == Dialect::kMysql;
  if (duty == Duty::kOwn && shared && head.holder != holder_ && head.lease_time > now) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<PendingRow> pending, ReadPending(session, kBatch));
  std::vector<std::string> done = RemoveForged(key_, pending);
  if (!done.empty()) {
    (void)ForgedRow("journal_pending");
    RETURN_IF_ERROR(RemovePending(session, done));
    done.clear();
  }
  const std::vector<PendingRow> rows = OrderForSealing(std::move(pending));
  if (rows.empty() && (duty != Duty::kSettle || now <= head.known_time)) return absl::OkStatus();

  head.known_time = std::max(now, head.known_time + 1);
  std::vector<Seal> seals;
  for (const PendingRow& row : rows) {
    head.hash = SealHash(head.hash, ++head.place, head.known_time, row.content);
    seals.push_back({head.place, row.id, head.hash});
    done.push_back(row.id);
  }
  RETURN_IF_ERROR(WriteSeals(session, seals, head.known_time));
  RETURN_IF_ERROR(RemovePending(session, done));
  if (head.holder != holder_) ++head.epoch;
  head.holder = holder_;
  head.lease_time = now + absl::ToInt64Microseconds(kLease);
  outcome.sealed = static_cast<int64_t>(rows.size());
  Failpoint("seal.before_head");
  ASSIGN_OR_RETURN(const int64_t matched,
                   session.Execute("UPDATE `journal_head` SET `place` = ?, `known_time` = ?, `hash` = ?, `epoch` = ?, "
                                   "`holder` = ?, `lease_time` = ? WHERE `id` = 1 AND `place` = ? AND `epoch` = ?",
                                   {head.place, head.known_time, Blob{head.hash}, head.epoch,
                                    absl::string_view(head.holder), head.lease_time, before.place, before.epoch}));
  return matched == 1 ? absl::OkStatus() : Fail("CONFLICT"_reason);
}

void Sealer::Publish(const JournalHead& head) {
  bool grown = false;
  {
    MutexLock lock(mutex_);
    // Another thread may have committed later but arrived here earlier.
    if (head.place < head_.place || head.known_time < head_.known_time) return;
    grown = head.place > head_.place;
    head_ = head;
  }
  if (grown && sealed_) sealed_(head);
}

}  // namespace tsunagu::store
