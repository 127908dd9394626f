#ifndef TSUNAGU_COMMON_DB_INSTALLATION_H_
#define TSUNAGU_COMMON_DB_INSTALLATION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/database.h"

namespace tsunagu::store {

// The installation to which a database belongs, as recorded in its table `installation`.
struct Installation {
  std::string id;       // shared by the databases of one installation; empty: not recorded yet
  std::string service;  // "registry"
  std::string place;    // on MySQL the schema, so that a copy under another name is detected
};

// All fields are empty when the database records no installation.
absl::StatusOr<Installation> ReadInstallation(Database& database);

// Checks that `found` equals `expected`; OK when `found` is empty. `database` is used in the error text. Errors:
// DATABASE_OF_ANOTHER_SERVICE, DATABASE_OF_ANOTHER_INSTALLATION.
absl::Status CheckInstallation(const Installation& found, const Installation& expected, const std::string& database);

// Records the installation if the database has none. Returns the recorded one: another program may have been faster.
absl::StatusOr<Installation> KeepInstallation(Database& database, const Installation& installation, absl::Time now);

// Changes the installation of a database to `installation`, whatever it was. The service must be the same.
absl::Status AdoptDatabase(Database& database, const Installation& installation);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_INSTALLATION_H_
