// Restores a record from its journal.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/journal/journal.h"
#include "common/records/expected_row.h"
#include "common/records/parts.h"
#include "common/records/subjects.h"
#include "common/records/table.h"
#include "common/records/time_in.h"

namespace tsunagu::store {
namespace {

// A row without a seal proves nothing: anybody who can write to the database can add one.
absl::StatusOr<absl::optional<JournalEntry>> NewestSealed(Session& session, const std::string& name) {
  bool waits = false;
  RETURN_IF_ERROR(
      session.Query("SELECT 1 FROM `journal` j JOIN `journal_pending` p ON p.`id` = j.`id` WHERE j.`name` = ?",
                    {absl::string_view(name)}, [&](const Row&) {
                      waits = true;
                      return absl::OkStatus();
                    }));
  if (waits) return Fail("JOURNAL_NOT_SEALED"_reason, {{"name", name}});
  absl::optional<JournalEntry> newest;
  RETURN_IF_ERROR(ReadJournal(session, name, INT64_MAX, 1, INT64_MAX, [&](const JournalEntry& entry) {
    newest = entry;
    return absl::OkStatus();
  }));
  return newest;
}

}  // namespace

absl::StatusOr<int64_t> Table::Restore(Tx& tx, absl::string_view id) {
  const std::string name = NameOf(id);
  ASSIGN_OR_RETURN(const absl::optional<JournalEntry> newest, NewestSealed(tx.session(), name));
  if (newest && newest->contract > schema().contract()) return Fail("NEWER_RECORD"_reason);
  std::vector<std::string> tables = {shape_.table()};
  for (const SideTable& side : SideTablesOf(shape_)) tables.push_back(absl::StrCat(shape_.table(), "_", side.suffix));
  for (const std::string& table : tables) {
    RETURN_IF_ERROR(tx.session().Execute(absl::StrCat("DELETE FROM `", table, "` WHERE `id` = ?"), {id}).status());
  }
  if (!newest || newest->deleted) return 0;

  const Record record = schema().New();
  RETURN_IF_ERROR(ReadImage(tx, *newest, *record));
  std::string key_id;  // empty for somebody who was erased
  if (schema().rule().personal()) {
    const std::string subject = SubjectOf(*record);
    ASSIGN_OR_RETURN(const int64_t erase_time, EraseTimeOf(tx, subject));
    if (erase_time == 0) {
      ASSIGN_OR_RETURN(key_id, IsOwnSubject() ? KeyIdOfOwnRecord(tx, subject) : KeyIdOfSubject(tx, subject));
    }
  }
  tx.largest_stamp_ = std::max(tx.largest_stamp_, newest->stamp);
  TableShape::RowMarks marks{newest->revision + 1, 0, tx.Stamp(), "", parts_.RowKey()};
  marks.create_time = TimeIn(schema(), *record, "create_time");
  SetStamps(schema(), marks.create_time, marks.update_time, marks.revision, *record);
  if (shape_.has_identity() && !key_id.empty()) {
    ASSIGN_OR_RETURN(marks.identity, EncryptPart(key_id, *record, PRIVACY_IDENTIFYING, "identity"));
  }
  Parameters parameters;
  shape_.BindRow(*record, id, marks, parameters);
  const auto inserted = tx.session().Execute(shape_.insert_sql(), parameters.values());
  if (absl::IsAlreadyExists(inserted.status())) return TakenValue(tx, inserted.status().message(), *record);
  RETURN_IF_ERROR(inserted.status());
  ASSIGN_OR_RETURN(Access access, AccessOf(tx, nullptr, *record));
  RETURN_IF_ERROR(WriteSides(tx, id, nullptr, *record, access));
  access.before = access.after;
  RETURN_IF_ERROR(Journal(tx, marks.update_time, marks.revision, key_id, access, *record));
  return newest->revision;
}

}  // namespace tsunagu::store
