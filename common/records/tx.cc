#include "common/records/tx.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/parts.h"

namespace tsunagu::store {
namespace {

constexpr size_t kLongestKey = 128;
constexpr size_t kRowsKept = 64;  // journal rows, before they are written

std::string Stored(absl::string_view key) {
  const bool plain =
      key.size() <= kLongestKey && std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7f; });
  return plain ? std::string(key) : absl::StrCat("#", Base32(Sha256(key)));
}

// Makes the row of a counter when there is none. Another transaction may make it first.
absl::Status MakeCounter(Session& session, absl::string_view kind, absl::string_view key) {
  const absl::Status made =
      session
          .Execute("INSERT INTO `guards` (`kind`, `guard_key`, `count`, `revision`) VALUES (?, ?, 0, 1)", {kind, key})
          .status();
  return absl::IsAlreadyExists(made) ? absl::OkStatus() : made;
}

}  // namespace

TableDefinition GuardTable(Dialect dialect) {
  const ColumnTypes types(dialect);
  return {"guards",
          {{"kind", types.Ascii(96) + " NOT NULL"},
           {"guard_key", types.Ascii(128) + " NOT NULL"},
           {"count", "BIGINT NOT NULL DEFAULT 0"},
           {"revision", "BIGINT NOT NULL DEFAULT 0"}},
          "`kind`, `guard_key`",
          {}};
}

absl::Status Tx::Guard(absl::string_view kind, absl::string_view key) {
  return Guard({GuardKey{std::string(kind), std::string(key)}});
}

absl::Status Tx::Guard(std::vector<GuardKey> keys) {
  // A SQLite transaction is alone in its file from its beginning, so a row would add nothing.
  if (session_.dialect() == Dialect::kSqlite) return absl::OkStatus();
  for (GuardKey& one : keys) one.key = Stored(one.key);
  std::sort(keys.begin(), keys.end());
  for (const GuardKey& one : keys) {
    const absl::string_view kind = one.kind, key = one.key;
    // Written, not only locked: on a cluster, two transactions on two nodes conflict in the row at their commits.
    ASSIGN_OR_RETURN(
        const int64_t matched,
        session_.Execute("UPDATE `guards` SET `revision` = `revision` + 1 WHERE `kind` = ? AND `guard_key` = ?",
                         {kind, key}));
    if (matched != 0) continue;
    // In one statement: an INSERT that finds the row leaves its transaction with a shared lock on it, and of two
    // transactions with shared locks neither gets the exclusive lock.
    RETURN_IF_ERROR(session_
                        .Execute("INSERT INTO `guards` (`kind`, `guard_key`, `count`, `revision`) VALUES (?, ?, 0, 1) "
                                 "ON DUPLICATE KEY UPDATE `revision` = `revision` + 1",
                                 {kind, key})
                        .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Tx::Count(absl::string_view kind, absl::string_view key, int64_t by, int64_t most) {
  const std::string stored = Stored(key);
  const absl::string_view own = stored;
  auto add = [&] {
    return session_.Execute(
        "UPDATE `guards` SET `count` = `count` + ?, `revision` = `revision` + 1 WHERE `kind` = ? AND `guard_key` = ? "
        "AND `count` + ? >= 0 AND `count` + ? <= ?",
        {by, kind, own, by, by, most});
  };
  absl::optional<int64_t> count;
  auto read = [&] {
    count.reset();
    return session_.Query("SELECT `count` FROM `guards` WHERE `kind` = ? AND `guard_key` = ?", {kind, own},
                          [&](const Row& row) {
                            count = row.Integer(0);
                            return absl::OkStatus();
                          });
  };
  ASSIGN_OR_RETURN(int64_t matched, add());
  if (matched == 0) {
    RETURN_IF_ERROR(read());
    if (!count.has_value()) {
      RETURN_IF_ERROR(MakeCounter(session_, kind, own));
      ASSIGN_OR_RETURN(matched, add());
    }
    if (matched == 0) return Fail("LIMIT_REACHED"_reason, {{"most", absl::StrCat(most)}});
  }
  RETURN_IF_ERROR(read());
  return count.value_or(0);
}

int64_t Tx::Stamp() {
  largest_stamp_ = std::max(absl::ToUnixMicros(parts_.clock().Now()), largest_stamp_ + 1);
  return largest_stamp_;
}

std::string Tx::NewId() { return tsunagu::NewId(parts_.clock().Now(), parts_.entropy()); }

absl::Status Tx::InsertSide(absl::string_view into, size_t width, const Parameters& parameters) {
  if (session_.dialect() == Dialect::kSqlite) {  // it has no round trips to save
    const std::string sql =
        absl::StrCat("INSERT INTO ", into, " VALUES ", Marks(parameters.values().size() / width, width));
    return session_.Execute(sql, parameters.values()).status();
  }
  collected_.Add(into, width, parameters);
  side_rows_ = &collected_;
  return absl::OkStatus();
}

absl::Status Tx::AddToJournal(JournalEntry entry) {
  std::string id = NewRowId(entry.stamp, parts_.entropy());
  if (journaled_.id.empty()) journaled_ = {id, absl::ToUnixMicros(parts_.clock().Now()), 0, 0, parts_.RowKey()};
  written_.emplace_back(entry.name, entry.revision);
  unwritten_.push_back({std::move(id), std::move(entry)});
  return unwritten_.size() < kRowsKept ? absl::OkStatus() : WriteJournal();
}

absl::Status Tx::WriteJournal() {
  RETURN_IF_ERROR(AppendToJournal(session_, journaled_, unwritten_));
  unwritten_.clear();
  return absl::OkStatus();
}

absl::StatusOr<std::string> Tx::FreshKeyId() {
  if (keys_used_ == fresh_keys_.size()) {
    ASSIGN_OR_RETURN(fresh_keys_.emplace_back(), parts_.keyring().FreshKeyId());
  }
  return fresh_keys_[keys_used_++];
}

}  // namespace tsunagu::store
