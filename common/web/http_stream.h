#ifndef TSUNAGU_COMMON_WEB_HTTP_STREAM_H_
#define TSUNAGU_COMMON_WEB_HTTP_STREAM_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "common/web/request.h"

namespace tsunagu::web {

// One request and its answer, as a session of HTTP/1.1 or HTTP/2 carries it. Used on the loop of its connection only,
// and not after OnGone.
class HttpStream {
 public:
  virtual ~HttpStream() = default;
  // So many bytes of the body were taken: as many more may come.
  virtual void Consumed(size_t bytes) = 0;
  // The beginning of the answer. Once.
  virtual void Head(int status, const Fields& fields) = 0;
  // A part of its body. The next one after OnSent only.
  virtual void Send(std::string bytes) = 0;
  // The end of it. What is left of the request is not read any more.
  virtual void End(const Fields& trailers) = 0;
  // Breaks it off.
  virtual void Reset() = 0;
};

// Who answers a request. Called on the loop of the connection.
class StreamHandler {
 public:
  virtual ~StreamHandler() = default;
  virtual void OnBody(absl::string_view piece) = 0;
  virtual void OnBodyEnd() = 0;
  // What was given to Send is on its way.
  virtual void OnSent() = 0;
  // The answer has left, or the caller has gone: the last thing that is heard of it.
  virtual void OnGone() = 0;
};

// Where sessions take requests to.
class Front {
 public:
  virtual ~Front() = default;
  // May begin to answer at once, through `stream`.
  virtual std::shared_ptr<StreamHandler> Begin(Request request, HttpStream& stream) = 0;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_HTTP_STREAM_H_
