// A bare gRPC server: reads the request of any contract, and answers each method with one message given at start. No
// authentication, no validation, no database. It is the reference for the calls of our servers.
//
//   bench-echo [--tls <certificate> <key>] <file>...     each: the path of a method, a newline, the bytes of its answer
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/proto_buffer_writer.h"
#include "tests/process/process.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::bench {
namespace {

using google::protobuf::Message;

struct Method {
  std::unique_ptr<Message> request;  // a prototype
  std::unique_ptr<Message> answer;
};
using Methods = std::map<std::string, Method>;

class Echo : public grpc::ServerGenericBidiReactor {
 public:
  explicit Echo(const Method* method) : method_(method) {
    if (method_ == nullptr) {
      Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "no such method"));
    } else {
      StartRead(&in_);
    }
  }
  void OnReadDone(bool ok) override {
    const std::unique_ptr<Message> request(method_->request->New());
    const bool read = ok && grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&in_, request.get()).ok();
    if (!read) return Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no such message"));
    bool own = false;
    (void)grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(*method_->answer, &out_, &own);
    StartWriteAndFinish(&out_, grpc::WriteOptions(), grpc::Status::OK);
  }
  void OnDone() override { delete this; }

 private:
  const Method* const method_;
  grpc::ByteBuffer in_, out_;
};

class Service : public grpc::CallbackGenericService {
 public:
  explicit Service(Methods methods) : methods_(std::move(methods)) {}
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    const auto found = methods_.find(context->method());
    return new Echo(found == methods_.end() ? nullptr : &found->second);
  }

 private:
  const Methods methods_;
};

std::unique_ptr<Message> NewOf(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

int Serve(int argc, char** argv) {
  registry::v1::Facility::descriptor();  // links the contract, so that the pool knows the methods
  registry::v1::Nurse::descriptor();
  Methods methods;
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  int first = 1;
  if (argc > 3 && argv[1] == std::string("--tls")) {
    grpc::SslServerCredentialsOptions options;
    options.pem_key_cert_pairs.push_back({process::ReadFile(argv[3]), process::ReadFile(argv[2])});
    credentials = grpc::SslServerCredentials(options);
    first = 4;
  }
  for (int i = first; i < argc; ++i) {
    const std::string file = process::ReadFile(argv[i]);
    const std::string path = file.substr(0, file.find('\n'));
    const std::vector<std::string> parts = absl::StrSplit(path.substr(1), '/');
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(parts[0]);
    const auto* method = service != nullptr ? service->FindMethodByName(parts[1]) : nullptr;
    if (method == nullptr) return 1;
    Method& one = methods[path];
    one.request = NewOf(method->input_type());
    one.answer = NewOf(method->output_type());
    if (!one.answer->ParseFromString(file.substr(path.size() + 1))) return 1;
  }
  Service echo(std::move(methods));
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", credentials, &port);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.RegisterCallbackGenericService(&echo);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  std::printf("listening on 127.0.0.1:%d\n", port);
  std::fflush(stdout);
  server->Wait();
  return 0;
}

}  // namespace
}  // namespace tsunagu::bench

int main(int argc, char** argv) { return tsunagu::bench::Serve(argc, argv); }
