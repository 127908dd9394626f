// The tasks that wait for the caller.
#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/platform/platform.h"
#include "common/records/view.h"
#include "common/rpc/bind.h"
#include "common/service/due.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "tsunagu/platform/v1/due.pb.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;

constexpr int kDaysAhead = 60;

// Returns the sorted tasks of every source whose permission the caller has.
absl::StatusOr<std::vector<DueRun::Item>> Collect(Service& service, const rpc::Call& call, const jp::Period& days) {
  std::vector<DueRun::Item> items;
  for (const DueSource& source : service.due()) {
    if (!call.principal.May(source.permission)) continue;
    identity::Actor actor = ActorOf(call);
    actor.scope = call.principal.ScopeFor(source.permission);
    RETURN_IF_ERROR(service.Read(actor, call.deadline, [&](store::View& view) -> absl::Status {
      DueRun run(view, days);
      RETURN_IF_ERROR(source.collect(run));
      items.insert(items.end(), run.items().begin(), run.items().end());
      return absl::OkStatus();
    }));
  }
  std::sort(items.begin(), items.end(), [](const DueRun::Item& a, const DueRun::Item& b) {
    return std::tie(a.day, a.resource_name, a.kind) < std::tie(b.day, b.resource_name, b.kind);
  });
  return items;
}

absl::StatusOr<v1::ListDueResponse> ListDue(Service& service, const rpc::Call& call,
                                            const v1::ListDueRequest& request) {
  const jp::CivilDay today = service.Today();
  const jp::Period days{today, request.has_until_date() ? jp::DayOf(request.until_date()) : today + kDaysAhead};
  const contract::PageCall page = PageCallOf(call, request, request.until_date().ShortDebugString());
  std::string after;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(const auto position, OpenPageToken(service, request.page_token(), page));
    if (position.size() != 1 || !absl::holds_alternative<std::string>(position[0])) {
      return FailAt("page_token", "INVALID_PAGE_TOKEN"_reason);
    }
    after = absl::get<std::string>(position[0]);
  }
  ASSIGN_OR_RETURN(const std::vector<DueRun::Item> items, Collect(service, call, days));
  v1::ListDueResponse response;
  std::string last;
  for (const DueRun::Item& item : items) {
    const std::string order = absl::StrCat(jp::FormatIso(item.day), " ", item.resource_name, " ", item.kind);
    if (order <= after) continue;
    if (response.due_size() == PageSize(request)) {
      response.set_next_page_token(SignPageToken(service, page, {contract::OrderValue(last)}));
      break;
    }
    v1::Due& due = *response.add_due();
    *due.mutable_due_date() = jp::ToDate(item.day);
    due.set_resource_name(item.resource_name);
    due.set_kind(item.kind);
    due.set_text(call.headers.language == Language::kJapanese ? item.ja : item.en);
    last = order;
  }
  return response;
}

}  // namespace

void BindDue(Service& service) {
  rpc::Binder(service.module(), "tsunagu.platform.v1.DueService")
      .Unary("ListDue", [&service](rpc::Call& call, const v1::ListDueRequest& request) {
        return ListDue(service, call, request);
      });
}

}  // namespace tsunagu
