// The checks of a change before it is written: its contract, its references, its place, the caller's right to put it
// there, and other records.
#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/contract/validate.h"
#include "common/records/conflict.h"
#include "common/records/parts.h"
#include "common/records/subjects.h"
#include "common/records/table.h"

namespace tsunagu::store {
namespace {

using contract::Field;
using google::protobuf::Message;

bool IsNamed(const std::string& field, const google::protobuf::FieldMask* named) {
  if (named == nullptr) return true;
  const auto& paths = named->paths();
  return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) { return path == "*" || path == field; });
}

// One key is enough to see a record. To put a record into a place, or to take it out, the caller's scope must contain
// that place; otherwise a caller who has the record by another key could move it to anybody. A name whose only key is
// itself is no place. With `named`, fields that are not named were filled by the program and are not checked.
absl::Status CheckPlaces(View& view, const contract::Schema& schema, const Message* before, const Message& record,
                         const google::protobuf::FieldMask* named) {
  if (view.scope().everything()) return absl::OkStatus();
  for (const std::string& name : schema.rule().access_by()) {
    const Field& field = *schema.Find(name);
    if (field.output_only || !IsNamed(name, named)) continue;  // no caller can set it
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
      const std::vector<std::string> keys = view.parts().places().names().KeysOf(place);
      if (keys.size() > 1 && !view.scope().Meets(keys)) return Fail("OUT_OF_SCOPE"_reason);
    }
  }
  return absl::OkStatus();
}

