#ifndef TSUNAGU_TESTS_REST_VANGUARD_H_
#define TSUNAGU_TESTS_REST_VANGUARD_H_

#include <string>

#include "common/web/rest/http_error.h"
#include "google/protobuf/message.h"
#include "tests/process/process.h"
#include "tests/rest/rest_client.h"

namespace tsunagu::wire {

// Vanguard in front of a server: it translates REST by google.api.http, as our server does, into gRPC calls.
class Vanguard {
 public:
  // Returns whether TSUNAGU_TEST_VANGUARD names the program (tests/clients/foreign/go/vanguard).
  static bool IsHere();

  // `web_address`: the address of a server without TLS.
  explicit Vanguard(const std::string& web_address);
  const std::string& address() const { return address_; }

 private:
  process::Process process_;
  std::string address_;
};

// Converts Vanguard's answer to the form of ours. `answer` must be a message of the method's response type.
web::HttpError InOurWords(const HttpAnswer& told, google::protobuf::Message& answer);

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_REST_VANGUARD_H_
