#include "common/records/parts.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/table.h"

namespace tsunagu::store {

Parts::Parts(std::string service, std::unique_ptr<Database> database, std::unique_ptr<Keyring> keyring,
             const Clock& clock, Entropy& entropy)
    : service_(std::move(service)),
      database_(std::move(database)),
      keyring_(std::move(keyring)),
      clock_(clock),
      entropy_(entropy) {
  static const identity::Places no_hierarchy;
  places_ = &no_hierarchy;
}

Parts::~Parts() = default;

Table* Parts::FindTable(absl::string_view collection) {
  for (const auto& table : tables_) {
    if (table->schema().collection() == collection) return table.get();
  }
  return nullptr;
}

Table* Parts::FindTableOfType(absl::string_view type) {
  for (const auto& table : tables_) {
    if (table->schema().type() == type) return table.get();
  }
  return nullptr;
}

Table* Parts::TableOfName(absl::string_view name) {
  for (const auto& table : tables_) {
    const auto id = table->schema().IdOf(name);
    if (id.ok() && table->NameOf(*id) == name) return table.get();
  }
  return nullptr;
}

absl::StatusOr<std::string> Parts::Encrypt(absl::string_view context, absl::string_view plain) {
  return keyring_->Encrypt(keyring_->service_key(), context, plain);
}

absl::StatusOr<std::string> Parts::Decrypt(absl::string_view context, absl::string_view encrypted) {
  ASSIGN_OR_RETURN(absl::optional<std::string> plain, keyring_->Decrypt(context, encrypted));
  if (!plain.has_value()) return Fail("SEALED_DATA_DAMAGED"_reason);  // encrypted with a person's key and moved here
  return *std::move(plain);
}

}  // namespace tsunagu::store
