#ifndef TSUNAGU_COMMON_RPC_CLIENT_H_
#define TSUNAGU_COMMON_RPC_CLIENT_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/mutex.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"

namespace tsunagu::metrics {
class Counter;
}

namespace tsunagu::rpc {

struct Call;

// Options for one call.
struct CallOptions {
  absl::Duration timeout = absl::Seconds(30);
  std::string api_key;
  std::string purpose;
  std::string on_behalf_of;
  std::string trace;
  Language language = Language::kEnglish;
  // The call changes nothing, or carries a request_id: it is sent again when the peer could not be reached, or asks for
  // a retry (RetryInfo).
  bool retry_safe = false;
  // Unary calls: filled with the notes of the answer (tsunagu-journal-place). May be null.
  std::map<std::string, std::string>* notes = nullptr;

  // Returns options for a call that is made while `call` is handled: for the same original caller, within the remaining
  // time, with the same language and trace.
  static CallOptions Onward(const Call& call, std::string api_key);
  void ApplyTo(grpc::ClientContext& context) const;
};

// Returns a channel to "127.0.0.1:50051" or "unix:/run/tsunagu.sock"; plain text without credentials. Connects on first
// use.
std::shared_ptr<grpc::Channel> Connect(const std::string& address,
                                       std::shared_ptr<grpc::ChannelCredentials> credentials = nullptr);

class PeerStream;

// Another server. Calls block, so they belong on an executor, never on gRPC's threads. Thread-safe. Its refusals are
// returned as if they were made here. Errors: PEER_UNAVAILABLE when it cannot be reached.
class Peer {
 public:
  struct Options {
    absl::Duration first_delay = absl::Milliseconds(50);  // doubles, with jitter
    absl::Duration longest_delay = absl::Seconds(2);      // unless the peer asks for a longer one
    int attempts = 5;
    double budget = 10;  // each failure takes 1, each success returns 0.1; no retry below half
  };

  // `service` names the peer in errors: "registry".
  Peer(std::string service, std::shared_ptr<grpc::Channel> channel) : Peer(service, channel, Options()) {}
  Peer(std::string service, std::shared_ptr<grpc::Channel> channel, Options options);

  // `method` is "tsunagu.registry.v1.AreaService/GetArea".
  template <class Response>
  absl::StatusOr<Response> Unary(absl::string_view method, const google::protobuf::Message& request,
                                 const CallOptions& options = {}) {
    Response response;
    if (absl::Status status = UnaryUntyped(method, request, response, options); !status.ok()) return status;
    return response;
  }
  absl::Status UnaryUntyped(absl::string_view method, const google::protobuf::Message& request,
                            google::protobuf::Message& response, const CallOptions& options = {});

  // Starts a call of any other kind.
  std::unique_ptr<PeerStream> Stream(absl::string_view method, const CallOptions& options = {});

 private:
  friend class PeerStream;

  grpc::Status Once(const std::string& path, const grpc::ByteBuffer& request, grpc::ByteBuffer& response,
                    const CallOptions& options);
  absl::Status Translate(const grpc::Status& status) const;
  // Returns false when too many calls have failed lately.
  bool TakeRetry();
  void Succeeded();

  const std::string service_;
  metrics::Counter& retries_;
  metrics::Counter& withheld_;
  const std::shared_ptr<grpc::Channel> channel_;
  const Options options_;
  grpc::GenericStub stub_;
  Mutex mutex_;
  double budget_ ABSL_GUARDED_BY(mutex_);
};

// One streaming call. One thread may read while another writes; every call blocks. Its Peer must outlive it.
class PeerStream {
 public:
  // Cancels the call if it has not ended, and waits for its end.
  ~PeerStream();
  PeerStream(const PeerStream&) = delete;
  PeerStream& operator=(const PeerStream&) = delete;

  // Returns when gRPC has taken the message. Returns false when the call has ended; Finish then tells how.
  bool Write(const google::protobuf::Message& message);
  bool Write(const grpc::ByteBuffer& bytes);
  // Call after the last Write.
  void WritesDone();
  // Returns false at the end of the call.
  absl::StatusOr<bool> Read(google::protobuf::Message& message);
  bool Read(grpc::ByteBuffer& bytes);
  // Reads and drops the remaining messages, then returns the status of the call.
  absl::Status Finish();
  void Cancel();

 private:
  friend class Peer;
  class Reactor;
  PeerStream(const Peer& peer, std::unique_ptr<Reactor> reactor);

  const Peer& peer_;
  const std::unique_ptr<Reactor> reactor_;
};

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_CLIENT_H_
