#include "common/store/store.h"

#include <algorithm>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/store/access_log.h"
#include "common/store/chain.h"
#include "common/store/journal.h"
#include "common/store/migrate.h"
#include "common/store/store_metrics.h"
#include "common/store/subjects.h"
#include "common/store/table.h"

namespace tsunagu::store {
namespace {

using google::protobuf::Message;

constexpr absl::Duration kRequestsKept = absl::Hours(24 * 8);
constexpr int kUnknownCommitTries = 3;
constexpr absl::Duration kMostJump = absl::Hours(1);  // summer time elsewhere, a slow correction: no harm

// Carried out of the transaction so that it rolls back.
absl::Status OnlyValidated() { return absl::CancelledError("validate_only"); }
bool IsOnlyValidated(const absl::Status& status) {
  return absl::IsCancelled(status) && status.message() == "validate_only";
}

std::string AnswerPlace(const Actor& actor) {
  return absl::StrCat("requests ", actor.principal, " ", actor.method, " ", actor.request_id, " answer");
}

}  // namespace

int64_t Tx::Stamp() {
  largest_stamp_ = std::max(absl::ToUnixMicros(store_.clock().Now()), largest_stamp_ + 1);
  return largest_stamp_;
}

const std::string& Tx::JournalKey(const std::string& id) {
  if (journal_key_.empty()) journal_key_ = id;
  return journal_key_;
}

absl::StatusOr<std::string> Tx::FreshKey() {
  ASSIGN_OR_RETURN(fresh_keys_.emplace_back(), store_.keyring().FreshKey());
  return fresh_keys_.back();
}

Store::Store(std::string service, std::unique_ptr<Database> database, std::unique_ptr<Keyring> keyring,
             const Clock& clock, Entropy& entropy)
    : service_(std::move(service)),
      database_(std::move(database)),
      keyring_(std::move(keyring)),
      metrics_(std::make_unique<StoreMetrics>(service_, *database_)),
      clock_(clock),
      entropy_(entropy) {}

Store::~Store() = default;

Table& Store::Add(const records::Schema& schema) {
  return *tables_.emplace_back(std::make_unique<Table>(*this, schema));
}

void Store::AddPlain(TableDefinition definition) { plain_.push_back(std::move(definition)); }

absl::StatusOr<SchemaDefinition> Store::Definition() {
  SchemaDefinition schema{service_, PlatformTables(database_->dialect()), CommonSteps()};
  for (const auto& tables : {SubjectTables(database_->dialect()), AccessLogTables(database_->dialect()), plain_}) {
    schema.tables.insert(schema.tables.end(), tables.begin(), tables.end());
  }
  for (const auto& table : tables_) {
    for (TableDefinition& definition : table->layout().Tables()) schema.tables.push_back(std::move(definition));
  }
  schema.steps.insert(schema.steps.end(), steps_.begin(), steps_.end());
  RETURN_IF_ERROR(CheckLimits(schema.tables));
  return schema;
}

absl::StatusOr<MigrationPlan> Store::Plan() {
  ASSIGN_OR_RETURN(const SchemaDefinition schema, Definition());
  ASSIGN_OR_RETURN(MigrationPlan plan, PlanMigration(*database_, schema));
  for (PlannedStep& step : plan.steps) step.step = nullptr;  // it goes with the definition
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
  RETURN_IF_ERROR(LayHead());
  if (keyring_ == nullptr) return absl::OkStatus();  // nothing will be changed
  if (!opening.trusts_clock) RETURN_IF_ERROR(CheckKnownTime());
  return LoadSecrets();
}

// The chain's beginning, once in the life of a database.
absl::Status Store::LayHead() {
  const std::string start = ChainStart(service_);
  const absl::Status laid = database_->Write(clock_.Now() + absl::Seconds(30), [&](Session& session) {
    return session
        .Execute("INSERT INTO `journal_head` (`id`, `place`, `known_time`, `hash`, `epoch`, `holder`, `lease_time`, "
                 "`kept_from`) VALUES (1, 0, 0, ?, 0, '', 0, 1)",
                 {Blob{start}})
        .status();
  });
  return absl::IsAlreadyExists(laid) ? absl::OkStatus() : laid;
}

absl::Status Store::CheckKnownTime() {
  int64_t known_time = 0;
  RETURN_IF_ERROR(database_->Read(clock_.Now() + absl::Seconds(30), [&](Session& session) {
    return session.Query("SELECT `known_time` FROM `journal_head` WHERE `id` = 1", {}, [&](const Row& row) {
      known_time = row.Integer(0);
      return absl::OkStatus();
    });
  }));
  const absl::Time last = absl::FromUnixMicros(known_time);
  if (last - clock_.Now() < kMostJump) return absl::OkStatus();
  const auto text = [](absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()); };
  return Fail(reason::REASON_CLOCK_BEHIND, {{"now", text(clock_.Now())}, {"known_time", text(last)}});
}

