// Handles one row of an import: finds its record by the key, checks it, stores it.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/mask.h"
#include "common/contract/schema.h"
#include "common/platform/transfer/import.h"
#include "common/records/table.h"
#include "common/service/service.h"

namespace tsunagu {
namespace {

using google::protobuf::Message;

// True for errors of one row, as opposed to those of the database or the whole call.
bool ConcernsRow(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsAlreadyExists(status) || absl::IsPermissionDenied(status) ||
         absl::IsFailedPrecondition(status) || absl::IsNotFound(status) || ReasonOf(status) == "NEWER_RECORD"_reason;
}

bool Refuses(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    if (!IsWarning(ReasonOf(fault))) return true;
  }
  return false;
}

}  // namespace

// Returns the key by which the row will be found again: its import key, else its id; empty for a row that always makes
// a new record.
std::string Import::KeyOf(const Message& record, const std::string& given_id) const {
  const contract::Schema& schema = resource_->table->schema();
  if (!schema.rule().import_key().empty()) {
    const std::string key = TextField(record, schema.rule().import_key());
    if (!key.empty()) return absl::StrCat("key ", key);
  }
  const std::string id =
      schema.rule().id_field().empty() ? given_id : absl::StrCat(given_id, TextField(record, schema.rule().id_field()));
  return id.empty() || id.back() == '/' ? "" : absl::StrCat("id ", id);
}

void Import::AddAll(const Faults& found, std::vector<Fault>& faults) {
  faults.insert(faults.end(), found.all().begin(), found.all().end());
  if (found.omitted() > 0) {
    faults.push_back(MakeFault("", "MORE_FAULTS"_reason, {{"count", absl::StrCat(found.omitted())}}));
  }
}

void Import::AddNew(const Faults& found, std::vector<Fault>& faults) const {
  std::set<std::string> columns;
  for (const Fault& fault : faults) {
    if (!IsWarning(ReasonOf(fault))) columns.insert(reader_->ColumnOf(fault.field()));
  }
  Faults fresh;
  for (const Fault& fault : found.all()) {
    if (columns.count(reader_->ColumnOf(fault.field())) == 0) fresh.Add("", ToStatus(fault));
  }
  fresh.Omit(found.omitted());
  AddAll(fresh, faults);
}

void Import::Report(const ParsedRow& row, bool refused, const std::vector<Fault>& faults, service::ImportChunk& chunk) {
  if (refused) chunk.set_refused_count(chunk.refused_count() + 1);
  if (faults.empty()) return;
  if (!refused) chunk.set_warned_count(chunk.warned_count() + 1);
  *chunk.add_rows() = OutcomeOf(row.line, refused, faults);
}

absl::Status Import::FindAhead(store::Tx& tx) {
  found_ahead_.clear();
  keys_ahead_.clear();
  const contract::Schema& schema = resource_->table->schema();
  std::vector<std::string> keys, ids;
  for (const ParsedRow& row : chunk_) {
    if (row.not_wanted || row.record == nullptr) continue;
    const std::string key = KeyOf(row);
    absl::string_view value = key;
    if (absl::ConsumePrefix(&value, "key ")) keys.emplace_back(value);
    if (absl::ConsumePrefix(&value, "id ")) ids.emplace_back(value);
    if (!key.empty()) keys_ahead_.insert(key);
  }
  if (!keys.empty()) {
    const std::string& field = schema.rule().import_key();
    RETURN_IF_ERROR(resource_->table->FindAllBy(tx, *schema.Find(field), keys, [&](Record record) {
      std::string key = absl::StrCat("key ", TextField(*record, field));
      found_ahead_[std::move(key)] = std::move(record);
      return absl::OkStatus();
    }));
  }
  RETURN_IF_ERROR(resource_->table->FindAllBy(tx, *schema.name_field(), ids, [&](Record record) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, schema.IdOf(schema.NameIn(*record)));
    found_ahead_[absl::StrCat("id ", id)] = std::move(record);
    return absl::OkStatus();
  }));
  return FindReferencesAhead(tx);
}

absl::StatusOr<store::Record> Import::FindExisting(store::View& view, const ParsedRow& row) {
  const contract::Schema& schema = resource_->table->schema();
  const std::string key = KeyOf(row);
  if (keys_ahead_.erase(key) != 0) {
    const auto found = found_ahead_.find(key);
    return found == found_ahead_.end() ? nullptr : std::move(found->second);
  }
  absl::string_view value = key;
  if (absl::ConsumePrefix(&value, "key ")) {
    return resource_->table->FindBy(view, *schema.Find(schema.rule().import_key()), value);
  }
  if (absl::ConsumePrefix(&value, "id ")) return resource_->table->FindBy(view, *schema.name_field(), value);
  return store::Record();
}

