#include "common/records/table.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/failpoint.h"
#include "common/base/log.h"
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

// That of the resource above it, which the service adds first.
Table* ParentIn(Store& store, const records::Schema& schema) {
  if (!schema.has_parent()) return nullptr;
  Table* parent = schema.parent() == nullptr ? nullptr : store.FindTableOfType(schema.parent()->type());
  if (parent != nullptr) return parent;
  log::Line(log::Level::kError, "no_parent").Add("resource", schema.type()).Add("pattern", schema.pattern()).Write();
  std::abort();  // only we can get it wrong
}

// Not where that follows from the record above it, or from what is sealed.
bool KnowsReach(const records::Schema& schema) {
  const auto& names = schema.rule().access_by();
  return schema.has_access() && &schema.access() == &schema &&
         std::all_of(names.begin(), names.end(), [&](const std::string& name) {
           const Field& field = *schema.Find(name);
           return field.has_column || field.identifier;
         });
}

// One key is enough to see a record. To put it into a place, or to take it out of one, that place has to be the maker's:
// else whoever has it by another key could move it to anybody. What has no key but its own name is no place.
absl::Status CheckPlaces(View& view, const records::Schema& schema, const Message* before, const Message& record) {
  for (const std::string& name : schema.rule().access_by()) {
    const Field& field = *schema.Find(name);
    if (field.output_only) continue;  // no caller chooses it
    const std::vector<std::string> is = TextValues(record, field);
    const std::vector<std::string> was = before == nullptr ? std::vector<std::string>() : TextValues(*before, field);
    std::vector<std::string> moved;
    const auto add = [&](const std::vector<std::string>& from, const std::vector<std::string>& without) {
      for (const std::string& one : from) {
        if (!one.empty() && std::find(without.begin(), without.end(), one) == without.end()) moved.push_back(one);
      }
    };
    add(is, was);
    add(was, is);
    for (const std::string& place : moved) {
      const std::vector<std::string> keys = view.store().places().names().KeysOf(place);
      if (keys.size() > 1 && !view.scope().Meets(keys)) return Fail("OUT_OF_SCOPE"_reason);
    }
  }
  return absl::OkStatus();
}

