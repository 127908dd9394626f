// A cell may refer to another record, or to the parent, by its key in the list it came from, as people's own files do.
#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/platform/transfer/import.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/records/view.h"
#include "common/service/service.h"

namespace tsunagu {
namespace {

// Returns what the file says: a cell without a slash was read as an id.
std::string KeyIn(const std::string& value) { return value.substr(value.find('/') + 1); }

}  // namespace

// Returns the table of the records that the field may name by their import key; null when it names none so.
store::Table* Import::NamedByKey(const contract::Field& field) const {
  if (field.reference.empty() || field.repeated || field.identifier) return nullptr;
  store::Table* target = service_.store().FindTableOfType(field.reference);
  return target == nullptr || target->schema().rule().import_key().empty() ? nullptr : target;
}

absl::Status Import::FindReferencesAhead(store::Tx& tx) {
  names_ahead_.clear();
  for (const contract::Field& field : resource_->table->schema().fields()) {
    store::Table* target = NamedByKey(field);
    if (target == nullptr) continue;
    std::vector<std::string> keys;
    for (const ParsedRow& row : chunk_) {
      if (row.not_wanted || row.record == nullptr) continue;
      const std::string value = TextField(*row.record, field.name());
      if (!value.empty()) keys.push_back(KeyIn(value));
    }
    const contract::Schema& schema = target->schema();
    const store::ReadAs as_caller(tx, tx.actor().ScopeOfReading(schema.collection()));
    const std::string& key = schema.rule().import_key();
    RETURN_IF_ERROR(target->FindAllBy(tx, *schema.Find(key), keys, [&](const store::Record& found) {
      names_ahead_[absl::StrCat(schema.type(), " ", TextField(*found, key))] = schema.NameIn(*found);
      return absl::OkStatus();
    }));
    // An id stays as it is, also where it is another record's key.
    RETURN_IF_ERROR(target->FindAllBy(tx, *schema.name_field(), keys, [&](const store::Record& found) -> absl::Status {
      ASSIGN_OR_RETURN(const std::string id, schema.IdOf(schema.NameIn(*found)));
      names_ahead_[absl::StrCat(schema.type(), " ", id)].clear();
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

absl::Status Import::ResolveReferences(store::Tx& tx, google::protobuf::Message& record) const {
  const auto& reflection = *record.GetReflection();
  for (const contract::Field& field : resource_->table->schema().fields()) {
    store::Table* target = NamedByKey(field);
    const std::string value = target == nullptr ? "" : TextField(record, field.name());
    if (value.empty()) continue;
    const std::string key = KeyIn(value);
    const auto ahead = names_ahead_.find(absl::StrCat(field.reference, " ", key));
    if (ahead != names_ahead_.end()) {
      if (!ahead->second.empty()) reflection.SetString(&record, field.descriptor, ahead->second);
      continue;
    }
    // A caller who may not read the target gets the fault that there is none.
    const store::ReadAs as_caller(tx, tx.actor().ScopeOfReading(target->schema().collection()));
    ASSIGN_OR_RETURN(const bool is_id, target->Exists(tx, key));
    if (is_id) continue;
    ASSIGN_OR_RETURN(const store::Record found,
                     target->FindBy(tx, *target->schema().Find(target->schema().rule().import_key()), key));
    if (found != nullptr) reflection.SetString(&record, field.descriptor, target->schema().NameIn(*found));
  }
  return absl::OkStatus();
}

absl::Status Import::ResolveParent(store::Tx& tx, std::string& id) const {
  const contract::Schema* above = resource_->table->schema().parent();
  const size_t end = id.rfind('/');
  if (above == nullptr || above->rule().import_key().empty() || end == std::string::npos || id.find('/') != end) {
    return absl::OkStatus();
  }
  store::Table* parent = service_.store().FindTableOfType(above->type());
  if (parent == nullptr) return absl::OkStatus();
  const std::string key = id.substr(0, end);
  const store::ReadAs as_caller(tx, tx.actor().ScopeOfReading(above->collection()));
  ASSIGN_OR_RETURN(const bool is_id, parent->Exists(tx, key));
  if (is_id) return absl::OkStatus();
  ASSIGN_OR_RETURN(const store::Record found, parent->FindBy(tx, *above->Find(above->rule().import_key()), key));
  if (found == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string found_id, above->IdOf(above->NameIn(*found)));
  id = absl::StrCat(found_id, id.substr(end));
  return absl::OkStatus();
}

}  // namespace tsunagu
