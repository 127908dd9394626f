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

// What every command that calls a server is told.
struct ClientFlags {
  std::string address = "127.0.0.1:50051";
  std::string key_file;        // empty: data/admin.key, where there is one
  std::string language;        // "ja" or "en"; empty: as the command speaks
  std::string purpose;         // why personal data is read
  double timeout_seconds = 0;  // 0: 60, and 600 for streams and files
};

// --addr, --key-file, --lang, --purpose and --timeout; the first two also from TSUNAGU_ADDR and TSUNAGU_KEY_FILE.
void AddClientFlags(CLI::App& command, ClientFlags& flags);

// The language chosen, else that which the command speaks (common/host/words.h).
Language LanguageOf(const ClientFlags& flags);

// A server and how it is called. The purpose travels percent-encoded, since metadata is ASCII only.
struct Client {
  std::unique_ptr<rpc::Peer> peer;
  rpc::CallOptions once;    // for calls of one message and one answer
  rpc::CallOptions stream;  // for those that take longer

  // Does not connect yet. Errors: MALFORMED_ADDRESS, FILE_NOT_READABLE or MALFORMED_KEY for the file of the key.
  static absl::StatusOr<Client> Open(const ClientFlags& flags);
};

// "publications/r8" of "r8", as people write names; what has a / is whole already.
std::string FullName(absl::string_view collection, const std::string& name);

// Has faults of fields tell the options of the command that was chosen, where they go by the same names. `tsunagu call`
// has none: whoever types fields himself knows them.
void TellOptionsOf(const CLI::App& app);

// Lets `command` call a server: `run` gives its exit code, or what is told as an error; a Status that is OK is 0. Flags
// has a `ClientFlags client`.
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

// Sends on a thread of its own what `send` writes, while `receive` reads here, and ends with the call: then `input`,
// for which the sender may be waiting, is stopped. A failure of either cancels the call. Returns that, else the call's.
absl::Status Converse(rpc::PeerStream& stream, Input& input, const std::function<absl::Status()>& send,
                      const std::function<absl::Status()>& receive);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_CLIENT_H_
