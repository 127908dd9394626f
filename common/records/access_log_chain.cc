#include "common/records/access_log_chain.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock_check.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/journal/chain.h"
#include "common/journal/follow_chain.h"
#include "common/journal/signed_table.h"

namespace tsunagu::store {
namespace {

constexpr int64_t kBatch = 512;
constexpr size_t kRowsAStatement = 64;
constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr auto kGather = std::chrono::milliseconds(100);  // collects a burst of reads
constexpr auto kLook = std::chrono::seconds(1);
// Which of the columns are numbers.
constexpr bool kIntegers[] = {false, true, false, false, false, false, false};

std::string Repeated(absl::string_view head, absl::string_view item, absl::string_view tail) {
  std::string sql(head);
  for (size_t i = 0; i < kRowsAStatement; ++i) absl::StrAppend(&sql, i == 0 ? "" : ", ", item);
  return absl::StrCat(sql, tail);
}

struct Waiting {
  std::string id;
  std::string content;
  std::string mac;
};

// Rows are never changed, so they are read before the writers are blocked.
absl::StatusOr<std::vector<Waiting>> ReadWaiting(Database& database, Deadline deadline) {
  static const auto& sql = *new std::string(absl::StrCat("SELECT p.`id`, p.`mac`, ", kAccessLogColumns,
                                                         " FROM `access_log_pending` p JOIN `access_log` l ON l.`id` = "
                                                         "p.`id` ORDER BY p.`id` LIMIT ?"));
  std::vector<Waiting> rows;
  RETURN_IF_ERROR(database.Read(deadline, [&](Session& session) {
    rows.clear();
    return session.Query(sql, {kBatch}, [&](const Row& row) {
      rows.push_back({row.Bytes(0), AccessLogContent(row, 2), row.Bytes(1)});
      return absl::OkStatus();
    });
  }));
  return rows;
}

// Removes the rows from the waiting list. Errors: CONFLICT when another sealer has sealed one of them.
absl::Status TakeOut(Session& session, absl::Span<const Waiting> rows) {
  constexpr absl::string_view kDelete = "DELETE FROM `access_log_pending` WHERE `id` IN (";
  static const auto& many = *new std::string(Repeated(kDelete, "?", ")"));
  static const auto& one = *new std::string(absl::StrCat(kDelete, "?)"));
  for (size_t i = 0; i < rows.size();) {
    const size_t count = rows.size() - i >= kRowsAStatement ? kRowsAStatement : 1;
    std::vector<Value> ids;
    for (const Waiting& row : rows.subspan(i, count)) ids.push_back(Blob{row.id});
    ASSIGN_OR_RETURN(const int64_t matched, session.Execute(count == 1 ? one : many, ids));
    if (matched != static_cast<int64_t>(count)) return Fail("CONFLICT"_reason);
    i += count;
  }
  return absl::OkStatus();
}

// Writes the seals of `rows` and moves the head forward.
absl::Status WriteSeals(Session& session, absl::Span<const Waiting> rows, JournalHead& head) {
  constexpr absl::string_view kInsert = "INSERT INTO `access_log_seal` (`place`, `id`, `known_time`, `hash`) VALUES ";
  static const auto& many = *new std::string(Repeated(kInsert, "(?, ?, ?, ?)", ""));
  static const auto& one = *new std::string(absl::StrCat(kInsert, "(?, ?, ?, ?)"));
  for (size_t i = 0; i < rows.size();) {
    const size_t count = rows.size() - i >= kRowsAStatement ? kRowsAStatement : 1;
    std::vector<std::string> hashes;
    hashes.reserve(count);
    std::vector<Value> values;
    for (const Waiting& row : rows.subspan(i, count)) {
      head.hash = SealHash(head.hash, ++head.place, head.known_time, row.content);
      hashes.push_back(head.hash);
      values.insert(values.end(), {head.place, Blob{row.id}, head.known_time, Blob{hashes.back()}});
    }
    RETURN_IF_ERROR(session.Execute(count == 1 ? one : many, values).status());
    i += count;
  }
  return absl::OkStatus();
}

// One run of a transaction; it may be repeated.
absl::Status SealWithin(Session& session, absl::Span<const Waiting> rows, int64_t now, JournalHead& head) {
  // Concurrent sealers wait for each other here; on a cluster, the second one fails at its commit.
  RETURN_IF_ERROR(session.Execute("UPDATE `access_log_head` SET `place` = `place` WHERE `id` = 1").status());
  ASSIGN_OR_RETURN(const AccessLogHead before, AccessLogHead::Read(session));
  head = before.chain;
  head.known_time = std::max(now, head.known_time + 1);
  RETURN_IF_ERROR(TakeOut(session, rows));
  RETURN_IF_ERROR(WriteSeals(session, rows, head));
  ASSIGN_OR_RETURN(const int64_t matched,
                   session.Execute("UPDATE `access_log_head` SET `place` = ?, `known_time` = ?, `hash` = ? WHERE "
                                   "`id` = 1 AND `place` = ?",
                                   {head.place, head.known_time, Blob{head.hash}, before.chain.place}));
  return matched == 1 ? absl::OkStatus() : Fail("CONFLICT"_reason);
}

}  // namespace

std::vector<TableDefinition> AccessLogChainTables(Dialect dialect) {
  const ColumnTypes types(dialect);
  const std::string key = types.Bytes(16) + " NOT NULL", number = "BIGINT NOT NULL";
  return {{"access_log_pending", {{"id", key}, {"mac", types.Bytes(32)}}, "`id`", {}},
          {"access_log_seal",
           {{"place", number}, {"id", key}, {"known_time", number}, {"hash", types.Blob()}},
           "`place`",
           {{"u_access_log_seal_id", true, "`id`"}}},
          {"access_log_head",
           {{"id", number},
            {"place", number},
            {"known_time", number},
            {"hash", types.Blob()},
            {"before_id", types.Blob()},
            {"before_rows", number}},
           "`id`",
           {}}};
}

absl::StatusOr<AccessLogHead> AccessLogHead::Read(Session& session) {
  AccessLogHead head;
  bool found = false;
  RETURN_IF_ERROR(session.Query(
      "SELECT `place`, `known_time`, `hash`, `before_id`, `before_rows` FROM `access_log_head` WHERE `id` = 1", {},
      [&](const Row& row) {
        head.chain.place = row.Integer(0);
        head.chain.known_time = row.Integer(1);
        head.chain.hash = row.Bytes(2);
        head.before_id = row.Bytes(3);
        head.before_rows = row.Integer(4);
        found = true;
        return absl::OkStatus();
      }));
  if (!found) return absl::DataLossError("the access log has no head");
  return head;
}

std::string AccessLogStart(absl::string_view service, const AccessLogHead& head) {
  return Sha256(absl::StrCat("tsunagu.access_log.v1 ", service, " ", head.before_rows, " ",
                             absl::BytesToHexString(head.before_id)));
}

std::string AccessLogChainName(absl::string_view service) { return absl::StrCat(service, "/access-log"); }

std::string AccessLogContent(const Row& row, int first) { return RowContent(row, first, kIntegers); }

absl::Status LayAccessLogHead(Database& database, absl::string_view service) {
  const Deadline deadline = Deadline::After(absl::Minutes(5));  // the rows of a long log are counted
  bool laid = false;
  RETURN_IF_ERROR(database.Read(deadline, [&](Session& session) {
    return session.Query("SELECT 1 FROM `access_log_head`", {}, [&](const Row&) {
      laid = true;
      return absl::OkStatus();
    });
  }));
  if (laid) return absl::OkStatus();
  const absl::Status written = database.Write(deadline, [&](Session& session) -> absl::Status {
    AccessLogHead head;
    RETURN_IF_ERROR(session.Query("SELECT `id` FROM `access_log` ORDER BY `id` DESC LIMIT 1", {}, [&](const Row& row) {
      head.before_id = row.Bytes(0);
      return absl::OkStatus();
    }));
    RETURN_IF_ERROR(
        session.Query("SELECT COUNT(*) FROM `access_log` WHERE `id` <= ?", {Blob{head.before_id}}, [&](const Row& row) {
          head.before_rows = row.Integer(0);
          return absl::OkStatus();
        }));
    const std::string start = AccessLogStart(service, head);
    return session
        .Execute(
            "INSERT INTO `access_log_head` (`id`, `place`, `known_time`, `hash`, `before_id`, `before_rows`) "
            "VALUES (1, 0, 0, ?, ?, ?)",
            {Blob{start}, Blob{head.before_id}, head.before_rows})
        .status();
  });
  return absl::IsAlreadyExists(written) ? absl::OkStatus() : written;
}

absl::Status SignWaiting(Database& database, absl::string_view key) {
  for (;;) {
    std::vector<Waiting> rows;
    RETURN_IF_ERROR(database.Read(PageDeadline(), [&](Session& session) {
      rows.clear();
      return session.Query(absl::StrCat("SELECT p.`id`, ", kAccessLogColumns,
                                        " FROM `access_log_pending` p JOIN `access_log` l ON l.`id` = "
                                        "p.`id` WHERE p.`mac` IS NULL ORDER BY p.`id` LIMIT ?"),
                           {kBatch}, [&](const Row& row) {
                             rows.push_back({row.Bytes(0), AccessLogContent(row, 1), ""});
                             return absl::OkStatus();
                           });
    }));
    if (rows.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(database.Write(PageDeadline(), [&](Session& session) -> absl::Status {
      for (const Waiting& row : rows) {
        const std::string mac = WaitingMac(key, "access_log", row.content);
        RETURN_IF_ERROR(
            session.Execute("UPDATE `access_log_pending` SET `mac` = ? WHERE `id` = ?", {Blob{mac}, Blob{row.id}})
                .status());
      }
      return absl::OkStatus();
    }));
  }
}

void AccessLogSealer::Start(std::string key) {
  key_ = std::move(key);
  thread_ = std::thread([this] { Loop(); });
}

void AccessLogSealer::Logged() {
  MutexLock lock(mutex_);
  if (std::exchange(logged_, true)) return;  // the thread is notified already
  wake_.notify_one();
}

void AccessLogSealer::Stop() {
  if (!thread_.joinable()) return;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  thread_.join();
}

void AccessLogSealer::Loop() {
  bool more = false, stopping = false;
  while (!stopping || more) {
    {
      MutexLock lock(mutex_);
      if (!more && !logged_ && !stopping_) wake_.wait_for(mutex_, kLook);
      if (logged_ && !more && !stopping_) wake_.wait_for(mutex_, kGather);
      logged_ = false;  // rows of others, and rows from before the start, are looked for every second
      stopping = stopping_;
    }
    more = false;
    const Deadline deadline = Deadline::After(kPatience);
    const absl::StatusOr<int64_t> sealed = SealSome(deadline);
    more = sealed.ok() && *sealed == kBatch;
    if (absl::IsAborted(sealed.status())) Logged();  // another replica was first: seal the remaining rows
    // While the database is unavailable, committed rows wait.
    if (!sealed.ok() && ReasonOf(sealed.status()) == "INTERNAL"_reason) {
      log::Line(log::Level::kError, "sealing_access_log").Add("text", log::Harmless(sealed.status().message())).Write();
    }
  }
}

absl::StatusOr<int64_t> AccessLogSealer::SealSome(Deadline deadline) {
  RETURN_IF_ERROR(CheckClock(clock_));
  ASSIGN_OR_RETURN(std::vector<Waiting> rows, ReadWaiting(database_, deadline));
  if (rows.empty()) return 0;
  const int64_t read = static_cast<int64_t>(rows.size());
  const auto own = std::stable_partition(rows.begin(), rows.end(), [&](const Waiting& row) {
    return EqualInConstantTime(row.mac, WaitingMac(key_, "access_log", row.content));
  });
  const std::vector<Waiting> forged(own, rows.end());
  rows.erase(own, rows.end());
  if (!forged.empty()) {
    (void)ForgedRow("access_log_pending");
    RETURN_IF_ERROR(database_.Write(deadline, [&](Session& session) { return TakeOut(session, forged); }));
  }
  if (rows.empty()) return read;
  JournalHead head;
  RETURN_IF_ERROR(database_.Write(
      deadline, [&](Session& session) { return SealWithin(session, rows, absl::ToUnixMicros(clock_.Now()), head); }));
  Keep(head);
  return read;
}

void AccessLogSealer::Keep(const JournalHead& head) {
  MutexLock lock(mutex_);
  if (head.place > head_.place) head_ = head;
}

absl::Status AccessLogSealer::Look(Deadline deadline) {
  AccessLogHead head;
  RETURN_IF_ERROR(database_.Read(deadline, [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(head, AccessLogHead::Read(session));
    return absl::OkStatus();
  }));
  Keep(head.chain);
  return absl::OkStatus();
}

absl::Status AccessLogSealer::SealWaiting(Deadline deadline) {
  while (true) {
    const absl::StatusOr<int64_t> sealed = SealSome(deadline);
    if (sealed.ok() && *sealed < kBatch) return absl::OkStatus();
    if (deadline.Over()) return Fail("DEADLINE_EXCEEDED"_reason);
    // Another sealer was first with some of them: look for the remaining rows again.
    if (!sealed.ok() && !absl::IsAborted(sealed.status())) return sealed.status();
  }
}

JournalHead AccessLogSealer::head() const {
  MutexLock lock(mutex_);
  return head_;
}

}  // namespace tsunagu::store
