#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/platform/platform.h"
#include "common/records/access_log.h"
#include "common/records/view.h"
#include "common/rpc/bind.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "google/protobuf/util/time_util.h"
#include "tsunagu/platform/v1/access_log.pb.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;
using google::protobuf::util::TimeUtil;

contract::PageCall PageOf(const rpc::Call& call, const v1::ListAccessEventsRequest& request) {
  v1::ListAccessEventsRequest asked = request;
  asked.clear_page_size();
  asked.clear_page_token();
  return PageCallOf(call, request, asked.SerializeAsString());
}

absl::StatusOr<store::AccessQuestion> QuestionOf(Service& service, const rpc::Call& call,
                                                 const v1::ListAccessEventsRequest& request) {
  if (!call.principal.ScopeFor(PermissionOf(call)).everything()) return Fail("OUT_OF_SCOPE"_reason);
  if (request.viewer().empty() && request.resource_name().empty()) {
    return FailAt("viewer", "FIELD_REQUIRED"_reason);
  }
  // MySQL cannot compare an ASCII column with other text.
  if (!request.resource_name().empty() && !contract::IsWellFormedName(request.resource_name())) {
    return FailAt("resource_name", "MALFORMED_NAME"_reason, {{"pattern", "collection/id"}});
  }
  if (!request.viewer().empty() && !contract::IsWellFormedId(request.viewer())) {
    return FailAt("viewer", "MALFORMED_ID"_reason);
  }
  store::AccessQuestion question;
  question.viewer = request.viewer();
  question.name = request.resource_name();
  if (request.has_start_time()) {
    question.from = absl::FromUnixMicros(TimeUtil::TimestampToMicroseconds(request.start_time()));
  }
  question.until = request.has_end_time()
                       ? absl::FromUnixMicros(TimeUtil::TimestampToMicroseconds(request.end_time()))
                       : service.Now() + absl::Hours(1);  // another replica's clock may be ahead of ours
  question.limit = PageSize(request) + 1;
  if (request.page_token().empty()) return question;
  ASSIGN_OR_RETURN(const auto last_row, OpenPageToken(service, request.page_token(), PageOf(call, request)));
  if (last_row.size() != 1 || !absl::holds_alternative<std::string>(last_row[0])) {
    return FailAt("page_token", "INVALID_PAGE_TOKEN"_reason);
  }
  question.after_id = absl::HexStringToBytes(absl::get<std::string>(last_row[0]));
  return question;
}

v1::AccessEvent ToMessage(const store::AccessEvent& row) {
  v1::AccessEvent event;
  *event.mutable_access_time() = TimeUtil::MicrosecondsToTimestamp(row.stamp);
  event.set_actor(row.actor);
  event.set_on_behalf_of(row.on_behalf_of);
  event.set_purpose(row.purpose);
  event.set_method(row.method);
  for (absl::string_view name : absl::StrSplit(row.names, ' ', absl::SkipEmpty())) {
    event.add_resource_names(std::string(name));
  }
  return event;
}

absl::StatusOr<v1::ListAccessEventsResponse> List(Service& service, const rpc::Call& call,
                                                  const v1::ListAccessEventsRequest& request) {
  ASSIGN_OR_RETURN(const store::AccessQuestion question, QuestionOf(service, call, request));
  v1::ListAccessEventsResponse response;
  std::string last;
  PageRoom room(question.limit - 1);
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) {
    return store::ReadAccessLog(view, question, [&](const store::AccessEvent& row) {
      v1::AccessEvent event = ToMessage(row);
      if (!room.Take(event)) return absl::OkStatus();
      last = row.id;
      *response.add_access_events() = std::move(event);
      return absl::OkStatus();
    });
  }));
  if (room.full()) {
    const std::vector<contract::OrderValue> last_row = {absl::BytesToHexString(last)};
    response.set_next_page_token(SignPageToken(service, PageOf(call, request), last_row));
  }
  return response;
}

}  // namespace

void BindAccessLog(Service& service) {
  rpc::Binder(service.module(), "tsunagu.platform.v1.AccessLogService")
      .Unary("ListAccessEvents", [&service](rpc::Call& call, const v1::ListAccessEventsRequest& request) {
        return List(service, call, request);
      });
}

}  // namespace tsunagu
