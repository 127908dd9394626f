#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/access/policy.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/journal/journal.h"
#include "common/platform/platform.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/rpc/bind.h"
#include "common/service/known.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "common/service/sight.h"
#include "google/protobuf/util/time_util.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;

v1::Revision ToRevision(const store::JournalEntry& entry) {
  v1::Revision revision;
  revision.set_resource_name(entry.name);
  revision.set_revision(entry.revision);
  *revision.mutable_change_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(entry.stamp);
  revision.set_actor(entry.actor);
  revision.set_on_behalf_of(entry.on_behalf_of);
  revision.set_method(entry.method);
  revision.set_request_id(entry.request_id);
  revision.set_deleted(entry.deleted);
  return revision;
}

// Reading a history also needs the record's own read permission. Collections that are no resource of the service belong
// to access.
absl::StatusOr<identity::Actor> ReaderOf(Service& service, const rpc::Call& call, const contract::Schema& schema) {
  const std::string permission =
      service.Find(schema.collection()) == nullptr ? access::kReadAccess : absl::StrCat(schema.collection(), ".read");
  if (!call.principal.May(permission)) return Fail("PERMISSION_DENIED"_reason, {{"permission", permission}});
  identity::Actor actor = ActorOf(call);
  actor.scope = actor.scope.Intersection(call.principal.ScopeFor(permission));
  return actor;
}

absl::StatusOr<v1::ListRevisionsResponse> ListRevisions(Service& service, rpc::Call& call,
                                                        const v1::ListRevisionsRequest& request) {
  store::Table* table = service.store().TableOfName(request.resource_name());
  if (table == nullptr) {
    return FailAt("resource_name", "MALFORMED_NAME"_reason, {{"pattern", "collection/id"}});
  }
  ASSIGN_OR_RETURN(const identity::Actor reader, ReaderOf(service, call, table->schema()));
  const int64_t size = PageSize(request);
  const contract::PageCall page =
      PageCallOf(call, request, absl::StrCat(request.resource_name(), " ", request.as_known_at().ShortDebugString()));
  int64_t before = INT64_MAX;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(const auto position, OpenPageToken(service, request.page_token(), page));
    if (position.size() != 1 || !absl::holds_alternative<int64_t>(position[0])) {
      return FailAt("page_token", "INVALID_PAGE_TOKEN"_reason);
    }
    before = absl::get<int64_t>(position[0]);
  }
  v1::ListRevisionsResponse response;
  absl::optional<int64_t> known_place;
  if (request.has_as_known_at()) {
    ASSIGN_OR_RETURN(known_place, PlaceKnownAt(service, call, request.as_known_at()));
    response.set_place(*known_place);
  }
  std::vector<store::Record> images;  // one per revision
  absl::optional<PageRoom> room;
  int64_t last = 0;
  RETURN_IF_ERROR(service.Read(reader, call.deadline, [&](store::View& view) -> absl::Status {
    response.clear_revisions();
    images.clear();
    room.emplace(size);
    RETURN_IF_ERROR(table->Get(view, request.resource_name()).status());  // the present record
    const absl::Status read = store::ReadJournal(view.session(), request.resource_name(), before, size + 1, known_place,
                                                 [&](const store::JournalEntry& entry) -> absl::Status {
                                                   const bool reached = table->WasReached(view, entry);
                                                   store::Record image = table->schema().New();
                                                   if (reached && !entry.deleted)
                                                     RETURN_IF_ERROR(table->ReadImage(view, entry, *image));
                                                   if (!room->Take(*image))
                                                     return absl::OutOfRangeError("the page is full");
                                                   last = entry.revision;
                                                   if (!reached) return absl::OkStatus();
                                                   *response.add_revisions() = ToRevision(entry);
                                                   images.push_back(std::move(image));
                                                   return absl::OkStatus();
                                                 });
    return room->full() ? absl::OkStatus() : read;
  }));
  if (room->full()) {
    response.set_next_page_token(SignPageToken(service, page, {contract::OrderValue(last)}));
  }
  Sight sight(call, service.store());
  std::vector<std::string> visible;
  for (int i = 0; i < response.revisions_size(); ++i) {
    if (response.revisions(i).deleted()) continue;
    ASSIGN_OR_RETURN(const std::vector<std::string> seen, sight.Hide(*images[i]));
    visible.insert(visible.end(), seen.begin(), seen.end());
    response.mutable_revisions(i)->mutable_image()->PackFrom(*images[i]);
  }
  if (!visible.empty()) RETURN_IF_ERROR(service.LogAccess(reader, call.deadline, visible));
  return response;
}

}  // namespace

void BindRevisions(Service& service) {
  rpc::Binder(service.module(), "tsunagu.platform.v1.RevisionService")
      .Unary("ListRevisions", [&service](rpc::Call& call, const v1::ListRevisionsRequest& request) {
        return ListRevisions(service, call, request);
      });
}

}  // namespace tsunagu
