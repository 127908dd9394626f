#ifndef TSUNAGU_COMMON_RECORDS_PARTS_H_
#define TSUNAGU_COMMON_RECORDS_PARTS_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/base/entropy.h"
#include "common/db/database.h"
#include "common/identity/places.h"
#include "common/jp/civil_day.h"
#include "common/keys/keyring.h"

namespace tsunagu::store {

class Table;

// What the tables and transactions of a store need of it. Only the store fills it, before it is open.
class Parts {
 public:
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  const std::string& service() const { return service_; }
  Database& database() { return *database_; }
  Keyring& keyring() { return *keyring_; }
  const Clock& clock() const { return clock_; }
  Entropy& entropy() { return entropy_; }
  const identity::Places& places() const { return *places_; }
  // The day in Japan.
  jp::CivilDay Today() const { return jp::JapanDay(clock_.Now()); }

  // Returns null when this service has no such resource.
  Table* FindTable(absl::string_view collection);
  Table* FindTableOfType(absl::string_view type);
  // Returns the table of the record called `name`.
  Table* TableOfName(absl::string_view name);
  const std::vector<std::unique_ptr<Table>>& tables() const { return tables_; }

  // Returns a secret of 32 bytes of this service. Its replicas share it, and rotating the master key does not change
  // it. Names: "pages", "search", "requests", "checkpoints", "rows", and those given to Store::NameSecret.
  const std::string& Secret(absl::string_view name) const { return secrets_.find(name)->second; }
  bool HasSecret(absl::string_view name) const { return secrets_.find(name) != secrets_.end(); }
  // The key that signs rows.
  const std::string& RowKey() const { return Secret("rows"); }

  // Encrypts data that belongs to no single person with the service's own key, for one context only: "operations <id>
  // result".
  absl::StatusOr<std::string> Encrypt(absl::string_view context, absl::string_view plain);
  // Errors: SEALED_DATA_DAMAGED if the bytes or the context differ.
  absl::StatusOr<std::string> Decrypt(absl::string_view context, absl::string_view encrypted);

 private:
  friend class Store;
  Parts(std::string service, std::unique_ptr<Database> database, std::unique_ptr<Keyring> keyring, const Clock& clock,
        Entropy& entropy);
  ~Parts();

  const std::string service_;
  const std::unique_ptr<Database> database_;
  const std::unique_ptr<Keyring> keyring_;
  const Clock& clock_;
  Entropy& entropy_;
  const identity::Places* places_;
  std::vector<std::unique_ptr<Table>> tables_;
  std::map<std::string, std::string, std::less<>> secrets_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_PARTS_H_
