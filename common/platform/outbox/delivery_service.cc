#include <string>
#include <vector>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/platform/platform.h"
#include "common/records/tx.h"
#include "common/rpc/bind.h"
#include "common/service/paging.h"
#include "common/service/service.h"
#include "common/work/outbox.h"
#include "tsunagu/platform/v1/delivery.pb.h"

namespace tsunagu {
namespace {

namespace v1 = platform::v1;

absl::StatusOr<v1::ListDeliveriesResponse> ListDeliveries(Service& service, const rpc::Call& call,
                                                          const v1::ListDeliveriesRequest& request) {
  const int64_t size = PageSize(request);
  const contract::PageCall page = PageCallOf(call, request);
  std::string after;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(const auto position, OpenPageToken(service, request.page_token(), page));
    const auto* id = position.size() == 1 ? absl::get_if<std::string>(&position[0]) : nullptr;
    if (id == nullptr) return FailAt("page_token", "INVALID_PAGE_TOKEN"_reason);
    after = *id;
  }
  ASSIGN_OR_RETURN(std::vector<v1::Delivery> deliveries, service.outbox().List(call.deadline, after, size + 1));
  v1::ListDeliveriesResponse response;
  PageRoom room(size);
  for (v1::Delivery& delivery : deliveries) {
    if (!room.Take(delivery)) break;
    *response.add_deliveries() = std::move(delivery);
  }
  if (room.full()) {
    const std::string& last = response.deliveries().rbegin()->name();
    const std::vector<contract::OrderValue> position = {contract::OwnId(last)};
    response.set_next_page_token(SignPageToken(service, page, position));
  }
  return response;
}

absl::StatusOr<v1::Delivery> RetryDelivery(Service& service, const rpc::Call& call,
                                           const v1::RetryDeliveryRequest& request) {
  v1::Delivery answer;
  RETURN_IF_ERROR(service.Change(call, request, answer, [&](store::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(answer, service.outbox().Retry(tx, request.name()));
    return absl::OkStatus();
  }));
  return answer;
}

}  // namespace

void BindDeliveries(Service& service) {
  rpc::Binder(service.module(), "tsunagu.platform.v1.DeliveryService")
      .Unary("ListDeliveries",
             [&service](rpc::Call& call, const v1::ListDeliveriesRequest& request) {
               return ListDeliveries(service, call, request);
             })
      .Unary("RetryDelivery", [&service](rpc::Call& call, const v1::RetryDeliveryRequest& request) {
        return RetryDelivery(service, call, request);
      });
}

}  // namespace tsunagu
