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

// What a call says about itself besides its messages.
struct Headers {
  std::string authorization;
  // Of the client certificate that the transport has verified, if any: its subject alternative names, "uri:…" as they
  // are and "dns:…" in lower case, and "sha256:" with the digest of the certificate, hexadecimal in lower case.
  std::vector<std::string> certificate_names;
  std::string purpose;                     // tsunagu-purpose: why personal data is read
  bool purpose_malformed = false;          // it was given, and cannot be read: the call is refused
  std::string on_behalf_of;                // tsunagu-on-behalf-of: the original principal, from a calling service
  std::string trace;                       // traceparent (W3C), as it came
  Language language = Language::kEnglish;  // accept-language
};

// One call in progress, as a handler sees it. Outlives every task of the call.
struct Call {
  const google::protobuf::MethodDescriptor* method = nullptr;
  Headers headers;
  identity::Principal principal;
  absl::Time start;
  Deadline deadline;
  // The handler is tried on gRPC's thread, which must not wait; if it would have to, it runs again on the executor.
  bool on_grpc_thread = false;
  // How long the handler may wait for a database.
  Deadline patience() const { return on_grpc_thread ? Deadline::After(-absl::Nanoseconds(1)) : deadline; }
  // Correlates log lines, journal rows and masked errors.
  std::string correlation_id;
  Trace trace;
  std::string request_id;  // the caller's, once the first message is known; empty where there is none
  using Notes = std::vector<std::pair<std::string, std::string>>;
  // Metadata as it came, where the transport keeps it: HTTP does, gRPC's own server does not.
  Notes metadata;
  // Metadata that goes out with the beginning of the answer (over HTTP only), and with its end: names in lower case,
  // ASCII, nothing personal.
  Notes opening, notes;
  // The client has gone, or the deadline has passed: whatever is still being done is in vain.
  std::atomic<bool> cancelled{false};
  // Asks for Stream::Next again after it answered kLater. Thread-safe; may be copied and called at any time, before
  // kLater as well as after the call has ended, and with locks held: it never runs or destroys the stream itself.
  std::function<void()> wake = [] {};

  // "tsunagu.registry.v1.AreaService/GetArea"
  std::string MethodName() const;
};

// The handler's side of a call of any kind; one task at a time. A unary call is one Push, Close, one Next. Between
// tasks it holds no thread. Destroyed once the call has ended and no task runs. An exception is an internal error.
class Stream {
 public:
  enum class Pull { kMessage, kLater, kEnd };

  virtual ~Stream() = default;
  // Takes one message of the client, checked against its contract. The next one is read only after Next said kEnd;
  // until then this one stays.
  virtual absl::Status Push(const google::protobuf::Message& request) = 0;
  // The client has sent everything.
  virtual absl::Status Close() { return absl::OkStatus(); }
  // Fills the next message (empty when passed in) for the client; kEnd when there is none for now (before Close) or
  // at all (after it); kLater when one will come and call.wake() will say so. Called again only when the client took
  // the message before. A call whose answer is one message is asked after Close only.
  virtual absl::StatusOr<Pull> Next(google::protobuf::Message& response) = 0;
};

using StreamFactory = std::function<std::unique_ptr<Stream>(Call&)>;

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_CALL_H_
