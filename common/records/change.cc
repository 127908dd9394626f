// A change and its answer: in one transaction, once per request id.
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
#include "common/journal/reached.h"
#include "common/records/requests.h"
#include "common/records/store.h"
#include "common/records/store_metrics.h"
#include "common/records/table.h"

namespace tsunagu::store {
namespace {

using google::protobuf::Message;

constexpr absl::Duration kRequestsKept = absl::Hours(24 * 8);
constexpr int kUnknownCommitTries = 3;
constexpr size_t kRevisionsKept = 100;  // per request; a change may write more revisions than its row can hold

// Returned from the transaction so that it rolls back.
absl::Status OnlyValidated() { return absl::CancelledError("validate_only"); }
bool IsOnlyValidated(const absl::Status& status) {
  return absl::IsCancelled(status) && status.message() == "validate_only";
}

// Returned from the transaction, so that the effects of a repeated request are rolled back.
absl::Status Repeated() { return absl::CancelledError("repeated"); }
bool IsRepeated(const absl::Status& status) { return absl::IsCancelled(status) && status.message() == "repeated"; }

// Returns whether the error may come from an earlier run of the same request: RESOURCE_EXISTS, ETAG_MISMATCH.
bool MayBeRepetition(const absl::Status& status) {
  return !absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status) && !absl::IsResourceExhausted(status) &&
         !IsOnlyValidated(status) && ReasonOf(status) != "COMMIT_UNKNOWN"_reason;
}

// Includes the person: a service that calls for many people has no requests of its own, and each person chooses ids
// separately.
std::string AnswerContext(const Actor& actor) {
  return absl::StrCat("requests ", actor.Person(), " ", actor.method, " ", actor.request_id, " answer");
}

}  // namespace

absl::Status Store::Remember(Tx& tx, absl::string_view digest, const Message& response) {
  Failpoint("store.before_request_kept");
  std::vector<std::string> revisions;
  for (const auto& [name, revision] : tx.written_) {
    if (revisions.size() == kRevisionsKept) break;
    revisions.push_back(absl::StrCat(name, "@", revision));
  }
  // A record is rebuilt from its revision, so nothing is stored twice.
  const bool record = contract::Schema::IsRecord(response.GetDescriptor());
  std::string answer;
  if (record) {
    const auto& schema = contract::Schema::Of(response.GetDescriptor());
    revisions.insert(revisions.begin(), absl::StrCat(schema.NameIn(response), "@", RevisionOf(schema, response)));
  } else if (tx.keeps_answer_) {
    ASSIGN_OR_RETURN(answer, Encrypt(AnswerContext(tx.actor()), response.SerializeAsString()));
  }
  const std::string joined = absl::StrJoin(revisions, " ");
  const int64_t expire = absl::ToUnixMicros(clock_.Now() + kRequestsKept);
  const Actor& actor = tx.actor();
  std::vector<Value> values = {absl::string_view(actor.Person()),   absl::string_view(actor.method),
                               absl::string_view(actor.request_id), Blob{digest},
                               absl::string_view(joined),           Blob{answer}};
  const std::string mac = RequestTable().Mac(RowKey(), values);
  values.insert(values.end(), {Blob{mac}, expire});
  const absl::Status kept =
      tx.session()
          .Execute(
              "INSERT INTO `requests` (`caller`, `method`, `request_id`, `digest`, `revisions`, `answer`, `mac`, "
              "`expire_time`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
              values)
          .status();
  return absl::IsAlreadyExists(kept) ? Repeated() : kept;
}

absl::StatusOr<bool> Store::Replay(View& view, absl::string_view digest, Message& response) {
  const Actor& actor = view.actor();
  std::string kept_digest, revisions, answer;
  bool known = false;
  static const auto& sql =
      *new std::string(absl::StrCat("SELECT ", RequestTable().columns(),
                                    " FROM `requests` WHERE `caller` = ? AND `method` = ? AND `request_id` = ?"));
  RETURN_IF_ERROR(view.session().Query(
      sql, {absl::string_view(actor.Person()), absl::string_view(actor.method), absl::string_view(actor.request_id)},
      [&](const Row& row) -> absl::Status {
        if (!RequestTable().IsGenuine(RowKey(), row)) return ForgedRow(RequestTable());
        known = true;
        kept_digest = row.Bytes(3);
        revisions = row.Bytes(4);
        answer = row.Bytes(5);
        return absl::OkStatus();
      }));
  if (!known) return false;
  if (!EqualInConstantTime(kept_digest, digest)) {
    return tsunagu::ToStatus(MakeFault("request_id", "REQUEST_ID_REUSED"_reason));
  }
  if (!answer.empty()) {
    ASSIGN_OR_RETURN(const std::string plain, Decrypt(AnswerContext(actor), answer));
    if (!response.ParseFromString(plain)) return absl::DataLossError("kept answer");
    return true;
  }
  const std::vector<std::string> first = absl::StrSplit(revisions.substr(0, revisions.find(' ')), '@');
  int64_t revision = 0;
  if (first.size() != 2 || !absl::SimpleAtoi(first[1], &revision)) return absl::DataLossError("kept revisions");
  if (first[0].empty()) return true;  // the request wrote nothing and answered nothing
  Table* table = TableOfName(first[0]);
  if (table == nullptr) return absl::DataLossError("kept revisions");
  if (!contract::Schema::IsRecord(response.GetDescriptor())) {
    return Fail("RESOURCE_EXISTS"_reason,
                {{"resource", table->schema().word()}, {"resource_type", table->schema().type()}, {"name", first[0]}});
  }
  RETURN_IF_ERROR(table->Get(view, first[0]).status());  // within today's scope
  RETURN_IF_ERROR(ReadJournal(view.session(), first[0], revision + 1, 1, absl::nullopt,
                              [&](const JournalEntry& entry) { return table->ReadImage(view, entry, response); }));
  return true;
}

