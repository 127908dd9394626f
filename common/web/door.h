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
  std::shared_ptr<const std::string> kept;  // used instead of `body`: shared by many answers and sent without a copy
};

// Returns an error in the form of REST: caller-sent values are shortened, and the status follows from the reason. For
// RPC calls it is a problem of RFC 9457, because clients of Connect and gRPC-Web take application/json for an error of
// Connect, and use the status of any other type.
Page Refusal(const absl::Status& why, const Request& request, bool is_rpc = false, Fields fields = {});

// Returns a page that is served besides the methods of the Router; nothing when the request is for none.
using Pages = std::function<std::optional<Page>(const Request&)>;

// Determines the form and the target of a request, and starts its answer.
class Door final : public Front {
 public:
  // All arguments must outlive it.
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
