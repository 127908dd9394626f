#ifndef TSUNAGU_COMMON_WEB_SESSION_H_
#define TSUNAGU_COMMON_WEB_SESSION_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/deadline.h"
#include "common/web/http_stream.h"

namespace tsunagu::web {

// The caller of a connection, for its sessions.
struct Caller {
  std::string peer;
  std::vector<std::string> certificate_names;
};

// Why we closed a connection, for metrics. Null when nothing was wrong.
using CloseReason = const char*;

// Limits of sizes and times. docs/operations/web.md has the table.
struct SessionLimits {
  size_t field_bytes = 16 * 1024;  // of a request's fields that are kept; Pipeline refuses over 8 KB with a reason
  size_t field_count = 128;
  size_t streams = 256;                           // at a time, per connection
  size_t window = 64 * 1024;                      // of a body that is not processed yet
  absl::Duration header = absl::Seconds(10);      // from the first byte of a request to the end of its fields
  absl::Duration idle = absl::Minutes(10);        // without a request
  absl::Duration ping_after = absl::Seconds(60);  // without a byte
  absl::Duration ping_answer = absl::Seconds(20);
  absl::Duration untaken = absl::Seconds(60);  // an HTTP/2 answer of which the caller takes nothing
};

// The HTTP protocol of one connection, without its socket: bytes in and out. Used on one thread.
class Session {
 public:
  virtual ~Session() = default;
  virtual void Receive(absl::string_view bytes) = 0;
  // False while the received bytes have to be processed first.
  virtual bool wants_more() const = 0;
  // The caller sends nothing more.
  virtual void ReceiveEnd() = 0;
  // Appends output, at most about 64 KB at a time; nothing when there is none.
  virtual void Fill(std::string& out) = 0;
  // True when only the output of Fill remains to be sent before closing.
  virtual bool finished() const = 0;
  virtual CloseReason close_reason() const = 0;
  // Called once a second.
  virtual void Tick() = 0;
  // Accepts no new requests; those in progress are answered.
  virtual void Drain() = 0;
};

// `on_output` is called when Fill has output outside of Receive and Tick. All arguments must outlive the session.
std::unique_ptr<Session> MakeHttp1(Front& front, const Caller& caller, const SessionLimits& limits,
                                   std::function<void()> on_output);
std::unique_ptr<Session> MakeHttp2(Front& front, const Caller& caller, const SessionLimits& limits,
                                   std::function<void()> on_output);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_SESSION_H_
