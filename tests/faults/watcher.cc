#include "tests/faults/watcher.h"

#include <chrono>

#include "absl/strings/match.h"
#include "common/base/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tsunagu/platform/v1/change.pb.h"

namespace tsunagu::faults {

using platform::v1::WatchResponse;

void Watcher::Follow(process::ServerProcess& server) {
  Leave();
  platform::v1::WatchRequest request;
  request.set_parent("services/registry");
  request.add_collections("facilities");
  {
    MutexLock lock(mutex_);
    request.set_resume_token(token_);
    request.set_from_beginning(token_.empty());
  }
  stream_ = server.Stream("platform.v1.ChangeService/Watch");
  if (!stream_->Write(request)) return;
  stream_->WritesDone();
  reader_ = std::thread([this] { Read(*stream_); });
}

void Watcher::Leave() {
  if (stream_ == nullptr) return;
  stream_->Cancel();
  if (reader_.joinable()) reader_.join();
  stream_.reset();
}

void Watcher::Read(rpc::PeerStream& stream) {
  WatchResponse response;
  for (;;) {
    const absl::StatusOr<bool> more = stream.Read(response);
    if (!more.ok() || !*more) return;
    MutexLock lock(mutex_);
    if (response.has_bookmark()) {
      token_ = response.bookmark().resume_token();
      continue;
    }
    const platform::v1::Change& change = response.change();
    changes_.emplace_back(change.place(), change.resource_name(), change.revision());
    token_ = change.resume_token();
    told_.notify_all();
  }
}

std::vector<Watcher::Change> Watcher::JournalOf(const Ground& ground) {
  std::vector<Change> changes;
  const std::unique_ptr<store::Database> database = ground.Database();
  if (database == nullptr) return changes;
  const absl::Status read = database->Read(Deadline::After(process::kPatience), [&](store::Session& session) {
    return session.Query(
        "SELECT s.`place`, j.`name`, j.`revision` FROM `journal` j LEFT JOIN `journal_seal` s "
        "ON s.`id` = j.`id` ORDER BY s.`place`",
        {}, [&](const store::Row& row) {
          const std::string name = row.Bytes(1);
          if (absl::StartsWith(name, "facilities/")) {
            changes.emplace_back(row.Integer(0), name, row.Integer(2));
          }
          return absl::OkStatus();
        });
  });
  EXPECT_TRUE(read.ok()) << read;
  return changes;
}

void Watcher::ExpectAllTold(const Ground& ground, process::ServerProcess& server) {
  const size_t count = JournalOf(ground).size();
  Follow(server);
  {
    MutexLock lock(mutex_);
    const Deadline deadline = Deadline::After(process::kPatience);
    while (changes_.size() < count && told_.wait_until(mutex_, deadline) != std::cv_status::timeout) {
    }
  }
  // A duplicate message would arrive in the meantime.
  (void)server.process().Wait(absl::Milliseconds(100));
  Leave();
  const std::vector<Change> kept = JournalOf(ground);
  MutexLock lock(mutex_);
  EXPECT_TRUE(changes_ == kept) << "told: " << changes_.size() << ", kept: " << kept.size();
  for (size_t i = 0; i < std::min(changes_.size(), kept.size()); ++i) ASSERT_EQ(changes_[i], kept[i]) << i;
}

}  // namespace tsunagu::faults
