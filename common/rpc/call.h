#ifndef TSUNAGU_COMMON_RPC_CALL_H_
#define TSUNAGU_COMMON_RPC_CALL_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/deadline.h"
#include "common/base/error.h"
#include "common/identity/principal.h"
#include "common/rpc/trace.h"

namespace google::protobuf {
class Message;
class MethodDescriptor;
}  // namespace google::protobuf

namespace tsunagu::rpc {

// What a call carries besides its messages.
struct Headers {
  std::string authorization;
  // Names in the client certificate that the transport has verified, if any: its subject alternative names, "uri:…"
  // unchanged and "dns:…" in lower case, and "sha256:" with the digest of the certificate, hexadecimal in lower case.
  std::vector<std::string> certificate_names;
  std::string purpose;                     // tsunagu-purpose: why personal data is read
  bool purpose_malformed = false;          // the header exists but is malformed: the call is refused
  std::string on_behalf_of;                // tsunagu-on-behalf-of: the original principal, from a calling service
  std::string trace;                       // traceparent (W3C), as received
  Language language = Language::kEnglish;  // accept-language
};

// One call in progress, as a handler sees it. It outlives every task of the call.
struct Call {
  const google::protobuf::MethodDescriptor* method = nullptr;
  Headers headers;
  identity::Principal principal;
  absl::Time start;
  Deadline deadline;
  // The handler runs on gRPC's thread, which must not wait; if it had to wait, it runs again on the executor.
  bool on_grpc_thread = false;
  // How long the handler may wait for a database.
  Deadline patience() const { return on_grpc_thread ? Deadline::After(-absl::Nanoseconds(1)) : deadline; }
  // Correlates log lines, journal rows and masked errors.
  std::string correlation_id;
  Trace trace;
  std::string request_id;  // the caller's, once the first message is known; empty when there is none
  using Notes = std::vector<std::pair<std::string, std::string>>;
  // Metadata as received, if the transport keeps it: HTTP does, gRPC's own server does not.
  Notes metadata;
  // Metadata sent at the beginning of the answer (only over HTTP), and at its end: names in lower case, values in
  // ASCII, nothing personal.
  Notes opening, notes;
  // The client has gone, or the deadline has passed: further work is useless.
  std::atomic<bool> cancelled{false};
  // Makes Stream::Next be called again after it returned kLater. Thread-safe. It may be copied and called at any time:
  // before kLater, after the call has ended, and while locks are held, because it never runs or destroys the stream
  // itself.
  std::function<void()> wake = [] {};
  // While what it returns lives, the call and its stream live too, and the server's stop waits for them.
  std::function<std::shared_ptr<void>()> hold = [] { return nullptr; };

  // Returns "tsunagu.registry.v1.AreaService/GetArea".
  std::string MethodName() const;
};

// The handler of a call of any kind. Its methods are called by one task at a time. A unary call is one Push, Close, one
// Next. Between tasks the stream holds no thread. It is destroyed once the call has ended and no task runs. An
// exception is an internal error.
class Stream {
 public:
  enum class Pull { kMessage, kLater, kSoon, kEnd };

  virtual ~Stream() = default;
  // Takes one message of the client, which was checked against its contract. The next message is read only after Next
  // has returned kEnd; until then this one stays valid.
  virtual absl::Status Push(const google::protobuf::Message& request) = 0;
  // The client has sent all messages.
  virtual absl::Status Close() { return absl::OkStatus(); }
  // Fills `response`, which is empty when passed in, with the next message for the client. Returns kEnd when there is
  // none for now (before Close) or at all (after it); kLater when call.wake() will announce one. kSoon is kLater for
  // what certainly comes, such as the end of a commit: the server's stop waits for it, and where the call runs on
  // gRPC's thread, Next is called there again. Called again only after the client took the message before. A call whose
  // answer is one message is asked only after Close.
  virtual absl::StatusOr<Pull> Next(google::protobuf::Message& response) = 0;
};

using StreamFactory = std::function<std::unique_ptr<Stream>(Call&)>;

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_CALL_H_
