#include "common/web/door.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/rpc/status.h"
#include "common/web/rest/rest.h"
#include "common/web/web_exchange.h"

namespace tsunagu::web {
namespace {

constexpr size_t kPiece = 4 * 1024;

// Sends one answer, whatever else the request contains. A kept page is sent in pieces, so that a caller that does not
// read cannot make the server copy much of it.
class Sent final : public StreamHandler {
 public:
  Sent(HttpStream& stream, Page page) : stream_(stream), kept_(std::move(page.kept)) {
    stream.Head(page.status, page.fields);
    if (kept_ != nullptr) {
      SendPiece();
      return;
    }
    if (!page.body.empty()) stream.Send(std::move(page.body));
    stream.End({});
  }
  void OnBody(absl::string_view piece) override { stream_.Consumed(piece.size()); }
  void OnBodyEnd() override {}
  void OnSent() override {
    if (kept_ != nullptr) SendPiece();
  }
  void OnGone() override {}

 private:
  void SendPiece() {
    const auto kept = kept_;
    std::string piece = kept->substr(std::exchange(sent_, sent_ + kPiece), kPiece);
    const bool last = sent_ >= kept->size();
    if (last) kept_ = nullptr;
    stream_.Send(std::move(piece));
    if (last) stream_.End({});
  }

  HttpStream& stream_;
  std::shared_ptr<const std::string> kept_;
  size_t sent_ = 0;
};

// Returns whether a request for an unknown path is a call of Connect.
bool IsOfConnect(const Request& request) {
  const absl::string_view type = ValueOf(request.fields, "content-type");
  return absl::StartsWith(type, "application/connect+") || absl::StartsWith(type, "application/proto") ||
         !ValueOf(request.fields, "connect-protocol-version").empty();
}

Page MediaTypeUnknown(const Request& request, const std::string& allowed) {
  const std::string type(ValueOf(request.fields, "content-type"));
  const absl::Status why = type.empty()
                               ? Fail("CONTENT_TYPE_MISSING"_reason, {{"allowed", allowed}})
                               : Fail("MEDIA_TYPE_UNKNOWN"_reason, {{"media_type", type}, {"allowed", allowed}});
  return Refusal(why, request, true, {{"accept-post", allowed}});
}

}  // namespace

Page Refusal(const absl::Status& why, const Request& request, bool is_rpc, Fields fields) {
  ErrorStyle style = StyleOf(request);
  style.problem |= is_rpc;
  HttpError error = RenderError(rpc::ToGrpc(why, style.language, ""), style);
  fields.insert(fields.end(), error.fields.begin(), error.fields.end());
  return {error.status, std::move(fields), std::move(error.body), nullptr};
}

std::shared_ptr<StreamHandler> Door::Begin(Request request, HttpStream& stream) {
  const auto send = [&](Page page) {
    page.fields.insert(page.fields.end(), request.granted.begin(), request.granted.end());
    return std::make_shared<Sent>(stream, std::move(page));
  };
  if (std::optional<Fields> may = origins_.Preflight(request)) return send({204, *std::move(may), "", nullptr});
  if (const absl::Status judged = origins_.Judge(request); !judged.ok()) return send(Refusal(judged, request, true));
  request.granted = origins_.Granted(request);
  const auto start = [&](std::unique_ptr<Form> form) {
    return WebExchange::Start(router_, in_flight_, loop_, stream, std::move(request), std::move(form));
  };
  const absl::string_view content_type = ValueOf(request.fields, "content-type");
  if (request.cut && content_type.empty()) {  // the content-type may be among the missing fields
    const bool is_rpc = IsOfConnect(request) || router_.Find(request.path) != nullptr;
    return send(Refusal(Fail("METADATA_TOO_LARGE"_reason), request, is_rpc));
  }
  if (absl::StartsWith(content_type, "application/grpc")) {
    const bool web = absl::StartsWith(content_type, "application/grpc-web");
    if (!web && !request.http2) return send(Refusal(Fail("NEEDS_HTTP2"_reason), request, true));
    if (request.method != "POST") {
      return send(Refusal(Fail("VERB_NOT_ALLOWED"_reason, {{"allowed", "POST"}}), request, true));
    }
    std::unique_ptr<Form> form = MakeGrpc(request);
    if (form == nullptr) return send(MediaTypeUnknown(request, "application/grpc, application/grpc-web"));
    return start(std::move(form));
  }
  if (const rpc::Route* route = router_.Find(request.path); route != nullptr) {
    if (request.method != "POST") {
      return send(Refusal(Fail("VERB_NOT_ALLOWED"_reason, {{"allowed", "POST"}}), request, true));
    }
    std::unique_ptr<Form> form = MakeConnect(request, *route);
    const char* connect =
        route->streams ? "application/connect+json, application/connect+proto" : "application/json, application/proto";
    if (form == nullptr)
      return send(MediaTypeUnknown(request, absl::StrCat(connect, ", application/grpc, application/grpc-web")));
    return start(std::move(form));
  }
  if (std::optional<Page> page = pages_(request)) return send(*std::move(page));
  absl::StatusOr<HttpRules::Match> match = rules_.Find(request.method, request.path);
  if (!match.ok()) return send(Refusal(match.status(), request, IsOfConnect(request)));
  return start(MakeRest(request, *std::move(match)));
}

}  // namespace tsunagu::web
