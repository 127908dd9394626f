#ifndef TSUNAGU_SERVICES_SUITE_CLIENT_H_
#define TSUNAGU_SERVICES_SUITE_CLIENT_H_

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/client.h"
#include "services/suite/input.h"
#include "services/suite/print_error.h"

namespace CLI {
class App;
}  // namespace CLI

namespace tsunagu::suite {

// The options of every command that calls a server.
struct ClientFlags {
  std::string address = "127.0.0.1:50051";
  std::string key_file;        // empty: data/admin.key, if it exists
  std::string language;        // "ja" or "en"; empty: the language of the command
  std::string purpose;         // the purpose of reading personal data
  double timeout_seconds = 0;  // 0: 60, and 600 for streams and files
};

// --addr, --key-file, --lang, --purpose and --timeout; the first two also from TSUNAGU_ADDR and TSUNAGU_KEY_FILE.
void AddClientFlags(CLI::App& command, ClientFlags& flags);

// Returns the chosen language, else the language of the command (common/host/words.h).
Language LanguageOf(const ClientFlags& flags);

// A server and the options of calls to it. The purpose is percent-encoded, since metadata is ASCII only.
struct Client {
  std::unique_ptr<rpc::Peer> peer;
  rpc::CallOptions once;    // for calls with one request and one answer
  rpc::CallOptions stream;  // for longer calls

  // Does not connect yet. Errors: MALFORMED_ADDRESS; FILE_NOT_READABLE or MALFORMED_KEY for the key file.
  static absl::StatusOr<Client> Open(const ClientFlags& flags);
};

// Returns "publications/r8" for "r8"; a name with a / is returned unchanged.
std::string FullName(absl::string_view collection, const std::string& name);

// Makes faults in fields also name the options of the chosen command that have the same names. Not for `tsunagu call`,
// whose users type the fields themselves.
void TellOptionsOf(const CLI::App& app);

// Makes `command` call a server. `run` returns the exit code, or an error, which is printed; an OK status means 0.
// Flags must have a `ClientFlags client`.
void BindClient(CLI::App& command, std::shared_ptr<ClientFlags> flags, std::function<int()>& chosen,
                std::function<absl::StatusOr<int>(const Client&)> run);
template <typename Flags, typename Run>
void RunAsClient(CLI::App& command, std::shared_ptr<Flags> flags, std::function<int()>& chosen, Run run) {
  BindClient(command, std::shared_ptr<ClientFlags>(flags, &flags->client), chosen,
             [flags, run = std::move(run)](const Client& client) -> absl::StatusOr<int> {
               if constexpr (std::is_same_v<decltype(run(client, *flags)), absl::Status>) {
                 const absl::Status done = run(client, *flags);
                 if (!done.ok()) return done;
                 return 0;
               } else {
                 return run(client, *flags);
               }
             });
}

// Runs `send` on a thread of its own and `receive` on this one. When the call ends, stops `input`, since `send` may be
// waiting for it. An error of either cancels the call. Returns that error, else the status of the call.
absl::Status Converse(rpc::PeerStream& stream, Input& input, const std::function<absl::Status()>& send,
                      const std::function<absl::Status()>& receive);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_CLIENT_H_
