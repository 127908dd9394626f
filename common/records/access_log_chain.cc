#include "common/records/access_log_chain.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock_check.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/journal/chain.h"

namespace tsunagu::store {
namespace {

constexpr int64_t kBatch = 512;
constexpr size_t kRowsAStatement = 64;
constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr auto kGather = std::chrono::milliseconds(50);  // so that a burst of reads is sealed together
constexpr auto kLook = std::chrono::seconds(1);
// Of the columns, which are numbers.
constexpr bool kIntegers[] = {false, true, false, false, false, false, false};

std::string Repeated(absl::string_view head, absl::string_view item, absl::string_view tail) {
  std::string sql(head);
  for (size_t i = 0; i < kRowsAStatement; ++i) absl::StrAppend(&sql, i == 0 ? "" : ", ", item);
  return absl::StrCat(sql, tail);
}

struct Seal {
  std::string id;
  std::string hash;
};

// Behind `place`; two statements to prepare each, whatever the number of rows.
absl::Status WriteSeals(Session& session, absl::Span<const Seal> seals, int64_t place, int64_t known_time) {
  constexpr absl::string_view kInsert = "INSERT INTO `access_log_seal` (`place`, `id`, `known_time`, `hash`) VALUES ";
  constexpr absl::string_view kDelete = "DELETE FROM `access_log_pending` WHERE `id` IN (";
  static const auto& insert_many = *new std::string(Repeated(kInsert, "(?, ?, ?, ?)", ""));
  static const auto& insert_one = *new std::string(absl::StrCat(kInsert, "(?, ?, ?, ?)"));
  static const auto& delete_many = *new std::string(Repeated(kDelete, "?", ")"));
  static const auto& delete_one = *new std::string(absl::StrCat(kDelete, "?)"));
  for (size_t i = 0; i < seals.size();) {
    const bool many = seals.size() - i >= kRowsAStatement;
    std::vector<Value> sealed, ids;
    for (const Seal& seal : seals.subspan(i, many ? kRowsAStatement : 1)) {
      sealed.insert(sealed.end(), {++place, Blob{seal.id}, known_time, Blob{seal.hash}});
      ids.push_back(Blob{seal.id});
    }
    RETURN_IF_ERROR(session.Execute(many ? insert_many : insert_one, sealed).status());
    RETURN_IF_ERROR(session.Execute(many ? delete_many : delete_one, ids).status());
    i += ids.size();
  }
  return absl::OkStatus();
}

// Of a run of one transaction, which may be repeated.
absl::Status SealWithin(Session& session, int64_t now, JournalHead& head, int64_t& sealed) {
  static const auto& select = *new std::string(
      absl::StrCat("SELECT p.`id`, ", kAccessLogColumns, " FROM `access_log_pending` p JOIN `access_log` l ON l.`id` = "
                   "p.`id` ORDER BY p.`id` LIMIT ?"));
  sealed = 0;
  // Two at once wait for each other here; on a cluster, the second fails at its commit.
  RETURN_IF_ERROR(session.Execute("UPDATE `access_log_head` SET `place` = `place` WHERE `id` = 1").status());
  ASSIGN_OR_RETURN(const AccessLogHead before, AccessLogHead::Read(session));
  head = before.chain;
  const int64_t known_time = std::max(now, head.known_time + 1);
  std::vector<Seal> seals;
  RETURN_IF_ERROR(session.Query(select, {kBatch}, [&](const Row& row) {
    head.hash = SealHash(head.hash, ++head.place, known_time, AccessLogContent(row, 1));
    seals.push_back({row.Bytes(0), head.hash});
    return absl::OkStatus();
  }));
  if (seals.empty()) return absl::OkStatus();
  head.known_time = known_time;
  sealed = static_cast<int64_t>(seals.size());
  RETURN_IF_ERROR(WriteSeals(session, seals, before.chain.place, known_time));
  Failpoint("access_log.before_head");
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
  return {{"access_log_pending", {{"id", key}}, "`id`", {}},
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
  const Deadline deadline = Deadline::After(absl::Minutes(5));  // a long log is counted
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
    RETURN_IF_ERROR(session.Query("SELECT COUNT(*) FROM `access_log` WHERE `id` <= ?", {Blob{head.before_id}},
                                  [&](const Row& row) {
                                    head.before_rows = row.Integer(0);
                                    return absl::OkStatus();
                                  }));
    const std::string start = AccessLogStart(service, head);
    return session
        .Execute("INSERT INTO `access_log_head` (`id`, `place`, `known_time`, `hash`, `before_id`, `before_rows`) "
                 "VALUES (1, 0, 0, ?, ?, ?)",
                 {Blob{start}, Blob{head.before_id}, head.before_rows})
        .status();
  });
  return absl::IsAlreadyExists(written) ? absl::OkStatus() : written;
}

void AccessLogSealer::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void AccessLogSealer::Logged() {
  MutexLock lock(mutex_);
  if (std::exchange(logged_, true)) return;  // it knows already
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
    bool logged = false;
    {
      MutexLock lock(mutex_);
      if (!more && !logged_ && !stopping_) wake_.wait_for(mutex_, kLook);
      if (logged_ && !more && !stopping_) wake_.wait_for(mutex_, kGather);
      logged = std::exchange(logged_, false) || more;
      stopping = stopping_;
    }
    more = false;
    const Deadline deadline = Deadline::After(kPatience);
    // What others have left, or what was there at the start. Looking costs no write.
    if (!logged) logged = AnythingWaits(deadline).value_or(false);
    if (!logged) continue;
    const absl::StatusOr<int64_t> sealed = SealSome(deadline);
    more = sealed.ok() && *sealed == kBatch;
    // While the database is away, what is committed waits.
    if (!sealed.ok() && ReasonOf(sealed.status()) == "INTERNAL"_reason) {
      log::Line(log::Level::kError, "sealing_access_log").Add("text", log::Harmless(sealed.status().message())).Write();
    }
  }
}

absl::StatusOr<bool> AccessLogSealer::AnythingWaits(Deadline deadline) {
  bool waits = false;
  RETURN_IF_ERROR(database_.Read(deadline, [&](Session& session) {
    waits = false;
    return session.Query("SELECT 1 FROM `access_log_pending` p JOIN `access_log` l ON l.`id` = p.`id` LIMIT 1", {},
                         [&](const Row&) {
                           waits = true;
                           return absl::OkStatus();
                         });
  }));
  return waits;
}

absl::StatusOr<int64_t> AccessLogSealer::SealSome(Deadline deadline) {
  RETURN_IF_ERROR(CheckClock(clock_));
  int64_t sealed = 0;
  JournalHead head;
  RETURN_IF_ERROR(database_.Write(deadline, [&](Session& session) {
    return SealWithin(session, absl::ToUnixMicros(clock_.Now()), head, sealed);
  }));
  MutexLock lock(mutex_);
  if (head.place > head_.place) head_ = std::move(head);
  return sealed;
}

absl::Status AccessLogSealer::SealWaiting(Deadline deadline) {
  while (true) {
    ASSIGN_OR_RETURN(const int64_t sealed, SealSome(deadline));
    if (sealed < kBatch) return absl::OkStatus();
  }
}

JournalHead AccessLogSealer::head() const {
  MutexLock lock(mutex_);
  return head_;
}

}  // namespace tsunagu::store
