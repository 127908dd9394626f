#ifndef TSUNAGU_SERVICES_PEERS_REGISTRY_PAGES_H_
#define TSUNAGU_SERVICES_PEERS_REGISTRY_PAGES_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/rpc/client.h"

namespace tsunagu::peers {

// Reads every page of a List method of the registry and calls `each` for it.
template <typename Response, typename Request, typename Each>
absl::Status ReadAll(rpc::Peer& registry, const rpc::CallOptions& options, absl::string_view method, Request request,
                     Each each) {
  do {
    ASSIGN_OR_RETURN(const Response response, registry.Unary<Response>(method, request, options));
    each(response);
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

}  // namespace tsunagu::peers

#endif  // TSUNAGU_SERVICES_PEERS_REGISTRY_PAGES_H_
