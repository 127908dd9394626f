#include "services/suite/client.h"
#include "services/suite/services.h"

#include <filesystem>
#include <thread>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/host/usage.h"
#include "common/host/words.h"

namespace tsunagu::suite {
namespace {

constexpr char kDefaultKeyFile[] = "data/admin.key";
constexpr size_t kMaxKey = 4096;

absl::Status CheckAddress(absl::string_view address) {
  for (absl::string_view scheme : {"unix:", "unix-abstract:", "dns:", "ipv4:", "ipv6:"}) {
    if (absl::StartsWith(address, scheme)) return absl::OkStatus();
  }
  const size_t colon = address.rfind(':');
  int port = 0;
  if (colon != absl::string_view::npos && colon > 0 && address.find_first_of("/ \t") == absl::string_view::npos &&
      absl::SimpleAtoi(address.substr(colon + 1), &port) && port > 0 && port < 65536) {
    return absl::OkStatus();
  }
  return FailHere(absl::StatusCode::kInvalidArgument, "MALFORMED_ADDRESS",
                  absl::StrCat("接続先は「ホスト:ポート」または unix:パス の形で指定してください: ", address),
                  absl::StrCat("An address has the form host:port or unix:path: ", address));
}

bool IsAscii(absl::string_view text) {
  for (const unsigned char c : text) {
    if (c < 0x20 || c > 0x7E) return false;
  }
  return true;
}

absl::StatusOr<std::string> ReadKey(const std::string& file) {
  std::error_code none;
  if (file.empty() && !std::filesystem::exists(kDefaultKeyFile, none)) return "";
  const std::string path = file.empty() ? kDefaultKeyFile : file;
  ASSIGN_OR_RETURN(const auto input, Input::Open(path));
  ASSIGN_OR_RETURN(const std::string text, input->ReadAll(kMaxKey));
  const absl::string_view key = absl::StripAsciiWhitespace(text);
  if (!key.empty() && key.size() <= kMaxKey && IsAscii(key)) return std::string(key);
  return FailHere(absl::StatusCode::kInvalidArgument, "MALFORMED_KEY",
                  absl::StrCat("APIキーのファイルではありません: ", path),
                  absl::StrCat("Not the file of an API key: ", path));
}

}  // namespace

void AddClientFlags(CLI::App& command, ClientFlags& flags) {
  command
      .add_option("--addr", flags.address,
                  Words("接続先のサーバー: ホスト:ポート か unix:パス", "Server: host:port or unix:path"))
      ->envname("TSUNAGU_ADDR")
      ->capture_default_str();
  command.add_option("--key-file", flags.key_file, Words("APIキーのファイル", "File of the API key"))
      ->envname("TSUNAGU_KEY_FILE")
      ->default_str(kDefaultKeyFile);
  AddLanguageFlag(command);
  command.add_option("--purpose", flags.purpose, Words("個人情報を見る目的", "Why personal data is read"));
  command
      .add_option(
          "--timeout", flags.timeout_seconds,
          Words("待つ秒数（指定がなければ60秒、ストリームとファイルは600秒）", "Seconds (60, streams and files 600)"))
      ->check(CLI::Range(0.001, 1e6));
}

Language LanguageOf(const ClientFlags& flags) {
  if (flags.language.empty()) return SpokenLanguage();
  return flags.language == "ja" ? Language::kJapanese : Language::kEnglish;
}

absl::StatusOr<Client> Client::Open(const ClientFlags& flags) {
  DeclareReasons();
  RETURN_IF_ERROR(CheckAddress(flags.address));
  rpc::CallOptions options;
  ASSIGN_OR_RETURN(options.api_key, ReadKey(flags.key_file));
  options.purpose = flags.purpose;
  options.language = LanguageOf(flags);
  Client client;
  client.peer = std::make_unique<rpc::Peer>(flags.address, rpc::Connect(flags.address));
  client.once = client.stream = options;
  client.once.timeout = absl::Seconds(flags.timeout_seconds > 0 ? flags.timeout_seconds : 60);
  client.stream.timeout = absl::Seconds(flags.timeout_seconds > 0 ? flags.timeout_seconds : 600);
  return client;
}

std::string FullName(absl::string_view collection, const std::string& name) {
  return name.empty() || absl::StrContains(name, '/') ? name : absl::StrCat(collection, "/", name);
}

void TellOptionsOf(const CLI::App& app) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  std::vector<std::string> options;
  for (const CLI::Option* option : command->get_options()) {
    if (command->get_name() != "call" && !option->get_lnames().empty()) options.push_back(option->get_lnames().front());
  }
  TellOptions(std::move(options));
}

void BindClient(CLI::App& command, std::shared_ptr<ClientFlags> flags, std::function<int()>& chosen,
                std::function<absl::StatusOr<int>(const Client&)> run) {
  AddClientFlags(command, *flags);
  command.callback([flags, &chosen, run = std::move(run)] {
    chosen = [flags, run] {
      const auto client = Client::Open(*flags);
      const absl::StatusOr<int> done = client.ok() ? run(*client) : absl::StatusOr<int>(client.status());
      return done.ok() ? *done : PrintError(done.status(), LanguageOf(*flags));
    };
  });
}

absl::Status Converse(rpc::PeerStream& stream, Input& input, const std::function<absl::Status()>& send,
                      const std::function<absl::Status()>& receive) {
  absl::Status sent;
  std::thread sender([&] {
    sent = send();
    if (!sent.ok()) stream.Cancel();
  });
  const absl::Status received = receive();
  if (!received.ok()) stream.Cancel();
  const absl::Status ended = stream.Finish();
  input.Stop();
  sender.join();
  if (!sent.ok()) return sent;
  return received.ok() ? ended : received;
}

}  // namespace tsunagu::suite
