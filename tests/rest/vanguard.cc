#include "tests/rest/vanguard.h"

#include <unistd.h>

#include <cstdlib>

#include "absl/strings/strip.h"
#include "common/text/json.h"
#include "google/protobuf/util/json_util.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "gtest/gtest.h"

namespace tsunagu::wire {
namespace {

const char* Program() { return std::getenv("TSUNAGU_TEST_VANGUARD"); }

}  // namespace

bool Vanguard::IsHere() { return Program() != nullptr && access(Program(), X_OK) == 0; }

Vanguard::Vanguard(const std::string& web_address) : process_({Program(), web_address}) {
  const auto line = process_.ReadLine();
  EXPECT_TRUE(line.ok()) << line.status();
  if (line.ok()) address_ = std::string(absl::StripPrefix(*line, "listening on "));
}

web::HttpError InOurWords(const HttpAnswer& told, google::protobuf::Message& answer) {
  google::rpc::Status status;
  google::rpc::ErrorInfo::descriptor();  // links the detail types of errors
  google::protobuf::Message& whole = told.status == 200 ? answer : static_cast<google::protobuf::Message&>(status);
  const auto read = google::protobuf::util::JsonStringToMessage(told.body, &whole);
  EXPECT_TRUE(read.ok()) << read.ToString() << "\n" << told.status << " " << told.body;
  if (told.status == 200) return {200, {}, *contract::MessageToJson(answer, false)};
  web::HttpError error = web::RenderError(
      {static_cast<grpc::StatusCode>(status.code()), status.message(), status.SerializeAsString()}, {});
  return error;
}

}  // namespace tsunagu::wire
