#include "common/work/checkpoints.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/ed25519.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/journal/checkpoint.h"
#include "common/journal/seal.h"
#include "common/records/access_log_chain.h"
#include "common/records/parts.h"

namespace tsunagu {
namespace {

constexpr absl::Duration kEvery = absl::Minutes(1), kPatience = absl::Seconds(30);

}  // namespace

Checkpoints::Checkpoints(store::Parts& parts, Chain chain)
    : parts_(parts),
      chain_(chain),
      name_(chain == Chain::kJournal ? parts.service() : store::AccessLogChainName(parts.service())) {}

absl::Status Checkpoints::Open(const std::string& path) {
  path_ = path;
  const absl::Status marked = CheckMark();
  if (!path.empty()) RETURN_IF_ERROR(OpenFile());
  return marked;
}

absl::Status Checkpoints::OpenFile() {
  ASSIGN_OR_RETURN(const std::vector<store::Checkpoint> all, store::ReadCheckpoints(path_));
  const auto last =
      std::find_if(all.rbegin(), all.rend(), [&](const store::Checkpoint& one) { return one.service == name_; });
  // A line is written before the mark, so the file is behind only when it has lost lines.
  const int64_t reached = last == all.rend() ? 0 : last->place;
  if (reached < mark_.place) {
    log::Line(log::Level::kError, "checkpoints_lost")
        .Add("path", path_)
        .Add("service", name_)
        .Add("place", reached)
        .Add("marked", mark_.place)
        .Write();
  }
  if (last == all.rend()) {
    if (all.empty() || chain_ == Chain::kAccessLog) return absl::OkStatus();
    return Fail("CHECKPOINTS_MISSING"_reason, {{"path", path_}, {"service", parts_.service()}});
  }
  bool fits = last->Verify() && last->public_key == ed25519::PublicKeyOf(parts_.Secret("checkpoints"));
  if (fits) {
    place_ = last->place;
    written_micros_ = last->known_time;
    ASSIGN_OR_RETURN(const std::string hash, HashAt(last->place));
    fits = hash == last->hash;
  }
  if (fits) return absl::OkStatus();
  return Fail("CHECKPOINT_DIFFERS"_reason, {{"path", path_}, {"place", absl::StrCat(last->place)}});
}

absl::StatusOr<std::string> Checkpoints::HashAt(int64_t place) {
  return store::HashAt(parts_.database(), chain_ == Chain::kJournal ? "journal_seal" : "access_log_seal", place);
}

absl::Status Checkpoints::CheckMark() {
  ASSIGN_OR_RETURN(const absl::optional<store::KeyStore::Mark> mark,
                   parts_.keyring().store().FindMark(store::ChainMark(name_)));
  mark_ = mark.value_or(store::KeyStore::Mark());
  if (mark_.place == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string hash, HashAt(mark_.place));
  if (hash == mark_.hash) return absl::OkStatus();
  return hash.empty() ? Fail("JOURNAL_CUT"_reason, {{"service", name_}, {"place", absl::StrCat(mark_.place)}})
                      : Fail("JOURNAL_REWRITTEN"_reason, {{"service", name_}, {"place", absl::StrCat(mark_.place)}});
}

void Checkpoints::SetMark(const store::JournalHead& head) {
  absl::Status status = CheckMark();  // another replica may have moved it
  if (status.ok() && head.place <= mark_.place) return;
  if (status.ok()) {
    status = parts_.keyring().store().SetMark(store::ChainMark(name_), {head.place, head.hash});
  }
  if (status.ok()) return;
  log::Line(log::Level::kError, "mark_not_written")
      .Add("service", name_)
      .Add("text", log::Harmless(Text(FaultOf(status), Language::kEnglish)))
      .Write();
}

void Checkpoints::WriteIfDue(const store::JournalHead& head) {
  LookForUncovered(head);
  if (parts_.clock().Now() - absl::FromUnixMicros(written_micros_) >= kEvery) WriteLast(head);
}

void Checkpoints::LookForUncovered(const store::JournalHead& head) {
  if (path_.empty() || head.place <= place_ || uncovered_micros_ != 0) return;
  int64_t known_time = 0;
  const absl::Status read = parts_.database().Read(Deadline::After(kPatience), [&](store::Session& session) {
    return session.Query(chain_ == Chain::kJournal
                             ? "SELECT `known_time` FROM `journal_seal` WHERE `place` > ? ORDER BY `place` LIMIT 1"
                             : "SELECT `known_time` FROM `access_log_seal` WHERE `place` > ? ORDER BY `place` LIMIT 1",
                         {place_.load()}, [&](const store::Row& row) {
                           known_time = row.Integer(0);
                           return absl::OkStatus();
                         });
  });
  if (read.ok()) uncovered_micros_ = known_time;  // on failure, the next look sets it
}

void Checkpoints::WriteLast(const store::JournalHead& head) {
  if (head.place <= place_) return;
  if (path_.empty()) return SetMark(head);
  store::Checkpoint checkpoint;
  checkpoint.service = name_;
  checkpoint.place = head.place;
  checkpoint.known_time = head.known_time;
  checkpoint.hash = head.hash;
  checkpoint.Sign(parts_.Secret("checkpoints"));
  const absl::Status written = store::AppendCheckpoint(path_, checkpoint);
  if (!written.ok()) {
    log::Line(log::Level::kError, "checkpoint_not_written")
        .Add("service", name_)
        .Add("text", log::Harmless(written.message()))
        .Write();
    return;
  }
  SetMark(head);
  uncovered_micros_ = 0;
  place_ = head.place;
  written_micros_ = absl::ToUnixMicros(parts_.clock().Now());
}

absl::Duration Checkpoints::age(const store::JournalHead& head) const {
  const int64_t since = uncovered_micros_;
  if (head.place <= place_ || since == 0) return absl::ZeroDuration();
  // A known time may be ahead of a clock that was set back.
  return std::max(absl::ZeroDuration(), parts_.clock().Now() - absl::FromUnixMicros(since));
}

}  // namespace tsunagu
