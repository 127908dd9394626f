// A change and its answer: in one transaction, once for each request id.
#include <algorithm>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/clock_check.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/journal/journal.h"
#include "common/records/store.h"
#include "common/records/store_metrics.h"
#include "common/records/table.h"

namespace tsunagu::store {
namespace {

using google::protobuf::Message;

constexpr absl::Duration kRequestsKept = absl::Hours(24 * 8);
constexpr int kUnknownCommitTries = 3;

// Carried out of the transaction so that it rolls back.
absl::Status OnlyValidated() { return absl::CancelledError("validate_only"); }
bool IsOnlyValidated(const absl::Status& status) {
  return absl::IsCancelled(status) && status.message() == "validate_only";
}

std::string AnswerContext(const Actor& actor) {
  return absl::StrCat("requests ", actor.principal, " ", actor.method, " ", actor.request_id, " answer");
}

}  // namespace

int64_t Tx::Stamp() {
  largest_stamp_ = std::max(absl::ToUnixMicros(store_.clock().Now()), largest_stamp_ + 1);
  return largest_stamp_;
}

const std::string& Tx::FirstRowId(const std::string& id) {
  if (journal_key_.empty()) journal_key_ = id;
  return journal_key_;
}

absl::StatusOr<std::string> Tx::FreshKey() {
  ASSIGN_OR_RETURN(fresh_keys_.emplace_back(), store_.keyring().FreshKey());
  return fresh_keys_.back();
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
    ASSIGN_OR_RETURN(answer, Encrypt(AnswerContext(tx.actor()), response.SerializeAsString()));
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
    return tsunagu::ToStatus(MakeFault("request_id", "REQUEST_ID_REUSED"_reason));
  }
  if (!answer.empty()) {
    ASSIGN_OR_RETURN(const std::string plain, Decrypt(AnswerContext(actor), answer));
    return response.ParseFromString(plain) ? absl::OkStatus() : absl::DataLossError("kept answer");
  }
  const std::vector<std::string> first = absl::StrSplit(revisions.substr(0, revisions.find(' ')), '@');
  int64_t revision = 0;
  if (first.size() != 2 || !absl::SimpleAtoi(first[1], &revision)) return absl::DataLossError("kept revisions");
  if (first[0].empty()) return absl::OkStatus();  // it wrote nothing and answered nothing
  Table* table = TableOfName(first[0]);
  if (table == nullptr) return absl::DataLossError("kept revisions");
  if (!records::Schema::IsRecord(response.GetDescriptor())) {
    return Fail("RESOURCE_EXISTS"_reason, {{"resource", table->schema().word()},
                                                 {"resource_type", table->schema().type()},
                                                 {"name", first[0]}});
  }
  RETURN_IF_ERROR(table->Get(view, first[0]).status());  // within today's scope
  return ReadJournal(view.session(), first[0], revision + 1, 1, absl::nullopt,
                     [&](const JournalEntry& entry) { return table->ReadImage(view, entry, response); });
}

absl::Status Store::ChangeOnce(const Actor& actor, Deadline deadline, const Request& request, Message& response,
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

absl::Status Store::Change(const Actor& actor, Deadline deadline, const Request& request, Message& response,
                           absl::FunctionRef<absl::Status(Tx&)> body) {
  RETURN_IF_ERROR(CheckClock(clock_));
  Actor named = actor;
  if (named.request_id.empty()) named.request_id = NewId(clock_.Now(), entropy_);
  const std::string key = absl::StrCat(named.principal, " ", named.method, " ", named.request_id);
  {
    MutexLock lock(mutex_);
    if (!in_flight_.insert(key).second) return Fail("REQUEST_IN_FLIGHT"_reason);
  }
  const auto done = absl::MakeCleanup([&] {
    MutexLock lock(mutex_);
    in_flight_.erase(key);
  });
  // A commit without an answer is looked up by running again under the same id: it replays if it had happened.
  absl::Status status;
  for (int i = 0; i < kUnknownCommitTries; ++i) {
    const bool was_unknown = ReasonOf(status) == "COMMIT_UNKNOWN"_reason;
    const absl::Status now = ChangeOnce(named, deadline, request, response, body);
    // Not to be able to look is not to know. Nor is not to find it, until something else is written in its place: after
    // a failed sync SQLite's log may still hold it for the next start to find, and without space nothing is written.
    if (was_unknown && (absl::IsUnavailable(now) || absl::IsDeadlineExceeded(now) || absl::IsAborted(now) ||
                        absl::IsResourceExhausted(now))) {
      break;
    }
    status = now;
    if (ReasonOf(status) != "COMMIT_UNKNOWN"_reason) break;
    metrics_->unknown_commits.Add();
  }
  return IsOnlyValidated(status) ? absl::OkStatus() : status;
}

}  // namespace tsunagu::store
