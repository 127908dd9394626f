#include "common/records/table.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/failpoint.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/journal/journal.h"
#include "common/records/parts.h"
#include "common/records/subjects.h"
#include "common/records/time_in.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu::store {
namespace {

using contract::Field;
using google::protobuf::Message;

constexpr absl::string_view kIdentity = "identity";

std::string Join(absl::string_view path, absl::string_view field) {
  return path.empty() ? std::string(field) : absl::StrCat(path, ".", field);
}

// Returns the table of the parent resource, which the service must add first.
Table* ParentIn(Parts& parts, const contract::Schema& schema) {
  if (!schema.has_parent()) return nullptr;
  Table* parent = schema.parent() == nullptr ? nullptr : parts.FindTableOfType(schema.parent()->type());
  if (parent != nullptr) return parent;
  log::Line(log::Level::kError, "no_parent").Add("resource", schema.type()).Add("pattern", schema.pattern()).Write();
  std::abort();  // a mistake of ours
}

// False when who may see a row follows from an ancestor, or from encrypted fields.
bool KnowsReach(const contract::Schema& schema) {
  const auto& names = schema.rule().access_by();
  return schema.has_access() && &schema.access() == &schema &&
         std::all_of(names.begin(), names.end(), [&](const std::string& name) {
           const Field& field = *schema.Find(name);
           return field.has_column || field.identifier;
         });
}

}  // namespace

void SetStamps(const contract::Schema& schema, int64_t create, int64_t update, int64_t revision, Message& record) {
  const auto& reflection = *record.GetReflection();
  auto set = [&](absl::string_view field, int64_t micros) {
    static_cast<google::protobuf::Timestamp&>(*reflection.MutableMessage(&record, schema.Find(field)->descriptor)) =
        google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(micros);
  };
  set("create_time", create);
  set("update_time", update);
  reflection.SetString(&record, schema.Find("etag")->descriptor, absl::StrCat(revision));
}

int64_t RevisionOf(const contract::Schema& schema, const Message& record) {
  int64_t revision = 0;
  (void)absl::SimpleAtoi(record.GetReflection()->GetString(record, schema.Find("etag")->descriptor), &revision);
  return revision;
}

Table::Table(Parts& parts, const contract::Schema& schema, bool gives_rights)
    : parts_(parts),
      shape_(schema, parts.database().dialect()),
      service_(absl::StartsWith(schema.pattern(), "services/") ? absl::StrCat("services/", parts.service()) : ""),
      parent_(ParentIn(parts, schema)),
      gives_rights_(gives_rights),
      knows_reach_(KnowsReach(schema)) {
  if (parent_ == nullptr) return;
  parent_->has_children_ = true;
  Table* owner = this;
  while (owner->parent_ != nullptr && &owner->schema() != &schema.access()) owner = owner->parent_;
  if (owner != this) owner->heirs_.push_back(this);
}

void Table::Receive(Message& record) const {
  for (const Field& field : schema().fields()) {
    if (field.output_only) record.GetReflection()->ClearField(&record, field.descriptor);
  }
  if (when_received) when_received(record);
}

std::string Table::DerivedId(const Message& record) {
  if (!schema().rule().id_field().empty()) {
    return record.GetReflection()->GetString(record, schema().Find(schema().rule().id_field())->descriptor);
  }
  return NewId(parts_.clock().Now(), parts_.entropy());
}

absl::Status Table::Journal(Tx& tx, int64_t stamp, int64_t revision, const std::string& key_id, const Access& access,
                            const Message& after) {
  if (!schema().rule().within().empty()) tx.PlacesChange();
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
  entry.keys_before = absl::StrJoin(KeysOn(access.before, parts_.Today()), " ");
  entry.keys_after = absl::StrJoin(KeysOn(access.after, parts_.Today()), " ");
  if (schema().rule().personal()) {
    entry.image = Part(schema(), after, PRIVACY_CONFIDENTIAL, false)->SerializeAsString();
    if (!key_id.empty()) {
      ASSIGN_OR_RETURN(entry.private_image,
                       EncryptPart(key_id, after, PRIVACY_CONFIDENTIAL, absl::StrCat("journal/", revision)));
    }
  } else {
    entry.image = after.SerializeAsString();
  }
  return tx.AddToJournal(std::move(entry));
}

