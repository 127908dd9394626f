// Migrates the tables to this binary (tsunagu migrate).
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/db/migrate.h"
#include "common/db/open.h"
#include "common/host/data_folder.h"
#include "common/host/databases.h"
#include "common/host/keys.h"
#include "common/records/store.h"
#include "common/service/service.h"

namespace tsunagu {
namespace {

void Note(const store::MigrationPlan& plan, const std::string& database, Migration& migration) {
  for (const std::string& text : plan.Texts()) migration.steps.push_back(absl::StrCat(database, ": ", text));
  const absl::Status fit = store::CheckDifferences(plan, database);
  if (!fit.ok()) migration.refusals.push_back(fit);
}

}  // namespace

absl::StatusOr<Migration> Migrate(const HostConfig& config, absl::Span<const ServiceKind> kinds, bool apply) {
  ASSIGN_OR_RETURN(const std::vector<const ServiceKind*> chosen, Chosen(config, kinds));
  std::unique_ptr<FolderLock> lock;
  if (apply && !IsMysql(config)) {
    ASSIGN_OR_RETURN(lock, FolderLock::Take(config.data_dir));
  }
  ASSIGN_OR_RETURN(Databases databases,
                   Databases::Open(config, chosen, apply ? Databases::Use::kServe : Databases::Use::kLook));
  Migration migration;
  for (const ServiceKind* kind : chosen) {
    ASSIGN_OR_RETURN(const store::MigrationPlan key_plan, MigrateKeyStore(config, kind->name, apply));
    Note(key_plan, absl::StrCat(kind->name, " keys"), migration);
    Service service(kind->name, databases.Take(kind->name), nullptr, Clock::System(), Entropy::System());
    kind->build(service, [](absl::string_view) { return PeerAccess(); });
    ASSIGN_OR_RETURN(const store::MigrationPlan plan, service.store().Plan());
    Note(plan, kind->name, migration);
    if (!apply) continue;
    store::Opening opening = databases.OpeningOf(kind->name);
    opening.may_migrate = true;
    RETURN_IF_ERROR(service.store().Open(opening));
    ASSIGN_OR_RETURN(const std::unique_ptr<store::Database> keys, store::Open(KeysDatabaseOf(config, kind->name)));
    RETURN_IF_ERROR(databases.Sign(service.store().database(), *keys, kind->name, Clock::System()));
  }
  return migration;
}

}  // namespace tsunagu
