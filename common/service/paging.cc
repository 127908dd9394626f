#include "common/service/paging.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "common/text/filter.h"
#include "common/text/order.h"
#include "google/protobuf/util/time_util.h"
#include "google/type/date.pb.h"

namespace tsunagu {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using records::Kind;

constexpr int64_t kDefaultPage = 50, kLargestPage = 1000;

int64_t Micros(const Message& record, const FieldDescriptor* field) {
  return google::protobuf::util::TimeUtil::TimestampToMicroseconds(
      static_cast<const google::protobuf::Timestamp&>(record.GetReflection()->GetMessage(record, field)));
}

// What the column of `term` holds for this row.
records::OrderValue ValueOf(const records::Schema& schema, const Message& record, const records::OrderTerm& term) {
  const auto& reflection = *record.GetReflection();
  if (term.column == "id") {
    const std::string name = schema.NameIn(record);
    return name.substr(name.rfind('/') + 1);
  }
  const records::Field& field = *schema.Find(term.column);
  const FieldDescriptor* d = field.descriptor;
  if (d->has_presence() && !reflection.HasField(record, d)) return absl::monostate();
  switch (field.kind) {
    case Kind::kEnum:
      return reflection.GetEnum(record, d)->name();
    case Kind::kInteger:
      return d->cpp_type() == FieldDescriptor::CPPTYPE_INT32 ? reflection.GetInt32(record, d)
                                                             : reflection.GetInt64(record, d);
    case Kind::kBool:
      return static_cast<int64_t>(reflection.GetBool(record, d));
    case Kind::kDate:
      return jp::FormatIso(jp::DayOf(static_cast<const google::type::Date&>(reflection.GetMessage(record, d))));
    case Kind::kTime:
      return Micros(record, d);
    default:
      return reflection.GetString(record, d);
  }
}

}  // namespace

absl::Status NarrowToConfidential(const rpc::Call& call, const records::Schema& schema,
                                  const records::SqlCondition& filter, identity::Actor& actor) {
  if (!filter.confidential) return absl::OkStatus();
  const std::string permission = absl::StrCat(schema.collection(), ".confidential");
  if (!call.principal.May(permission)) return Fail("PERMISSION_DENIED"_reason, {{"permission", permission}});
  if (call.headers.purpose.empty()) return Fail("PURPOSE_REQUIRED"_reason);
  actor.scope = actor.scope.Intersection(call.principal.ScopeFor(permission));
  return absl::OkStatus();
}

int64_t PageSize(const Message& request) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("page_size");
  const int64_t asked = field == nullptr ? 0 : request.GetReflection()->GetInt32(request, field);
  return asked <= 0 ? kDefaultPage : std::min(asked, kLargestPage);
}

records::PageCall PageCallOf(const rpc::Call& call, const Message& request, std::string rest) {
  const std::string caller = absl::StrCat(call.principal.id, " ", call.principal.on_behalf_of);
  return {caller, call.MethodName(), TextField(request, "filter"), TextField(request, "order_by"), std::move(rest)};
}

records::SigningKey PageKey(const store::Store& store) { return {"1", store.Secret("pages")}; }

absl::StatusOr<std::string> ListPage(Service& service, const rpc::Call& call, Resource& resource,
                                     const Message& request, absl::FunctionRef<void(store::Record)> keep) {
  store::Store& store = service.store();
  const records::Schema& schema = resource.table->schema();
  Faults faults;
  const auto filter = records::CompileFilter(schema, TextField(request, "filter"));
  const auto order = records::ParseOrderBy(schema, TextField(request, "order_by"));
  faults.Add("", filter.status());
  faults.Add("", order.status());
  RETURN_IF_ERROR(faults.ToStatus());
  identity::Actor actor = ActorOf(call);
  RETURN_IF_ERROR(NarrowToConfidential(call, schema, *filter, actor));

  const int64_t size = PageSize(request);
  const records::PageCall page = PageCallOf(call, request);
  const std::string token = TextField(request, "page_token");
  std::vector<records::OrderValue> position;
  if (!token.empty()) {
    ASSIGN_OR_RETURN(position, records::OpenPageToken(token, page, store.clock().Now(), {PageKey(store)}));
  }
  int64_t kept = 0;
  bool more = false;
  RETURN_IF_ERROR(store.Read(actor, call.deadline, [&](store::View& view) -> absl::Status {
    store::Table::Query query;
    query.Narrow(*filter);
    query.order = *order;
    query.after = position;
    query.limit = size + 1;
    query.page = true;
    return resource.table->List(view, std::move(query), [&](store::Record record) {
      if (kept == size) {
        more = true;
        return absl::OkStatus();
      }
      if (++kept == size) {
        position.clear();
        for (const records::OrderTerm& term : *order) position.push_back(ValueOf(schema, *record, term));
      }
      keep(std::move(record));
      return absl::OkStatus();
    });
  }));
  return more ? records::SignPageToken(page, position, store.clock().Now(), PageKey(store)) : "";
}

}  // namespace tsunagu
