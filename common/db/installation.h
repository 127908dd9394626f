#ifndef TSUNAGU_COMMON_DB_INSTALLATION_H_
#define TSUNAGU_COMMON_DB_INSTALLATION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/database.h"

namespace tsunagu::store {

// To whom a database belongs, as its table `installation` says.
struct Installation {
  std::string id;       // shared by the databases of one installation; empty: it does not say yet
  std::string service;  // "registry"
  std::string place;    // on MySQL the schema, so that a copy under another name is noticed
};

// All empty where it does not say.
absl::StatusOr<Installation> ReadInstallation(Database& database);

// DATABASE_OF_ANOTHER_SERVICE, DATABASE_OF_ANOTHER_INSTALLATION where `found` is not as `expected`; `database` is for
// that text. What does not say yet is anybody's.
absl::Status CheckInstallation(const Installation& found, const Installation& expected, const std::string& database);

// Writes it where the database does not say yet. What it says then: another program may have been faster.
absl::StatusOr<Installation> KeepInstallation(Database& database, const Installation& installation, absl::Time now);

// Makes a database one of `installation`, whatever it was; its service has to be the same.
absl::Status AdoptDatabase(Database& database, const Installation& installation);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_INSTALLATION_H_