// True where `before` has a name in a field that places it, and `record` has neither that nor a place that lies in it.
bool Leaves(const identity::Places& places, jp::CivilDay day, const records::Schema& schema, const Message& before,
            const Message& record) {
  for (const std::string& name : schema.rule().access_by()) {
    const Field& field = *schema.Find(name);
    const std::vector<std::string> is = TextValues(record, field);
    for (const std::string& was : TextValues(before, field)) {
      if (was.empty() || std::find(is.begin(), is.end(), was) != is.end()) continue;
      const identity::Scope reach = identity::Scope::Of(places.ReachOf(was, day));
      const bool stays = std::any_of(is.begin(), is.end(), [&](const std::string& place) {
        return !place.empty() && reach.Meets(places.KeysOf(place));
      });
      if (!stays) return true;
    }
  }
  return false;
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

int64_t RevisionOf(const records::Schema& schema, const Message& record) {
  int64_t revision = 0;
  (void)absl::SimpleAtoi(record.GetReflection()->GetString(record, schema.Find("etag")->descriptor), &revision);
  return revision;
}

Table::Table(Store& store, const records::Schema& schema, bool gives_rights)
    : store_(store),
      shape_(schema, store.database().dialect()),
      service_(absl::StartsWith(schema.pattern(), "services/") ? absl::StrCat("services/", store.service()) : ""),
      parent_(ParentIn(store, schema)),
      gives_rights_(gives_rights),
      knows_reach_(KnowsReach(schema)) {
  if (parent_ == nullptr) return;
  parent_->has_children_ = true;
  Table* owner = this;
  while (owner->parent_ != nullptr && &owner->schema() != &schema.access()) owner = owner->parent_;
  if (owner != this) owner->heirs_.push_back(this);
}

absl::Status Table::CheckScope(View& view, const Message* before, const Message& record,
                               const std::vector<AccessKey>& keys) {
  if (view.scope().everything()) return absl::OkStatus();
  for (const Within& within : schema().rule().within()) {
    const Field& field = *schema().Find(within.inner());
    if (field.output_only || !Moves(within, before, record)) continue;  // what no caller chooses
    const std::string inner = TextOf(record, field);
    if (!view.scope().Meets(store_.places().KeysOf(inner))) return Fail("OUT_OF_SCOPE"_reason);
  }
  RETURN_IF_ERROR(CheckPlaces(view, schema(), before, record));
  if (!shape_.has_access()) return absl::OkStatus();
  return view.scope().Meets(KeysOn(keys, store_.Today())) ? absl::OkStatus() : Fail("OUT_OF_SCOPE"_reason);
}

// To take a record out of somebody's reach is more than to change it: whoever may do the one need not be who may do the
// other.
absl::Status Table::CheckMove(View& view, const Message& before, const Message& record, const Access& access) {
  const identity::Principal* caller = view.actor().caller;
  if (caller == nullptr || !Leaves(store_.places(), store_.Today(), schema(), before, record)) {
    return absl::OkStatus();
  }
  const std::string permission = absl::StrCat(schema().collection(), ".move");
  const identity::Scope scope = caller->ScopeFor(permission);
  const bool may = scope.everything() || (scope.Meets(KeysOn(access.before, store_.Today())) &&
                                          scope.Meets(KeysOn(access.after, store_.Today())));
  return may ? absl::OkStatus() : Fail("PERMISSION_DENIED"_reason, {{"permission", permission}});
}

// A name that stood in the field before is left alone: a fault would name a record that this caller may not see, and
// nobody could change such a record without seeing all that it refers to. Not so in a field that is written blindly,
// since the fault that does not come would tell what stood there.
absl::Status Table::CheckReferences(View& view, const Message* before, const Message& after, const Writing& how,
                                    Faults& faults) {
  std::vector<const Field*> blind;
  if (before != nullptr) {
    ASSIGN_OR_RETURN(blind, WrittenBlindly(view, *before, how));
  }
  for (const Field& field : schema().fields()) {
    // Of another service, perhaps absent: resolved when it is needed.
    if (field.reference.empty() || store_.FindTableOfType(field.reference) == nullptr) continue;
    const std::vector<std::string> names = TextValues(after, field);
    const bool keeps = before != nullptr && std::find(blind.begin(), blind.end(), &field) == blind.end();
    const std::vector<std::string> kept = keeps ? TextValues(*before, field) : std::vector<std::string>();
    for (size_t i = 0; i < names.size(); ++i) {
      if (names[i].empty() || view.known_names_.count(names[i]) != 0) continue;
      if (std::find(kept.begin(), kept.end(), names[i]) != kept.end()) continue;
      Table* target = store_.FindTableOfType(records::ReferredType(*field.descriptor, names[i]));
      if (target == nullptr) continue;
      const auto id = target->schema().IdOf(names[i]);
      if (!id.ok()) continue;  // said by the contract's check
      const ReadAs as_caller(view, view.actor().ScopeOfReading(target->schema().collection()));
      ASSIGN_OR_RETURN(const bool found, target->Exists(view, *id));
      if (found) {
        view.known_names_.insert(names[i]);
        continue;
      }
      const std::string at = field.repeated ? absl::StrCat(field.name(), "[", i, "]") : field.name();
      faults.Add(at, "REFERENCE_NOT_FOUND"_reason, {{"name", names[i]}});
    }
  }
  return absl::OkStatus();
}

// Guards come first and together: what is read after them stays true until the transaction has ended.
absl::Status Table::CheckExclusive(Tx& tx, const Message* before, const Message& after, Faults& faults) {
  const jp::Period period = schema().PeriodOf(after);
  std::vector<records::Where> wheres;
  std::vector<GuardKey> guards;
  for (const Exclusive& exclusive : schema().rule().exclusive()) {
    records::Where same;
    GuardKey guard{absl::StrCat(schema().collection(), " ", absl::StrJoin(exclusive.fields(), ",")), ""};
    bool unchanged = before != nullptr && schema().PeriodOf(*before) == period;
    for (const std::string& name : exclusive.fields()) {
      const Field* field = schema().Find(name);
      if (field == nullptr) {  // "parent", which never changes
        const std::string name = schema().NameIn(after);
        const absl::string_view parent = records::Schema::ParentOf(name);
        same = same && (parent.empty() ? records::Where::None() : records::Where::Under(parent));
        absl::StrAppend(&guard.key, parent, "\n");
        continue;
      }
      const std::string value = ColumnText(after, *field);
      same = same && records::Where(name, value);
      absl::StrAppend(&guard.key, value, "\n");
      unchanged = unchanged && value == ColumnText(*before, *field);
    }
    if (unchanged) continue;
    wheres.push_back(same && records::Where::Overlapping(period));
    guards.push_back(std::move(guard));
  }
  RETURN_IF_ERROR(tx.Guard(std::move(guards)));
  for (const records::Where& where : wheres) {
    std::string other;
    {
      const ReadAs everything(tx, identity::Scope::Everything());
      Query query;
      RETURN_IF_ERROR(Narrow(where, query));
      query.limit = 2;
      RETURN_IF_ERROR(List(tx, std::move(query), [&](Record record) {
        const std::string name = schema().NameIn(*record);
        if (before == nullptr || name != schema().NameIn(*before)) other = name;
        return absl::OkStatus();
      }));
    }
    if (other.empty()) continue;
    RETURN_IF_ERROR(AddConflict(tx, *this, other, schema().period_from()->name(), "PERIODS_OVERLAP"_reason,
                                "PERIODS_OVERLAP_UNSEEN"_reason, faults));
  }
  return absl::OkStatus();
}

absl::Status Table::Decide(Tx& tx, const Message* before, const Message& after, const Writing& how, Faults& faults) {
  return Decide(tx, before, after, how, faults, nullptr);
}

absl::Status Table::Decide(Tx& tx, const Message* before, const Message& after, const Writing& how, Faults& faults,
                           Outcome* outcome) {
  Faults found;
  if (!how.contract_checked) records::ValidateRecord(schema(), after, "", found);
  const bool well_formed = found.empty();
  if (!well_formed && schema().rule().personal()) {
    ASSIGN_OR_RETURN(const int64_t erase_time, EraseTimeOf(tx, SubjectOf(after)));
    if (erase_time != 0) return Fail("SUBJECT_ERASED"_reason);
  }
  RETURN_IF_ERROR(CheckReferences(tx, before, after, how, found));
  if (well_formed) RETURN_IF_ERROR(CheckWithin(tx, before, after, found));
  if (well_formed) RETURN_IF_ERROR(CheckExclusive(tx, before, after, found));
  if (rule_) RETURN_IF_ERROR(rule_({tx, before, after, store_.Today(), found, outcome}));
  std::set<std::pair<std::string, std::string>> told;  // contract and rule may see the same fault
  for (const Fault& fault : found.all()) {
    if (told.emplace(fault.field(), fault.reason()).second) faults.Add(how.path, ToStatus(fault));
  }
  faults.Omit(found.omitted());
  return absl::OkStatus();
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
  return NewId(store_.clock().Now(), store_.entropy());
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
  entry.keys_before = absl::StrJoin(KeysOn(access.before, store_.Today()), " ");
  entry.keys_after = absl::StrJoin(KeysOn(access.after, store_.Today()), " ");
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

// OK where nothing refuses. `told` hears everything.
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
  if (const absl::Status decided = Decide(tx, nullptr, record, how, faults, &outcome); !decided.ok()) {
    // Whoever may not make it there is not told why it could not be made.
    RETURN_IF_ERROR(CheckPlaces(tx, schema(), nullptr, record));
    return decided;
  }
  // An id that comes from a field has had its say with that field.
  if (!schema().IsId(id) && faults.empty()) faults.Add(Join(how.path, "name"), "MALFORMED_ID"_reason);
  RETURN_IF_ERROR(Refusals(faults, how.told));
  ASSIGN_OR_RETURN(const Access access, AccessOf(tx, nullptr, record));
  RETURN_IF_ERROR(CheckScope(tx, nullptr, record, access.after));
  const int64_t stamp = tx.Stamp();
  SetStamps(schema(), stamp, stamp, 1, record);
  std::string key_id;
  if (schema().rule().personal()) {
    ASSIGN_OR_RETURN(key_id, IsOwnSubject() ? tx.FreshKey() : KeyOfSubject(tx, SubjectOf(record)));
  }
  TableShape::RowMarks marks{1, stamp, stamp, "", store_.RowKey()};
  if (shape_.has_identity()) {
    ASSIGN_OR_RETURN(marks.identity, EncryptPart(key_id, record, PRIVACY_IDENTIFYING, kIdentity));
  }
  Parameters parameters;
  shape_.BindRow(record, id, marks, parameters);
  const auto inserted = tx.session().Execute(shape_.insert_sql(), parameters.values());
  if (absl::IsAlreadyExists(inserted.status())) {
    bool id_taken = inserted.status().message() == "id";
    if (!id_taken) {  // where both are taken, SQLite names the value and MySQL the id
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
    // The row is written: whoever goes on after a refused row would keep it without what follows from it.
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
  ASSIGN_OR_RETURN(const Record mine, FindBy(view, *taken, record.GetReflection()->GetString(record, taken->descriptor)));
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
  Faults faults;
  Outcome outcome{after, {}};
  RETURN_IF_ERROR(Decide(tx, &before, after, how, faults, &outcome));
  RETURN_IF_ERROR(Refusals(faults, how.told));
  ASSIGN_OR_RETURN(const Access access, AccessOf(tx, &before, after));
  RETURN_IF_ERROR(CheckScope(tx, &before, after, access.after));
  RETURN_IF_ERROR(CheckMove(tx, before, after, access));
  RETURN_IF_ERROR(GuardChildren(tx, before, after, access));

  const int64_t read = RevisionOf(schema(), before);
  const int64_t stamp = tx.Stamp();
  SetStamps(schema(), TimeIn(schema(), before, "create_time"), stamp, read + 1, after);
  ASSIGN_OR_RETURN(const std::string id, schema().IdOf(name));
  std::string key_id;
  if (schema().rule().personal()) {
    ASSIGN_OR_RETURN(key_id, IsOwnSubject() ? KeyOfOwnRecord(tx, name) : KeyOfSubject(tx, SubjectOf(after)));
  }
  TableShape::RowMarks marks{read + 1, TimeIn(schema(), before, "create_time"), stamp, "", store_.RowKey()};
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
