#include "common/service/standard.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/mask.h"
#include "common/contract/schema.h"
#include "common/contract/validate.h"
#include "common/records/pending_change.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/rpc/call.h"
#include "common/service/change_newest.h"
#include "common/service/known.h"
#include "common/service/list_parent.h"
#include "common/service/paging.h"
#include "common/service/request_fields.h"
#include "common/service/service.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/type/date.pb.h"

namespace tsunagu {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int64_t kMostNamesakes = 100'000;

const FieldDescriptor* FieldOf(const Message& message, absl::string_view name) {
  return message.GetDescriptor()->FindFieldByName(std::string(name));
}

// Returns the field of a request or response that holds the resource, single or repeated.
const FieldDescriptor* RecordField(const Message& message, const Descriptor* record) {
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    if (field->message_type() == record) return field;
  }
  return nullptr;
}

void Append(Message& response, const FieldDescriptor* list, store::Record record) {
  response.GetReflection()->AddAllocatedMessage(&response, list, record.release());
}

absl::Status GetKnown(Service& service, rpc::Call& call, Resource& resource, const Message& request,
                      const google::protobuf::Timestamp& as_known_at, Message& response) {
  ASSIGN_OR_RETURN(const int64_t place, PlaceKnownAt(service, call, as_known_at));
  return service.store().Read(ActorOf(call), call.deadline, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const store::Record record, resource.table->GetKnown(view, TextField(request, "name"), place));
    response.GetReflection()->Swap(&response, record.get());
    return absl::OkStatus();
  });
}

absl::Status Get(Service& service, rpc::Call& call, Resource& resource, const Message& request, Message& response) {
  if (const auto* as_known_at = MessageField<google::protobuf::Timestamp>(request, "as_known_at")) {
    if (call.on_grpc_thread) return Fail("DEADLINE_EXCEEDED"_reason);  // may have to wait for sealing
    return GetKnown(service, call, resource, request, *as_known_at, response);
  }
  return service.store().ReadInTurn(ActorOf(call), call.patience(), [&](store::View& view) -> absl::Status {
    return resource.table->GetInto(view, TextField(request, "name"), response);
  });
}

absl::Status List(Service& service, rpc::Call& call, Resource& resource, const Message& request, Message& response) {
  const FieldDescriptor* list = RecordField(response, resource.table->schema().message());
  ASSIGN_OR_RETURN(std::string token, ListPage(service, call, resource, request, [&](store::Record record) {
                     Append(response, list, std::move(record));
                   }));
  response.GetReflection()->SetString(&response, FieldOf(response, "next_page_token"), std::move(token));
  return absl::OkStatus();
}

absl::StatusOr<std::string> IdFor(const Resource& resource, const Message& request, const Message& record,
                                  absl::string_view path) {
  const contract::Schema& schema = resource.table->schema();
  std::string id = TextField(request, absl::StrCat(path, "_id"));
  if (id.empty()) {
    id = resource.table->DerivedId(record);
  } else if (schema.rule().server_id()) {
    return FailAt(absl::StrCat(path, "_id"), "ID_SET_BY_SERVER"_reason);
  } else if (!contract::IsWellFormedId(id)) {
    return FailAt(absl::StrCat(path, "_id"), "MALFORMED_ID"_reason);
  }
  return schema.has_parent() ? schema.IdUnder(TextField(request, "parent"), id) : id;
}

// A create that only computes before its transaction and after it, so that it may begin and end on gRPC's thread: it
// asks no other service, needs no key that may have to be made, and writes no row of the access log.
bool OnlyComputes(const Resource& resource) { return !resource.ask && !resource.table->schema().rule().personal(); }

// Creates a record. On gRPC's thread it holds no thread until its commit: waking a thread for each answer would cost
// more than the answer.
class CreateStream final : public rpc::Stream {
 public:
  CreateStream(Service& service, rpc::Call& call, Resource& resource)
      : service_(service), call_(call), resource_(resource) {}

  absl::Status Push(const Message& request) override {
    request_ = &request;
    return absl::OkStatus();
  }

