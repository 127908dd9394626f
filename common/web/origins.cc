#include "common/web/origins.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"

namespace tsunagu::web {
namespace {

constexpr char kSent[] =
    "accept, accept-language, authorization, connect-protocol-version, connect-timeout-ms, content-type, grpc-timeout, "
    "idempotency-key, if-match, if-none-match, traceparent, tsunagu-purpose, x-grpc-web, x-server-timeout, "
    "x-user-agent";
constexpr char kRead[] =
    "content-disposition, content-language, etag, grpc-message, grpc-status, grpc-status-details-bin, retry-after, "
    "tsunagu-correlation-id, tsunagu-journal-place, www-authenticate";
constexpr char kSeconds[] = "7200";  // how long a browser does not ask again; no browser remembers it for longer

// Returns the origin without its scheme; empty when that is not HTTP.
absl::string_view HostOf(absl::string_view origin) {
  return absl::ConsumePrefix(&origin, "https://") || absl::ConsumePrefix(&origin, "http://") ? origin : "";
}

bool IsOrigin(absl::string_view text) {
  const absl::string_view host = HostOf(text);
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || absl::StrContains(".-:[]", c);
  });
}

}  // namespace

absl::StatusOr<Origins> Origins::Of(std::vector<std::string> origins) {
  for (const std::string& one : origins) {
    if (IsOrigin(one)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "--web-origins の ", one,
        " はオリジンではありません。https://console.example.jp のように、小文字で、パスを付けずに書いてください。\n",
        one,
        " in --web-origins is no origin. Write it like https://console.example.jp: in lower case, without a path."));
  }
  Origins made;
  made.origins_ = std::move(origins);
  return made;
}

bool Origins::Has(absl::string_view origin) const {
  return std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

absl::Status Origins::Judge(const Request& request) const {
  const absl::string_view origin = ValueOf(request.fields, "origin");
  const bool ours = !HostOf(origin).empty() && absl::EqualsIgnoreCase(HostOf(origin), request.authority);
  if (origin.empty() || ours || Has(origin)) return absl::OkStatus();
  return Fail("ORIGIN_NOT_ALLOWED"_reason);
}

Fields Origins::Granted(const Request& request) const {
  const absl::string_view origin = ValueOf(request.fields, "origin");
  if (!Has(origin)) {
    // A cache must not give this answer to a page of an allowed origin.
    return request.method == "GET" && !origins_.empty() ? Fields{{"vary", "origin"}} : Fields();
  }
  return {{"access-control-allow-origin", std::string(origin)},
          {"access-control-expose-headers", kRead},
          {"vary", "origin"}};
}

std::optional<Fields> Origins::Preflight(const Request& request) const {
  const absl::string_view origin = ValueOf(request.fields, "origin");
  if (request.method != "OPTIONS" || !Has(origin)) return std::nullopt;
  if (ValueOf(request.fields, "access-control-request-method").empty()) return std::nullopt;
  return Fields{{"access-control-allow-origin", std::string(origin)},
                {"access-control-allow-methods", "GET, POST, PATCH"},
                {"access-control-allow-headers", kSent},
                {"access-control-max-age", kSeconds},
                {"vary", "origin"}};
}

}  // namespace tsunagu::web
