// The records behind the figures of reports.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/platform/platform.h"
#include "common/records/store.h"
#include "common/records/subjects.h"
#include "common/records/table.h"
#include "common/rpc/bind.h"
#include "common/service/paging.h"
#include "common/service/report.h"
#include "common/service/service.h"
#include "tsunagu/options.pb.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;

// Returns the display name of a record, if it is not a person's name.
std::string PublicNameOf(const contract::Schema& schema, const google::protobuf::Message& record) {
  const contract::Field* name = schema.Find("display_name");
  return name != nullptr && name->rule.privacy() == PRIVACY_UNSPECIFIED ? TextField(record, "display_name") : "";
}

// Returns whether `row` counts for a person who was erased.
absl::StatusOr<bool> IsErased(store::View& view, const v1::FigureRow& row) {
  const std::string& thing = row.counted_as().empty() ? row.resource_name() : row.counted_as();
  const store::Table* table = view.parts().TableOfName(thing);
  if (table == nullptr || !table->schema().rule().personal()) return false;
  ASSIGN_OR_RETURN(const int64_t erase_time, store::EraseTimeOf(view, thing));
  return erase_time != 0;
}

// Keeps only the rows of records that the caller may still see, and adds their names.
absl::Status KeepVisible(Service& service, const rpc::Call& call, const std::string& permission,
                         v1::ListFigureRowsResponse& response) {
  identity::Actor actor = ActorOf(call);
  actor.scope = call.principal.ScopeFor(permission);
  actor.purpose.clear();
  return service.Read(actor, call.deadline, [&](store::View& view) -> absl::Status {
    auto& rows = *response.mutable_rows();
    int kept = 0;
    for (int i = 0; i < rows.size(); ++i) {
      store::Table* table = view.parts().TableOfName(rows[i].resource_name());
      const auto record = table->Get(view, rows[i].resource_name());
      if (ReasonOf(record.status()) == "RESOURCE_NOT_FOUND"_reason) continue;
      RETURN_IF_ERROR(record.status());
      rows[i].set_display_name(PublicNameOf(table->schema(), **record));
      ASSIGN_OR_RETURN(const bool is_erased, IsErased(view, rows[i]));
      rows[i].set_erased(is_erased);
      rows.SwapElements(kept++, i);
    }
    response.set_hidden_count(rows.size() - kept);
    rows.DeleteSubrange(kept, rows.size() - kept);
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::ListFigureRowsResponse> ListFigureRows(Service& service, rpc::Call& call,
                                                          const v1::ListFigureRowsRequest& request) {
  ASSIGN_OR_RETURN(const ReportRequest asked, ReadReportToken(service, request.report_token()));
  const std::string& permission = asked.report->method->options().GetExtension(tsunagu::method).permission();
  if (!call.principal.May(permission)) return Fail("PERMISSION_DENIED"_reason, {{"permission", permission}});
  store::Store& store = service.store();
  const contract::PageCall page = PageCallOf(call, request, absl::StrCat(request.key(), " ", request.report_token()));
  int64_t passed = 0;  // rows of the previous pages
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(const auto last_row, OpenPageToken(service, request.page_token(), page));
    if (last_row.size() != 1 || !absl::holds_alternative<int64_t>(last_row[0])) {
      return FailAt("page_token", "INVALID_PAGE_TOKEN"_reason);
    }
    passed = absl::get<int64_t>(last_row[0]);
  }
  ASSIGN_OR_RETURN(ReportResult result, RunReport(service, call, *asked.report, *asked.request, true));
  const auto found = result.rows.find(request.key());
  if (found == result.rows.end()) {
    std::vector<std::string> keys;
    for (const v1::Figure& figure : result.report.figures()) {  // the keys of groups are similar, and may be thousands
      if (figure.group().empty()) keys.push_back(figure.key());
    }
    return FailAt("key", "FIGURE_NOT_FOUND"_reason, {{"key", request.key()}, {"allowed", absl::StrJoin(keys, ", ")}});
  }
  std::vector<v1::FigureRow>& rows = found->second;
  std::sort(rows.begin(), rows.end(), [](const v1::FigureRow& a, const v1::FigureRow& b) {
    return a.resource_name() != b.resource_name() ? a.resource_name() < b.resource_name()
                                                  : a.counted_as() < b.counted_as();
  });
  v1::ListFigureRowsResponse response;
  response.set_place(result.report.place());
  const int64_t size = static_cast<int64_t>(rows.size()), end = std::min(size, passed + PageSize(request));
  for (int64_t i = passed; i < end; ++i) *response.add_rows() = std::move(rows[i]);
  if (end < size) {
    response.set_next_page_token(SignPageToken(service, page, {contract::OrderValue(end)}));
  }
  RETURN_IF_ERROR(KeepVisible(service, call, permission, response));
  return response;
}

}  // namespace

void BindFigureRows(Service& service) {
  rpc::Binder(service.module(), "tsunagu.platform.v1.ReportService")
      .Unary("ListFigureRows", [&service](rpc::Call& call, const v1::ListFigureRowsRequest& request) {
        return ListFigureRows(service, call, request);
      });
}

}  // namespace tsunagu