  absl::StatusOr<Pull> Next(Message& response) override {
    if (change_.has_value()) {
      if (call_.on_grpc_thread && !change_->FinishesAtOnce()) return OnExecutor();
    } else {
      if (call_.on_grpc_thread && (request_->ByteSizeLong() > kQuick || !OnlyComputes(resource_))) return OnExecutor();
      RETURN_IF_ERROR(Start());
      auto tell = [wake = call_.wake, held = call_.hold()] { wake(); };
      if (call_.on_grpc_thread) return change_->WriteLater(std::move(tell)) ? Pull::kSoon : OnExecutor();
    }
    RETURN_IF_ERROR(change_->Finish());
    response.GetReflection()->Swap(&response, created_.get());
    return Pull::kMessage;
  }

 private:
  static constexpr size_t kQuick = 16 * 1024;  // bytes of a request that is checked in microseconds

  Pull OnExecutor() {
    call_.wake();
    return Pull::kLater;
  }

  absl::Status Start() {
    const contract::Schema& schema = resource_.table->schema();
    const FieldDescriptor* field = RecordField(*request_, schema.message());
    const Message& record = request_->GetReflection()->GetMessage(*request_, field);
    given_.reset(record.New());
    given_->CopyFrom(record);
    resource_.table->Receive(*given_);
    ASSIGN_OR_RETURN(id_, IdFor(resource_, *request_, *given_, field->name()));
    // Checks the contract here, so that the writer need not check it.
    Faults contract;
    contract::ValidateRecord(schema, *given_, "", contract);
    if (resource_.ask && contract.empty()) RETURN_IF_ERROR(Ask());
    how_.asked = &asked_;
    how_.path = field->name();
    how_.contract_checked = contract.empty();
    store::ChangeRequest checked = RequestOf(*request_);
    checked.fresh_keys = resource_.table->NeedsFreshKey() && contract.empty() ? 1 : 0;
    created_.reset(given_->New());
    change_.emplace(service_.store(), ActorOf(call_, *request_), call_.deadline, std::move(checked), *created_,
                    [this](store::Tx& tx) -> absl::Status {
                      created_->CopyFrom(*given_);
                      return resource_.table->Insert(tx, id_, *created_, how_);
                    });
    return change_->Start();
  }

  absl::Status Ask() {
    const store::Record sent(given_->New()), empty(given_->New());
    sent->CopyFrom(*given_);
    RETURN_IF_ERROR(resource_.ask(call_, {Wanted<Message>{nullptr, given_.get(), &asked_}}));
    named_.add_paths("*");
    named_ = contract::Without(resource_.table->schema(), named_, contract::CopyFilled(*sent, *given_, *empty));
    how_.named = &named_;
    return absl::OkStatus();
  }

  Service& service_;
  rpc::Call& call_;
  Resource& resource_;
  const Message* request_ = nullptr;
  store::Record given_, created_;
  std::string id_;
  Faults asked_;
  google::protobuf::FieldMask named_;
  store::Table::Writing how_;
  std::optional<store::PendingChange> change_;
};

