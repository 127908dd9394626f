#ifndef TSUNAGU_TESTS_REST_REST_CLIENT_H_
#define TSUNAGU_TESTS_REST_REST_CLIENT_H_

#include <map>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace tsunagu::wire {

struct HttpAnswer {
  int status = 0;                                  // 0: no answer
  std::multimap<std::string, std::string> fields;  // names in lower case
  std::string body;

  // Returns the first field of that name; "" if there is none.
  std::string Field(const std::string& name) const;
  nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
  // Returns the reason of an error (AIP-193), and those of its fields: "INVALID_REQUEST area.code:FIELD_REQUIRED".
  std::string Reason() const;
};

using HttpFields = std::multimap<std::string, std::string>;

// An HTTP/1.1 client of "127.0.0.1:41234", with a connection for each request.
class RestClient {
 public:
  RestClient(std::string address, std::string api_key) : address_(std::move(address)), api_key_(std::move(api_key)) {}

  // `target`: "/registry/v1/areas?page_size=1". A body is JSON if `fields` has no Content-Type; an empty key is
  // omitted.
  HttpAnswer Ask(const std::string& verb, const std::string& target, const std::string& body = "",
                 HttpFields fields = {}) const;

 private:
  std::string address_, api_key_;
};

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_REST_REST_CLIENT_H_
