#include "common/web/connection.h"

#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/turn.h"
#include "common/web/date.h"
#include "common/web/tls.h"
#include "common/web/worker.h"

namespace tsunagu::web {
namespace {

using boost::asio::posix::stream_descriptor;
using boost::system::error_code;

constexpr absl::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr absl::Duration kGreeting = absl::Seconds(10);  // for TLS, and the first bytes
constexpr absl::Duration kStalled = absl::Seconds(60);   // with output that the caller does not take
constexpr absl::Duration kLingering = absl::Seconds(2);  // so that a last answer is read before the connection closes
constexpr int kReadsInARow = 4;
constexpr absl::string_view kNeedsTls =
    "このアドレスには https:// で接続してください。\nUse https:// for this address.\n";

}  // namespace

Connection::Connection(Worker& worker, int fd, SSL* tls, std::string peer, std::function<void()> on_closed)
    : worker_(worker),
      descriptor_(worker.io_, fd),
      tls_(tls),
      caller_{std::move(peer), {}},
      on_closed_(std::move(on_closed)),
      deadline_(Deadline::After(kGreeting)) {
  if (tls_ != nullptr) SSL_set_fd(tls_, fd);
}

void Connection::Advance() {
  if (closed_) return;
  if (phase_ == Phase::kHandshake) {
    const Io io = Handshake();
    if (io == Io::kEnd) return TellTlsFailed();
    if (io != Io::kDone) return Await(io);
    if (phase_ == Phase::kHandshake) phase_ = Phase::kGreeting;  // the caller did not say which protocol it speaks
  }
  ReadAll();
  if (!closed_) Flush();
}

Connection::Io Connection::Handshake() {
  if (tls_ == nullptr) return Io::kDone;
  ERR_clear_error();
  if (const int result = SSL_accept(tls_); result != 1) return Why(result);
  caller_.certificate_names = CertificateNames(tls_);
  const unsigned char* protocol = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(tls_, &protocol, &size);
  if (size > 0) {
    Open(absl::string_view(reinterpret_cast<const char*>(protocol), size) == "h2");
    phase_ = Phase::kSession;
  }
  return Io::kDone;
}

Connection::Io Connection::Why(int result) {
  switch (SSL_get_error(tls_, result)) {
    case SSL_ERROR_WANT_READ:
      return Io::kWantsRead;
    case SSL_ERROR_WANT_WRITE:
      return Io::kWantsWrite;
    default:
      return Io::kEnd;
  }
}

Connection::Io Connection::ReadSome(size_t& size) {
  if (tls_ != nullptr) {
    ERR_clear_error();
    const int result = SSL_read_ex(tls_, worker_.buffer_.data(), worker_.buffer_.size(), &size);
    return result == 1 ? Io::kDone : Why(result);
  }
  const ssize_t result = ::read(descriptor_.native_handle(), worker_.buffer_.data(), worker_.buffer_.size());
  if (result > 0) {
    size = static_cast<size_t>(result);
    return Io::kDone;
  }
  return result < 0 && (errno == EAGAIN || errno == EINTR) ? Io::kWantsRead : Io::kEnd;
}

Connection::Io Connection::WriteSome(absl::string_view bytes, size_t& size) {
  if (tls_ != nullptr) {
    ERR_clear_error();
    const int result = SSL_write_ex(tls_, bytes.data(), bytes.size(), &size);
    return result == 1 ? Io::kDone : Why(result);
  }
  const ssize_t result = ::send(descriptor_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (result >= 0) {
    size = static_cast<size_t>(result);
    return Io::kDone;
  }
  return errno == EAGAIN || errno == EINTR ? Io::kWantsWrite : Io::kEnd;
}

void Connection::AwaitRead() {
  if (std::exchange(awaits_read_, true)) return;
  descriptor_.async_wait(stream_descriptor::wait_read, [self = shared_from_this()](error_code error) {
    self->awaits_read_ = false;
    if (!error) self->Advance();
  });
}

void Connection::AwaitWrite() {
  if (std::exchange(awaits_write_, true)) return;
  descriptor_.async_wait(stream_descriptor::wait_write, [self = shared_from_this()](error_code error) {
    self->awaits_write_ = false;
    if (!error) self->Advance();
  });
}

void Connection::AdvanceLater() {
  boost::asio::post(worker_.io_, [self = shared_from_this()] { self->Advance(); });
}

void Connection::ReadAll() {
  for (int i = 0; i < kReadsInARow; ++i) {
    if (session_ != nullptr && phase_ == Phase::kSession && !session_->wants_more()) return;
    size_t size = 0;
    const Io io = ReadSome(size);
    if (io == Io::kWantsRead || io == Io::kWantsWrite) return Await(io);
    if (io == Io::kEnd) {
      if (phase_ == Phase::kSession) session_->ReceiveEnd();
      return Close(Reason());
    }
    const absl::string_view bytes(worker_.buffer_.data(), size);
    if (phase_ == Phase::kLingering) continue;
    if (phase_ == Phase::kGreeting && !Greet(bytes)) continue;
    const Turn turn;  // for everything in these bytes
    if (greeting_.empty()) {
      session_->Receive(bytes);
    } else {
      session_->Receive(std::exchange(greeting_, {}));
    }
  }
  AdvanceLater();  // other connections come first
}

// Returns true once the protocol is known.
bool Connection::Greet(absl::string_view bytes) {
  greeting_.append(bytes.data(), bytes.size());
  const size_t compared = std::min(greeting_.size(), kPreface.size());
  const bool http2 = absl::StartsWith(kPreface, absl::string_view(greeting_).substr(0, compared));
  if (http2 && compared < kPreface.size()) return false;
  Open(http2);
  phase_ = Phase::kSession;
  return true;
}

void Connection::Open(bool http2) {
  session_ = (http2 ? MakeHttp2 : MakeHttp1)(*worker_.front_, caller_, worker_.limits_, [this] {
    if (std::exchange(flush_posted_, true)) return;
    // Together with other output of this round of the loop.
    boost::asio::post(worker_.io_, [self = shared_from_this()] {
      self->flush_posted_ = false;
      if (!self->closed_) self->Flush();
    });
  });
  deadline_ = Deadline::Never();
  if (worker_.draining_) session_->Drain();
}

void Connection::Flush() {
  if (session_ == nullptr || phase_ == Phase::kLingering || flushing_) return;
  flushing_ = true;
  while (!closed_) {
    if (written_ == out_.size()) {
      written_ = 0;
      out_.clear();
      session_->Fill(out_);
      if (out_.empty()) break;
      deadline_ = Deadline::After(kStalled);
    }
    size_t size = 0;
    const Io io = WriteSome(absl::string_view(out_).substr(written_), size);
    if (io == Io::kEnd) {
      Close(session_->close_reason());
    } else if (io != Io::kDone) {
      Await(io);
      break;
    } else {
      written_ += size;
      deadline_ = Deadline::After(kStalled);
    }
  }
  flushing_ = false;
  if (closed_ || written_ < out_.size()) return;
  deadline_ = Deadline::Never();
  if (out_.capacity() > 1024) std::string().swap(out_);  // saves memory, because many connections are idle
  if (session_->finished()) return BeginToLinger();
  if (!session_->wants_more()) return;
  HasUnread() ? AdvanceLater() : AwaitRead();
}

// The alert with the cause is being sent; a caller that speaks plain HTTP gets an HTTP answer. Both would be lost if
// the connection closed while bytes of the caller are unread.
void Connection::TellTlsFailed() {
  refused_ = "handshake";
  const unsigned long error = ERR_peek_error();
  const bool plain = ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_HTTP_REQUEST;
  SSL_free(std::exchange(tls_, nullptr));
  if (size_t size = 0; plain) {
    WriteSome(absl::StrCat("HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ndate: ", DateOfNow(),
                           "\r\ncontent-length: ", kNeedsTls.size(), "\r\nconnection: close\r\n\r\n", kNeedsTls),
              size);
  }
  BeginToLinger();
}

void Connection::BeginToLinger() {
  phase_ = Phase::kLingering;
  if (tls_ != nullptr) SSL_shutdown(tls_);
  ::shutdown(descriptor_.native_handle(), SHUT_WR);
  deadline_ = Deadline::After(kLingering);
  AwaitRead();
}

void Connection::Tick() {
  if (closed_) return;
  if (deadline_.Over()) {
    return Close(phase_ == Phase::kLingering ? Reason() : phase_ == Phase::kSession ? "stalled" : "handshake_timeout");
  }
  if (phase_ != Phase::kSession) return;
  session_->Tick();
  Flush();
}

void Connection::Drain() {
  if (phase_ == Phase::kSession) {
    session_->Drain();
    Flush();
  }
}

void Connection::Close(CloseReason why) {
  if (std::exchange(closed_, true)) return;
  const std::shared_ptr<Connection> self = shared_from_this();
  worker_.connections_.erase(self);
  error_code ignored;
  descriptor_.close(ignored);
  worker_.count_closed_(why);
  // Not destroyed here: the session itself may have called Close.
  boost::asio::post(worker_.io_, [self] {
    self->session_.reset();
    std::exchange(self->on_closed_, nullptr)();
  });
}

}  // namespace tsunagu::web
