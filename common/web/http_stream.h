#ifndef TSUNAGU_COMMON_WEB_HTTP_STREAM_H_
#define TSUNAGU_COMMON_WEB_HTTP_STREAM_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "common/web/request.h"

namespace tsunagu::web {

// One request and its answer, in a session of HTTP/1.1 or HTTP/2. Used only on the loop of its connection, and not
// after OnGone.
class HttpStream {
 public:
  virtual ~HttpStream() = default;
  // `bytes` of the body were processed: the caller may send as many more.
  virtual void Consumed(size_t bytes) = 0;
  // Sends the head of the answer. Call once.
  virtual void Head(int status, const Fields& fields) = 0;
  // Sends a part of the body. Call again only after OnSent.
  virtual void Send(std::string bytes) = 0;
  // Ends the answer. The rest of the request is not read any more.
  virtual void End(const Fields& trailers) = 0;
  // Resets the stream.
  virtual void Reset() = 0;
};

// Answers a request. Called on the loop of the connection.
class StreamHandler {
 public:
  virtual ~StreamHandler() = default;
  virtual void OnBody(absl::string_view piece) = 0;
  virtual void OnBodyEnd() = 0;
  // The bytes given to Send are on their way.
  virtual void OnSent() = 0;
  // The answer was sent, or the caller has gone. This is the last call.
  virtual void OnGone() = 0;
};

// Starts the handling of a session's requests.
class Front {
 public:
  virtual ~Front() = default;
  // May begin to answer at once, through `stream`.
  virtual std::shared_ptr<StreamHandler> Begin(Request request, HttpStream& stream) = 0;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_HTTP_STREAM_H_
