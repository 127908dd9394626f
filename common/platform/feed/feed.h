#ifndef TSUNAGU_COMMON_PLATFORM_FEED_FEED_H_
#define TSUNAGU_COMMON_PLATFORM_FEED_FEED_H_

#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/identity/principal.h"
#include "common/platform/feed/resume_token.h"
#include "google/protobuf/message.h"
#include "tsunagu/platform/v1/change.pb.h"

namespace tsunagu {

class Service;
class Sight;
namespace rpc {
struct Call;
}
namespace store {
class Session;
class View;
struct JournalHead;
struct SealedEntry;
}  // namespace store

// The chain as one caller may see it: only the collections and rows that the caller's rights reach, masked. One task at
// a time. The call must outlive it.
class Feed {
 public:
  struct From {
    std::vector<std::string> collections;  // empty: all collections that the caller may read
    std::string token;                     // empty: from now on
    bool beginning = false;                // without a token: from the first place that is kept
  };
  // Errors as in the contract of ChangeService.
  static absl::StatusOr<Feed> Open(Service& service, rpc::Call& call, From from);

  struct Batch {
    std::vector<platform::v1::Change> changes;
    int64_t looked_at = 0;  // rows of the chain, including those that the caller may not see
    bool more = false;      // there may be more: it ended at a limit
  };
  struct Limits {
    int64_t rows = 0;
    size_t bytes = std::numeric_limits<size_t>::max();  // of the changes, approximately; a single change may be larger
  };
  // Returns the changes after the place reached, within `limits`. Checks the caller's rights again, and fails when they
  // have changed. Personal data in the result was written to the access log before.
  absl::StatusOr<Batch> Next(Limits limits);

  std::string Token() const;
  int64_t place() const { return place_; }

 private:
  using View = std::map<std::string, identity::Scope>;  // by collection

  Feed(Service& service, rpc::Call& call) : service_(&service), call_(&call) {}
  absl::StatusOr<View> ViewOf(const identity::Principal& principal) const;
  absl::Status StartAt(const From& from);
  absl::Status CheckHistory(store::Session& session, const ResumeToken& token, const store::JournalHead& head) const;
  // Images of changes, by the index of the change, until the invisible fields are cleared.
  using Images = std::map<size_t, std::unique_ptr<google::protobuf::Message>>;
  absl::Status AddChange(store::View& view, const store::SealedEntry& sealed, Batch& batch, Images& images) const;
  absl::Status Show(Images images, Batch& batch) const;
  std::string TokenAt(int64_t place, absl::string_view hash) const;

  Service* service_;
  rpc::Call* call_;
  std::vector<std::string> collections_;
  View view_;
  std::string view_digest_;
  int64_t place_ = 0;
  std::string hash_;  // the hash of place_
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_PLATFORM_FEED_FEED_H_
