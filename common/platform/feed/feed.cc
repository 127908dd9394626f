#include "common/platform/feed/feed.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/access/actor.h"
#include "common/base/digest.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/journal/chain.h"
#include "common/journal/journal.h"
#include "common/journal/sealer.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/rpc/call.h"
#include "common/rpc/router.h"
#include "common/service/service.h"
#include "common/service/sight.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;
using google::protobuf::util::TimeUtil;

constexpr size_t kHashBytes = 8;  // enough to distinguish two histories

bool Reaches(const identity::Scope& scope, const contract::Schema& schema, absl::string_view keys) {
  if (scope.everything() || !schema.has_access()) return true;
  return scope.Meets(std::vector<std::string>(absl::StrSplit(keys, ' ', absl::SkipEmpty())));
}

std::string DigestOf(const std::map<std::string, identity::Scope>& view) {
  std::string text;
  for (const auto& [collection, scope] : view) {
    absl::StrAppend(&text, collection, scope.everything() ? " *" : "");
    for (const identity::Scope::Keys& keys : scope.all_of()) {
      absl::StrAppend(&text, " &");
      for (const std::string& key : keys) absl::StrAppend(&text, " ", key);
    }
    absl::StrAppend(&text, "\n");
  }
  return Sha256(text).substr(0, 16);
}

}  // namespace

absl::StatusOr<Feed> Feed::Open(Service& service, rpc::Call& call, From from) {
  Feed feed(service, call);
  feed.collections_ = from.collections;
  ASSIGN_OR_RETURN(feed.view_, feed.ViewOf(call.principal));
  feed.view_digest_ = DigestOf(feed.view_);
  RETURN_IF_ERROR(feed.StartAt(from));
  return feed;
}

absl::StatusOr<Feed::View> Feed::ViewOf(const identity::Principal& principal) const {
  View view;
  for (const auto& [collection, resource] : service_->resources()) {
    const std::string permission = absl::StrCat(collection, ".read");
    const bool wanted = std::find(collections_.begin(), collections_.end(), collection) != collections_.end();
    if (!wanted && !collections_.empty()) continue;
    if (principal.May(permission)) {
      view.emplace(collection, principal.ScopeFor(permission));
    } else if (wanted) {
      return Fail("PERMISSION_DENIED"_reason, {{"permission", permission}});
    }
  }
  for (const std::string& collection : collections_) {
    if (view.count(collection) == 0) {
      return FailAt("collections", "UNKNOWN_COLLECTION"_reason, {{"collection", collection}});
    }
  }
  return view;
}

absl::Status Feed::StartAt(const From& from) {
  ResumeToken token;
  if (!from.token.empty()) {
    ASSIGN_OR_RETURN(token, OpenResumeToken(from.token, service_->name(), service_->store().Secret("pages")));
    if (token.view() != view_digest_) return Fail("RESUME_SCOPE_CHANGED"_reason);
  }
  return service_->store().database().Read(call_->deadline, [&](store::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const store::JournalHead head, store::JournalHead::Read(session));
    if (!from.token.empty()) {
      RETURN_IF_ERROR(CheckHistory(session, token, head));
      place_ = token.place();
      hash_ = token.hash();
    } else if (from.beginning) {
      place_ = head.kept_from - 1;
      hash_ = place_ == 0 ? store::ChainStart(service_->name()) : "";
    } else {
      place_ = head.place;
      hash_ = head.hash;
    }
    return absl::OkStatus();
  });
}

absl::Status Feed::CheckHistory(store::Session& session, const ResumeToken& token,
                                const store::JournalHead& head) const {
  if (token.place() + 1 < head.kept_from) {
    return Fail("RESUME_TOKEN_TOO_OLD"_reason, {{"place", absl::StrCat(head.kept_from)}});
  }
  std::string hash = token.place() == 0 ? store::ChainStart(service_->name()) : "";
  RETURN_IF_ERROR(
      session.Query("SELECT `hash` FROM `journal_seal` WHERE `place` = ?", {token.place()}, [&](const store::Row& row) {
        hash = row.Bytes(0);
        return absl::OkStatus();
      }));
  // The place before the first one that is kept may be gone; then its hash cannot be checked.
  const bool gone = hash.empty() && token.place() + 1 == head.kept_from;
  if (gone || token.hash().empty() || (!hash.empty() && hash.substr(0, kHashBytes) == token.hash())) {
    return absl::OkStatus();
  }
  return Fail("RESUME_TOKEN_OF_ANOTHER_HISTORY"_reason);
}

