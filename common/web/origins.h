#ifndef TSUNAGU_COMMON_WEB_ORIGINS_H_
#define TSUNAGU_COMMON_WEB_ORIGINS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/web/request.h"

namespace tsunagu::web {

// Whose web pages may call (CORS). A browser says in `origin` where a page is from, and asks before it sends what a
// page of another origin wants. Programs that are no browser name none.
class Origins {
 public:
  // As browsers write them: "https://console.example.jp", with the port where it is not the usual one. What is no
  // origin is told in words for the operator.
  static absl::StatusOr<Origins> Of(std::vector<std::string> origins);

  // ORIGIN_NOT_ALLOWED for a page of another origin than the server's own that is not among them. Its browser would not
  // let it read an answer, but would send along a client certificate.
  absl::Status Judge(const Request& request) const;
  // What the head of an answer says to the browser of a page that may call.
  Fields Granted(const Request& request) const;
  // The head of the answer to a browser that asks whether a page may call; nothing where it asks something else.
  std::optional<Fields> Preflight(const Request& request) const;

 private:
  bool Has(absl::string_view origin) const;

  std::vector<std::string> origins_;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_ORIGINS_H_