namespace {

// Returns OK when no fault refuses. `told` receives all faults and warnings.
absl::Status Refusals(const Faults& faults, Faults* told) {
  Faults refusals;
  for (const Fault& fault : faults.all()) {
    if (told != nullptr) told->Add("", ToStatus(fault));
    if (!IsWarning(ReasonOf(fault))) refusals.Add("", ToStatus(fault));
  }
  if (told != nullptr) told->Omit(faults.omitted());
  refusals.Omit(faults.omitted());
  return refusals.ToStatus();
}

}  // namespace

absl::Status Table::Insert(Tx& tx, absl::string_view id, Message& record, const Writing& how) {
  schema().SetName(record, NameOf(id));
  if (parent_ != nullptr) RETURN_IF_ERROR(TakeParent(tx, schema().NameIn(record)));
  Faults faults;
  Outcome outcome{record, {}};
  RETURN_IF_ERROR(Decide(tx, nullptr, record, how, faults, &outcome));
  // A malformed id that comes from a field is already reported for that field.
  if (!schema().IsId(id) && faults.empty()) faults.Add(Join(how.path, "name"), "MALFORMED_ID"_reason);
  RETURN_IF_ERROR(Refusals(faults, how.told));
  ASSIGN_OR_RETURN(const Access access, AccessOf(tx, nullptr, record));
  RETURN_IF_ERROR(CheckScope(tx, nullptr, record, access.after));
  const int64_t stamp = tx.Stamp();
  SetStamps(schema(), stamp, stamp, 1, record);
  std::string key_id;
  if (schema().rule().personal()) {
    ASSIGN_OR_RETURN(key_id, IsOwnSubject() ? tx.FreshKeyId() : KeyIdOfSubject(tx, SubjectOf(record)));
  }
  TableShape::RowMarks marks{1, stamp, stamp, "", parts_.RowKey()};
  if (shape_.has_identity()) {
    ASSIGN_OR_RETURN(marks.identity, EncryptPart(key_id, record, PRIVACY_IDENTIFYING, kIdentity));
  }
  Parameters parameters;
  shape_.BindRow(record, id, marks, parameters);
  // Not session(): no row of a side table matters here, so they stay collected.
  const auto inserted = tx.session_.Execute(shape_.insert_sql(), parameters.values());
  if (absl::IsAlreadyExists(inserted.status())) {
    bool id_taken = inserted.status().message() == "id";
    if (!id_taken) {  // when both are taken, SQLite names the value and MySQL the id
      const ReadAs everything(tx, identity::Scope::Everything());
      ASSIGN_OR_RETURN(id_taken, Exists(tx, id));
    }
    if (!id_taken) return TakenValue(tx, inserted.status().message(), record);
    ASSIGN_OR_RETURN(const bool mine, Exists(tx, id));
    if (!mine) return Fail("KEY_UNAVAILABLE"_reason);
    return Fail("RESOURCE_EXISTS"_reason,
                {{"resource", schema().word()}, {"resource_type", schema().type()}, {"name", NameOf(id)}});
  }
  RETURN_IF_ERROR(inserted.status());
  if (schema().rule().personal() && IsOwnSubject()) RETURN_IF_ERROR(AddSubject(tx, NameOf(id), key_id));
  RETURN_IF_ERROR(WriteSides(tx, id, nullptr, record, access));
  RETURN_IF_ERROR(Journal(tx, stamp, 1, key_id, access, record));
  return RunConsequences(tx, outcome);
}

absl::Status Table::RunConsequences(Tx& tx, const Outcome& outcome) {
  if (outcome.consequences.empty()) return absl::OkStatus();
  const AsProgram program(tx);
  for (const auto& consequence : outcome.consequences) {
    const absl::Status followed = consequence(tx);
    // The row is written: a caller that continues after a refusal would keep the row without its consequences.
    const bool was_refused = absl::IsInvalidArgument(followed) || absl::IsFailedPrecondition(followed) ||
                             absl::IsNotFound(followed) || absl::IsAlreadyExists(followed) ||
                             absl::IsPermissionDenied(followed);
    if (was_refused) return absl::InternalError(absl::StrCat("what follows was refused: ", followed.ToString()));
    RETURN_IF_ERROR(followed);
  }
  return absl::OkStatus();
}

