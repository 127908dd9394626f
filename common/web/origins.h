#ifndef TSUNAGU_COMMON_WEB_ORIGINS_H_
#define TSUNAGU_COMMON_WEB_ORIGINS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/web/request.h"

namespace tsunagu::web {

// The origins whose web pages may call (CORS). A browser sends a page's origin in `origin`, and asks before it sends a
// request of another origin's page. Programs that are no browsers send no origin.
class Origins {
 public:
  // Takes origins as browsers write them: "https://console.example.jp", with the port unless it is the default. Errors
  // have a text for the operator.
  static absl::StatusOr<Origins> Of(std::vector<std::string> origins);

  // Errors: ORIGIN_NOT_ALLOWED for a page whose origin is neither the server's own nor in the list. Its browser would
  // not let the page read the answer, but would send a client certificate.
  absl::Status Judge(const Request& request) const;
  // Returns the headers that permit the browser of an allowed page to read the answer.
  Fields Granted(const Request& request) const;
  // Returns the head of the answer to a browser that asks whether a page may call; nothing for any other request.
  std::optional<Fields> Preflight(const Request& request) const;

 private:
  bool Has(absl::string_view origin) const;

  std::vector<std::string> origins_;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_ORIGINS_H_
