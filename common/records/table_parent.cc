// Records under a parent: they exist only where the parent does, are seen by those who see the parent, and cannot be
// created once the parent has ended. Creating a record, and ending or moving its parent, take the same guard, so that
// neither overlooks the other.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/conflict.h"
#include "common/records/parts.h"
#include "common/records/subjects.h"
#include "common/records/table.h"

namespace tsunagu::store {
namespace {

using contract::Schema;
using google::protobuf::Message;

GuardKey ChildrenOf(const Table& table, absl::string_view name) {
  return {absl::StrCat(table.schema().collection(), " children"), std::string(name)};
}

// Returns the row with that name, without a scope and without identifying fields; null when there is none.
absl::StatusOr<Record> ReadWhole(View& view, Table& table, absl::string_view name) {
  const ReadAs everything(view, identity::Scope::Everything());
  ASSIGN_OR_RETURN(const std::string id, table.schema().IdOf(name));
  return table.FindBy(view, *table.schema().name_field(), id);
}

}  // namespace

std::pair<Table*, absl::string_view> Table::AccessOwner(absl::string_view name) {
  Table* owner = this;
  const Schema& access = schema().access();
  for (; &owner->schema() != &access; owner = owner->parent_) name = Schema::ParentOf(name);
  return {owner, name};
}

absl::StatusOr<std::vector<AccessKey>> Table::AccessOf(View& view, const Message& record) {
  const std::string own = schema().NameIn(record);
  const auto [owner, name] = AccessOwner(own);
  if (owner == this) return AccessKeysOf(schema(), parts_.places(), record);
  ASSIGN_OR_RETURN(const Record above, ReadWhole(view, *owner, name));
  if (above == nullptr) return std::vector<AccessKey>();  // belongs to nobody
  return AccessKeysOf(owner->schema(), parts_.places(), *above);
}

absl::StatusOr<Table::Access> Table::AccessOf(View& view, const Message* before, const Message& after) {
  Access access;
  ASSIGN_OR_RETURN(access.after, AccessOf(view, after));
  if (before == nullptr) return access;
  if (&schema().access() == &schema()) {
    ASSIGN_OR_RETURN(access.before, AccessOf(view, *before));
  } else {
    access.before = access.after;  // it stays in its place
  }
  return access;
}

absl::Status Table::CheckParent(View& view, absl::string_view parent) {
  Table* table = parent_;
  while (table != nullptr && absl::EndsWith(parent, "/-")) {  // "-" means all: the record in front of it is looked up
    parent = Schema::ParentOf(parent);
    table = table->parent_;
  }
  if (table == nullptr || view.known_names_.count(std::string(parent)) != 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string id, table->schema().IdOf(parent));
  ASSIGN_OR_RETURN(const bool found, MayRead(view, *table, id));
  if (!found) {
    return ToStatus(MakeFault("parent", "RESOURCE_NOT_FOUND"_reason,
                              {{"resource", table->schema().word()},
                               {"resource_type", table->schema().type()},
                               {"name", std::string(parent)}}));
  }
  view.known_names_.emplace(parent);
  return absl::OkStatus();
}

// Checks what a new record needs from its parent, with the guards that keep it true. Only the parent's own period
// counts: a record under a parent that has ended may still take new records of its own (docs/adr/0031). Today no
// resource with a period has two levels below it.
absl::Status Table::TakeParent(Tx& tx, absl::string_view name) {
  const absl::string_view parent = Schema::ParentOf(name);
  const auto [owner, above] = AccessOwner(name);
  std::vector<GuardKey> guards = {ChildrenOf(*parent_, parent)};
  if (owner != this && owner != parent_) guards.push_back(ChildrenOf(*owner, above));
  RETURN_IF_ERROR(tx.Guard(std::move(guards)));
  RETURN_IF_ERROR(CheckParent(tx, parent));
  if (!parent_->schema().has_period()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Record record, ReadWhole(tx, *parent_, parent));
  const jp::CivilDay last = record == nullptr ? jp::kLastDay : parent_->schema().PeriodOf(*record).to;
  if (last >= parts_.Today()) return absl::OkStatus();
  return ToStatus(
      MakeFault("parent", "PARENT_ENDED"_reason, {{"name", std::string(parent)}, {"date", jp::FormatIso(last)}}));
}

absl::Status Table::GuardChildren(Tx& tx, const Message& before, const Message& after, const Access& access) {
  const bool ends = has_children_ && !(schema().PeriodOf(before) == schema().PeriodOf(after));
  const bool moves = !heirs_.empty() && access.before != access.after;
  return ends || moves ? tx.Guard({ChildrenOf(*this, schema().NameIn(before))}) : absl::OkStatus();
}

absl::Status Table::Follow(Tx& tx, absl::string_view above, const Access& access) {
  if (access.before == access.after) return absl::OkStatus();
  for (Table* heir : heirs_) {
    std::vector<std::string> ids;
    RETURN_IF_ERROR(tx.session().Query(
        absl::StrCat("SELECT `id` FROM `", heir->shape_.table(), "` WHERE `id` > ? AND `id` < ? ORDER BY `id`"),
        {absl::string_view(absl::StrCat(above, "/")), absl::string_view(absl::StrCat(above, "0"))},
        [&](const Row& row) {
          ids.push_back(row.Bytes(0));
          return absl::OkStatus();
        }));
    for (const std::string& id : ids) RETURN_IF_ERROR(heir->ReviseRow(tx, id, access));
  }
  return absl::OkStatus();
}

// Writes a revision that only changes who may see the row.
absl::Status Table::ReviseRow(Tx& tx, const std::string& id, const Access& access) {
  const Record record = schema().New();
  TableShape::RowMarks marks;
  marks.key = parts_.RowKey();
  int64_t read = 0;
  RETURN_IF_ERROR(tx.session().Query(
      absl::StrCat("SELECT ", shape_.select_columns(), " FROM `", shape_.table(), "` t WHERE t.`id` = ?"),
      {absl::string_view(id)}, [&](const Row& row) -> absl::Status {
        read = row.Integer(1);
        marks.create_time = row.Integer(3);
        marks.identity = shape_.IdentityIn(row);
        if (row.Integer(2) > schema().contract()) return Fail("NEWER_RECORD"_reason);
        return ReadInto(tx, row, *record);
      }));
  std::string key_id;  // empty for somebody who was erased
  if (schema().rule().personal()) {
    const std::string subject = SubjectOf(*record);
    ASSIGN_OR_RETURN(const int64_t erase_time, EraseTimeOf(tx, subject));
    if (erase_time == 0) {
      ASSIGN_OR_RETURN(key_id, IsOwnSubject() ? KeyIdOfOwnRecord(tx, subject) : KeyIdOfSubject(tx, subject));
    }
  }
  marks.revision = read + 1;
  marks.update_time = tx.Stamp();
  SetStamps(schema(), marks.create_time, marks.update_time, marks.revision, *record);
  Parameters parameters;
  shape_.BindUpdate(*record, id, marks, read, parameters);
  ASSIGN_OR_RETURN(const int64_t matched, tx.session().Execute(shape_.update_sql(), parameters.values()));
  if (matched == 0) return Fail("ETAG_MISMATCH"_reason);
  RETURN_IF_ERROR(ReplaceAccess(tx, id, access));
  return Journal(tx, marks.update_time, marks.revision, key_id, access, *record);
}

}  // namespace tsunagu::store
