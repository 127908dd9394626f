#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "common/base/status_macros.h"
#include "common/journal/sealer.h"
#include "common/platform/feed/feed.h"
#include "common/platform/platform.h"
#include "common/rpc/bind.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "common/work/watchers.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;

constexpr int64_t kRowsAtOnce = 100;
constexpr size_t kBytesAtOnce = 64 * 1024;  // that wait until the client takes them
constexpr int kSilentBatches = 10;          // batches without visible rows, before the caller gets a bookmark
constexpr absl::Duration kBookmarkEvery = absl::Seconds(10);

template <typename Request>
Feed::From FromOf(const Request& request) {
  return {
      {request.collections().begin(), request.collections().end()}, request.resume_token(), request.from_beginning()};
}

class WatchStream : public rpc::Stream {
 public:
  WatchStream(Service& service, rpc::Call& call)
      : service_(service), call_(call), watcher_(service.watchers().Add(call.wake)) {}

  absl::Status Push(const google::protobuf::Message& request) override {
    ASSIGN_OR_RETURN(feed_, Feed::Open(service_, call_, FromOf(static_cast<const v1::WatchRequest&>(request))));
    return absl::OkStatus();
  }

  absl::StatusOr<Pull> Next(google::protobuf::Message& response) override {
    auto& event = static_cast<v1::WatchResponse&>(response);
    if (!told_place_) return Tell(event);
    bool behind = true;
    for (int i = 0; waiting_.empty() && behind && i < kSilentBatches; ++i) {
      ASSIGN_OR_RETURN(Feed::Batch batch, feed_->Next({rows_, kBytesAtOnce}));
      behind = batch.more;
      // Rows beyond the limit were read in vain: where records are large, reads fewer the next time.
      const bool cut = batch.more && batch.looked_at < rows_;
      rows_ = cut ? std::max<int64_t>(batch.looked_at, 1) : std::min(2 * rows_, kRowsAtOnce);
      for (v1::Change& change : batch.changes) waiting_.push_back(std::move(change));
    }
    if (!waiting_.empty()) {
      *event.mutable_change() = std::move(waiting_.front());
      waiting_.pop_front();
      told_place_ = event.change().place();
      return Pull::kMessage;
    }
    const bool due = service_.Now() - told_time_ >= kBookmarkEvery;
    if (behind || (due && feed_->place() > *told_place_)) return Tell(event);
    return Pull::kLater;
  }

 private:
  Pull Tell(v1::WatchResponse& event) {
    event.mutable_bookmark()->set_resume_token(feed_->Token());
    event.mutable_bookmark()->set_place(feed_->place());
    told_place_ = feed_->place();
    told_time_ = service_.Now();
    return Pull::kMessage;
  }

  Service& service_;
  rpc::Call& call_;
  const Watchers::Handle watcher_;
  std::optional<Feed> feed_;
  int64_t rows_ = kRowsAtOnce;
  std::deque<v1::Change> waiting_;
  std::optional<int64_t> told_place_;
  absl::Time told_time_ = absl::InfinitePast();
};

absl::StatusOr<v1::ReadChangesResponse> ReadChanges(Service& service, rpc::Call& call,
                                                    const v1::ReadChangesRequest& request) {
  RETURN_IF_ERROR(service.sealer().SealWaiting(call.deadline));
  ASSIGN_OR_RETURN(Feed feed, Feed::Open(service, call, FromOf(request)));
  v1::ReadChangesResponse response;
  if (!request.resume_token().empty() || request.from_beginning()) {
    const int64_t size = PageSize(request);
    ASSIGN_OR_RETURN(Feed::Batch batch, feed.Next({size, kMostPageBytes}));
    for (v1::Change& change : batch.changes) {
      change.clear_resume_token();
      *response.add_changes() = std::move(change);
    }
    response.set_more(batch.more);
  }
  response.set_resume_token(feed.Token());
  response.set_place(feed.place());
  return response;
}

}  // namespace

void BindChanges(Service& service) {
  rpc::Binder(service.module(), "tsunagu.platform.v1.ChangeService")
      .Raw<v1::WatchRequest, v1::WatchResponse>(
          "Watch", [&service](rpc::Call& call) { return std::make_unique<WatchStream>(service, call); })
      .Unary("ReadChanges", [&service](rpc::Call& call, const v1::ReadChangesRequest& request) {
        return ReadChanges(service, call, request);
      });
}

}  // namespace tsunagu
