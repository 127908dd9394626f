#include "common/records/subjects.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/records/table.h"

namespace tsunagu::store {
namespace {

struct Subject {
  bool known = false;
  std::string key_id;
  int64_t erase_time = 0;
};

absl::StatusOr<Subject> Find(Session& session, absl::string_view subject) {
  Subject found;
  RETURN_IF_ERROR(session.Query("SELECT `key_id`, `erase_time` FROM `subjects` WHERE `subject` = ?", {subject},
                                [&](const Row& row) {
                                  found = {true, row.Bytes(0), row.Integer(1)};
                                  return absl::OkStatus();
                                }));
  return found;
}

}  // namespace

std::vector<TableDefinition> SubjectTables(Dialect dialect) {
  const ColumnTypes types(dialect);
  const auto ascii = [&](int length) { return types.Ascii(length) + " NOT NULL"; };
  const std::string time = "BIGINT NOT NULL DEFAULT 0";
  return {{"subjects",
           {{"subject", ascii(191)}, {"key_id", ascii(16)}, {"erase_time", time}, {"writes", time}},
           "`subject`",
           {}},
          {"erasures", {{"subject", ascii(191)}, {"key_id", ascii(16)}}, "`subject`", {}}};
}

absl::Status AddSubject(Tx& tx, absl::string_view subject, absl::string_view key_id) {
  return tx.session().Execute("INSERT INTO `subjects` (`subject`, `key_id`) VALUES (?, ?)", {subject, key_id}).status();
}

absl::StatusOr<std::string> KeyOfOwnRecord(Tx& tx, absl::string_view subject) {
  ASSIGN_OR_RETURN(const Subject found, Find(tx.session(), subject));
  if (found.erase_time != 0) return Fail("SUBJECT_ERASED"_reason);
  if (found.known) return found.key_id;
  // Its rows were written before there were keys.
  ASSIGN_OR_RETURN(const std::string key_id, tx.FreshKey());
  RETURN_IF_ERROR(AddSubject(tx, subject, key_id));
  return key_id;
}

absl::StatusOr<std::string> KeyOfSubject(Tx& tx, absl::string_view subject) {
  auto lock = [&] {
    return tx.session().Execute(
        "UPDATE `subjects` SET `writes` = `writes` + 1 WHERE `subject` = ? AND `erase_time` = 0", {subject});
  };
  ASSIGN_OR_RETURN(int64_t live, lock());
  if (live == 0) {
    ASSIGN_OR_RETURN(const Subject found, Find(tx.session(), subject));
    if (found.known) return Fail("SUBJECT_ERASED"_reason);
    ASSIGN_OR_RETURN(const std::string key_id, tx.FreshKey());
    const absl::Status added = AddSubject(tx, subject, key_id);
    if (!absl::IsAlreadyExists(added)) {
      RETURN_IF_ERROR(added);
      return key_id;
    }
    ASSIGN_OR_RETURN(live, lock());  // another was first
  }
  ASSIGN_OR_RETURN(const Subject found, Find(tx.session(), subject));
  if (live == 0 || found.erase_time != 0) return Fail("SUBJECT_ERASED"_reason);
  return found.key_id;
}

absl::StatusOr<int64_t> EraseTimeOf(View& view, absl::string_view subject) {
  ASSIGN_OR_RETURN(const Subject found, Find(view.session(), subject));
  return found.erase_time;
}

absl::StatusOr<int64_t> EraseSubject(Tx& tx, const std::string& subject) {
  ASSIGN_OR_RETURN(const Subject found, Find(tx.session(), subject));
  if (found.erase_time != 0) return 0;
  int64_t count = 0;
  for (const auto& table : tx.store().tables()) {
    ASSIGN_OR_RETURN(const int64_t erased, table->EraseRowsOf(tx, subject));
    count += erased;
  }
  const int64_t now = tx.Stamp();
  if (!found.known) RETURN_IF_ERROR(AddSubject(tx, subject, ""));
  RETURN_IF_ERROR(
      tx.session().Execute("UPDATE `subjects` SET `erase_time` = ? WHERE `subject` = ?", {now, subject}).status());
  if (!found.key_id.empty()) {
    RETURN_IF_ERROR(tx.session()
                        .Execute("INSERT INTO `erasures` (`subject`, `key_id`) VALUES (?, ?)",
                                 {absl::string_view(subject), absl::string_view(found.key_id)})
                        .status());
  }
  return count;
}

absl::Status FinishErasures(Store& store) {
  const Deadline deadline = Deadline::After(absl::Seconds(30));
  std::vector<std::pair<std::string, std::string>> open;
  RETURN_IF_ERROR(store.database().Read(deadline, [&](Session& session) {
    open.clear();
    return session.Query("SELECT `subject`, `key_id` FROM `erasures`", {}, [&](const Row& row) {
      open.emplace_back(row.Bytes(0), row.Bytes(1));
      return absl::OkStatus();
    });
  }));
  for (const auto& [subject, key_id] : open) {
    Failpoint("erasure.before_key");
    RETURN_IF_ERROR(store.keyring().Erase(key_id));
    Failpoint("erasure.after_key");
    RETURN_IF_ERROR(store.database().Write(deadline, [&, name = absl::string_view(subject)](Session& session) {
      return session.Execute("DELETE FROM `erasures` WHERE `subject` = ?", {name}).status();
    }));
  }
  // Confidential values as they were still stand in SQLite's log until that is written back; where readers are in the
  // way, later.
  if (!open.empty() && store.database().dialect() == Dialect::kSqlite) {
    (void)store.database().Define("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  return absl::OkStatus();
}

}  // namespace tsunagu::store
