// The server for the runner of https://github.com/connectrpc/conformance: its service on our Router and web listener.
// There is one server in each process: its configuration is read from stdin, and its address is written to stdout.
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/executor.h"
#include "common/base/status_macros.h"
#include "common/rpc/bind.h"
#include "common/rpc/status.h"
#include "common/web/server.h"
#include "connectrpc/conformance/v1/server_compat.pb.h"
#include "connectrpc/conformance/v1/service.pb.h"
#include "google/rpc/status.pb.h"

namespace tsunagu::conformance {
namespace {

using namespace connectrpc::conformance::v1;  // NOLINT: their contract

constexpr char kService[] = "connectrpc.conformance.v1.ConformanceService";
constexpr char kPermission[] = "conformance.call";
constexpr char kTold[] = "connectrpc.conformance.v1/told";
using HeaderList = google::protobuf::RepeatedPtrField<Header>;

// The suite sends only declared reasons, so the errors that a test invents are sent beside it. The runner counts the
// details of the suite's own errors, and expects none.
grpc::Status Tell(const absl::Status& status, Language language, absl::string_view correlation_id) {
  const auto told = status.GetPayload(kTold);
  if (!told.has_value()) {
    const grpc::Status ours = rpc::ToGrpc(status, language, correlation_id);
    return {ours.error_code(), ours.error_message()};
  }
  const std::string details(*told);
  google::rpc::Status whole;
  whole.ParseFromString(details);
  return {static_cast<grpc::StatusCode>(whole.code()), whole.message(), details};
}

absl::Status MadeUp(const Error& error, const ConformancePayload::RequestInfo* info) {
  google::rpc::Status whole;
  whole.set_code(error.code());
  whole.set_message(error.message());
  *whole.mutable_details() = error.details();
  if (info != nullptr) whole.add_details()->PackFrom(*info);
  absl::Status status(static_cast<absl::StatusCode>(error.code()), error.message());
  status.SetPayload(kTold, absl::Cord(whole.SerializeAsString()));
  return status;
}

void Add(const HeaderList& headers, rpc::Call::Notes& to) {
  for (const Header& header : headers) {
    for (const std::string& value : header.value()) to.emplace_back(header.name(), value);
  }
}

ConformancePayload::RequestInfo InfoOf(const rpc::Call& call) {
  ConformancePayload::RequestInfo info;
  std::map<std::string, Header> headers;
  for (const auto& [name, value] : call.metadata) {
    headers[name].set_name(name);
    headers[name].add_value(value);
  }
  for (const auto& [name, header] : headers) *info.add_request_headers() = header;
  if (headers.count("grpc-timeout") + headers.count("connect-timeout-ms") > 0) {
    info.set_timeout_ms(absl::ToInt64Milliseconds(call.deadline.Left()));
  }
  return info;
}

void Delay(uint32_t milliseconds) {
  if (milliseconds > 0) absl::SleepFor(absl::Milliseconds(milliseconds));
}

// One answer, or one error.
template <class Response>
absl::StatusOr<Response> AnswerAs(rpc::Call& call, const UnaryResponseDefinition& asked,
                                  ConformancePayload::RequestInfo info) {
  Add(asked.response_headers(), call.opening);
  Add(asked.response_trailers(), call.notes);
  Delay(asked.response_delay_ms());
  if (asked.has_error()) return MadeUp(asked.error(), &info);
  Response response;
  response.mutable_payload()->set_data(asked.response_data());
  response.mutable_payload()->mutable_request_info()->Swap(&info);
  return response;
}

template <class Request, class Response>
absl::StatusOr<Response> Answer(rpc::Call& call, const Request& request) {
  ConformancePayload::RequestInfo info = InfoOf(call);
  info.add_requests()->PackFrom(request);
  return AnswerAs<Response>(call, request.response_definition(), std::move(info));
}

class ClientStream final : public rpc::Sink<ClientStreamRequest, ClientStreamResponse> {
 public:
  explicit ClientStream(rpc::Call& call) : call_(call), info_(InfoOf(call)) {}
  absl::Status Push(const ClientStreamRequest& request) override {
    if (info_.requests().empty()) asked_ = request.response_definition();
    info_.add_requests()->PackFrom(request);
    return absl::OkStatus();
  }
  absl::StatusOr<ClientStreamResponse> Finish() override {
    return AnswerAs<ClientStreamResponse>(call_, asked_, std::move(info_));
  }