absl::StatusOr<Feed::Batch> Feed::Next(Limits limits) {
  // A stream may live for minutes, and a right that has ended a second ago must no longer count.
  ASSIGN_OR_RETURN(call_->principal, service_->module().authenticate()(call_->headers));
  ASSIGN_OR_RETURN(view_, ViewOf(call_->principal));
  if (DigestOf(view_) != view_digest_) return Fail("RESUME_SCOPE_CHANGED"_reason);
  Batch batch;
  Images images;
  int64_t place = place_;
  std::string hash = hash_;
  size_t bytes = 0;
  bool full = false;
  RETURN_IF_ERROR(service_->store().Read(ActorOf(*call_), call_->deadline, [&](store::View& view) {
    batch = {};
    images.clear();
    place = place_;
    bytes = 0;
    full = false;
    const auto take = [&](const store::SealedEntry& sealed) -> absl::Status {
      const size_t size = sealed.entry.image.size() + sealed.entry.private_image.size();
      full = bytes > 0 && bytes + size > limits.bytes;
      if (full) return absl::CancelledError();  // ends the reading, not the call
      ++batch.looked_at;
      place = sealed.place;
      hash = sealed.hash;
      const size_t before = batch.changes.size();
      RETURN_IF_ERROR(AddChange(view, sealed, batch, images));
      if (batch.changes.size() > before) bytes += batch.changes.back().ByteSizeLong() + size;
      return absl::OkStatus();
    };
    const absl::Status read = store::ReadSealed(view.session(), place_, limits.rows, take);
    return full ? absl::OkStatus() : read;
  }));
  batch.more = full || batch.looked_at == limits.rows;
  RETURN_IF_ERROR(Show(std::move(images), batch));
  place_ = place;
  hash_ = std::move(hash);
  return batch;
}

absl::Status Feed::AddChange(store::View& view, const store::SealedEntry& sealed, Batch& batch, Images& images) const {
  const store::JournalEntry& entry = sealed.entry;
  store::Table* table = service_->store().TableOfName(entry.name);
  const auto reach = table == nullptr ? view_.end() : view_.find(table->schema().collection());
  if (reach == view_.end()) return absl::OkStatus();
  const bool was = entry.revision > 1 && Reaches(reach->second, table->schema(), entry.keys_before);
  const bool is = !entry.deleted && Reaches(reach->second, table->schema(), entry.keys_after);
  if (!was && !is) return absl::OkStatus();
  v1::Change& change = batch.changes.emplace_back();
  change.set_kind(!is ? v1::Change::KIND_REMOVED : was ? v1::Change::KIND_CHANGED : v1::Change::KIND_ADDED);
  change.set_resource_name(entry.name);
  *change.mutable_change_time() = TimeUtil::MicrosecondsToTimestamp(entry.stamp);
  *change.mutable_known_time() = TimeUtil::MicrosecondsToTimestamp(sealed.known_time);
  change.set_place(sealed.place);
  change.set_resume_token(TokenAt(sealed.place, sealed.hash));
  if (!is) return absl::OkStatus();
  change.set_revision(entry.revision);
  store::Record& image = images[batch.changes.size() - 1] = table->schema().New();
  return table->ReadImage(view, entry, *image);
}

absl::Status Feed::Show(Images images, Batch& batch) const {
  Sight sight(*call_, service_->store());
  std::vector<std::string> shown;
  for (const auto& [change, image] : images) {
    ASSIGN_OR_RETURN(const std::vector<std::string> visible, sight.Hide(*image));
    shown.insert(shown.end(), visible.begin(), visible.end());
    batch.changes[change].mutable_image()->PackFrom(*image);
  }
  if (shown.empty()) return absl::OkStatus();
  return service_->store().LogAccess(ActorOf(*call_), call_->deadline, shown);
}

std::string Feed::TokenAt(int64_t place, absl::string_view hash) const {
  ResumeToken token;
  token.set_service(service_->name());
  token.set_place(place);
  token.set_hash(std::string(hash.substr(0, kHashBytes)));
  token.set_view(view_digest_);
  return SignResumeToken(token, service_->store().Secret("pages"));
}

std::string Feed::Token() const { return TokenAt(place_, hash_); }

}  // namespace tsunagu
