#include "common/web/door.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/rpc/headers.h"
#include "common/rpc/status.h"
#include "common/web/rest.h"
#include "common/web/web_exchange.h"

namespace tsunagu::web {
namespace {

// Sends one answer, whatever the request goes on to say.
class Sent final : public StreamHandler {
 public:
  Sent(HttpStream& stream, Page page) : stream_(stream) {
    stream.Head(page.status, page.fields);
    if (!page.body.empty()) stream.Send(std::move(page.body));
    stream.End({});
  }
  void OnBody(absl::string_view piece) override { stream_.Consumed(piece.size()); }
  void OnBodyEnd() override {}
  void OnSent() override {}
  void OnGone() override {}

 private:
  HttpStream& stream_;
};

Page Refusal(int http_status, const absl::Status& why, const Request& request, Fields fields = {}) {
  const Language language = rpc::ParseLanguage(ValueOf(request.fields, "accept-language"));
  fields.emplace_back("content-type", "text/plain; charset=utf-8");
  return {http_status, std::move(fields), absl::StrCat(Text(FaultOf(why), language), "\n")};
}

Page RestRefusal(const absl::Status& why, const Request& request) {
  const ErrorStyle style = StyleOf(request);
  HttpError error = RenderError(rpc::ToGrpc(why, style.language, ""), style);
  return {error.status, std::move(error.fields), std::move(error.body)};
}

Page MediaTypeUnknown(const Request& request, const std::string& allowed) {
  return Refusal(415,
                 Fail("MEDIA_TYPE_UNKNOWN"_reason,
                      {{"media_type", std::string(ValueOf(request.fields, "content-type"))}, {"allowed", allowed}}),
                 request, {{"accept-post", allowed}});
}

}  // namespace

std::shared_ptr<StreamHandler> Door::Begin(Request request, HttpStream& stream) {
  const auto send = [&](Page page) { return std::make_shared<Sent>(stream, std::move(page)); };
  const auto start = [&](std::unique_ptr<Form> form) {
    return WebExchange::Start(router_, in_flight_, loop_, stream, std::move(request), std::move(form));
  };
  const absl::string_view content_type = ValueOf(request.fields, "content-type");
  if (absl::StartsWith(content_type, "application/grpc")) {
    const bool web = absl::StartsWith(content_type, "application/grpc-web");
    if (!web && !request.http2) return send(Refusal(505, Fail("NEEDS_HTTP2"_reason), request));
    std::unique_ptr<Form> form = request.method == "POST" ? MakeGrpc(request) : nullptr;
    if (form == nullptr) return send(MediaTypeUnknown(request, "application/grpc, application/grpc-web"));
    return start(std::move(form));
  }
  if (const rpc::Route* route = router_.Find(request.path); route != nullptr) {
    if (request.method != "POST") {
      return send(Refusal(405, Fail("METHOD_NOT_FOUND"_reason, {{"method", request.method}}), request, {{"allow", "POST"}}));
    }
    std::unique_ptr<Form> form = MakeConnect(request, *route);
    const char* connect = route->streams ? "application/connect+json, application/connect+proto"
                                         : "application/json, application/proto";
    if (form == nullptr) return send(MediaTypeUnknown(request, absl::StrCat(connect, ", application/grpc, application/grpc-web")));
    return start(std::move(form));
  }
  if (std::optional<Page> page = pages_(request)) return send(*std::move(page));
  absl::StatusOr<HttpRules::Match> match = rules_.Find(request.method, request.path);
  if (!match.ok()) return send(RestRefusal(match.status(), request));
  return start(MakeRest(request, *std::move(match)));
}

}  // namespace tsunagu::web
