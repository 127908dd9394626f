// A cell may name another record by its key in the list it came from, as people's own files do.
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
  for (const records::Field& field : resource_->table->schema().fields()) {
    if (field.reference.empty() || field.repeated || field.identifier) continue;
    store::Table* target = service_.store().FindTableOfType(field.reference);
    const std::string value = reflection.GetString(record, field.descriptor);
    if (value.empty() || target == nullptr || target->schema().rule().import_key().empty()) continue;
    // A cell without a slash has been read as an id.
    const std::string key = value.substr(value.find('/') + 1);
    // Whoever may not read the target is told that there is none.
    const store::ReadAs as_caller(tx, tx.actor().ScopeOfReading(target->schema().collection()));
    ASSIGN_OR_RETURN(const bool is_id, target->Exists(tx, key));
    if (is_id) continue;
    ASSIGN_OR_RETURN(const store::Record found,
                     target->FindBy(tx, *target->schema().Find(target->schema().rule().import_key()), key));
    if (found != nullptr) reflection.SetString(&record, field.descriptor, target->schema().NameIn(*found));
  }
  return absl::OkStatus();
}

}  // namespace tsunagu