 private:
  rpc::Call& call_;
  ConformancePayload::RequestInfo info_;
  UnaryResponseDefinition asked_;
};

// Several answers, or none, followed by an error if there is one.
class Answers {
 public:
  Answers(rpc::Call& call, const StreamResponseDefinition& asked) : asked_(asked) {
    Add(asked.response_headers(), call.opening);
    Add(asked.response_trailers(), call.notes);
  }

  bool left() const { return sent_ < asked_.response_data_size(); }
  // `info` belongs to the first answer.
  void Fill(ConformancePayload& payload, const ConformancePayload::RequestInfo* info) {
    Delay(asked_.response_delay_ms());
    payload.set_data(asked_.response_data(sent_++));
    if (info != nullptr) *payload.mutable_request_info() = *info;
  }
  bool begun() const { return sent_ > 0; }
  absl::Status End(const ConformancePayload::RequestInfo& info) const {
    return asked_.has_error() ? MadeUp(asked_.error(), begun() ? nullptr : &info) : absl::OkStatus();
  }

 private:
  const StreamResponseDefinition asked_;
  int sent_ = 0;
};

class ServerStream final : public rpc::Source<ServerStreamResponse> {
 public:
  ServerStream(rpc::Call& call, const ServerStreamRequest& request)
      : info_(InfoOf(call)), answers_(call, request.response_definition()) {
    info_.add_requests()->PackFrom(request);
  }
  absl::StatusOr<bool> Next(ServerStreamResponse& response) override {
    if (!answers_.left()) {
      RETURN_IF_ERROR(answers_.End(info_));
      return false;
    }
    answers_.Fill(*response.mutable_payload(), answers_.begun() ? nullptr : &info_);
    return true;
  }

 private:
  ConformancePayload::RequestInfo info_;
  Answers answers_;
};

class BidiStream final : public rpc::Duplex<BidiStreamRequest, BidiStreamResponse> {
 public:
  explicit BidiStream(rpc::Call& call) : call_(call), info_(InfoOf(call)) {}
  absl::Status Push(const BidiStreamRequest& request) override {
    if (!answers_.has_value()) {
      answers_.emplace(call_, request.response_definition());
      at_once_ = request.full_duplex();
    }
    info_.add_requests()->PackFrom(request);
    due_ = at_once_;
    return absl::OkStatus();
  }
  absl::Status Close() override {
    closed_ = true;
    return absl::OkStatus();
  }
  // With `full_duplex`, one answer for each request, and the remaining ones at the end.
  absl::StatusOr<bool> Next(BidiStreamResponse& response) override {
    if (!answers_.has_value() || (!closed_ && !std::exchange(due_, false))) return false;
    if (!answers_->left()) {
      RETURN_IF_ERROR(answers_->End(info_));
      return false;
    }
    const bool tells = at_once_ ? !info_.requests().empty() : !answers_->begun();
    answers_->Fill(*response.mutable_payload(), tells ? &info_ : nullptr);
    if (at_once_) info_.Clear();
    return true;
  }

