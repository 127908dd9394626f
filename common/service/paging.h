#ifndef TSUNAGU_COMMON_SERVICE_PAGING_H_
#define TSUNAGU_COMMON_SERVICE_PAGING_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/service/page_room.h"
#include "common/text/page_token.h"
#include "common/text/where.h"
#include "google/protobuf/message.h"

namespace tsunagu {

class Service;
struct Resource;
namespace identity {
struct Actor;
}
namespace contract {
class Schema;
struct SqlCondition;
}  // namespace contract
namespace rpc {
struct Call;
}

// A filter on a confidential field discloses its values, so it requires what reading them requires: the permission, a
// purpose, and the scope of the permission, to which `actor` is narrowed. Errors: PERMISSION_DENIED, PURPOSE_REQUIRED.
absl::Status NarrowToConfidential(const rpc::Call& call, const contract::Schema& schema,
                                  const contract::SqlCondition& filter, identity::Actor& actor);

// Returns the condition for records under the request's parent, if the resource has one.
contract::Where WhereUnder(const contract::Schema& schema, const google::protobuf::Message& request);

// Returns the number of rows for the page_size of a request: 50 by default, at most 1,000.
int64_t PageSize(const google::protobuf::Message& request);

// Returns the call that a page token belongs to.
contract::PageCall PageCallOf(const rpc::Call& call, const google::protobuf::Message& request, std::string rest = "");
// Sign and open the token of a page with the service's key; see contract::SignPageToken and OpenPageToken.
std::string SignPageToken(Service& service, const contract::PageCall& page,
                          absl::Span<const contract::OrderValue> last_row);
absl::StatusOr<std::vector<contract::OrderValue>> OpenPageToken(Service& service, absl::string_view token,
                                                                const contract::PageCall& page);

// Reads one page of a table for a request with page_size, page_token, filter and order_by, and possibly as_of_date,
// as_known_at and the resource's parent. Passes the rows to `keep`, as many as a PageRoom takes. Returns the next
// page's token, empty after the last page.
absl::StatusOr<std::string> ListPage(Service& service, rpc::Call& call, Resource& resource,
                                     const google::protobuf::Message& request,
                                     absl::FunctionRef<void(std::unique_ptr<google::protobuf::Message>)> keep);

// The same for a resource whose records are M.
template <typename M>
absl::StatusOr<std::string> ListPage(Service& service, rpc::Call& call, Resource& resource,
                                     const google::protobuf::Message& request, std::vector<M>& rows) {
  return ListPage(service, call, resource, request, [&](std::unique_ptr<google::protobuf::Message> record) {
    rows.push_back(std::move(static_cast<M&>(*record)));
  });
}

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_SERVICE_PAGING_H_
