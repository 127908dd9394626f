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

// How one call is made.
struct CallOptions {
  absl::Duration timeout = absl::Seconds(30);
  std::string api_key;
  std::string purpose;
  std::string on_behalf_of;
  std::string trace;
  Language language = Language::kEnglish;
  // It changes nothing, or carries a request_id: sent again when nobody was there, or the peer asks for it (RetryInfo).
  bool retry_safe = false;
  // Unary calls: filled with what the answer notes (tsunagu-journal-place). May be null.
  std::map<std::string, std::string>* notes = nullptr;

  // A call made while `call` is handled: for the same original caller, in the time that is left, in the same language
  // and trace.
  static CallOptions Onward(const Call& call, std::string api_key);
  void ApplyTo(grpc::ClientContext& context) const;
};

// A channel to "127.0.0.1:50051" or "unix:/run/tsunagu.sock"; plain text without credentials. Connects when used.
std::shared_ptr<grpc::Channel> Connect(const std::string& address,
                                       std::shared_ptr<grpc::ChannelCredentials> credentials = nullptr);

class PeerStream;

// Another server. Calls block, so they belong on an executor, never on gRPC's threads. Thread-safe.
// Its refusals come back as if they were made here; when it cannot be reached, PEER_UNAVAILABLE.
class Peer {
 public:
  struct Options {
    absl::Duration first_delay = absl::Milliseconds(50);  // doubles, with jitter
    absl::Duration longest_delay = absl::Seconds(2);      // besides what the peer asks for
    int attempts = 5;
    double budget = 10;  // each failure takes 1, each success gives 0.1; no retry below half
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

  // A call of any other kind.
  std::unique_ptr<PeerStream> Stream(absl::string_view method, const CallOptions& options = {});

 private:
  friend class PeerStream;

  grpc::Status Once(const std::string& path, const grpc::ByteBuffer& request, grpc::ByteBuffer& response,
                    const CallOptions& options);
  absl::Status Translate(const grpc::Status& status) const;
  // False when too many calls have failed lately.
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

// One streaming call. One thread may read while another writes; every call blocks. Outlived by its Peer.
class PeerStream {
 public:
  // Cancels what has not ended, and waits for that.
  ~PeerStream();
  PeerStream(const PeerStream&) = delete;
  PeerStream& operator=(const PeerStream&) = delete;

  // Returns when gRPC took it. False: the call has ended, and Finish says how.
  bool Write(const google::protobuf::Message& message);
  bool Write(const grpc::ByteBuffer& bytes);
  // Nothing more will be written.
  void WritesDone();
  // False at the end of the call.
  absl::StatusOr<bool> Read(google::protobuf::Message& message);
  bool Read(grpc::ByteBuffer& bytes);
  // Reads and drops what is left, then says how the call ended.
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
