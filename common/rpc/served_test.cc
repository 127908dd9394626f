// Services that are offered besides those of the suite.
#include "common/rpc/echo_fixture.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"

namespace tsunagu::rpc {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using ::testing::Contains;
using ::testing::ElementsAre;

HealthCheckRequest About(const std::string& service) {
  HealthCheckRequest request;
  request.set_service(service);
  return request;
}

TEST(HealthTest, Check) {
  EchoServer server;
  Peer peer("echo", server.Channel());
  const auto check = [&](const std::string& name) {
    return peer.Unary<HealthCheckResponse>("grpc.health.v1.Health/Check", About(name));
  };
  for (const char* name : {"", "echo", "tsunagu.testing.EchoService"}) {
    EXPECT_EQ(check(name)->status(), HealthCheckResponse::SERVING) << name;
  }
  server.health.SetServing("echo", false);
  EXPECT_EQ(check("echo")->status(), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(check("")->status(), HealthCheckResponse::SERVING);
  EXPECT_EQ(check("nobody").status().code(), absl::StatusCode::kNotFound);
}

TEST(HealthTest, WatchTellsChanges) {
  EchoServer server;
  Peer peer("echo", server.Channel());
  const auto watch = peer.Stream("grpc.health.v1.Health/Watch");
  ASSERT_TRUE(watch->Write(About("late")));
  HealthCheckResponse response;
  ASSERT_TRUE(*watch->Read(response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVICE_UNKNOWN);
  server.health.SetServing("other", true);
  server.health.SetServing("late", true);
  ASSERT_TRUE(*watch->Read(response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
}

template <class Q, class R>
R Ask(Peer& peer, const std::string& service, const Q& request) {
  const auto stream = peer.Stream(service + "/ServerReflectionInfo");
  EXPECT_TRUE(stream->Write(request));
  R response;
  EXPECT_TRUE(*stream->Read(response));
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  return response;
}

template <class Q, class R>
void Explore(const std::string& service) {
  EchoServer server;
  Peer peer("echo", server.Channel());
  const auto ask = [&](const Q& question) { return Ask<Q, R>(peer, service, question); };
  Q request;
  request.set_list_services("");
  std::vector<std::string> names;
  const R listed = ask(request);
  for (const auto& one : listed.list_services_response().service()) names.push_back(one.name());
  EXPECT_THAT(names, ElementsAre("grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                                 "grpc.reflection.v1alpha.ServerReflection", "tsunagu.testing.EchoService"));

  request.set_file_containing_symbol("grpc.health.v1.Health");
  google::protobuf::FileDescriptorProto file;
  const R health = ask(request);
  ASSERT_EQ(health.file_descriptor_response().file_descriptor_proto_size(), 1);
  ASSERT_TRUE(file.ParseFromString(health.file_descriptor_response().file_descriptor_proto(0)));
  EXPECT_EQ(file.service(0).name(), "Health");
  EXPECT_EQ(file.message_type(0).field(0).json_name(), "service");  // as protoc sets it

  request.set_file_by_filename("common/testing/echo.proto");
  const R echo = ask(request);
  EXPECT_EQ(echo.file_descriptor_response().file_descriptor_proto_size(), 3);  // with options and descriptor

  request.set_all_extension_numbers_of_type("google.protobuf.MethodOptions");
  EXPECT_THAT(ask(request).all_extension_numbers_response().extension_number(), Contains(50731));
  request.mutable_file_containing_extension()->set_containing_type("google.protobuf.MethodOptions");
  request.mutable_file_containing_extension()->set_extension_number(50731);
  EXPECT_TRUE(file.ParseFromString(ask(request).file_descriptor_response().file_descriptor_proto(0)));
  EXPECT_EQ(file.name(), "tsunagu/options.proto");

  request.set_file_containing_symbol("nobody.Nothing");
  EXPECT_EQ(ask(request).error_response().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST(ReflectionTest, V1) {
  namespace v1 = grpc::reflection::v1;
  Explore<v1::ServerReflectionRequest, v1::ServerReflectionResponse>("grpc.reflection.v1.ServerReflection");
}

TEST(ReflectionTest, V1Alpha) {
  namespace v1alpha = grpc::reflection::v1alpha;
  Explore<v1alpha::ServerReflectionRequest, v1alpha::ServerReflectionResponse>(
      "grpc.reflection.v1alpha.ServerReflection");
}

}  // namespace
}  // namespace tsunagu::rpc
