#include "common/records/table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/contract/validate.h"
#include "common/journal/journal.h"
#include "common/records/subjects.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu::store {
namespace {

using google::protobuf::Message;
using records::Field;

constexpr absl::string_view kIdentity = "identity";

std::string Join(absl::string_view path, absl::string_view field) {
  return path.empty() ? std::string(field) : absl::StrCat(path, ".", field);
}

int64_t TimeIn(const records::Schema& schema, const Message& record, absl::string_view field) {
  return google::protobuf::util::TimeUtil::TimestampToMicroseconds(static_cast<const google::protobuf::Timestamp&>(
      record.GetReflection()->GetMessage(record, schema.Find(field)->descriptor)));
}

}  // namespace

void SetStamps(const records::Schema& schema, int64_t create, int64_t update, int64_t revision, Message& record) {
  const auto& reflection = *record.GetReflection();
  auto set = [&](absl::string_view field, int64_t micros) {
    static_cast<google::protobuf::Timestamp&>(
        *reflection.MutableMessage(&record, schema.Find(field)->descriptor)) =
        google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(micros);
  };
  set("create_time", create);
  set("update_time", update);
  reflection.SetString(&record, schema.Find("etag")->descriptor, absl::StrCat(revision));
}

void AddAccessKeys(absl::string_view name, std::vector<std::string>& keys) {
  if (name.empty()) return;
  keys.emplace_back(name);
  if (absl::StartsWith(name, "areas/") && name.size() >= 8) keys.emplace_back(name.substr(0, 8));
}

