#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/journal/journal.h"
#include "common/records/parts.h"
#include "common/records/seen.h"
#include "common/records/subjects.h"
#include "common/records/table.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu::store {

using google::protobuf::Message;

std::string Table::SubjectOf(const Message& record) const {
  return record.GetReflection()->GetString(record, schema().Find(schema().rule().data_subject())->descriptor);
}

absl::StatusOr<std::vector<const contract::Field*>> Table::WrittenBlindly(View& view, const Message& before,
                                                                          const Writing& how) {
  std::vector<const contract::Field*> blind;
  const identity::Principal* caller = view.actor().caller;
  if (!schema().rule().personal() || how.named == nullptr || caller == nullptr) return blind;
  const auto is_named = [&](const contract::Field& field) {
    const auto& paths = how.named->paths();
    return std::any_of(paths.begin(), paths.end(), [&](absl::string_view path) {
      return path == "*" || path.substr(0, path.find('.')) == field.name();
    });
  };
  ASSIGN_OR_RETURN(const std::vector<AccessKey> access, AccessOf(view, before));
  const std::vector<std::string> keys = KeysOn(access, parts_.Today());
  for (const contract::Field& field : schema().fields()) {
    const Privacy privacy = field.rule.privacy();
    if (privacy == PRIVACY_UNSPECIFIED || !is_named(field)) continue;
    const identity::Scope seen = ScopeOfSeeing(*caller, view.actor().purpose, schema(), privacy);
    if (!seen.Meets(keys)) blind.push_back(&field);
  }
  return blind;
}

absl::StatusOr<std::string> Table::EncryptPart(const std::string& key_id, const Message& record, Privacy at_least,
                                               absl::string_view part) {
  const std::string plain = Part(schema(), record, at_least, true)->SerializeAsString();
  return parts_.keyring().Encrypt(key_id, absl::StrCat(schema().type(), " ", schema().NameIn(record), " ", part),
                                  plain);
}

absl::StatusOr<bool> Table::DecryptPart(absl::string_view encrypted, absl::string_view part, Message& record) {
  if (encrypted.empty()) return true;
  ASSIGN_OR_RETURN(
      const absl::optional<std::string> plain,
      parts_.keyring().Decrypt(absl::StrCat(schema().type(), " ", schema().NameIn(record), " ", part), encrypted));
  if (!plain.has_value()) return false;  // erased: the fields read as masked
  if (!record.MergeFromString(*plain)) return Fail("SEALED_DATA_DAMAGED"_reason);
  return true;
}

absl::Status Table::ReadImage(View& view, const JournalEntry& entry, Message& record) {
  if (!record.ParseFromString(entry.image)) return absl::DataLossError("journal image");
  if (entry.private_image.empty() || !view.reads_personal()) return absl::OkStatus();
  if (!Keyring::IsEncrypted(entry.private_image)) {
    // Written before there were keys, so the erasure of the person has to be looked up.
    ASSIGN_OR_RETURN(const int64_t erase_time, EraseTimeOf(view, SubjectOf(record)));
    if (erase_time != 0) return absl::OkStatus();
  }
  return DecryptPart(entry.private_image, absl::StrCat("journal/", entry.revision), record).status();
}

absl::StatusOr<int64_t> Table::EraseRowsOf(Tx& tx, const std::string& subject) {
  if (!schema().rule().personal()) return 0;
  std::vector<std::string> ids;
  if (IsOwnSubject()) {
    const auto id = schema().IdOf(subject);
    if (id.ok() && NameOf(*id) == subject) ids.push_back(*id);
  } else {
    const std::string sql = absl::StrCat("SELECT `id` FROM `", shape_.table(), "` WHERE `",
                                         schema().rule().data_subject(), "` = ? ORDER BY `id`");
    RETURN_IF_ERROR(tx.session().Query(sql, {absl::string_view(subject)}, [&](const Row& row) {
      ids.push_back(row.Bytes(0));
      return absl::OkStatus();
    }));
  }
  for (const std::string& id : ids) RETURN_IF_ERROR(EraseRow(tx, id));
  return static_cast<int64_t>(ids.size());
}

absl::Status Table::EraseRow(Tx& tx, const std::string& id) {
  Record before;
  TableShape::RowMarks marks;
  marks.key = parts_.RowKey();
  int64_t read = 0;
  bool forged = false;
  const std::string sql =
      absl::StrCat("SELECT ", shape_.select_columns(), " FROM `", shape_.table(), "` t WHERE t.`id` = ?");
  RETURN_IF_ERROR(tx.session().Query(sql, {absl::string_view(id)}, [&](const Row& row) -> absl::Status {
    before = schema().New();
    read = row.Integer(1);
    marks.create_time = row.Integer(3);
    tx.largest_stamp_ = std::max(tx.largest_stamp_, row.Integer(4));
    if (row.Integer(2) > schema().contract()) return Fail("NEWER_RECORD"_reason);
    forged = IsForged(row);
    return shape_.ReadRow(row, service_, *before);  // erasing needs no key
  }));
  if (before == nullptr) return absl::OkStatus();
  if (forged) {  // an erasure neither confirms a forged row nor is prevented by it
    const absl::StatusOr<int64_t> restored = Restore(tx, id);
    if (restored.ok()) return *restored == 0 ? absl::OkStatus() : EraseRow(tx, id);
    const auto reason = ReasonOf(restored.status());
    if (reason != "ROW_FORGED"_reason && reason != "JOURNAL_NOT_SEALED"_reason) return restored.status();
  }
  Record after = Part(schema(), *before, PRIVACY_CONFIDENTIAL, false);
  if (when_erased) when_erased(*after);
  ASSIGN_OR_RETURN(const Access access, AccessOf(tx, before.get(), *after));
  RETURN_IF_ERROR(GuardChildren(tx, *before, *after, access));
  const int64_t stamp = tx.Stamp();
  marks.revision = read + 1;
  marks.update_time = stamp;
  SetStamps(schema(), marks.create_time, stamp, marks.revision, *after);
  Parameters parameters;
  shape_.BindUpdate(*after, id, marks, read, parameters);
  ASSIGN_OR_RETURN(const int64_t matched, tx.session().Execute(shape_.update_sql(), parameters.values()));
  if (matched == 0) return Fail("ETAG_MISMATCH"_reason);
  RETURN_IF_ERROR(WriteSides(tx, id, before.get(), *after, access));
  if (shape_.has_search()) {
    RETURN_IF_ERROR(ReplaceSide(tx, "search", "token", id, /*had_rows=*/true, {}));
  }
  RETURN_IF_ERROR(Journal(tx, stamp, marks.revision, "", access, *after));
  return Follow(tx, id, access);
}

}  // namespace tsunagu::store
