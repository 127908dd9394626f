#ifndef TSUNAGU_TESTS_REST_VANGUARD_H_
#define TSUNAGU_TESTS_REST_VANGUARD_H_

#include <string>

#include "common/web/rest/http_error.h"
#include "google/protobuf/message.h"
#include "tests/process/process.h"
#include "tests/rest/rest_client.h"

namespace tsunagu::wire {

// Vanguard in front of a server: it reads REST by google.api.http as we do, and asks by gRPC.
class Vanguard {
 public:
  // Whether TSUNAGU_TEST_VANGUARD names the program (tests/clients/foreign/go/vanguard).
  static bool IsHere();

  // `web_address`: of a server without TLS.
  explicit Vanguard(const std::string& web_address);
  const std::string& address() const { return address_; }

 private:
  process::Process process_;
  std::string address_;
};

// What Vanguard answered, as we would have written it. `answer` is a message of the type that the method answers with.
web::HttpError InOurWords(const HttpAnswer& told, google::protobuf::Message& answer);

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_REST_VANGUARD_H_
