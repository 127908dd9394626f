#ifndef TSUNAGU_COMMON_WEB_DOOR_H_
#define TSUNAGU_COMMON_WEB_DOOR_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/rpc/in_flight.h"
#include "common/rpc/router.h"
#include "common/web/form.h"
#include "common/web/http_stream.h"
#include "common/web/loop.h"
#include "common/web/origins.h"
#include "common/web/rest/http_rule.h"

namespace tsunagu::web {

// An answer that needs no call.
struct Page {
  int status = 200;
  Fields fields;
  std::string body;
  std::shared_ptr<const std::string> kept;  // instead of `body`: one that many get, sent from where it is
};

// As REST says it: what a caller has sent comes back shortened, and the status follows from the reason. To a call of
// RPC as a problem of RFC 9457: clients of Connect and gRPC-Web take application/json for an error of Connect, and go
// by the status of all else.
Page Refusal(const absl::Status& why, const Request& request, bool is_rpc = false, Fields fields = {});

// What is served beside the methods of the Router; nothing where the request means none of it.
using Pages = std::function<std::optional<Page>(const Request&)>;

// Says in which form a request asks for what, and has it answered.
class Door final : public Front {
 public:
  // All outlive it.
  Door(const rpc::Router& router, const HttpRules& rules, rpc::InFlight& in_flight, Loop& loop, const Pages& pages,
       const Origins& origins)
      : router_(router), rules_(rules), in_flight_(in_flight), loop_(loop), pages_(pages), origins_(origins) {}

  std::shared_ptr<StreamHandler> Begin(Request request, HttpStream& stream) override;

 private:
  const rpc::Router& router_;
  const HttpRules& rules_;
  rpc::InFlight& in_flight_;
  Loop& loop_;
  const Pages& pages_;
  const Origins& origins_;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_DOOR_H_