Table* Store::FindTable(absl::string_view collection) {
  for (const auto& table : tables_) {
    if (table->schema().collection() == collection) return table.get();
  }
  return nullptr;
}

Table* Store::FindTableOfType(absl::string_view type) {
  for (const auto& table : tables_) {
    if (table->schema().type() == type) return table.get();
  }
  return nullptr;
}

Table* Store::TableOfName(absl::string_view name) {
  for (const auto& table : tables_) {
    const auto id = table->schema().IdOf(name);
    if (id.ok() && table->NameOf(*id) == name) return table.get();
  }
  return nullptr;
}

absl::Status Store::Read(const Actor& actor, absl::Time deadline, absl::FunctionRef<absl::Status(View&)> body) {
  return database_->Read(deadline, [&](Session& session) {
    View view(*this, session, actor);
    return body(view);
  });
}

absl::StatusOr<bool> Store::InsertRequest(Tx& tx, absl::string_view digest) {
  const Actor& actor = tx.actor();
  const int64_t expire = absl::ToUnixMicros(clock_.Now() + kRequestsKept);
  const absl::Status inserted =
      tx.session()
          .Execute("INSERT INTO `requests` (`caller`, `method`, `request_id`, `digest`, `expire_time`) "
                   "VALUES (?, ?, ?, ?, ?)",
                   {absl::string_view(actor.principal), absl::string_view(actor.method),
                    absl::string_view(actor.request_id), Blob{digest}, expire})
          .status();
  if (absl::IsAlreadyExists(inserted)) return false;
  RETURN_IF_ERROR(inserted);
  return true;
}

absl::Status Store::Remember(Tx& tx, const Message& response) {
  Failpoint("store.before_request_kept");
  std::vector<std::string> revisions;
  for (const auto& [name, revision] : tx.written_) revisions.push_back(absl::StrCat(name, "@", revision));
  // A record is rebuilt from its revision, so nothing of it is kept twice.
  const bool record = records::Schema::IsRecord(response.GetDescriptor());
  std::string answer;
  if (record) {
    const auto& schema = records::Schema::Of(response.GetDescriptor());
    revisions.insert(revisions.begin(), absl::StrCat(schema.NameIn(response), "@", RevisionOf(schema, response)));
  } else if (tx.keeps_answer_) {
    ASSIGN_OR_RETURN(answer, Seal(AnswerPlace(tx.actor()), response.SerializeAsString()));
  }
  const std::string joined = absl::StrJoin(revisions, " ");
  const Actor& actor = tx.actor();
  return tx.session()
      .Execute("UPDATE `requests` SET `revisions` = ?, `answer` = ? WHERE `caller` = ? AND `method` = ? AND "
               "`request_id` = ?",
               {absl::string_view(joined), Blob{answer}, absl::string_view(actor.principal),
                absl::string_view(actor.method), absl::string_view(actor.request_id)})
      .status();
}

absl::Status Store::Replay(View& view, absl::string_view digest, Message& response) {
  const Actor& actor = view.actor();
  std::string kept_digest, revisions, answer;
  RETURN_IF_ERROR(view.session().Query(
      "SELECT `digest`, `revisions`, `answer` FROM `requests` WHERE `caller` = ? AND `method` = ? AND `request_id` = ?",
      {absl::string_view(actor.principal), absl::string_view(actor.method), absl::string_view(actor.request_id)},
      [&](const Row& row) {
        kept_digest = row.Bytes(0);
        revisions = row.Bytes(1);
        answer = row.Bytes(2);
        return absl::OkStatus();
      }));
  if (!EqualInConstantTime(kept_digest, digest)) {
    return tsunagu::ToStatus(MakeFault("request_id", reason::REASON_REQUEST_ID_REUSED));
  }
  if (!answer.empty()) {
    ASSIGN_OR_RETURN(const std::string plain, Unseal(AnswerPlace(actor), answer));
    return response.ParseFromString(plain) ? absl::OkStatus() : absl::DataLossError("kept answer");
  }
  const std::vector<std::string> first = absl::StrSplit(revisions.substr(0, revisions.find(' ')), '@');
  int64_t revision = 0;
  if (first.size() != 2 || !absl::SimpleAtoi(first[1], &revision)) return absl::DataLossError("kept revisions");
  if (first[0].empty()) return absl::OkStatus();  // it wrote nothing and answered nothing
  Table* table = TableOfName(first[0]);
  if (table == nullptr) return absl::DataLossError("kept revisions");
  if (!records::Schema::IsRecord(response.GetDescriptor())) {
    return Fail(reason::REASON_RESOURCE_EXISTS, {{"resource", table->schema().word()},
                                                 {"resource_type", table->schema().type()},
                                                 {"name", first[0]}});
  }
  RETURN_IF_ERROR(table->Get(view, first[0]).status());  // within today's scope
  return ReadJournal(view, first[0], revision + 1, 1, absl::nullopt,
                     [&](const JournalEntry& entry) { return table->ReadImage(view, entry, response); });
}

