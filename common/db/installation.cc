#include "common/db/installation.h"

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

Deadline Patience() { return Deadline::After(absl::Seconds(30)); }

// Returns schema and installation together, because either may be the wrong one.
std::string Words(const Installation& installation) {
  const std::string id = installation.id.empty() ? "-" : installation.id;
  return installation.place.empty() ? id : absl::StrCat(id, " ", installation.place);
}

}  // namespace

absl::StatusOr<Installation> ReadInstallation(Database& database) {
  Installation found;
  ASSIGN_OR_RETURN(const FoundTable table, database.Describe("installation"));
  if (!table.exists()) return found;
  RETURN_IF_ERROR(database.Read(Patience(), [&](Session& session) {
    found = Installation();
    return session.Query("SELECT `installation`, `service`, `place` FROM `installation` WHERE `name` = 'this'", {},
                         [&](const Row& row) {
                           found = {row.Bytes(0), row.Bytes(1), row.Bytes(2)};
                           return absl::OkStatus();
                         });
  }));
  return found;
}

absl::Status CheckInstallation(const Installation& found, const Installation& expected, const std::string& database) {
  if (found.id.empty()) return absl::OkStatus();
  if (found.service != expected.service) {
    return Fail("DATABASE_OF_ANOTHER_SERVICE"_reason,
                {{"database", database}, {"found", found.service}, {"expected", expected.service}});
  }
  if (found.id == expected.id && found.place == expected.place) return absl::OkStatus();
  return Fail("DATABASE_OF_ANOTHER_INSTALLATION"_reason,
              {{"database", database}, {"found", Words(found)}, {"expected", Words(expected)}});
}

absl::StatusOr<Installation> KeepInstallation(Database& database, const Installation& installation, absl::Time now) {
  ASSIGN_OR_RETURN(const Installation found, ReadInstallation(database));
  if (!found.id.empty()) return found;
  const absl::Status inserted = database.Write(Patience(), [&](Session& session) {
    return session
        .Execute(
            "INSERT INTO `installation` (`name`, `installation`, `service`, `place`, `create_time`) "
            "VALUES ('this', ?, ?, ?, ?)",
            {absl::string_view(installation.id), absl::string_view(installation.service),
             absl::string_view(installation.place), absl::ToUnixMicros(now)})
        .status();
  });
  if (!inserted.ok() && !absl::IsAlreadyExists(inserted)) return inserted;
  return ReadInstallation(database);
}

absl::Status AdoptDatabase(Database& database, const Installation& installation) {
  return database.Write(Patience(), [&](Session& session) {
    return session
        .Execute("UPDATE `installation` SET `installation` = ?, `place` = ? WHERE `name` = 'this' AND `service` = ?",
                 {absl::string_view(installation.id), absl::string_view(installation.place),
                  absl::string_view(installation.service)})
        .status();
  });
}

}  // namespace tsunagu::store
