#include "common/records/pending_change.h"

#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock_check.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/store_metrics.h"

namespace tsunagu::store {
namespace {

constexpr int kUnknownCommitTries = 3;

// Returned from the transaction so that it rolls back.
absl::Status OnlyValidated() { return absl::CancelledError("validate_only"); }
bool IsOnlyValidated(const absl::Status& status) {
  return absl::IsCancelled(status) && status.message() == "validate_only";
}

// Returned from the transaction, so that the effects of a repeated request are rolled back.
absl::Status Repeated() { return absl::CancelledError("repeated"); }
bool IsRepeated(const absl::Status& status) { return absl::IsCancelled(status) && status.message() == "repeated"; }

bool IsCommitUnknown(const absl::Status& status) { return ReasonOf(status) == "COMMIT_UNKNOWN"_reason; }

}  // namespace

PendingChange::PendingChange(Store& store, identity::Actor actor, Deadline deadline, ChangeRequest request,
                             google::protobuf::Message& response, std::function<absl::Status(Tx&)> body)
    : store_(store),
      actor_(std::move(actor)),
      deadline_(deadline),
      request_(std::move(request)),
      response_(response),
      body_(std::move(body)) {}

PendingChange::~PendingChange() {
  DropUsedKeys();
  if (written_.has_value() && written_->ok()) Follow(/*may_wait=*/false);
  if (written_.has_value() && IsCommitUnknown(*written_)) store_.metrics_->unknown_commits.Add();
  Leave();
}

void PendingChange::Leave() {
  if (!reserved_.empty()) store_.keyring().GiveBack(std::exchange(reserved_, {}));
  if (key_.empty()) return;
  MutexLock lock(store_.mutex_);
  store_.in_flight_.erase(std::exchange(key_, ""));
}

absl::Status PendingChange::Start() {
  RETURN_IF_ERROR(CheckClock(store_.clock()));
  may_be_known_ = !actor_.request_id.empty();
  if (!may_be_known_) actor_.request_id = NewId(store_.clock().Now(), store_.entropy());
  std::string key = absl::StrCat(actor_.Person(), " ", actor_.method, " ", actor_.request_id);
  {
    MutexLock lock(store_.mutex_);
    if (!store_.in_flight_.insert(key).second) return Fail("REQUEST_IN_FLIGHT"_reason);
  }
  key_ = std::move(key);
  digest_ = HmacSha256(store_.Secret("requests"), request_.digest);
  return absl::OkStatus();
}

bool PendingChange::WriteLater(std::function<void()> done) {
  return store_.database().WriteLater(
      deadline_, [this](Session& session) { return RunIn(session); },
      [this, done = std::move(done)](absl::Status written) {
        written_ = std::move(written);
        done();
      });
}

bool PendingChange::FinishesAtOnce() const {
  if (!written_.has_value()) return false;
  if (written_->ok()) return on_commit_.empty() && !places_change_;
  return !IsCommitUnknown(*written_) && !MayBeRepetition(*written_);
}

absl::Status PendingChange::Finish() {
  const absl::Status outcome = Outcome();
  Leave();  // before the answer, because the caller may send the same request again at once
  return outcome;
}

// The outcome of a commit without an answer is found out by running again under the same id: if it had succeeded, the
// answer is replayed.
absl::Status PendingChange::Outcome() {
  absl::Status status;
  for (int i = 0; i < kUnknownCommitTries; ++i) {
    const bool was_unknown = IsCommitUnknown(status);
    const absl::Status now = Settle(written_.has_value() ? *std::exchange(written_, std::nullopt) : Write());
    // If the retry cannot reach the database, the first commit's outcome is still unknown. "Not found" is no proof
    // either: after a failed fsync SQLite's log may still hold the transaction and replay it at the next start. So
    // COMMIT_UNKNOWN stays until a later write has succeeded.
    if (was_unknown && (absl::IsUnavailable(now) || absl::IsDeadlineExceeded(now) || absl::IsAborted(now) ||
                        absl::IsResourceExhausted(now))) {
      break;
    }
    status = now;
    if (!IsCommitUnknown(status)) break;
    may_be_known_ = true;
    store_.metrics_->unknown_commits.Add();
  }
  return IsOnlyValidated(status) ? absl::OkStatus() : status;
}

absl::Status PendingChange::Write() {
  while (reserved_.size() < static_cast<size_t>(request_.fresh_keys)) {
    ASSIGN_OR_RETURN(reserved_.emplace_back(), store_.keyring().FreshKeyId());
  }
  return store_.database().Write(deadline_, [this](Session& session) { return RunIn(session); });
}

// Runs the body first and records the request last: this needs one statement, and repetitions are rare. A repetition is
// detected by the existing record of the request, or by an error that the first run has caused, such as
// RESOURCE_EXISTS.
absl::Status PendingChange::RunIn(Session& session) {
  on_commit_.clear();
  journaled_ = places_change_ = false;
  keys_used_ = 0;
  response_.Clear();
  Tx tx(store_, session, actor_);
  tx.fresh_keys_ = std::move(reserved_);
  const auto keep = absl::MakeCleanup([&] { reserved_ = std::move(tx.fresh_keys_); });
  RETURN_IF_ERROR(body_(tx));
  RETURN_IF_ERROR(tx.collected_.Write(session));
  if (request_.validate_only) return OnlyValidated();
  RETURN_IF_ERROR(tx.WriteJournal());
  const absl::Status kept = store_.Remember(tx, digest_, response_);
  if (absl::IsAlreadyExists(kept)) return Repeated();
  RETURN_IF_ERROR(kept);
  on_commit_ = std::move(tx.on_commit_);
  journaled_ = !tx.first_row_id().empty();
  point_ = {tx.journaled_.place, tx.journaled_.known_time, ""};
  places_change_ = tx.places_change_;
  keys_used_ = tx.keys_used_;
  return absl::OkStatus();
}

// Once a commit was tried, it may have succeeded, so the keys of this transaction are not given to anybody else.
void PendingChange::DropUsedKeys() {
  reserved_.erase(reserved_.begin(), reserved_.begin() + static_cast<int64_t>(std::exchange(keys_used_, 0)));
}

absl::Status PendingChange::Settle(const absl::Status& written) {
  DropUsedKeys();
  if (written.ok()) {
    Follow(/*may_wait=*/true);
    return absl::OkStatus();
  }
  if (!MayBeRepetition(written)) return written;
  ASSIGN_OR_RETURN(const bool replayed, store_.ReplayKnown(actor_, deadline_, digest_, response_));
  if (replayed) return absl::OkStatus();
  return IsRepeated(written) ? absl::DataLossError("a repeated request is not there") : written;
}

void PendingChange::Follow(bool may_wait) {
  if (store_.reached_ != nullptr && journaled_)
    store_.reached_->Advance(point_);  // before anybody learns of the commit
  if (may_wait) {
    for (const auto& action : on_commit_) action();
    if (places_change_) store_.on_places_changed_();
  }
  if (!journaled_) return;
  MutexLock lock(store_.mutex_);
  store_.on_journaled_();
}

bool PendingChange::MayBeRepetition(const absl::Status& status) const {
  return may_be_known_ && !request_.validate_only && !absl::IsUnavailable(status) &&
         !absl::IsDeadlineExceeded(status) && !absl::IsResourceExhausted(status) && !IsOnlyValidated(status) &&
         !IsCommitUnknown(status);
}

}  // namespace tsunagu::store
