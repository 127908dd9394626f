#include "common/records/store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/clock_check.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/db/foreign_tables.h"
#include "common/db/migrate.h"
#include "common/journal/chain.h"
#include "common/journal/journal.h"
#include "common/journal/pending.h"
#include "common/journal/reached.h"
#include "common/journal/signed_table.h"
#include "common/keys/key_store.h"
#include "common/records/access_log.h"
#include "common/records/access_log_chain.h"
#include "common/records/requests.h"
#include "common/records/store_metrics.h"
#include "common/records/subjects.h"
#include "common/records/table.h"

namespace tsunagu::store {
namespace {

absl::Status SayForeignTables(Database& database, const std::string& service, absl::Span<const TableDefinition> known) {
  ASSIGN_OR_RETURN(const std::vector<std::string> foreign, ForeignTables(database, known));
  if (foreign.empty()) return absl::OkStatus();
  log::Line(log::Level::kWarning, "foreign_tables")
      .Add("service", service)
      .Add("tables", absl::StrJoin(foreign, ", "))
      .Write();
  return absl::OkStatus();
}

}  // namespace

Store::Store(std::string service, std::unique_ptr<Database> database, std::unique_ptr<Keyring> keyring,
             const Clock& clock, Entropy& entropy)
    : Parts(std::move(service), std::move(database), std::move(keyring), clock, entropy),
      metrics_(std::make_unique<StoreMetrics>(service_, *database_)) {
  AddSubjectTables(*this);
  AddRequestTables(*this);
}

Store::~Store() = default;

Table& Store::Add(const contract::Schema& schema) {
  return *tables_.emplace_back(std::make_unique<Table>(*this, schema));
}

Table& Store::AddRights(const contract::Schema& schema) {
  return *tables_.emplace_back(std::make_unique<Table>(*this, schema, true));
}

void Store::AddPlain(TableDefinition definition) { plain_.push_back(std::move(definition)); }

void Store::AddSigned(const SignedTable& table, TableDefinition definition) {
  signed_.push_back(&table);
  AddPlain(table.WithMac(std::move(definition), database_->dialect()));
}

absl::StatusOr<SchemaDefinition> Store::Definition() {
  SchemaDefinition schema{service_, JournalTables(database_->dialect()), CommonSteps()};
  schema.tables.push_back(GuardTable(database_->dialect()));
  for (const auto& tables : {AccessLogTables(database_->dialect()), plain_}) {
    schema.tables.insert(schema.tables.end(), tables.begin(), tables.end());
  }
  for (const auto& table : tables_) {
    for (TableDefinition& definition : table->shape().Tables()) schema.tables.push_back(std::move(definition));
  }
  schema.steps.insert(schema.steps.end(), steps_.begin(), steps_.end());
  RETURN_IF_ERROR(CheckLimits(schema.tables));
  return schema;
}

absl::StatusOr<MigrationPlan> Store::Plan() {
  ASSIGN_OR_RETURN(const SchemaDefinition schema, Definition());
  ASSIGN_OR_RETURN(MigrationPlan plan, PlanMigration(*database_, schema));
  for (PlannedStep& step : plan.steps) step.step = nullptr;  // the definition, which owns the step, is destroyed here
  return plan;
}

absl::Status Store::Open(const Opening& opening) {
  ASSIGN_OR_RETURN(const SchemaDefinition schema, Definition());
  if (opening.may_migrate) {
    RETURN_IF_ERROR(ApplyMigration(*database_, schema, opening.before_changes));
  } else {
    ASSIGN_OR_RETURN(const MigrationPlan plan, PlanMigration(*database_, schema));
    RETURN_IF_ERROR(CheckSchema(plan, service_));
  }
  RETURN_IF_ERROR(SayForeignTables(*database_, service_, schema.tables));
  RETURN_IF_ERROR(LayHead());
  RETURN_IF_ERROR(LayAccessLogHead(*database_, service_));
  if (keyring_ == nullptr) return absl::OkStatus();  // nothing will be changed
  if (!opening.trusts_clock) RETURN_IF_ERROR(CheckKnownTime());
  if (!opening.reached_file.empty()) {
    reached_ = std::make_unique<Reached>(opening.reached_file);
    RETURN_IF_ERROR(CheckReached());
  }
  RETURN_IF_ERROR(LoadSecrets());
  return SignOldRows();
}

// Runs once, in a database from before rows were signed. The key store records that it was done: somebody who can
// change only the database cannot make the program sign forged rows. Rows that give rights were signed in an earlier
// version than other records.
absl::Status Store::SignOldRows() {
  constexpr absl::string_view kMark = "rows are signed", kRecordsMark = "records are signed";
  KeyStore& keys = keyring_->store();
  ASSIGN_OR_RETURN(const absl::optional<KeyStore::Mark> mark, keys.FindMark(kMark));
  ASSIGN_OR_RETURN(const absl::optional<KeyStore::Mark> records_mark, keys.FindMark(kRecordsMark));
  for (const auto& table : tables_) {
    if (!(table->gives_rights() ? mark : records_mark).has_value()) RETURN_IF_ERROR(table->SignRows());
  }
  if (!mark.has_value()) {
    for (const SignedTable* table : signed_) RETURN_IF_ERROR(table->SignAll(*database_, RowKey()));
    RETURN_IF_ERROR(SignPending(*database_, RowKey()));
    RETURN_IF_ERROR(SignWaiting(*database_, RowKey()));
    RETURN_IF_ERROR(keys.SetMark(kMark, {}));
  }
  return records_mark.has_value() ? absl::OkStatus() : keys.SetMark(kRecordsMark, {});
}

// Checks that everything acknowledged is in the database.
absl::Status Store::CheckReached() {
  ASSIGN_OR_RETURN(const Reached::Point point, reached_->Read());
  Reached::Point end;
  bool has_row = point.access_log_id.empty();
  RETURN_IF_ERROR(database_->Read(Deadline::After(absl::Seconds(30)), [&](Session& session) -> absl::Status {
    RETURN_IF_ERROR(
        session.Query("SELECT `place`, `known_time` FROM `journal_head` WHERE `id` = 1", {}, [&](const Row& row) {
          end.place = row.Integer(0);
          end.known_time = row.Integer(1);
          return absl::OkStatus();
        }));
    return session.Query("SELECT 1 FROM `access_log` WHERE `id` = ?", {Blob{point.access_log_id}}, [&](const Row&) {
      has_row = true;
      return absl::OkStatus();
    });
  }));
  const auto text = [](int64_t micros) {
    return micros == 0 ? "-"
                       : absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMicros(micros), absl::UTCTimeZone());
  };
  if (end.place < point.place) {
    return Fail("CHANGES_LOST"_reason, {{"service", service_},
                                        {"count", absl::StrCat(point.place - end.place)},
                                        {"place", absl::StrCat(point.place)},
                                        {"reached", text(point.known_time)},
                                        {"found", absl::StrCat(end.place)},
                                        {"until", text(end.known_time)}});
  }
  if (has_row) return absl::OkStatus();
  return Fail("ACCESS_LOG_LOST"_reason, {{"service", service_}, {"reached", text(StampOf(point.access_log_id))}});
}