std::vector<std::string> AccessKeysOf(const records::Schema& schema, const Message& record) {
  std::vector<std::string> keys;
  for (const std::string& name : schema.rule().access_by()) {
    for (const std::string& value : TextValues(record, *schema.Find(name))) AddAccessKeys(value, keys);
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

int64_t RevisionOf(const records::Schema& schema, const Message& record) {
  int64_t revision = 0;
  (void)absl::SimpleAtoi(record.GetReflection()->GetString(record, schema.Find("etag")->descriptor), &revision);
  return revision;
}

Table::Table(Store& store, const records::Schema& schema)
    : store_(store),
      shape_(schema, store.database().dialect()),
      parent_(absl::StartsWith(schema.pattern(), "services/") ? absl::StrCat("services/", store.service()) : "") {}

absl::Status Table::CheckScope(View& view, const std::vector<std::string>& keys) {
  return !shape_.has_access() || view.actor().scope.Meets(keys) ? absl::OkStatus() : Fail("OUT_OF_SCOPE"_reason);
}

absl::Status Table::CheckReferences(View& view, const Message& record, absl::string_view path, Faults& faults) {
  for (const Field& field : schema().fields()) {
    Table* target = field.reference.empty() ? nullptr : store_.FindTableOfType(field.reference);
    if (target == nullptr) continue;  // of another service, perhaps absent: resolved when it is needed
    const std::vector<std::string> names = TextValues(record, field);
    for (size_t i = 0; i < names.size(); ++i) {
      if (names[i].empty() || view.known_names_.count(names[i]) != 0) continue;
      const auto id = target->schema().IdOf(names[i]);
      if (!id.ok()) continue;  // said by the contract's check
      ASSIGN_OR_RETURN(const bool found, target->Exists(view, *id));
      if (found) {
        view.known_names_.insert(names[i]);
        continue;
      }
      const std::string at = field.repeated ? absl::StrCat(field.name(), "[", i, "]") : field.name();
      faults.Add(Join(path, at), "REFERENCE_NOT_FOUND"_reason, {{"name", names[i]}});
    }
  }
  return absl::OkStatus();
}

absl::Status Table::Check(View& view, const Message& record, absl::string_view path, Faults& faults) {
  records::ValidateRecord(schema(), record, path, faults);
  if (!faults.empty() && schema().rule().personal()) {
    ASSIGN_OR_RETURN(const int64_t erase_time, EraseTimeOf(view, SubjectOf(record)));
    if (erase_time != 0) return Fail("SUBJECT_ERASED"_reason);
  }
  return CheckReferences(view, record, path, faults);
}

std::string Table::DerivedId(const Message& record) {
  if (!schema().rule().id_field().empty()) {
    return record.GetReflection()->GetString(record, schema().Find(schema().rule().id_field())->descriptor);
  }
  return NewId(store_.clock().Now(), store_.entropy());
}

absl::Status Table::Journal(Tx& tx, int64_t stamp, int64_t revision, const std::string& key_id, const Message* before,
                            const Message& after) {
  Failpoint("store.before_journal");
  JournalEntry entry;
  entry.name = schema().NameIn(after);
  entry.revision = revision;
  entry.stamp = stamp;
  entry.actor = tx.actor().principal;
  entry.on_behalf_of = tx.actor().on_behalf_of;
  entry.purpose = tx.actor().purpose;
  entry.request_id = tx.actor().request_id;
  entry.method = tx.actor().method;
  entry.contract = schema().contract();
  if (before != nullptr) entry.keys_before = absl::StrJoin(AccessKeysOf(schema(), *before), " ");
  entry.keys_after = absl::StrJoin(AccessKeysOf(schema(), after), " ");
  if (schema().rule().personal()) {
    entry.image = Part(schema(), after, PRIVACY_CONFIDENTIAL, false)->SerializeAsString();
    if (!key_id.empty()) {
      ASSIGN_OR_RETURN(entry.private_image,
                       EncryptPart(key_id, after, PRIVACY_CONFIDENTIAL, absl::StrCat("journal/", revision)));
    }
  } else {
    entry.image = after.SerializeAsString();
  }
  const std::string row_id = NewRowId(stamp, store_.entropy());
  RETURN_IF_ERROR(AppendToJournal(tx.session(), row_id, tx.FirstRowId(row_id), entry));
  tx.written_.emplace_back(entry.name, revision);
  return absl::OkStatus();
}

absl::Status Table::Insert(Tx& tx, absl::string_view id, Message& record, absl::string_view path) {
  schema().SetName(record, NameOf(id));
  Faults faults;
  if (!records::IsWellFormedId(id)) faults.Add(Join(path, "name"), "MALFORMED_ID"_reason);
  RETURN_IF_ERROR(Check(tx, record, path, faults));
  RETURN_IF_ERROR(faults.ToStatus());
  RETURN_IF_ERROR(CheckScope(tx, AccessKeysOf(schema(), record)));
  const int64_t stamp = tx.Stamp();
  SetStamps(schema(), stamp, stamp, 1, record);
  std::string key_id;
  if (schema().rule().personal()) {
    ASSIGN_OR_RETURN(key_id, IsOwnSubject() ? tx.FreshKey() : KeyOfSubject(tx, SubjectOf(record)));
  }
  TableShape::RowMarks marks{1, stamp, stamp, ""};
  if (shape_.has_identity()) {
    ASSIGN_OR_RETURN(marks.identity, EncryptPart(key_id, record, PRIVACY_IDENTIFYING, kIdentity));
  }
  Parameters parameters;
  shape_.BindRow(record, id, marks, parameters);
  const auto inserted = tx.session().Execute(shape_.insert_sql(), parameters.values());
  if (absl::IsAlreadyExists(inserted.status())) {
    if (inserted.status().message() != "id") return TakenValue(tx, inserted.status().message(), record);
    ASSIGN_OR_RETURN(const bool mine, Exists(tx, id));
    if (!mine) return Fail("KEY_UNAVAILABLE"_reason);
    return Fail("RESOURCE_EXISTS"_reason,
                {{"resource", schema().word()}, {"resource_type", schema().type()}, {"name", NameOf(id)}});
  }
  RETURN_IF_ERROR(inserted.status());
  if (schema().rule().personal() && IsOwnSubject()) RETURN_IF_ERROR(AddSubject(tx, NameOf(id), key_id));
  RETURN_IF_ERROR(WriteSides(tx, id, nullptr, record));
  return Journal(tx, stamp, 1, key_id, nullptr, record);
}

absl::Status Table::TakenValue(View& view, absl::string_view index, const Message& record) {
  absl::string_view field = index;
  absl::ConsumePrefix(&field, absl::StrCat("u_", shape_.table(), "_"));
  absl::ConsumeSuffix(&field, "_unique");
  const Field* taken = schema().Find(field);
  if (taken == nullptr) return absl::InternalError(absl::StrCat("unknown unique index ", index));
  ASSIGN_OR_RETURN(const Record mine, FindBy(view, *taken, record.GetReflection()->GetString(record, taken->descriptor)));
  if (mine == nullptr) return Fail("KEY_UNAVAILABLE"_reason);
  return Fail("VALUE_TAKEN"_reason, {{"resource_type", schema().type()}, {"field", std::string(field)}});
}

absl::Status Table::Update(Tx& tx, const Message& before, Message& after, absl::string_view path) {
  const std::string name = schema().NameIn(before);
  if (tx.newer_.count(name) != 0) return Fail("NEWER_RECORD"_reason);
  SetStamps(schema(), TimeIn(schema(), before, "create_time"), TimeIn(schema(), before, "update_time"),
            RevisionOf(schema(), before), after);
  schema().SetName(after, name);
  if (google::protobuf::util::MessageDifferencer::Equals(before, after)) return absl::OkStatus();
  Faults faults;
  RETURN_IF_ERROR(Check(tx, after, path, faults));
  RETURN_IF_ERROR(faults.ToStatus());
  RETURN_IF_ERROR(CheckScope(tx, AccessKeysOf(schema(), after)));

  const int64_t read = RevisionOf(schema(), before);
  const int64_t stamp = tx.Stamp();
  SetStamps(schema(), TimeIn(schema(), before, "create_time"), stamp, read + 1, after);
  ASSIGN_OR_RETURN(const std::string id, schema().IdOf(name));
  std::string key_id;
  if (schema().rule().personal()) {
    ASSIGN_OR_RETURN(key_id, IsOwnSubject() ? KeyOfOwnRecord(tx, name) : KeyOfSubject(tx, SubjectOf(after)));
  }
  TableShape::RowMarks marks{read + 1, TimeIn(schema(), before, "create_time"), stamp, ""};
  if (shape_.has_identity()) {
    ASSIGN_OR_RETURN(marks.identity, EncryptPart(key_id, after, PRIVACY_IDENTIFYING, kIdentity));
  }
  Parameters parameters;
  shape_.BindUpdate(after, id, marks, read, parameters);
  const auto matched = tx.session().Execute(shape_.update_sql(), parameters.values());
  if (absl::IsAlreadyExists(matched.status())) return TakenValue(tx, matched.status().message(), after);
  RETURN_IF_ERROR(matched.status());
  if (*matched == 0) return Fail("ETAG_MISMATCH"_reason);
  RETURN_IF_ERROR(WriteSides(tx, id, &before, after));
  return Journal(tx, stamp, read + 1, key_id, &before, after);
}

}  // namespace tsunagu::store
