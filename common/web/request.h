#ifndef TSUNAGU_COMMON_WEB_REQUEST_H_
#define TSUNAGU_COMMON_WEB_REQUEST_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace tsunagu::web {

// Names in lower case, in the order they came.
using Fields = std::vector<std::pair<std::string, std::string>>;

// The first value of that name; empty where there is none.
inline absl::string_view ValueOf(const Fields& fields, absl::string_view name) {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return {};
}

// All values of that name as one list, as if one field had named them (RFC 9110, 5.3); nothing where there is none.
inline std::optional<std::string> AllValuesOf(const Fields& fields, absl::string_view name) {
  std::optional<std::string> all;
  for (const auto& [key, value] : fields) {
    if (key == name) all = all ? *all + ", " + value : value;
  }
  return all;
}

// What came of a request before its body.
struct Request {
  std::string method;     // "GET"
  std::string path;       // as it came, still percent-encoded; "/registry/v1/areas/312011"
  std::string query;      // likewise, without the question mark
  std::string authority;  // "registry.example.jp:443"
  Fields fields;
  size_t field_bytes = 0;  // of path, query and all fields, also of what was too much to keep
  size_t field_count = 0;
  bool cut = false;  // there was too much: some of the fields, or the end of the path, are missing here
  std::string peer;  // "ipv4:127.0.0.1:41234"
  // Of the client's certificate, once it was verified: see rpc::Headers.
  std::vector<std::string> certificate_names;
  bool http2 = false;
  Fields granted;  // what the head of its answer says besides, whatever the answer is
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_REQUEST_H_
