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

// What a connection is to its sessions.
struct Caller {
  std::string peer;
  std::vector<std::string> certificate_names;
};

// Why a connection was closed by us, as metrics tell it. Null where nothing was wrong.
using CloseReason = const char*;

// How much and how long. docs/operations/web.md has the table.
struct SessionLimits {
  size_t field_bytes = 16 * 1024;  // kept of a request's fields; Pipeline refuses over 8 KB with a reason
  size_t field_count = 128;
  size_t streams = 256;                           // at a time, of one connection
  size_t window = 64 * 1024;                      // of a body that nobody has taken yet
  absl::Duration header = absl::Seconds(10);      // from the first byte of a request to the end of its fields
  absl::Duration idle = absl::Minutes(10);        // without a request
  absl::Duration ping_after = absl::Seconds(60);  // without a byte
  absl::Duration ping_answer = absl::Seconds(20);
  absl::Duration untaken = absl::Seconds(60);  // an answer of HTTP/2 of which nothing is taken
};

// Bytes of one connection, in and out, as HTTP: knows no socket. Used on one thread.
class Session {
 public:
  virtual ~Session() = default;
  virtual void Receive(absl::string_view bytes) = 0;
  // False while what came has to be taken first.
  virtual bool wants_more() const = 0;
  // The caller sends nothing any more.
  virtual void ReceiveEnd() = 0;
  // Appends what is to be sent, some 64 KB at most at a time; nothing when there is nothing.
  virtual void Fill(std::string& out) = 0;
  // True when nothing is left but to send what Fill gave, and to close.
  virtual bool finished() const = 0;
  virtual CloseReason close_reason() const = 0;
  // Once a second.
  virtual void Tick() = 0;
  // No new requests; those in progress are answered.
  virtual void Drain() = 0;
};

// `on_output` is called when Fill has something outside of Receive and Tick. All outlive the session.
std::unique_ptr<Session> MakeHttp1(Front& front, const Caller& caller, const SessionLimits& limits,
                                   std::function<void()> on_output);
std::unique_ptr<Session> MakeHttp2(Front& front, const Caller& caller, const SessionLimits& limits,
                                   std::function<void()> on_output);

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_SESSION_H_
