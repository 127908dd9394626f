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

// At most of one message, as it stands on the wire.
inline constexpr size_t kMostMessageBytes = 4 << 20;
// A message of JSON takes so many times its bytes while it is read.
inline constexpr int64_t kWeightOfJson = 8;

// What was learned of a call before its first message.
struct Entry {
  std::string method_path;  // "/tsunagu.registry.v1.AreaService/GetArea"
  absl::Duration timeout = absl::InfiniteDuration();
  absl::Status refused;  // the call cannot be taken at all: said in the form's own way
};

// How an answer ends.
struct Ending {
  int status = 200;  // with `head`, where no message was sent before
  Fields head;
  std::string body;
  Fields trailers;      // HTTP/2 only
  bool broken = false;  // the answer is not whole, and nothing in it can say so: it is broken off
};

// Metadata that goes out with the end of the answer.
using Notes = std::vector<std::pair<std::string, std::string>>;

// How one call stands in HTTP: gRPC, gRPC-Web, Connect or REST. Knows bytes and messages, not sockets. One for each
// call; used on one thread at a time.
class Form {
 public:
  virtual ~Form() = default;

  virtual const Entry& entry() const = 0;
  // Appends what has come to `body`, out of what the form wraps a whole body in.
  virtual absl::Status Unwrap(absl::string_view piece, std::string& body) {
    body.append(piece.data(), piece.size());
    return absl::OkStatus();
  }
  // Cuts the next message off `body`, which holds what has come and was not taken; nothing while more of it is needed.
  // `over`: no more will come. Then nothing means that there is no further message.
  virtual absl::StatusOr<std::optional<std::string>> Cut(std::string& body, bool over) = 0;
  // About how many bytes of memory the message will take (rpc::Weigh).
  virtual absl::StatusOr<int64_t> Weigh(absl::string_view message, const google::protobuf::Descriptor& type) = 0;
  virtual absl::Status Decode(absl::string_view message, google::protobuf::Message& into) = 0;
  // With what frames it.
  virtual absl::StatusOr<std::string> Encode(const google::protobuf::Message& message) = 0;
  // Of an answer of several messages, before the first one.
  virtual Fields Head(const Notes& opening) = 0;
  // `begun`: Head has gone out. `message`: the last one, encoded, where it goes out together with the end.
  virtual Ending End(bool begun, const grpc::Status& told, std::string message, const Notes& opening,
                     const Notes& notes) = 0;
};

// The forms of a request; null where it is not of theirs. `route`: what the Router has at that path.
std::unique_ptr<Form> MakeGrpc(const Request& request);
std::unique_ptr<Form> MakeConnect(const Request& request, const rpc::Route& route);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_FORM_H_
