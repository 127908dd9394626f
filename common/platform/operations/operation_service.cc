#include <algorithm>
#include <memory>
#include <string>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/platform/platform.h"
#include "common/records/tx.h"
#include "common/rpc/bind.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "common/work/operations.h"
#include "common/work/watchers.h"
#include "tsunagu/platform/v1/operation.pb.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;
using google::longrunning::Operation;

absl::StatusOr<v1::ListOperationsResponse> ListOperations(Service& service, const rpc::Call& call,
                                                          const v1::ListOperationsRequest& request) {
  const int64_t size = PageSize(request);
  const contract::PageCall page = PageCallOf(call, request);
  std::string before;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(const auto position, OpenPageToken(service, request.page_token(), page));
    const auto* id = position.size() == 1 ? absl::get_if<std::string>(&position[0]) : nullptr;
    if (id == nullptr) return FailAt("page_token", "INVALID_PAGE_TOKEN"_reason);
    before = *id;
  }
  ASSIGN_OR_RETURN(std::vector<Operation> operations, service.operations().List(call, before, size + 1));
  v1::ListOperationsResponse response;
  PageRoom room(size);
  for (Operation& operation : operations) {
    if (!room.Take(operation)) break;
    *response.add_operations() = std::move(operation);
  }
  if (room.full()) {
    const std::string& last = response.operations().rbegin()->name();
    const std::vector<contract::OrderValue> position = {contract::OwnId(last)};
    response.set_next_page_token(SignPageToken(service, page, position));
  }
  return response;
}

// Waits until the operation is done or the time is over. Holds no thread.
class Wait : public rpc::Stream {
 public:
  Wait(Service& service, const rpc::Call& call)
      : service_(service), call_(call), handle_(service.operations().waiting().Add(call.wake)) {}
  absl::Status Push(const google::protobuf::Message& message) override {
    const auto& request = static_cast<const v1::WaitOperationRequest&>(message);
    name_ = request.name();
    deadline_ = call_.deadline.Earlier(kLook);  // the answer must arrive in time
    if (request.has_timeout()) {
      deadline_ = std::min(deadline_, Deadline::After(absl::Seconds(request.timeout().seconds())));
    }
    return absl::OkStatus();
  }
  absl::StatusOr<Pull> Next(google::protobuf::Message& response) override {
    ASSIGN_OR_RETURN(Operation operation, service_.operations().Get(call_, name_));
    if (!operation.done() && !deadline_.Over()) return Pull::kLater;
    static_cast<Operation&>(response).Swap(&operation);
    return Pull::kMessage;
  }

 private:
  static constexpr absl::Duration kLook = absl::Milliseconds(2500);  // it is woken at least every two seconds

  Service& service_;
  const rpc::Call& call_;
  const Watchers::Handle handle_;
  std::string name_;
  Deadline deadline_;
};

absl::StatusOr<Operation> Cancel(Service& service, const rpc::Call& call, const v1::CancelOperationRequest& request) {
  RETURN_IF_ERROR(service.operations().Get(call, request.name()).status());
  Operation answer;
  RETURN_IF_ERROR(service.Change(
      call, request, answer, [&](store::Tx& tx) { return service.operations().RequestCancel(tx, request.name()); }));
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
      .Raw<v1::WaitOperationRequest, Operation>(
          "WaitOperation", [&service](rpc::Call& call) { return std::make_unique<Wait>(service, call); })
      .Unary("CancelOperation", [&service](rpc::Call& call, const v1::CancelOperationRequest& request) {
        return Cancel(service, call, request);
      });
}

}  // namespace tsunagu
