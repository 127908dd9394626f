#ifndef TSUNAGU_COMMON_WEB_REQUEST_H_
#define TSUNAGU_COMMON_WEB_REQUEST_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace tsunagu::web {

// Names are in lower case, in the order received.
using Fields = std::vector<std::pair<std::string, std::string>>;

// Returns the first value of that name; empty when there is none.
inline absl::string_view ValueOf(const Fields& fields, absl::string_view name) {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return {};
}

// Returns all values of that name as one list, as if they had come in one field (RFC 9110, 5.3); nothing when there is
// none.
inline std::optional<std::string> AllValuesOf(const Fields& fields, absl::string_view name) {
  std::optional<std::string> all;
  for (const auto& [key, value] : fields) {
    if (key == name) all = all ? *all + ", " + value : value;
  }
  return all;
}

// A request without its body.
struct Request {
  std::string method;     // "GET"
  std::string path;       // as received, still percent-encoded; "/registry/v1/areas/312011"
  std::string query;      // as received, without the question mark
  std::string authority;  // "registry.example.jp:443"
  Fields fields;
  size_t field_bytes = 0;  // of path, query and all fields, including those that were not kept
  size_t field_count = 0;
  bool cut = false;  // the request was too large: some fields, or the end of the path, are missing here
  std::string peer;  // "ipv4:127.0.0.1:41234"
  // From the client's verified certificate: see rpc::Headers.
  std::vector<std::string> certificate_names;
  bool http2 = false;
  Fields granted;  // headers that every answer to this request gets
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_REQUEST_H_