// Creates the head of the chain, once in the life of a database.
absl::Status Store::LayHead() {
  const std::string start = ChainStart(service_);
  const absl::Status laid = database_->Write(Deadline::After(absl::Seconds(30)), [&](Session& session) {
    return session
        .Execute(
            "INSERT INTO `journal_head` (`id`, `place`, `known_time`, `hash`, `epoch`, `holder`, `lease_time`, "
            "`kept_from`) VALUES (1, 0, 0, ?, 0, '', 0, 1)",
            {Blob{start}})
        .status();
  });
  return absl::IsAlreadyExists(laid) ? absl::OkStatus() : laid;
}

absl::Status Store::CheckKnownTime() {
  int64_t known_time = 0;
  RETURN_IF_ERROR(database_->Read(Deadline::After(absl::Seconds(30)), [&](Session& session) {
    return session.Query("SELECT `known_time` FROM `journal_head` WHERE `id` = 1", {}, [&](const Row& row) {
      known_time = row.Integer(0);
      return absl::OkStatus();
    });
  }));
  const absl::Time last = absl::FromUnixMicros(known_time);
  if (last - clock_.Now() < kHarmlessJump) return absl::OkStatus();
  const auto text = [](absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()); };
  return Fail("CLOCK_BEHIND"_reason, {{"now", text(clock_.Now())}, {"known_time", text(last)}});
}

void Store::ForgetDeleted() {
  if (!keeps_deleted_.exchange(false)) return;
  const bool data = database_->ForgetDeleted().value_or(false);
  const bool keys = keyring_->store().database().ForgetDeleted().value_or(false);
  if (!data || !keys) keeps_deleted_ = true;
}

absl::Status Store::Read(const Actor& actor, Deadline deadline, absl::FunctionRef<absl::Status(View&)> body) {
  return database_->Read(deadline, [&](Session& session) {
    View view(*this, session, actor);
    return body(view);
  });
}

absl::Status Store::ReadInTurn(const Actor& actor, Deadline deadline, absl::FunctionRef<absl::Status(View&)> body) {
  return database_->ReadInTurn(deadline, [&](Session& session) {
    View view(*this, session, actor);
    return body(view);
  });
}

void Store::OnLogged(std::function<void()> action) {
  MutexLock lock(mutex_);
  on_logged_ = std::move(action);
}

void Store::OnJournaled(std::function<void()> action) {
  MutexLock lock(mutex_);
  on_journaled_ = std::move(action);
}

}  // namespace tsunagu::store