absl::Status Import::Write(store::Tx& tx, ParsedRow& row, const Message* before, service::ImportChunk& chunk,
                           std::vector<Fault>& faults) {
  store::Table& table = *resource_->table;
  const contract::Schema& schema = table.schema();
  store::Record record(schema.New());
  record->CopyFrom(before != nullptr ? *before : *row.record);
  const std::string above = row.id.substr(0, row.id.rfind('/') + 1);
  google::protobuf::FieldMask mask;
  if (before == nullptr) {
    mask.add_paths("*");
    if (schema.has_parent()) schema.SetName(*record, table.NameOf(row.id));  // for checks within its parent
  } else {
    ASSIGN_OR_RETURN(const std::string id, schema.IdOf(schema.NameIn(*before)));
    if (id.substr(0, id.rfind('/') + 1) != above) faults.push_back(MakeFault("parent", "IMMUTABLE_FIELD"_reason));
    ASSIGN_OR_RETURN(mask, Changeable(*before, row, faults));
    RETURN_IF_ERROR(contract::ApplyMask(schema, mask, *row.record, *record));
  }
  Faults found;
  store::Table::Writing how;
  how.contract_checked = before == nullptr && row.contract_checked;
  how.told = &found;
  const google::protobuf::FieldMask named = contract::Without(schema, mask, row.filled);
  how.named = &named;
  if (Refuses(faults)) {  // cells that could not be read; checks the rest anyway, to report every fault at once
    RETURN_IF_ERROR(table.Decide(tx, before, *record, how, found));
    AddNew(found, faults);
    return absl::OkStatus();
  }
  if (before == nullptr) {
    const bool given = row.id.size() > above.size() && !schema.rule().server_id();
    const std::string id = given ? row.id : absl::StrCat(above, table.DerivedId(*record));
    ASSIGN_OR_RETURN(const absl::optional<Fault> equal, FindEqual(tx, row));
    const absl::Status inserted = table.Insert(tx, id, *record, how);
    AddNew(found, faults);
    if (Refuses(faults)) return absl::OkStatus();
    RETURN_IF_ERROR(inserted);
    if (equal) faults.push_back(*equal);
    if (options_.dry_run()) chunk.add_created(schema.NameIn(*record));
    chunk.set_created_count(chunk.created_count() + 1);
    return absl::OkStatus();
  }
  const absl::Status updated = table.Update(tx, *before, *record, how);
  AddNew(found, faults);
  if (Refuses(faults)) return absl::OkStatus();
  RETURN_IF_ERROR(updated);
  const bool changed = TextField(*record, "etag") != TextField(*before, "etag");
  changed ? chunk.set_updated_count(chunk.updated_count() + 1) : chunk.set_unchanged_count(chunk.unchanged_count() + 1);
  return absl::OkStatus();
}

absl::Status Import::Upsert(store::Tx& tx, ParsedRow& row, service::ImportChunk& chunk) {
  if (row.not_wanted) {
    PassOver(row, chunk);
    return absl::OkStatus();
  }
  std::vector<Fault> faults = row.faults;
  if (row.record == nullptr) {
    Report(row, true, faults, chunk);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(ResolveReferences(tx, *row.record));
  RETURN_IF_ERROR(ResolveParent(tx, row.id));
  absl::Status written;
  for (int conflicts = 0; conflicts < 2; ++conflicts) {
    const bool was_ahead = keys_ahead_.count(KeyOf(row)) != 0;
    ASSIGN_OR_RETURN(const store::Record before, FindExisting(tx, row));
    faults = row.faults;
    written = Write(tx, row, before.get(), chunk, faults);
    const bool has_changed = ReasonOf(written) == "ETAG_MISMATCH"_reason;
    if (was_ahead && (has_changed || absl::IsAlreadyExists(written))) {
      --conflicts;  // what an earlier row has caused may have changed or made the record since it was found
      continue;
    }
    if (!has_changed) break;
    written = FailAt("", "CHANGED_MEANWHILE"_reason);
  }
  if (!written.ok() && !ConcernsRow(written)) return written;
  Faults last;
  last.Add("", written);
  AddNew(last, faults);
  Report(row, Refuses(faults), faults, chunk);
  return absl::OkStatus();
}

}  // namespace tsunagu
