#include "common/service/checkpoints.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/store/checkpoint.h"

namespace tsunagu {
namespace {

constexpr absl::Duration kEvery = absl::Minutes(1);

}  // namespace

absl::Status Checkpoints::Open(const std::string& path) {
  path_ = path;
  if (path.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> lines, store::ReadCheckpointLines(path));
  if (lines.empty()) return absl::OkStatus();
  const auto last = store::Checkpoint::Parse(lines.back());
  const std::string seed = store_.Secret("checkpoints");
  bool fits = last.ok() && last->service == store_.service() && last->Verify() &&
              last->public_key == store::PublicKeyOf(seed);
  if (fits) {
    place_ = last->place;
    written_micros_ = last->known_time;
    RETURN_IF_ERROR(store_.database().Read(store_.clock().Now() + absl::Seconds(30), [&](store::Session& session) {
      fits = false;
      return session.Query("SELECT `hash` FROM `journal_seal` WHERE `place` = ?", {last->place},
                           [&](const store::Row& row) {
                             fits = row.Bytes(0) == last->hash;
                             return absl::OkStatus();
                           });
    }));
  }
  if (fits) return absl::OkStatus();
  return Fail(reason::REASON_CHECKPOINT_DIFFERS,
              {{"path", path}, {"place", absl::StrCat(last.ok() ? last->place : 0)}});
}

void Checkpoints::WriteIfDue(const store::JournalHead& head) {
  if (store_.clock().Now() - absl::FromUnixMicros(written_micros_) >= kEvery) WriteLast(head);
}

void Checkpoints::WriteLast(const store::JournalHead& head) {
  if (path_.empty() || head.place <= place_) return;
  store::Checkpoint checkpoint;
  checkpoint.service = store_.service();
  checkpoint.place = head.place;
  checkpoint.known_time = head.known_time;
  checkpoint.hash = head.hash;
  checkpoint.Sign(store_.Secret("checkpoints"));
  const absl::Status written = store::AppendCheckpoint(path_, checkpoint);
  if (!written.ok()) {
    log::Line(log::Level::kError, "checkpoint_not_written")
        .Add("service", store_.service())
        .Add("text", log::Harmless(written.message()))
        .Write();
    return;
  }
  place_ = head.place;
  written_micros_ = absl::ToUnixMicros(store_.clock().Now());
}

absl::Duration Checkpoints::age(const store::JournalHead& head) const {
  if (path_.empty() || head.place <= place_ || written_micros_ == 0) return absl::ZeroDuration();
  return store_.clock().Now() - absl::FromUnixMicros(written_micros_);
}

}  // namespace tsunagu