// True when `before` has a name in a field that places it, and `record` has neither that name nor a place inside it.
bool Leaves(const identity::Places& places, jp::CivilDay day, const contract::Schema& schema, const Message& before,
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

absl::Status Table::CheckScope(View& view, const Message* before, const Message& record,
                               const std::vector<AccessKey>& keys) {
  if (view.scope().everything()) return absl::OkStatus();
  for (const Within& within : schema().rule().within()) {
    const Field& field = *schema().Find(within.inner());
    if (field.output_only || !Moves(within, before, record)) continue;  // no caller can set it
    const std::string inner = TextOf(record, field);
    if (!view.scope().Meets(parts_.places().KeysOf(inner))) return Fail("OUT_OF_SCOPE"_reason);
  }
  if (!shape_.has_access()) return absl::OkStatus();
  return view.scope().Meets(KeysOn(keys, parts_.Today())) ? absl::OkStatus() : Fail("OUT_OF_SCOPE"_reason);
}

// Taking a record out of somebody's reach is more than changing it, and needs a separate right.
absl::Status Table::CheckMove(View& view, const Message& before, const Message& record, const Access& access) {
  const identity::Principal* caller = view.actor().caller;
  if (caller == nullptr || !Leaves(parts_.places(), parts_.Today(), schema(), before, record)) {
    return absl::OkStatus();
  }
  const std::string permission = absl::StrCat(schema().collection(), ".move");
  const identity::Scope scope = caller->ScopeFor(permission);
  const bool may = scope.everything() || (scope.Meets(KeysOn(access.before, parts_.Today())) &&
                                          scope.Meets(KeysOn(access.after, parts_.Today())));
  return may ? absl::OkStatus() : Fail("PERMISSION_DENIED"_reason, {{"permission", permission}});
}

// A reference that was in the field before is not checked: a fault would name a record that this caller may not see,
// and nobody could change such a record without seeing everything it refers to. A field that is written blindly is
// checked, because a missing fault would disclose its previous value.
absl::Status Table::CheckReferences(View& view, const Message* before, const Message& after, const Writing& how,
                                    Faults& faults) {
  std::vector<const Field*> blind;
  if (before != nullptr) {
    ASSIGN_OR_RETURN(blind, WrittenBlindly(view, *before, how));
  }
  for (const Field& field : schema().fields()) {
    // In another service, which may be absent: resolved when it is needed.
    if (field.reference.empty() || parts_.FindTableOfType(field.reference) == nullptr) continue;
    const std::vector<std::string> names = TextValues(after, field);
    const bool keeps = before != nullptr && std::find(blind.begin(), blind.end(), &field) == blind.end();
    const std::vector<std::string> kept = keeps ? TextValues(*before, field) : std::vector<std::string>();
    for (size_t i = 0; i < names.size(); ++i) {
      if (names[i].empty() || view.known_names_.count(names[i]) != 0) continue;
      if (std::find(kept.begin(), kept.end(), names[i]) != kept.end()) continue;
      Table* target = parts_.FindTableOfType(contract::ReferredType(*field.descriptor, names[i]));
      if (target == nullptr) continue;
      const auto id = target->schema().IdOf(names[i]);
      if (!id.ok()) continue;  // reported by the contract's check
      // A reference that the program has filled needs no permission of the caller.
      const ReadAs as_caller(view, view.actor().ScopeOfReading(target->schema().collection()));
      ASSIGN_OR_RETURN(const bool found, field.output_only ? target->Exists(view, *id) : MayRead(view, *target, *id));
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

// Guards are taken first and together: what is read after them stays true until the transaction ends.
absl::Status Table::CheckExclusive(Tx& tx, const Message* before, const Message& after, Faults& faults) {
  const jp::Period period = schema().PeriodOf(after);
  std::vector<contract::Where> wheres;
  std::vector<GuardKey> guards;
  for (const Exclusive& exclusive : schema().rule().exclusive()) {
    contract::Where same;
    GuardKey guard{absl::StrCat(schema().collection(), " ", absl::StrJoin(exclusive.fields(), ",")), ""};
    bool unchanged = before != nullptr && schema().PeriodOf(*before) == period;
    for (const std::string& name : exclusive.fields()) {
      const Field* field = schema().Find(name);
      if (field == nullptr) {  // "parent", which never changes
        const std::string name = schema().NameIn(after);
        const absl::string_view parent = contract::Schema::ParentOf(name);
        same = same && (parent.empty() ? contract::Where::None() : contract::Where::Under(parent));
        absl::StrAppend(&guard.key, parent, "\n");
        continue;
      }
      const std::string value = ColumnText(after, *field);
      same = same && contract::Where(name, value);
      absl::StrAppend(&guard.key, value, "\n");
      unchanged = unchanged && value == ColumnText(*before, *field);
    }
    if (unchanged) continue;
    wheres.push_back(same && contract::Where::Overlapping(period));
    guards.push_back(std::move(guard));
  }
  RETURN_IF_ERROR(tx.Guard(std::move(guards)));
  for (const contract::Where& where : wheres) {
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
  if (!how.contract_checked) contract::ValidateRecord(schema(), after, "", found);
  const bool well_formed = found.empty();
  if (!well_formed && schema().rule().personal()) {
    ASSIGN_OR_RETURN(const int64_t erase_time, EraseTimeOf(tx, SubjectOf(after)));
    if (erase_time != 0) return Fail("SUBJECT_ERASED"_reason);
  }
  RETURN_IF_ERROR(CheckReferences(tx, before, after, how, found));
  // A caller who may not put the record there must not learn anything about the records that are there.
  const absl::Status placed = CheckPlaces(tx, schema(), before, after, how.named);
  const auto refuses = [](const Fault& fault) { return !IsWarning(ReasonOf(fault)); };
  if (std::none_of(found.all().begin(), found.all().end(), refuses)) RETURN_IF_ERROR(placed);
  if (placed.ok()) {
    if (well_formed) RETURN_IF_ERROR(CheckWithin(tx, before, after, found));
    if (well_formed) RETURN_IF_ERROR(CheckExclusive(tx, before, after, found));
    if (rule_) RETURN_IF_ERROR(rule_({tx, before, after, parts_.Today(), found, outcome}));
  }
  if (how.asked != nullptr) {
    for (const Fault& fault : how.asked->all()) found.Add("", ToStatus(fault));
  }
  std::set<std::pair<std::string, std::string>> told;  // contract and rule may find the same fault
  for (const Fault& fault : found.all()) {
    if (told.emplace(fault.field(), fault.reason()).second) faults.Add(how.path, ToStatus(fault));
  }
  faults.Omit(found.omitted());
  return absl::OkStatus();
}

}  // namespace tsunagu::store
