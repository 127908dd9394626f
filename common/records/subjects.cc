#include "common/records/subjects.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/journal/signed_table.h"
#include "common/records/store.h"
#include "common/records/table.h"

namespace tsunagu::store {
namespace {

struct Subject {
  bool known = false;
  std::string key_id;
  int64_t erase_time = 0;
};

const SignedTable& Subjects() {
  static const auto& table =
      *new SignedTable("subjects", 1, {{"subject"}, {"key_id"}, {"erase_time", SignedTable::Kind::kNumber}}, "subject");
  return table;
}

const SignedTable& Erasures() {
  static const auto& table = *new SignedTable("erasures", 1, {{"subject"}, {"key_id"}}, "subject");
  return table;
}

absl::StatusOr<Subject> Find(View& view, absl::string_view subject) {
  static const auto& sql =
      *new std::string(absl::StrCat("SELECT ", Subjects().columns(), " FROM `subjects` WHERE `subject` = ?"));
  Subject found;
  RETURN_IF_ERROR(view.session().Query(sql, {subject}, [&](const Row& row) -> absl::Status {
    if (!Subjects().IsGenuine(view.parts().RowKey(), row)) return ForgedRow(Subjects());
    found = {true, row.Bytes(1), row.Integer(2)};
    return absl::OkStatus();
  }));
  return found;
}

}  // namespace

void AddSubjectTables(Store& store) {
  const ColumnTypes types(store.database().dialect());
  const auto ascii = [&](int length) { return types.Ascii(length) + " NOT NULL"; };
  const std::string time = "BIGINT NOT NULL DEFAULT 0";
  store.AddSigned(Subjects(), {"subjects",
                               {{"subject", ascii(191)}, {"key_id", ascii(16)}, {"erase_time", time}, {"writes", time}},
                               "`subject`",
                               {}});
  store.AddSigned(Erasures(), {"erasures", {{"subject", ascii(191)}, {"key_id", ascii(16)}}, "`subject`", {}});
}

absl::Status AddSubject(Tx& tx, absl::string_view subject, absl::string_view key_id) {
  Parameters row;
  row.AddText(std::string(subject));
  row.AddText(std::string(key_id));
  row.AddBlob(Subjects().Mac(tx.parts().RowKey(), {subject, key_id, int64_t{0}}));
  return tx.InsertSide("`subjects` (`subject`, `key_id`, `mac`)", 3, row);
}

// For a subject that another transaction may add at the same time. Errors: ALREADY_EXISTS then.
static absl::Status AddKnownSubject(Tx& tx, absl::string_view subject, absl::string_view key_id) {
  const std::string mac = Subjects().Mac(tx.parts().RowKey(), {subject, key_id, int64_t{0}});
  return tx.session()
      .Execute("INSERT INTO `subjects` (`subject`, `key_id`, `mac`) VALUES (?, ?, ?)", {subject, key_id, Blob{mac}})
      .status();
}

absl::StatusOr<std::string> KeyIdOfOwnRecord(Tx& tx, absl::string_view subject) {
  ASSIGN_OR_RETURN(const Subject found, Find(tx, subject));
  if (found.erase_time != 0) return Fail("SUBJECT_ERASED"_reason);
  if (found.known) return found.key_id;
  // The rows were written before there were keys.
  ASSIGN_OR_RETURN(const std::string key_id, tx.FreshKeyId());
  RETURN_IF_ERROR(AddKnownSubject(tx, subject, key_id));
  return key_id;
}

absl::StatusOr<std::string> KeyIdOfSubject(Tx& tx, absl::string_view subject) {
  auto lock = [&] {
    return tx.session().Execute(
        "UPDATE `subjects` SET `writes` = `writes` + 1 WHERE `subject` = ? AND `erase_time` = 0", {subject});
  };
  ASSIGN_OR_RETURN(int64_t live, lock());
  if (live == 0) {
    ASSIGN_OR_RETURN(const Subject found, Find(tx, subject));
    if (found.known) return Fail("SUBJECT_ERASED"_reason);
    ASSIGN_OR_RETURN(const std::string key_id, tx.FreshKeyId());
    const absl::Status added = AddKnownSubject(tx, subject, key_id);
    if (!absl::IsAlreadyExists(added)) {
      RETURN_IF_ERROR(added);
      return key_id;
    }
    ASSIGN_OR_RETURN(live, lock());  // another transaction was first
  }
  ASSIGN_OR_RETURN(const Subject found, Find(tx, subject));
  if (live == 0 || found.erase_time != 0) return Fail("SUBJECT_ERASED"_reason);
  return found.key_id;
}

absl::StatusOr<int64_t> EraseTimeOf(View& view, absl::string_view subject) {
  ASSIGN_OR_RETURN(const Subject found, Find(view, subject));
  return found.erase_time;
}

absl::StatusOr<int64_t> EraseSubject(Tx& tx, const std::string& subject) {
  ASSIGN_OR_RETURN(const Subject found, Find(tx, subject));
  if (found.erase_time != 0) return 0;
  int64_t count = 0;
  for (const auto& table : tx.parts().tables()) {
    ASSIGN_OR_RETURN(const int64_t erased, table->EraseRowsOf(tx, subject));
    count += erased;
  }
  const int64_t now = tx.Stamp();
  if (!found.known) RETURN_IF_ERROR(AddSubject(tx, subject, ""));
  const absl::string_view name = subject, key_id = found.key_id;
  const std::string mac = Subjects().Mac(tx.parts().RowKey(), {name, key_id, now});
  RETURN_IF_ERROR(
      tx.session()
          .Execute("UPDATE `subjects` SET `erase_time` = ?, `mac` = ? WHERE `subject` = ?", {now, Blob{mac}, name})
          .status());
  if (!found.key_id.empty()) {
    const std::string owed = Erasures().Mac(tx.parts().RowKey(), {name, key_id});
    RETURN_IF_ERROR(
        tx.session()
            .Execute("INSERT INTO `erasures` (`subject`, `key_id`, `mac`) VALUES (?, ?, ?)", {name, key_id, Blob{owed}})
            .status());
  }
  return count;
}

absl::Status FinishErasures(Store& store) {
  const Deadline deadline = Deadline::After(absl::Seconds(30));
  std::vector<std::pair<std::string, std::string>> open;
  RETURN_IF_ERROR(store.database().Read(deadline, [&](Session& session) {
    open.clear();
    return session.Query(absl::StrCat("SELECT ", Erasures().columns(), " FROM `erasures`"), {}, [&](const Row& row) {
      if (Erasures().IsGenuine(store.RowKey(), row)) {
        open.emplace_back(row.Bytes(0), row.Bytes(1));
      } else {
        (void)ForgedRow(Erasures());  // verify-journal reports the row; no key is deleted because of it
      }
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
  if (!open.empty()) store.KeepsDeleted();
  store.ForgetDeleted();
  return absl::OkStatus();
}

}  // namespace tsunagu::store