absl::Status Update(Service& service, rpc::Call& call, Resource& resource, const Message& request, Message& response) {
  const contract::Schema& schema = resource.table->schema();
  const FieldDescriptor* field = RecordField(request, schema.message());
  const Message& patch = request.GetReflection()->GetMessage(request, field);
  const auto& mask = static_cast<const google::protobuf::FieldMask&>(
      request.GetReflection()->GetMessage(request, FieldOf(request, "update_mask")));
  const store::Record sent(patch.New()), filled(patch.New());  // before and after the asked service has filled it
  Faults asked;
  if (resource.ask) {
    store::Record before;
    RETURN_IF_ERROR(service.store().Read(ActorOf(call, request), call.deadline, [&](store::View& view) -> absl::Status {
      ASSIGN_OR_RETURN(before, resource.table->Get(view, schema.NameIn(patch)));
      return absl::OkStatus();
    }));
    sent->CopyFrom(*before);
    RETURN_IF_ERROR(contract::ApplyMask(schema, mask, patch, *sent));
    filled->CopyFrom(*sent);
    RETURN_IF_ERROR(resource.ask(call, {Wanted<Message>{before.get(), filled.get(), &asked}}));
  }
  return ChangeNewest(
      service, call, resource.table->schema().collection(), request, response, [&](store::Tx& tx) -> absl::Status {
        ASSIGN_OR_RETURN(const store::Record before, resource.table->Get(tx, schema.NameIn(patch)));
        const std::string etag = TextField(patch, "etag");
        if (!etag.empty() && etag != TextField(*before, "etag")) return Fail("ETAG_MISMATCH"_reason);
        response.CopyFrom(*before);
        RETURN_IF_ERROR(contract::ApplyMask(schema, mask, patch, response));
        const auto named = contract::Without(schema, mask, contract::CopyFilled(*sent, *filled, response));
        store::Table::Writing how;
        how.path = field->name();
        how.named = &named;
        how.asked = &asked;
        return OrOvertaken(resource.table->Update(tx, *before, response, how));
      });
}

absl::Status Search(Service& service, rpc::Call& call, Resource& resource, const Message& request, Message& response) {
  if (call.headers.purpose.empty()) return Fail("PURPOSE_REQUIRED"_reason);
  const contract::Schema& schema = resource.table->schema();
  const FieldDescriptor* list = RecordField(response, schema.message());
  const FieldDescriptor* wanted = FieldOf(request, "birth_date");
  const bool by_day = wanted != nullptr && request.GetReflection()->HasField(request, wanted);
  const FieldDescriptor* stored = by_day ? schema.Find("birth_date")->descriptor : nullptr;
  const int64_t size = PageSize(request);
  const contract::Where where = WhereUnder(schema, request);
  RETURN_IF_ERROR(contract::Compile(schema, where.node()).status());
  // A hit discloses that the person has this name.
  const std::string permission = absl::StrCat(schema.collection(), ".identity");
  if (!call.principal.May(permission)) return Fail("PERMISSION_DENIED"_reason, {{"permission", permission}});
  identity::Actor actor = ActorOf(call);
  actor.scope = actor.scope.Intersection(call.principal.ScopeFor(permission));
  const int64_t most = by_day ? kMostNamesakes : size;
  return service.store().Read(actor, call.deadline, [&](store::View& view) -> absl::Status {
    PageRoom room(size);
    int64_t looked_at = 0, found = 0;
    response.Clear();
    if (schema.has_parent()) RETURN_IF_ERROR(CheckParentOfList(view, *resource.table, TextField(request, "parent")));
    // The day is not in the index, so everybody of that name is read. One more than permitted shows that there are
    // more.
    return resource.table->Search(
        view, TextField(request, "display_name"), where, most + 1, [&](store::Record record) -> absl::Status {
          const bool fits = !by_day || google::protobuf::util::MessageDifferencer::Equals(
                                           record->GetReflection()->GetMessage(*record, stored),
                                           request.GetReflection()->GetMessage(request, wanted));
          // A person left out would be taken for a person who does not exist.
          if (++looked_at > most || (fits && !room.Take(*record))) {
            return Fail("TOO_MANY_FOUND"_reason, {{"most", absl::StrCat(looked_at > most ? most : found)}});
          }
          if (!fits) return absl::OkStatus();
          ++found;
          Append(response, list, std::move(record));
          return absl::OkStatus();
        });
  });
}

// Sets the last day of a record's period. It is a change like any other: the rule of the resource runs.
absl::Status End(Service& service, rpc::Call& call, Resource& resource, const Message& request, Message& response) {
  const contract::Schema& schema = resource.table->schema();
  const auto& end_date = static_cast<const google::type::Date&>(
      request.GetReflection()->GetMessage(request, FieldOf(request, "end_date")));
  const jp::CivilDay last = jp::DayOf(end_date);
  return ChangeRecord(service, call, resource, request, response, [&](store::Tx&, Message& record) -> absl::Status {
    const jp::Period period = schema.PeriodOf(record);
    if (period.to < service.store().Today()) {
      return Fail("PERIOD_OVER"_reason, {{"date", jp::FormatIso(period.to)}});
    }
    if (last < period.from) return FailAt("end_date", "PERIOD_ENDS_BEFORE_START"_reason);
    const FieldDescriptor* to = schema.period_to()->descriptor;
    record.GetReflection()->MutableMessage(&record, to)->CopyFrom(end_date);
    return absl::OkStatus();
  });
}

