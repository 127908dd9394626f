#include "common/work/checkpoints.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/journal/checkpoint.h"
#include "common/records/access_log_chain.h"

namespace tsunagu {
namespace {

constexpr absl::Duration kEvery = absl::Minutes(1), kPatience = absl::Seconds(30);

}  // namespace

Checkpoints::Checkpoints(store::Store& store, Chain chain)
    : store_(store),
      chain_(chain),
      name_(chain == Chain::kJournal ? store.service() : store::AccessLogChainName(store.service())) {}

absl::Status Checkpoints::Open(const std::string& path) {
  path_ = path;
  if (path.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<store::Checkpoint> all, store::ReadCheckpoints(path));
  if (all.empty()) return absl::OkStatus();
  const auto last = std::find_if(all.rbegin(), all.rend(), [&](const store::Checkpoint& one) {
    return one.service == name_;
  });
  if (last == all.rend()) {
    if (chain_ == Chain::kAccessLog) return absl::OkStatus();
    return Fail("CHECKPOINTS_MISSING"_reason, {{"path", path}, {"service", store_.service()}});
  }
  bool fits = last->Verify() && last->public_key == store::PublicKeyOf(store_.Secret("checkpoints"));
  if (fits) {
    place_ = last->place;
    written_micros_ = last->known_time;
    RETURN_IF_ERROR(store_.database().Read(Deadline::After(kPatience), [&](store::Session& session) {
      fits = false;
      return session.Query(chain_ == Chain::kJournal ? "SELECT `hash` FROM `journal_seal` WHERE `place` = ?"
                                                     : "SELECT `hash` FROM `access_log_seal` WHERE `place` = ?",
                           {last->place},
                           [&](const store::Row& row) {
                             fits = row.Bytes(0) == last->hash;
                             return absl::OkStatus();
                           });
    }));
  }
  if (fits) return absl::OkStatus();
  return Fail("CHECKPOINT_DIFFERS"_reason, {{"path", path}, {"place", absl::StrCat(last->place)}});
}

void Checkpoints::WriteIfDue(const store::JournalHead& head) {
  LookForUncovered(head);
  if (store_.clock().Now() - absl::FromUnixMicros(written_micros_) >= kEvery) WriteLast(head);
}

void Checkpoints::LookForUncovered(const store::JournalHead& head) {
  if (path_.empty() || head.place <= place_ || uncovered_micros_ != 0) return;
  int64_t known_time = 0;
  const absl::Status read = store_.database().Read(Deadline::After(kPatience), [&](store::Session& session) {
    return session.Query(chain_ == Chain::kJournal
                             ? "SELECT `known_time` FROM `journal_seal` WHERE `place` > ? ORDER BY `place` LIMIT 1"
                             : "SELECT `known_time` FROM `access_log_seal` WHERE `place` > ? ORDER BY `place` LIMIT 1",
                         {place_.load()}, [&](const store::Row& row) {
                           known_time = row.Integer(0);
                           return absl::OkStatus();
                         });
  });
  if (read.ok()) uncovered_micros_ = known_time;  // else with the next look
}

void Checkpoints::WriteLast(const store::JournalHead& head) {
  if (path_.empty() || head.place <= place_) return;
  store::Checkpoint checkpoint;
  checkpoint.service = name_;
  checkpoint.place = head.place;
  checkpoint.known_time = head.known_time;
  checkpoint.hash = head.hash;
  checkpoint.Sign(store_.Secret("checkpoints"));
  const absl::Status written = store::AppendCheckpoint(path_, checkpoint);
  if (!written.ok()) {
    log::Line(log::Level::kError, "checkpoint_not_written")
        .Add("service", name_)
        .Add("text", log::Harmless(written.message()))
        .Write();
    return;
  }
  uncovered_micros_ = 0;
  place_ = head.place;
  written_micros_ = absl::ToUnixMicros(store_.clock().Now());
}

absl::Duration Checkpoints::age(const store::JournalHead& head) const {
  const int64_t since = uncovered_micros_;
  if (head.place <= place_ || since == 0) return absl::ZeroDuration();
  // A known time may be ahead of a clock that was set back.
  return std::max(absl::ZeroDuration(), store_.clock().Now() - absl::FromUnixMicros(since));
}

}  // namespace tsunagu
