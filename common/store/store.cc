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
#include "common/store/journal.h"
#include "common/store/migrate.h"
#include "common/store/table.h"

namespace tsunagu::store {
namespace {

using google::protobuf::Message;

constexpr absl::Duration kRequestsKept = absl::Hours(24 * 8);
constexpr int kUnknownCommitTries = 3;
constexpr const char* kSecrets[] = {"pages", "search", "requests"};

// Carried out of the transaction so that it rolls back.
absl::Status OnlyValidated() { return absl::CancelledError("validate_only"); }
bool IsOnlyValidated(const absl::Status& status) {
  return absl::IsCancelled(status) && status.message() == "validate_only";
}

}  // namespace

int64_t Tx::Stamp() {
  largest_stamp_ = std::max(absl::ToUnixMicros(store_.clock().Now()), largest_stamp_ + 1);
  return largest_stamp_;
}

Store::Store(std::string service, std::unique_ptr<Database> database, const Clock& clock, Entropy& entropy)
    : service_(std::move(service)), database_(std::move(database)), clock_(clock), entropy_(entropy) {}

Store::~Store() = default;

Table& Store::Add(const records::Schema& schema) {
  return *tables_.emplace_back(std::make_unique<Table>(*this, schema));
}

void Store::AddPlain(TableDefinition definition) { plain_.push_back(std::move(definition)); }

absl::StatusOr<std::vector<std::string>> Store::Plan() {
  std::vector<TableDefinition> wanted = PlatformTables(database_->dialect());
  wanted.insert(wanted.end(), plain_.begin(), plain_.end());
  for (const auto& table : tables_) {
    for (TableDefinition& definition : table->layout().Tables()) wanted.push_back(std::move(definition));
  }
  RETURN_IF_ERROR(CheckLimits(wanted));
  return PlanMigration(*database_, wanted);
}

absl::Status Store::Open(bool may_migrate) {
  ASSIGN_OR_RETURN(const std::vector<std::string> plan, Plan());
  if (!plan.empty() && !may_migrate) {
    return absl::FailedPreconditionError(
        absl::StrCat("The database of ", service_, " lacks ", plan.size(),
                     " tables, columns or indexes. Run: tsunagu migrate --apply (see what it does with --plan).\n",
                     service_, "のデータベースに不足があります。tsunagu migrate --apply を実行してください。"));
  }
  RETURN_IF_ERROR(ApplyMigration(*database_, plan));
  return LoadSecrets();
}

absl::Status Store::LoadSecrets() {
  const absl::Time deadline = clock_.Now() + absl::Seconds(30);
  for (const char* name : kSecrets) {
    auto read = [&] {
      return database_->Read(deadline, [&](Session& session) {
        return session.Query("SELECT `bytes` FROM `secrets` WHERE `name` = ?", {absl::string_view(name)},
                             [&](const Row& row) {
                               secrets_[name] = row.Bytes(0);
                               return absl::OkStatus();
                             });
      });
    };
    RETURN_IF_ERROR(read());
    if (!secrets_[name].empty()) continue;
    const std::string fresh = Entropy::System().Bytes(32);
    const absl::Status inserted = database_->Write(deadline, [&](Session& session) {
      return session.Execute("INSERT INTO `secrets` (`name`, `bytes`) VALUES (?, ?)",
                             {absl::string_view(name), Blob{fresh}})
          .status();
    });
    Failpoint("store.after_secret");
    if (!inserted.ok() && !absl::IsAlreadyExists(inserted)) return inserted;
    RETURN_IF_ERROR(read());  // another replica may have been first
  }
  return absl::OkStatus();
}

const std::string& Store::Secret(absl::string_view name) const { return secrets_.find(name)->second; }

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
    answer = SealPrivate(response.SerializeAsString());
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
    ASSIGN_OR_RETURN(const std::string plain, OpenPrivate(answer));
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
  return ReadJournal(view, first[0], revision + 1, 1, [&](const JournalEntry& entry) -> absl::Status {
    if (!response.ParseFromString(entry.image)) return absl::DataLossError("journal image");
    if (entry.private_image.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::string plain, OpenPrivate(entry.private_image));
    return response.MergeFromString(plain) ? absl::OkStatus() : absl::DataLossError("journal image");
  });
}

absl::Status Store::ChangeOnce(const Actor& actor, absl::Time deadline, const Request& request, Message& response,
                               absl::FunctionRef<absl::Status(Tx&)> body) {
  const std::string digest = HmacSha256(Secret("requests"), request.digest);
  std::vector<std::function<void()>> on_commit;
  RETURN_IF_ERROR(database_->Write(deadline, [&](Session& session) -> absl::Status {
    on_commit.clear();
    response.Clear();
    Tx tx(*this, session, actor);
    if (!request.validate_only) {
      ASSIGN_OR_RETURN(const bool fresh, InsertRequest(tx, digest));
      if (!fresh) return Replay(tx, digest, response);
    }
    RETURN_IF_ERROR(body(tx));
    if (request.validate_only) return OnlyValidated();
    RETURN_IF_ERROR(Remember(tx, response));
    on_commit = std::move(tx.on_commit_);
    return absl::OkStatus();
  }));
  for (const auto& action : on_commit) action();
  return absl::OkStatus();
}

absl::Status Store::Change(const Actor& actor, absl::Time deadline, const Request& request, Message& response,
                           absl::FunctionRef<absl::Status(Tx&)> body) {
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
  }
  return IsOnlyValidated(status) ? absl::OkStatus() : status;
}

absl::Status Store::LogAccess(const Actor& actor, absl::Time deadline, absl::Span<const std::string> names) {
  const int64_t stamp = absl::ToUnixMicros(clock_.Now());
  const std::string id = NewKey(stamp, entropy_);
  const std::string joined = absl::StrJoin(names, " ");
  return database_->Write(deadline, [&](Session& session) {
    return session
        .Execute("INSERT INTO `access_log` (`id`, `stamp`, `actor`, `on_behalf_of`, `purpose`, `method`, `names`) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?)",
                 {Blob{id}, stamp, absl::string_view(actor.principal), absl::string_view(actor.on_behalf_of),
                  absl::string_view(actor.purpose), absl::string_view(actor.method), absl::string_view(joined)})
        .status();
  });
}

}  // namespace tsunagu::store
