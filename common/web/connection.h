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

// One connection: moves bytes between its socket and its session. Used only on the worker's thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // Owns `fd` and `tls`; `tls` is null for a plain connection. `on_closed` is called once.
  Connection(Worker& worker, int fd, SSL* tls, std::string peer, std::function<void()> on_closed);
  ~Connection() { SSL_free(tls_); }

  // Proceeds as far as possible without waiting: handshake and greeting first, then reads and writes.
  void Advance();
  // Called once a second: closes the connection when the caller is too slow.
  void Tick();
  // Accepts no new requests.
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
  std::string greeting_;  // the first bytes, until the protocol is known
  std::unique_ptr<Session> session_;
  CloseReason refused_ = nullptr;  // set before there was a session
  std::string out_;
  size_t written_ = 0;
  Deadline deadline_;  // of the phase; during a session, for output that the caller does not take
  bool awaits_read_ = false, awaits_write_ = false, closed_ = false, flushing_ = false, flush_posted_ = false;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_CONNECTION_H_
