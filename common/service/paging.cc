#include "common/service/paging.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/jp/civil_day.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/rpc/call.h"
#include "common/service/known.h"
#include "common/service/list_parent.h"
#include "common/service/request_fields.h"
#include "common/service/service.h"
#include "common/text/condition.h"
#include "common/text/filter.h"
#include "common/text/order.h"
#include "common/text/where.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

namespace tsunagu {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int64_t kDefaultPage = 50, kLargestPage = 1000;

// Returns the value of the column of `term` for this row.
contract::OrderValue ValueOf(const contract::Schema& schema, const Message& record, const contract::OrderTerm& term) {
  return contract::ColumnValueOf(record, term.column == "id" ? *schema.name_field() : *schema.Find(term.column));
}

// The filter and the requested day of a request, as SQL and as a condition for single records.
struct Condition {
  contract::SqlCondition sql;
  contract::FilterNode node;
};

absl::StatusOr<Condition> ConditionOf(const contract::Schema& schema, const Message& request) {
  Condition condition;
  ASSIGN_OR_RETURN(condition.node, contract::ParseFilter(TextField(request, "filter")));
  if (schema.has_parent()) {
    contract::FilterNode both;
    both.children = {WhereUnder(schema, request).node(), std::move(condition.node)};
    condition.node = std::move(both);
  }
  if (const auto* day = MessageField<google::type::Date>(request, "as_of_date")) {
    contract::FilterNode both;
    both.children = {std::move(condition.node), contract::Where::ActiveOn(jp::DayOf(*day)).node()};
    condition.node = std::move(both);
  }
  ASSIGN_OR_RETURN(condition.sql, contract::Compile(schema, condition.node));
  return condition;
}

// Identifies the selected records and their state, for page tokens.
std::string MomentOf(const contract::Schema& schema, const Message& request) {
  std::string moment = schema.has_parent() ? absl::StrCat(TextField(request, "parent"), " ") : "";
  if (const auto* known = MessageField<google::protobuf::Timestamp>(request, "as_known_at")) {
    absl::StrAppend(&moment, "known ", known->seconds(), ".", known->nanos());
  }
  if (const auto* day = MessageField<google::type::Date>(request, "as_of_date")) {
    absl::StrAppend(&moment, " on ", jp::FormatIso(jp::DayOf(*day)));
  }
  return moment;
}

}  // namespace

absl::Status NarrowToConfidential(const rpc::Call& call, const contract::Schema& schema,
                                  const contract::SqlCondition& filter, identity::Actor& actor) {
  if (!filter.confidential) return absl::OkStatus();
  const std::string permission = absl::StrCat(schema.collection(), ".confidential");
  if (!call.principal.May(permission)) return Fail("PERMISSION_DENIED"_reason, {{"permission", permission}});
  if (call.headers.purpose.empty()) return Fail("PURPOSE_REQUIRED"_reason);
  actor.scope = actor.scope.Intersection(call.principal.ScopeFor(permission));
  return absl::OkStatus();
}

contract::Where WhereUnder(const contract::Schema& schema, const Message& request) {
  return schema.has_parent() ? contract::Where::Under(TextField(request, "parent")) : contract::Where();
}

int64_t PageSize(const Message& request) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("page_size");
  const int64_t asked = field == nullptr ? 0 : request.GetReflection()->GetInt32(request, field);
  return asked <= 0 ? kDefaultPage : std::min(asked, kLargestPage);
}

contract::PageCall PageCallOf(const rpc::Call& call, const Message& request, std::string rest) {
  const std::string caller = absl::StrCat(call.principal.id, " ", call.principal.on_behalf_of);
  return {caller, call.MethodName(), TextField(request, "filter"), TextField(request, "order_by"), std::move(rest)};
}

std::string SignPageToken(Service& service, const contract::PageCall& page,
                          absl::Span<const contract::OrderValue> last_row) {
  const store::Store& store = service.store();
  return contract::SignPageToken(page, last_row, store.clock().Now(), {"1", store.Secret("pages")});
}

absl::StatusOr<std::vector<contract::OrderValue>> OpenPageToken(Service& service, absl::string_view token,
                                                                const contract::PageCall& page) {
  const store::Store& store = service.store();
  return contract::OpenPageToken(token, page, store.clock().Now(), {{"1", store.Secret("pages")}});
}

absl::StatusOr<std::string> ListPage(Service& service, rpc::Call& call, Resource& resource, const Message& request,
                                     absl::FunctionRef<void(store::Record)> keep) {
  store::Store& store = service.store();
  const contract::Schema& schema = resource.table->schema();
  Faults faults;
  const auto filter = ConditionOf(schema, request);
  const auto order = contract::ParseOrderBy(schema, TextField(request, "order_by"));
  faults.Add("", filter.status());
  faults.Add("", order.status());
  const auto* as_known_at = MessageField<google::protobuf::Timestamp>(request, "as_known_at");
  if (as_known_at != nullptr && !TextField(request, "order_by").empty()) {
    faults.Add("order_by", "ORDER_OF_KNOWN_LIST"_reason);
  }
  RETURN_IF_ERROR(faults.ToStatus());
  identity::Actor actor = ActorOf(call);
  RETURN_IF_ERROR(NarrowToConfidential(call, schema, filter->sql, actor));
  absl::optional<int64_t> known_place;
  if (as_known_at != nullptr) {
    ASSIGN_OR_RETURN(known_place, PlaceKnownAt(service, call, *as_known_at));
  }

  const int64_t size = PageSize(request);
  const contract::PageCall page = PageCallOf(call, request, MomentOf(schema, request));
  const std::string token = TextField(request, "page_token");
  std::vector<contract::OrderValue> last_row;
  if (!token.empty()) {
    ASSIGN_OR_RETURN(last_row, OpenPageToken(service, token, page));
  }
  absl::optional<PageRoom> room;
  std::vector<store::Record> rows;
  RETURN_IF_ERROR(store.Read(actor, call.deadline, [&](store::View& view) -> absl::Status {
    room.emplace(size);
    rows.clear();
    if (schema.has_parent()) RETURN_IF_ERROR(CheckParentOfList(view, *resource.table, TextField(request, "parent")));
    const auto take = [&](store::Record record) {
      if (!room->Take(*record)) return absl::OutOfRangeError("the page is full");
      rows.push_back(std::move(record));
      return absl::OkStatus();
    };
    const auto list = [&] {
      if (known_place) {
        const auto* after = last_row.size() == 1 ? absl::get_if<std::string>(&last_row[0]) : nullptr;
        return resource.table->ListKnown(view, filter->node, *known_place, after == nullptr ? "" : *after, size + 1,
                                         take);
      }
      store::Table::Query query;
      query.Narrow(filter->sql);
      query.order = *order;
      query.after = last_row;
      query.limit = size + 1;
      query.page = true;
      return resource.table->List(view, std::move(query), take);
    };
    const absl::Status listed = list();
    return room->full() ? absl::OkStatus() : listed;
  }));
  if (room->full()) {
    last_row.clear();
    for (const contract::OrderTerm& term : *order) last_row.push_back(ValueOf(schema, *rows.back(), term));
  }
  for (store::Record& row : rows) keep(std::move(row));
  return room->full() ? SignPageToken(service, page, last_row) : "";
}

}  // namespace tsunagu
