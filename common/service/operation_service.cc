#include <algorithm>
#include <string>

#include "common/base/status_macros.h"
#include "common/rpc/bind.h"
#include "common/service/operations.h"
#include "common/service/paging.h"
#include "common/service/platform.h"
#include "tsunagu/platform/v1/operation.pb.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;
using google::longrunning::Operation;

absl::StatusOr<v1::ListOperationsResponse> ListOperations(Service& service, const rpc::Call& call,
                                                          const v1::ListOperationsRequest& request) {
  const int64_t size = PageSize(request);
  const records::PageCall page = PageCallOf(call, request);
  const store::Store& store = service.store();
  std::string before;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(const auto position,
                     records::OpenPageToken(request.page_token(), page, store.clock().Now(), {PageKey(store)}));
    const auto* id = position.size() == 1 ? absl::get_if<std::string>(&position[0]) : nullptr;
    if (id == nullptr) return FailAt("page_token", reason::REASON_INVALID_PAGE_TOKEN);
    before = *id;
  }
  ASSIGN_OR_RETURN(std::vector<Operation> operations, service.operations().List(call, before, size + 1));
  v1::ListOperationsResponse response;
  const bool more = static_cast<int64_t>(operations.size()) > size;
  if (more) operations.pop_back();
  for (Operation& operation : operations) *response.add_operations() = std::move(operation);
  if (more) {
    const std::string& last = response.operations().rbegin()->name();
    const std::vector<records::OrderValue> position = {last.substr(last.rfind('/') + 1)};
    response.set_next_page_token(records::SealPageToken(page, position, store.clock().Now(), PageKey(store)));
  }
  return response;
}

absl::StatusOr<Operation> Wait(Service& service, const rpc::Call& call, const v1::WaitOperationRequest& request) {
  absl::Time deadline = call.deadline - absl::Milliseconds(500);  // the answer has to arrive in time
  if (request.has_timeout()) {
    deadline = std::min(deadline, service.store().clock().Now() + absl::Seconds(request.timeout().seconds()));
  }
  return service.operations().Wait(call, request.name(), deadline);
}

absl::StatusOr<Operation> Cancel(Service& service, const rpc::Call& call, const v1::CancelOperationRequest& request) {
  RETURN_IF_ERROR(service.operations().Get(call, request.name()).status());
  Operation answer;
  RETURN_IF_ERROR(service.store().Change(
      ActorOf(call, request), call.deadline, {request.SerializeAsString()}, answer,
      [&](store::Tx& tx) { return service.operations().RequestCancel(tx, request.name()); }));
  return service.operations().Get(call, request.name());
}

}  // namespace

void BindOperations(Service& service) {
  rpc::Binder(service.module(), "tsunagu.platform.v1.OperationService")
      .Unary("GetOperation",
             [&service](rpc::Call& call, const v1::GetOperationRequest& request) {
               return service.operations().Get(call, request.name());
             })
      .Unary("ListOperations",
             [&service](rpc::Call& call, const v1::ListOperationsRequest& request) {
               return ListOperations(service, call, request);
             })
      .Unary("WaitOperation", [&service](rpc::Call& call,
                                         const v1::WaitOperationRequest& request) { return Wait(service, call, request); })
      .Unary("CancelOperation", [&service](rpc::Call& call, const v1::CancelOperationRequest& request) {
        return Cancel(service, call, request);
      });
}

}  // namespace tsunagu