absl::Status Store::ChangeOnce(const Actor& actor, absl::Time deadline, const Request& request, Message& response,
                               absl::FunctionRef<absl::Status(Tx&)> body) {
  const std::string digest = HmacSha256(Secret("requests"), request.digest);
  std::vector<std::function<void()>> on_commit;
  bool journaled = false;
  bool replayed = false;
  RETURN_IF_ERROR(database_->Write(deadline, [&](Session& session) -> absl::Status {
    on_commit.clear();
    journaled = false;
    response.Clear();
    Tx tx(*this, session, actor);
    auto give_back = absl::MakeCleanup([&] { keyring_->GiveBack(std::move(tx.fresh_keys_)); });
    if (!request.validate_only) {
      ASSIGN_OR_RETURN(const bool fresh, InsertRequest(tx, digest));
      replayed = !fresh;
      if (!fresh) return Replay(tx, digest, response);
    }
    RETURN_IF_ERROR(body(tx));
    if (request.validate_only) return OnlyValidated();
    RETURN_IF_ERROR(Remember(tx, response));
    on_commit = std::move(tx.on_commit_);
    journaled = !tx.journal_key_.empty();
    std::move(give_back).Cancel();
    return absl::OkStatus();
  }));
  if (replayed) metrics_->replays.Add();
  for (const auto& action : on_commit) action();
  if (journaled) {
    MutexLock lock(mutex_);
    on_journaled_();
  }
  return absl::OkStatus();
}

absl::Status Store::CheckClock() const {
  const absl::Duration jumped = clock_.Jumped();
  if (absl::AbsDuration(jumped) < kMostJump) return absl::OkStatus();
  return Fail(reason::REASON_CLOCK_JUMPED, {{"hours", absl::StrCat(absl::ToInt64Hours(jumped))}});
}

absl::Status Store::Change(const Actor& actor, absl::Time deadline, const Request& request, Message& response,
                           absl::FunctionRef<absl::Status(Tx&)> body) {
  RETURN_IF_ERROR(CheckClock());
  Actor named = actor;
  if (named.request_id.empty()) named.request_id = NewId(clock_.Now(), entropy_);
  const std::string key = absl::StrCat(named.principal, " ", named.method, " ", named.request_id);
  {
    MutexLock lock(mutex_);
    if (!in_flight_.insert(key).second) return Fail(reason::REASON_REQUEST_IN_FLIGHT);
  }
  const auto done = absl::MakeCleanup([&] {
    MutexLock lock(mutex_);
    in_flight_.erase(key);
  });
  // A commit without an answer is looked up by running again under the same id: it replays if it had happened.
  absl::Status status;
  for (int i = 0; i < kUnknownCommitTries; ++i) {
    const bool was_unknown = ReasonOf(status) == reason::REASON_COMMIT_UNKNOWN;
    const absl::Status now = ChangeOnce(named, deadline, request, response, body);
    // Not to be able to look is not to know. Nor is not to find it, until something else is written in its place: after
    // a failed sync SQLite's log may still hold it for the next start to find, and without space nothing is written.
    if (was_unknown && (absl::IsUnavailable(now) || absl::IsDeadlineExceeded(now) || absl::IsAborted(now) ||
                        absl::IsResourceExhausted(now))) {
      break;
    }
    status = now;
    if (ReasonOf(status) != reason::REASON_COMMIT_UNKNOWN) break;
    metrics_->unknown_commits.Add();
  }
  return IsOnlyValidated(status) ? absl::OkStatus() : status;
}

void Store::OnJournaled(std::function<void()> action) {
  MutexLock lock(mutex_);
  on_journaled_ = std::move(action);
}

}  // namespace tsunagu::store
