#ifndef TSUNAGU_COMMON_WEB_FORM_H_
#define TSUNAGU_COMMON_WEB_FORM_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/router.h"
#include "common/web/request.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/status.h"

namespace tsunagu::web {

// The maximum size of one message on the wire.
inline constexpr size_t kMostMessageBytes = 4 << 20;
// A JSON message needs this multiple of its bytes while it is parsed.
inline constexpr int64_t kWeightOfJson = 8;

// What is known about a call before its first message.
struct Entry {
  std::string method_path;  // "/tsunagu.registry.v1.AreaService/GetArea"
  absl::Duration timeout = absl::InfiniteDuration();
  absl::Status refused;  // the call cannot be accepted: the error is sent in the form's own way
};

// The end of an answer.
struct Ending {
  int status = 200;  // used with `head` when no message was sent before
  Fields head;
  std::string body;
  Fields trailers;      // HTTP/2 only
  bool broken = false;  // the answer is incomplete and cannot express it: the stream is reset
};

// Metadata sent at the end of the answer.
using Notes = std::vector<std::pair<std::string, std::string>>;

// The HTTP form of one call: gRPC, gRPC-Web, Connect or REST. It handles bytes and messages, not sockets. Each call has
// a separate one, used on one thread at a time.
class Form {
 public:
  virtual ~Form() = default;

  virtual const Entry& entry() const = 0;
  // Appends the received piece to `body`, after removing a wrapping of the whole body, such as base64.
  virtual absl::Status Unwrap(absl::string_view piece, std::string& body) {
    body.append(piece.data(), piece.size());
    return absl::OkStatus();
  }
  // Removes the next message from `body`, which holds the bytes received so far. Returns nothing while more bytes are
  // needed. `over`: no more bytes will come; nothing then means that there is no further message.
  virtual absl::StatusOr<std::optional<std::string>> Cut(std::string& body, bool over) = 0;
  // Returns about how many bytes of memory the message will need (rpc::Weigh).
  virtual absl::StatusOr<int64_t> Weigh(absl::string_view message, const google::protobuf::Descriptor& type) = 0;
  virtual absl::Status Decode(absl::string_view message, google::protobuf::Message& into) = 0;
  // Returns the message with its framing.
  virtual absl::StatusOr<std::string> Encode(const google::protobuf::Message& message) = 0;
  // Returns the head of an answer of several messages; called before the first one.
  virtual Fields Head(const Notes& opening) = 0;
  // `begun`: Head was sent. `message`: the last message, encoded, when it is sent together with the end.
  virtual Ending End(bool begun, const grpc::Status& told, std::string message, const Notes& opening,
                     const Notes& notes) = 0;
};

// Return the form of a request; null when the request has another form. `route` is the Router's route for the path.
std::unique_ptr<Form> MakeGrpc(const Request& request);
std::unique_ptr<Form> MakeConnect(const Request& request, const rpc::Route& route);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_FORM_H_