 private:
  rpc::Call& call_;
  ConformancePayload::RequestInfo info_;
  std::optional<Answers> answers_;
  bool at_once_ = false, due_ = false, closed_ = false;
};

void BindConformance(rpc::Module& module) {
  rpc::Binder(module, kService)
      .Unary("Unary", &Answer<UnaryRequest, UnaryResponse>)
      .Permission(kPermission)
      .Unary("IdempotentUnary", &Answer<IdempotentUnaryRequest, IdempotentUnaryResponse>)
      .Permission(kPermission)
      .Unary("Unimplemented",
             [](rpc::Call& call, const UnimplementedRequest&) -> absl::StatusOr<UnimplementedResponse> {
               return Fail("METHOD_NOT_FOUND"_reason, {{"method", call.MethodName()}});
             })
      .Permission(kPermission)
      .ClientStream("ClientStream", [](rpc::Call& call) { return std::make_unique<ClientStream>(call); })
      .Permission(kPermission)
      .ServerStream(
          "ServerStream",
          [](rpc::Call& call, const ServerStreamRequest& request) -> absl::StatusOr<std::unique_ptr<ServerStream>> {
            return std::make_unique<ServerStream>(call, request);
          })
      .Permission(kPermission)
      .Bidi("BidiStream", [](rpc::Call& call) { return std::make_unique<BidiStream>(call); })
      .Permission(kPermission);
}

// Each message is preceded by its length in four bytes.
bool ReadMessage(google::protobuf::Message& message) {
  unsigned char prefix[4];
  if (!std::cin.read(reinterpret_cast<char*>(prefix), sizeof(prefix))) return false;
  std::string bytes(static_cast<size_t>(prefix[0] << 24 | prefix[1] << 16 | prefix[2] << 8 | prefix[3]), '\0');
  return std::cin.read(bytes.data(), static_cast<std::streamsize>(bytes.size())) && message.ParseFromString(bytes);
}

void WriteMessage(const google::protobuf::Message& message) {
  const std::string bytes = message.SerializeAsString();
  for (const int shift : {24, 16, 8, 0}) std::cout.put(static_cast<char>(bytes.size() >> shift));
  std::cout << bytes << std::flush;
}

web::TlsFiles WriteFiles(const ServerCompatRequest& asked, const std::string& folder) {
  web::TlsFiles files;
  const auto write = [&](const char* name, const std::string& content) {
    const std::string path = absl::StrCat(folder, "/", name);
    std::ofstream(path) << content;
    return path;
  };
  if (!asked.use_tls()) return files;
  files.certificates = {write("cert.pem", asked.server_creds().cert())};
  files.keys = {write("key.pem", asked.server_creds().key())};
  if (!asked.client_tls_cert().empty()) files.client_ca = write("clients.pem", asked.client_tls_cert());
  return files;
}

absl::Status Serve(const std::string& folder) {
  ServerCompatRequest asked;
  if (!ReadMessage(asked)) return absl::InvalidArgumentError("stdin holds no ServerCompatRequest");
  Executor executor({64, 1024});
  const auto everybody = [](const rpc::Headers&) -> absl::StatusOr<identity::Principal> {
    return identity::Principal{"runner", "", {{{kPermission}, identity::Scope::Everything()}}, nullptr};
  };
  rpc::Module module("conformance", everybody, executor);
  BindConformance(module);
  rpc::Router::Options options;
  options.tell = Tell;
  ASSIGN_OR_RETURN(const auto router, rpc::Router::Create({&module}, std::move(options)));
  web::Server::Options listening;
  listening.listeners[0].tls = WriteFiles(asked, folder);
  ASSIGN_OR_RETURN(const auto server, web::Server::Start(*router, std::move(listening)));

  ServerCompatResponse told;
  uint32_t port = 0;
  const std::string address = server->address();
  if (!absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port)) return absl::InternalError(address);
  told.set_host("127.0.0.1");
  told.set_port(port);
  if (asked.use_tls()) told.set_pem_cert(asked.server_creds().cert());
  WriteMessage(told);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  int ignored = 0;
  sigwait(&signals, &ignored);
  server->Stop(absl::Seconds(1));
  return absl::OkStatus();
}

}  // namespace
}  // namespace tsunagu::conformance

int main() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread: the main thread waits for it
  signal(SIGPIPE, SIG_IGN);                       // as the suite's host does
  std::string folder = std::filesystem::temp_directory_path() / "conformance-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return 1;
  const absl::Status served = tsunagu::conformance::Serve(folder);
  std::filesystem::remove_all(folder);
  if (!served.ok()) std::cerr << served << std::endl;
  return served.ok() ? 0 : 1;
}
