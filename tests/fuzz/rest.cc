// Arbitrary paths, queries, headers and bodies. A refused request changes nothing, and an accepted one can be written
// again.
#include <memory>

#include "common/base/error.h"
#include "common/testing/sample.pb.h"
#include "common/text/json.h"
#include "common/web/rest/transcode.h"
#include "google/api/annotations.pb.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/text_format.h"
#include "tests/fuzz/fuzz.h"

namespace {

constexpr char kContract[] = R"(
  name: "fuzz.proto" package: "fuzz" syntax: "proto3"
  dependency: "common/testing/sample.proto" dependency: "google/api/annotations.proto"
  message_type {
    name: "Ask"
    field { name: "name" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
    field { name: "all" number: 2 type: TYPE_MESSAGE type_name: ".tsunagu.testing.Place" label: LABEL_OPTIONAL }
    field { name: "data" number: 3 type: TYPE_BYTES label: LABEL_OPTIONAL }
    field { name: "request_id" number: 4 type: TYPE_STRING label: LABEL_OPTIONAL }
    field { name: "etag" number: 5 type: TYPE_STRING label: LABEL_OPTIONAL }
    field { name: "states" number: 6 type: TYPE_ENUM type_name: ".tsunagu.testing.Sample.State" label: LABEL_REPEATED }
    field { name: "numbers" number: 7 type: TYPE_INT64 label: LABEL_REPEATED }
  }
  service {
    name: "Fuzz"
    method { name: "Get" input_type: "Ask" output_type: "Ask" options { [google.api.http] {
      get: "/v1/{name=things/*}" additional_bindings { get: "/v1/rest/{name=**}:end" } } } }
    method { name: "Put" input_type: "Ask" output_type: "Ask" options { [google.api.http] {
      patch: "/v1/{name=things/*/parts/*}" body: "all" } } }
    method { name: "Import" input_type: "Ask" output_type: "Ask" options { [google.api.http] {
      post: "/v1/{all.title}/{all.floor}:import" body: "*" } } }
  }
)";

struct Contract {
  Contract() {
    google::protobuf::FileDescriptorProto file;
    tsunagu::fuzz::Require(google::protobuf::TextFormat::ParseFromString(kContract, &file), "the contract is one");
    const auto* service = pool.BuildFile(file)->service(0);
    std::vector<const google::protobuf::MethodDescriptor*> methods;
    for (int i = 0; i < service->method_count(); ++i) methods.push_back(service->method(i));
    rules = std::make_unique<tsunagu::web::HttpRules>(*tsunagu::web::HttpRules::Create(methods));
    ask = factory.GetPrototype(methods[0]->input_type());
  }
  // Refers to Sample, so that the linker keeps its contract.
  const google::protobuf::Message& used = tsunagu::testing::Sample::default_instance();
  google::protobuf::DescriptorPool pool{google::protobuf::DescriptorPool::generated_pool()};
  google::protobuf::DynamicMessageFactory factory{&pool};
  std::unique_ptr<tsunagu::web::HttpRules> rules;
  const google::protobuf::Message* ask;
};

std::string Line(absl::string_view& rest) {
  const size_t end = rest.find('\n');
  std::string line(rest.substr(0, end));
  rest.remove_prefix(end == absl::string_view::npos ? rest.size() : end + 1);
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using tsunagu::fuzz::Require;
  static const Contract& contract = *new Contract;
  absl::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::string verb = Line(rest), path = Line(rest), query = Line(rest);
  tsunagu::web::RestRequest request{query, {}, Line(rest), Line(rest), Line(rest)};
  request.body = rest;
  const auto match = contract.rules->Find(verb, path);
  if (!match.ok()) {
    Require(tsunagu::ReasonOf(match.status()) != tsunagu::Reason("INTERNAL"), "a refusal says what is wrong");
    return 0;
  }
  std::unique_ptr<google::protobuf::Message> message(contract.ask->New());
  const absl::Status decoded = tsunagu::web::DecodeRest(*match, request, *message);
  if (!decoded.ok()) {
    Require(tsunagu::ReasonOf(decoded) != tsunagu::Reason("INTERNAL"), "a refusal says what is wrong");
    Require(message->ByteSizeLong() == 0, "what is refused changes nothing");
    return 0;
  }
  Require(tsunagu::web::EncodeRest(*match->rule, *message).ok(), "what was read can be written");
  return 0;
}