using Handler = absl::Status (*)(Service&, rpc::Call&, Resource&, const Message&, Message&);

// Returns the standard method that `name` is for the resource: GetArea, ListAreas.
Handler HandlerOf(const std::string& name, const contract::Schema& schema) {
  const std::string& one = schema.message()->name();
  std::string many = schema.collection();
  many[0] = static_cast<char>(many[0] - 'a' + 'A');
  if (name == absl::StrCat("Get", one)) return &Get;
  if (name == absl::StrCat("List", many)) return &List;
  if (name == absl::StrCat("Update", one)) return &Update;
  if (name == absl::StrCat("Search", many)) return &Search;
  if (name == absl::StrCat("End", one) && schema.has_period()) return &End;
  return nullptr;
}

}  // namespace

rpc::Binder BindStandard(Service& service, absl::string_view service_name, Resource& resource) {
  rpc::Binder binder(service.module(), service_name);
  const contract::Schema& schema = resource.table->schema();
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(service_name));
  for (int i = 0; descriptor != nullptr && i < descriptor->method_count(); ++i) {
    const std::string& name = descriptor->method(i)->name();
    // What takes microseconds in a local file runs on gRPC's thread. A point read may still have to wait for a
    // connection or for another process.
    const bool local = service.store().database().dialect() == store::Dialect::kSqlite;
    if (name == absl::StrCat("Create", schema.message()->name())) {
      binder.RawUntyped(name, [&service, &resource](rpc::Call& call) -> std::unique_ptr<rpc::Stream> {
        return std::make_unique<CreateStream>(service, call, resource);
      });
      if (local && OnlyComputes(resource)) binder.NeverBlocks();
      continue;
    }
    const Handler handler = HandlerOf(name, schema);
    if (handler == nullptr) continue;
    binder.UnaryUntyped(name,
                        [&service, &resource, handler](rpc::Call& call, const Message& request, Message& response) {
                          return handler(service, call, resource, request, response);
                        });
    if (handler == &Get && local && !schema.rule().personal()) binder.NeverBlocks();
  }
  return binder;
}

absl::Status ChangeRecord(Service& service, const rpc::Call& call, Resource& resource, const Message& request,
                          Message& response, absl::FunctionRef<absl::Status(store::Tx&, Message&)> change) {
  return ChangeNewest(
      service, call, resource.table->schema().collection(), request, response, [&](store::Tx& tx) -> absl::Status {
        ASSIGN_OR_RETURN(const store::Record before, resource.table->Get(tx, TextField(request, "name")));
        const std::string etag = TextField(*before, "etag"), wanted = TextField(request, "etag");
        if (!wanted.empty() && wanted != etag) return Fail("ETAG_MISMATCH"_reason);
        response.CopyFrom(*before);
        RETURN_IF_ERROR(change(tx, response));
        // Another call may have changed what was read before `change` took its guards. An update detects that, but
        // nothing is updated when `change` has left the record unchanged.
        if (google::protobuf::util::MessageDifferencer::Equals(*before, response)) {
          ASSIGN_OR_RETURN(const store::Record now, resource.table->Get(tx, TextField(request, "name")));
          if (TextField(*now, "etag") != etag) return Overtaken();
        }
        return OrOvertaken(resource.table->Update(tx, *before, response));
      });
}

absl::StatusOr<bool> FindAnswer(Service& service, const rpc::Call& call, const Message& request, Message& response) {
  return service.store().FindAnswer(ActorOf(call, request), call.deadline, RequestOf(request), response);
}

}  // namespace tsunagu