absl::Status Table::TakenValue(View& view, absl::string_view index, const Message& record) {
  absl::string_view field = index;
  absl::ConsumePrefix(&field, absl::StrCat("u_", shape_.table(), "_"));
  absl::ConsumeSuffix(&field, "_unique");
  const Field* taken = schema().Find(field);
  if (taken == nullptr) return absl::InternalError(absl::StrCat("unknown unique index ", index));
  ASSIGN_OR_RETURN(const Record mine,
                   FindBy(view, *taken, record.GetReflection()->GetString(record, taken->descriptor)));
  if (mine == nullptr) return Fail("KEY_UNAVAILABLE"_reason);
  return Fail("VALUE_TAKEN"_reason, {{"resource_type", schema().type()}, {"field", std::string(field)}});
}

absl::Status Table::Update(Tx& tx, const Message& before, Message& after, const Writing& how) {
  const std::string name = schema().NameIn(before);
  if (tx.newer_.count(name) != 0) return Fail("NEWER_RECORD"_reason);
  SetStamps(schema(), TimeIn(schema(), before, "create_time"), TimeIn(schema(), before, "update_time"),
            RevisionOf(schema(), before), after);
  schema().SetName(after, name);
  ASSIGN_OR_RETURN(const std::vector<const Field*> blind, WrittenBlindly(tx, before, how));
  if (blind.empty() && google::protobuf::util::MessageDifferencer::Equals(before, after)) {
    if (!schema().rule().personal()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const int64_t erase_time, EraseTimeOf(tx, SubjectOf(after)));
    return erase_time == 0 ? absl::OkStatus() : Fail("SUBJECT_ERASED"_reason);
  }
  // Creating a record below this one takes the parent's guard first, then those of the rule; the same order is used
  // here.
  if (has_children_) {
    ASSIGN_OR_RETURN(const Access wanted, AccessOf(tx, &before, after));
    RETURN_IF_ERROR(GuardChildren(tx, before, after, wanted));
  }
  Faults faults;
  Outcome outcome{after, {}};
  RETURN_IF_ERROR(Decide(tx, &before, after, how, faults, &outcome));
  RETURN_IF_ERROR(Refusals(faults, how.told));
  ASSIGN_OR_RETURN(const Access access, AccessOf(tx, &before, after));
  RETURN_IF_ERROR(CheckScope(tx, &before, after, access.after));
  RETURN_IF_ERROR(CheckMove(tx, before, after, access));
  RETURN_IF_ERROR(GuardChildren(tx, before, after, access));  // the rule may have derived an end or a move

  const int64_t read = RevisionOf(schema(), before);
  const int64_t stamp = tx.Stamp();
  SetStamps(schema(), TimeIn(schema(), before, "create_time"), stamp, read + 1, after);
  ASSIGN_OR_RETURN(const std::string id, schema().IdOf(name));
  std::string key_id;
  if (schema().rule().personal()) {
    ASSIGN_OR_RETURN(key_id, IsOwnSubject() ? KeyIdOfOwnRecord(tx, name) : KeyIdOfSubject(tx, SubjectOf(after)));
  }
  TableShape::RowMarks marks{read + 1, TimeIn(schema(), before, "create_time"), stamp, "", parts_.RowKey()};
  if (shape_.has_identity()) {
    ASSIGN_OR_RETURN(marks.identity, EncryptPart(key_id, after, PRIVACY_IDENTIFYING, kIdentity));
  }
  Parameters parameters;
  shape_.BindUpdate(after, id, marks, read, parameters);
  const auto matched = tx.session().Execute(shape_.update_sql(), parameters.values());
  if (absl::IsAlreadyExists(matched.status())) return TakenValue(tx, matched.status().message(), after);
  RETURN_IF_ERROR(matched.status());
  if (*matched == 0) return Fail("ETAG_MISMATCH"_reason);
  RETURN_IF_ERROR(WriteSides(tx, id, &before, after, access));
  RETURN_IF_ERROR(Journal(tx, stamp, read + 1, key_id, access, after));
  RETURN_IF_ERROR(Follow(tx, id, access));
  return RunConsequences(tx, outcome);
}

}  // namespace tsunagu::store
