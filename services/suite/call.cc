#include "services/suite/call.h"

#include <iostream>
#include <memory>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/host/words.h"
#include "common/text/json.h"
#include "services/suite/contracts.h"

namespace tsunagu::suite {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr size_t kMaxJson = 4 << 20;  // JsonToMessage refuses more

absl::Status Print(const Message& message, bool pretty, std::ostream& out) {
  ASSIGN_OR_RETURN(const std::string json, contract::MessageToJson(message, pretty));
  out << absl::StripTrailingAsciiWhitespace(json) << std::endl;
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Message>> ReadOne(Contracts& contracts, const MethodDescriptor& method, Input& input) {
  ASSIGN_OR_RETURN(const std::string json, input.ReadAll(kMaxJson));
  std::unique_ptr<Message> request = contracts.New(method.input_type());
  if (!absl::StripAsciiWhitespace(json).empty()) RETURN_IF_ERROR(contract::JsonToMessage(json, *request));
  return request;
}

absl::Status SendLines(Contracts& contracts, const MethodDescriptor& method, Input& input, rpc::PeerStream& stream) {
  const std::unique_ptr<Message> request = contracts.New(method.input_type());
  for (int64_t number = 1;; ++number) {
    ASSIGN_OR_RETURN(const auto line, input.ReadLine(kMaxJson));
    if (!line) break;
    if (absl::StripAsciiWhitespace(*line).empty()) continue;
    const absl::Status parsed = contract::JsonToMessage(*line, *request);
    if (!parsed.ok()) return WithMetadata(parsed, "line", absl::StrCat(number));
    if (!stream.Write(*request)) return absl::OkStatus();  // the call has ended: its status has the reason
  }
  stream.WritesDone();
  return absl::OkStatus();
}

absl::Status PrintAnswers(Contracts& contracts, const MethodDescriptor& method, rpc::PeerStream& stream,
                          std::ostream& out) {
  const std::unique_ptr<Message> response = contracts.New(method.output_type());
  while (true) {
    response->Clear();
    ASSIGN_OR_RETURN(const bool more, stream.Read(*response));
    if (!more) return absl::OkStatus();
    RETURN_IF_ERROR(Print(*response, !method.server_streaming(), out));
  }
}

absl::Status CallOnce(const Client& client, Contracts& contracts, const MethodDescriptor& method,
                      const Message& request, std::ostream& out) {
  const std::unique_ptr<Message> response = contracts.New(method.output_type());
  std::map<std::string, std::string> notes;
  rpc::CallOptions options = client.once;
  options.notes = &notes;
  RETURN_IF_ERROR(client.peer->UnaryUntyped(PathOf(method), request, *response, options));
  for (const auto& [name, value] : notes) std::cerr << name << ": " << value << "\n";
  return Print(*response, true, out);
}

absl::Status CallStream(const Client& client, Contracts& contracts, const MethodDescriptor& method,
                        const Message* only_request, Input& input, std::ostream& out) {
  const auto stream = client.peer->Stream(PathOf(method), client.stream);
  const auto send = [&] {
    if (only_request == nullptr) return SendLines(contracts, method, input, *stream);
    if (stream->Write(*only_request)) stream->WritesDone();
    return absl::OkStatus();
  };
  return Converse(*stream, input, send, [&] { return PrintAnswers(contracts, method, *stream, out); });
}

void ListService(const ServiceDescriptor& service, std::ostream& out) {
  for (int i = 0; i < service.method_count(); ++i) {
    const MethodDescriptor& method = *service.method(i);
    out << PathOf(method) << " (" << (method.client_streaming() ? "stream " : "") << method.input_type()->name()
        << ") returns (" << (method.server_streaming() ? "stream " : "") << method.output_type()->name() << ")\n";
  }
}

struct CallFlags {
  ClientFlags client;
  std::string method;
  std::string json = "-";
};

absl::StatusOr<std::unique_ptr<Input>> OpenJson(const std::string& argument) {
  if (argument == "-") return Input::Open("-");
  return absl::StartsWith(argument, "@") ? Input::Open(argument.substr(1)) : Input::Of(argument);
}

absl::Status Run(const CallFlags& flags) {
  ASSIGN_OR_RETURN(const Client client, Client::Open(flags.client));
  if (flags.method.empty()) {
    RETURN_IF_ERROR(ListMethods(client, std::cout));
  } else {
    ASSIGN_OR_RETURN(const auto input, OpenJson(flags.json));
    RETURN_IF_ERROR(CallMethod(client, flags.method, *input, std::cout));
  }
  return Flush(std::cout);
}

}  // namespace

absl::Status CallMethod(const Client& client, const std::string& method, Input& input, std::ostream& out) {
  Contracts contracts(client);
  ASSIGN_OR_RETURN(const MethodDescriptor* found, contracts.FindMethod(method));
  std::unique_ptr<Message> request;
  if (!found->client_streaming()) {
    ASSIGN_OR_RETURN(request, ReadOne(contracts, *found, input));
    if (!found->server_streaming()) return CallOnce(client, contracts, *found, *request, out);
  }
  return CallStream(client, contracts, *found, request.get(), input, out);
}

absl::Status ListMethods(const Client& client, std::ostream& out) {
  Contracts contracts(client);
  ASSIGN_OR_RETURN(const std::vector<std::string> names, contracts.Services());
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const ServiceDescriptor* service, contracts.FindService(name));
    if (service != nullptr) {
      ListService(*service, out);
    } else {
      out << name << "\n";
    }
  }
  return absl::OkStatus();
}

void AddCall(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand("call", Words("JSONでメソッドを呼び出す", "Call a method with JSON"));
  auto flags = std::make_shared<CallFlags>();
  command->add_option("method", flags->method,
                      Words("呼び出すメソッド（パッケージ.サービス/メソッド）。省略すると一覧を表示する",
                            "pkg.Service/Method; without it, all methods are listed"));
  command->add_option("json", flags->json,
                      Words("リクエスト: '{...}'、@ファイル、- は標準入力。ストリームは1行に1つのJSON",
                            "'{...}', @FILE or - for standard input; streams take one JSON a line"));
  AddClientFlags(*command, flags->client);
  command->callback([flags, &chosen] {
    chosen = [flags] {
      const absl::Status status = Run(*flags);
      return status.ok() ? 0 : PrintError(status, LanguageOf(flags->client));
    };
  });
}

}  // namespace tsunagu::suite
