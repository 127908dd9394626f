// A cell may refer to another record, or to the parent, by its key in the list it came from, as people's own files do.
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/platform/transfer/import.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/records/view.h"
#include "common/service/service.h"

namespace tsunagu {

absl::Status Import::ResolveReferences(store::Tx& tx, google::protobuf::Message& record) const {
  const auto& reflection = *record.GetReflection();
  for (const contract::Field& field : resource_->table->schema().fields()) {
    if (field.reference.empty() || field.repeated || field.identifier) continue;
    store::Table* target = service_.store().FindTableOfType(field.reference);
    const std::string value = reflection.GetString(record, field.descriptor);
    if (value.empty() || target == nullptr || target->schema().rule().import_key().empty()) continue;
    // A cell without a slash was read as an id.
    const std::string key = value.substr(value.find('/') + 1);
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
