#ifndef TSUNAGU_COMMON_WEB_CONNECTION_H_
#define TSUNAGU_COMMON_WEB_CONNECTION_H_

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/deadline.h"
#include "common/web/session.h"
#include "openssl/ssl.h"

namespace tsunagu::web {

class Worker;

// One connection: bytes between its socket and its session. On the worker's thread alone.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // `fd` and `tls` are its own from now on; `tls` is null where there is none. `on_closed` is called once.
  Connection(Worker& worker, int fd, SSL* tls, std::string peer, std::function<void()> on_closed);
  ~Connection() { SSL_free(tls_); }

  // As far as it goes without waiting: greets, then reads and writes.
  void Advance();
  // Once a second: closes what keeps somebody waiting too long.
  void Tick();
  // No new requests.
  void Drain();
  void Close(CloseReason why);

 private:
  enum class Phase { kHandshake, kGreeting, kSession, kLingering };
  enum class Io { kDone, kWantsRead, kWantsWrite, kEnd };

  Io Handshake();
  Io ReadSome(size_t& size);
  Io WriteSome(absl::string_view bytes, size_t& size);
  Io Why(int result);
  void AwaitRead();
  void AwaitWrite();
  void Await(Io what) { what == Io::kWantsWrite ? AwaitWrite() : AwaitRead(); }
  void AdvanceLater();
  bool Greet(absl::string_view bytes);
  void Open(bool http2);
  void ReadAll();
  void Flush();
  void TellTlsFailed();
  void BeginToLinger();
  CloseReason Reason() const { return session_ != nullptr ? session_->close_reason() : refused_; }
  bool HasUnread() const { return tls_ != nullptr && SSL_pending(tls_) > 0; }

  Worker& worker_;
  boost::asio::posix::stream_descriptor descriptor_;
  SSL* tls_;
  Caller caller_;
  std::function<void()> on_closed_;
  Phase phase_ = Phase::kHandshake;
  std::string greeting_;  // the first bytes, until they say which protocol it is
  std::unique_ptr<Session> session_;
  CloseReason refused_ = nullptr;  // before there was a session
  std::string out_;
  size_t written_ = 0;
  Deadline deadline_;  // of a phase; while there is a session, of bytes that are not taken
  bool awaits_read_ = false, awaits_write_ = false, closed_ = false, flushing_ = false, flush_posted_ = false;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_CONNECTION_H_