absl::StatusOr<bool> Store::ReplayKnown(const Actor& actor, Deadline deadline, absl::string_view digest,
                                        Message& response) {
  bool known = false;
  const Record first(response.New());  // when there is no answer, the response stays as the body has left it
  RETURN_IF_ERROR(database_->Read(deadline, [&](Session& session) -> absl::Status {
    View view(*this, session, actor, /*reads_personal=*/true);
    ASSIGN_OR_RETURN(known, Replay(view, digest, *first));
    return absl::OkStatus();
  }));
  if (!known) return false;
  response.GetReflection()->Swap(&response, first.get());
  metrics_->replays.Add();
  return true;
}

absl::StatusOr<bool> Store::FindAnswer(const Actor& actor, Deadline deadline, const Request& request,
                                       Message& response) {
  if (actor.request_id.empty() || request.validate_only) return false;
  return ReplayKnown(actor, deadline, HmacSha256(Secret("requests"), request.digest), response);
}

// Runs the body first and records the request last: this needs one statement, and repetitions are rare. A repetition is
// detected by the existing record of the request, or by an error that the first run has caused, such as
// RESOURCE_EXISTS.
absl::Status Store::ChangeOnce(const Actor& actor, Deadline deadline, const Request& request, bool may_be_known,
                               Message& response, absl::FunctionRef<absl::Status(Tx&)> body) {
  const std::string digest = HmacSha256(Secret("requests"), request.digest);
  std::vector<std::function<void()>> on_commit;
  std::vector<std::string> reserved;
  for (int i = 0; i < request.fresh_keys; ++i) {
    ASSIGN_OR_RETURN(reserved.emplace_back(), keyring_->FreshKey());
  }
  const auto give_back = absl::MakeCleanup([&] { keyring_->GiveBack(std::move(reserved)); });
  bool journaled = false, places_change = false;
  Reached::Point point;
  size_t keys_used = 0;
  const absl::Status written = database_->Write(deadline, [&](Session& session) -> absl::Status {
    on_commit.clear();
    journaled = places_change = false;
    keys_used = 0;
    response.Clear();
    Tx tx(*this, session, actor);
    tx.fresh_keys_ = std::move(reserved);
    const auto keep = absl::MakeCleanup([&] { reserved = std::move(tx.fresh_keys_); });
    RETURN_IF_ERROR(body(tx));
    if (request.validate_only) return OnlyValidated();
    RETURN_IF_ERROR(tx.WriteJournal());
    RETURN_IF_ERROR(Remember(tx, digest, response));
    on_commit = std::move(tx.on_commit_);
    journaled = !tx.first_row_id().empty();
    point = {tx.journaled_.place, tx.journaled_.known_time, ""};
    places_change = tx.places_change_;
    keys_used = tx.keys_used_;
    return absl::OkStatus();
  });
  // Once a commit was tried, it may have succeeded, so the keys of this transaction are not given to anybody else.
  reserved.erase(reserved.begin(), reserved.begin() + static_cast<int64_t>(keys_used));
  if (!written.ok()) {
    if (request.validate_only || !may_be_known || !MayBeRepetition(written)) return written;
    ASSIGN_OR_RETURN(const bool replayed, ReplayKnown(actor, deadline, digest, response));
    if (replayed) return absl::OkStatus();
    return IsRepeated(written) ? absl::DataLossError("a repeated request is not there") : written;
  }
  if (reached_ != nullptr && journaled) reached_->Advance(point);  // before anybody learns of the commit
  for (const auto& action : on_commit) action();
  if (places_change) on_places_changed_();
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
  const std::string key = absl::StrCat(named.Person(), " ", named.method, " ", named.request_id);
  {
    MutexLock lock(mutex_);
    if (!in_flight_.insert(key).second) return Fail("REQUEST_IN_FLIGHT"_reason);
  }
  const auto done = absl::MakeCleanup([&] {
    MutexLock lock(mutex_);
    in_flight_.erase(key);
  });
  // The outcome of a commit without an answer is found out by running again under the same id: if it had succeeded, the
  // answer is replayed.
  absl::Status status;
  bool may_be_known = !actor.request_id.empty();
  for (int i = 0; i < kUnknownCommitTries; ++i) {
    const bool was_unknown = ReasonOf(status) == "COMMIT_UNKNOWN"_reason;
    const absl::Status now = ChangeOnce(named, deadline, request, may_be_known, response, body);
    // If the retry cannot reach the database, the first commit's outcome is still unknown. "Not found" is no proof
    // either: after a failed fsync SQLite's log may still hold the transaction and replay it at the next start. So
    // COMMIT_UNKNOWN stays until a later write has succeeded.
    if (was_unknown && (absl::IsUnavailable(now) || absl::IsDeadlineExceeded(now) || absl::IsAborted(now) ||
                        absl::IsResourceExhausted(now))) {
      break;
    }
    status = now;
    if (ReasonOf(status) != "COMMIT_UNKNOWN"_reason) break;
    may_be_known = true;
    metrics_->unknown_commits.Add();
  }
  return IsOnlyValidated(status) ? absl::OkStatus() : status;
}

}  // namespace tsunagu::store
