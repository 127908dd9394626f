#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/rpc/headers.h"
#include "common/rpc/status.h"
#include "common/web/date.h"
#include "common/web/rest/http_error.h"
#include "common/web/session.h"

namespace tsunagu::web {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

constexpr absl::Duration kLongestIdle = absl::Seconds(75);  // between two requests of a connection
constexpr size_t kMostPipelined = 16 * 1024;                // bytes of later requests

absl::string_view View(string_view text) { return {text.data(), text.size()}; }

// Beast's parser for one request. It passes the body to `on_body`.
class Parser : public http::basic_parser<true> {
 public:
  explicit Parser(const SessionLimits& limits) : limits_(limits) {
    header_limit(static_cast<uint32_t>(limits.field_bytes));
    body_limit(std::numeric_limits<uint64_t>::max());  // the reader of the body has a limit and reports it
    eager(false);                                      // stops after the fields
  }

  Request request;
  std::string target, accept_language;
  int version = 11;
  std::function<void(absl::string_view)> on_body;

 private:
  void on_request_impl(http::verb, string_view method, string_view target_text, int its_version, error_code&) override {
    version = its_version;
    request.method = std::string(View(method));
    target = std::string(View(target_text));
    request.field_bytes += target.size();
  }
  void on_field_impl(http::field, string_view name, string_view value, error_code&) override {
    request.field_bytes += name.size() + value.size();
    ++request.field_count;
    if (absl::EqualsIgnoreCase(View(name), "accept-language")) accept_language = std::string(View(value));
    if (request.field_count > limits_.field_count) return;
    request.fields.emplace_back(absl::AsciiStrToLower(View(name)), View(value));
  }
  size_t on_body_impl(string_view body, error_code&) override {
    on_body(View(body));
    return body.size();
  }
  size_t on_chunk_body_impl(uint64_t, string_view body, error_code&) override {
    on_body(View(body));
    return body.size();
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<uint64_t>&, error_code&) override {}
  void on_chunk_header_impl(uint64_t, string_view, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  const SessionLimits& limits_;
};

// Handles one request after the other: reads the next one when the previous answer was sent.
class Http1 final : public Session, public HttpStream {
 public:
  Http1(Front& front, const Caller& caller, const SessionLimits& limits, std::function<void()> on_output)
      : front_(front), caller_(caller), limits_(limits), on_output_(std::move(on_output)) {
    Renew();
  }
  ~Http1() override { LetGo(); }

  void Receive(absl::string_view bytes) override;
  bool wants_more() const override {
    return !closing_ && !dead_ && unconsumed_ < limits_.window && buffer_.size() < kMostPipelined + limits_.field_bytes;
  }
  void ReceiveEnd() override { dead_ = true; }
  void Fill(std::string& out) override;
  bool finished() const override { return dead_ || (closing_ && handler_ == nullptr && output_.empty()); }
  CloseReason close_reason() const override { return close_reason_; }
  void Tick() override;
  void Drain() override {
    draining_ = true;
    if (handler_ == nullptr && buffer_.empty()) closing_ = true;
    on_output_();
  }

  void Consumed(size_t bytes) override;
  void Head(int status, const Fields& fields) override;
  void Send(std::string bytes) override;
  void End(const Fields&) override;  // HTTP/1.1 clients do not read trailers
  void Reset() override;

 private:
  void Renew();
  void Parse();
  void Begin();
  // Checks whether the request can be accepted.
  absl::Status Judge();
  void Refuse(const absl::Status& told, CloseReason why);
  void WriteHead();
  void Over();
  void LetGo() {
    if (handler_ != nullptr) std::exchange(handler_, nullptr)->OnGone();
  }
  void Output() {
    if (!busy_) on_output_();
  }

  Front& front_;
  const Caller& caller_;
  const SessionLimits& limits_;
  const std::function<void()> on_output_;
  std::string buffer_;  // received and not parsed yet
  std::unique_ptr<Parser> parser_;
  std::shared_ptr<StreamHandler> handler_;
  size_t unconsumed_ = 0;
  std::string output_;  // bytes that are ready to be sent
  int status_ = 0;
  Fields head_;
  std::string body_;
  bool head_only_ = false, continues_ = false, chunked_ = false, head_written_ = false, ended_ = false;
  bool parsed_ = false, sent_ = false, over_ = false;
  bool busy_ = false, dead_ = false, closing_ = false, draining_ = false, keep_alive_ = true;
  CloseReason close_reason_ = nullptr;
  Deadline header_, idle_;
};

void Http1::Renew() {
  parser_ = std::make_unique<Parser>(limits_);
  parser_->on_body = [this](absl::string_view piece) {
    unconsumed_ += piece.size();
    if (handler_ != nullptr) handler_->OnBody(piece);
  };
  unconsumed_ = 0;
  status_ = 0;
  head_.clear();
  body_.clear();
  head_only_ = continues_ = chunked_ = head_written_ = ended_ = parsed_ = sent_ = over_ = false;
  idle_ = Deadline::After(std::min(limits_.idle, kLongestIdle));
}

void Http1::Receive(absl::string_view bytes) {
  busy_ = true;
  absl::StrAppend(&buffer_, bytes);
  Parse();
  busy_ = false;
}

void Http1::Parse() {
  while (!buffer_.empty() && !parsed_ && !closing_ && !dead_ && unconsumed_ < limits_.window) {
    if (handler_ == nullptr && header_ == Deadline::Never()) header_ = Deadline::After(limits_.header);
    const bool in_header = !parser_->is_header_done();
    error_code error;
    const size_t taken = parser_->put(boost::asio::const_buffer(buffer_.data(), buffer_.size()), error);
    if (in_header && parser_->is_header_done()) Begin();
    buffer_.erase(0, taken);
    if (error == http::error::need_more) return;
    if (error) {
      if (error == http::error::header_limit) return Refuse(Fail("METADATA_TOO_LARGE"_reason), "fields");
      if (error == http::error::bad_version) return Refuse(Fail("HTTP_VERSION_UNKNOWN"_reason), "protocol");
      return Refuse(Fail("MALFORMED_HTTP"_reason), "protocol");
    }
    if (parser_->is_done() && !closing_) {
      parsed_ = true;
      if (handler_ != nullptr) handler_->OnBodyEnd();
    }
  }
}

absl::Status Http1::Judge() {
  const Request& request = parser_->request;
  const auto count = [&](absl::string_view name) {
    return std::count_if(request.fields.begin(), request.fields.end(), [&](const auto& f) { return f.first == name; });
  };
  if (request.field_count > limits_.field_count)
    return Fail("METADATA_TOO_LARGE"_reason);  // further fields were not stored
  if (count("host") > 1 || (count("host") == 0 && parser_->version >= 11)) return Fail("MALFORMED_HTTP"_reason);
  // Two contradicting lengths: a proxy in between may have used the other one.
  if (count("transfer-encoding") > 0 && count("content-length") > 0) return Fail("MALFORMED_HTTP"_reason);
  if (count("transfer-encoding") > 1) return Fail("MALFORMED_HTTP"_reason);
  if (count("transfer-encoding") > 0 && parser_->version < 11)
    return Fail("MALFORMED_HTTP"_reason);  // HTTP/1.0 has no chunks
  if (const absl::string_view coding = ValueOf(request.fields, "transfer-encoding");
      !coding.empty() && !absl::EqualsIgnoreCase(coding, "chunked")) {
    return Fail("TRANSFER_CODING_UNKNOWN"_reason);
  }
  if (!absl::StartsWith(parser_->target, "/")) return Fail("MALFORMED_HTTP"_reason);
  return absl::OkStatus();
}

// Returns the path of an absolute URL, as clients send it to a proxy (RFC 9112, 3.2.2). Other targets stay unchanged.
std::string PathOf(std::string target) {
  for (const absl::string_view scheme : {"http://", "https://"}) {
    if (!absl::StartsWithIgnoreCase(target, scheme)) continue;
    const size_t path = std::min(target.find_first_of("/?", scheme.size()), target.size());
    target.erase(0, path);
    return absl::StartsWith(target, "/") ? target : "/" + target;
  }
  return target;
}

void Http1::Begin() {
  header_ = Deadline::Never();
  keep_alive_ = parser_->keep_alive();
  parser_->target = PathOf(std::move(parser_->target));
  if (const absl::Status judged = Judge(); !judged.ok()) {
    return Refuse(judged, ReasonOf(judged) == "METADATA_TOO_LARGE"_reason ? "fields" : "protocol");
  }
  Request request = std::move(parser_->request);
  request.peer = caller_.peer;
  request.certificate_names = caller_.certificate_names;
  request.authority = std::string(ValueOf(request.fields, "host"));
  const std::string& target = parser_->target;
  const size_t mark = std::min(target.find('?'), target.size());
  request.path = target.substr(0, mark);
  if (mark < target.size()) request.query = target.substr(mark + 1);
  head_only_ = request.method == "HEAD";
  if (head_only_) request.method = "GET";
  continues_ = absl::EqualsIgnoreCase(ValueOf(request.fields, "expect"), "100-continue");
  handler_ = front_.Begin(std::move(request), *this);
}

// The caller's language is known if its field came before the error.
HttpError Render(const absl::Status& told, absl::string_view accept_language) {
  if (accept_language.empty()) return RenderInBothLanguages(told);
  ErrorStyle style;
  style.language = rpc::ParseLanguage(accept_language);
  return RenderError(rpc::ToGrpc(told, style.language, ""), style);
}

void Http1::Refuse(const absl::Status& told, CloseReason why) {
  close_reason_ = why;
  LetGo();
  if (!head_written_) {
    const HttpError error = Render(told, parser_->accept_language);
    absl::StrAppend(&output_, "HTTP/1.1 ", error.status, " ",
                    View(http::obsolete_reason(static_cast<http::status>(error.status))), "\r\n");
    for (const auto& [name, value] : error.fields) absl::StrAppend(&output_, name, ": ", value, "\r\n");
    absl::StrAppend(&output_, "date: ", DateOfNow(), "\r\ncontent-length: ", error.body.size(),
                    "\r\nconnection: close\r\n\r\n", parser_->request.method == "HEAD" ? "" : error.body);
  }
  closing_ = true;
}

void Http1::Consumed(size_t bytes) {
  unconsumed_ -= std::min(bytes, unconsumed_);
  if (std::exchange(continues_, false) && buffer_.empty() && !parsed_) {
    absl::StrAppend(&output_, "HTTP/1.1 100 Continue\r\n\r\n");
  }
  if (busy_) return;
  busy_ = true;
  Parse();
  busy_ = false;
  on_output_();
}

void Http1::Head(int status, const Fields& fields) {
  status_ = status;
  head_ = fields;
}

void Http1::Send(std::string bytes) {
  body_ = std::move(bytes);
  Output();
}

void Http1::End(const Fields&) {
  ended_ = true;
  Output();
}

void Http1::Reset() {
  dead_ = true;
  Output();
}

void Http1::WriteHead() {
  head_written_ = true;
  absl::StrAppend(&output_, "HTTP/1.1 ", status_, " ", View(http::obsolete_reason(static_cast<http::status>(status_))),
                  "\r\n");
  for (const auto& [name, value] : head_) absl::StrAppend(&output_, name, ": ", value, "\r\n");
  absl::StrAppend(&output_, "date: ", DateOfNow(), "\r\n");
  if (!parsed_ || draining_) keep_alive_ = false;  // the rest of the request would be taken for the next one
  if (status_ == 304 || status_ == 204) {
    // They have no body, and a length would be that of another answer.
  } else if (ended_) {
    absl::StrAppend(&output_, "content-length: ", body_.size(), "\r\n");
  } else if (parser_->version >= 11) {
    chunked_ = true;
    absl::StrAppend(&output_, "transfer-encoding: chunked\r\n");
  } else {
    keep_alive_ = false;
  }
  absl::StrAppend(&output_, keep_alive_ ? "" : "connection: close\r\n", "\r\n");
}

void Http1::Fill(std::string& out) {
  busy_ = true;
  // The output given before was sent by now.
  if (std::exchange(over_, false)) Over();
  if (std::exchange(sent_, false) && handler_ != nullptr) handler_->OnSent();
  if (handler_ != nullptr && (!body_.empty() || ended_) && status_ != 0) {
    if (!head_written_) WriteHead();
    if (!body_.empty() && !head_only_) {
      if (chunked_) absl::StrAppend(&output_, absl::Hex(body_.size()), "\r\n");
      absl::StrAppend(&output_, body_, chunked_ ? "\r\n" : "");
    }
    sent_ = !ended_ && !body_.empty();
    std::string().swap(body_);
    if (ended_ && chunked_ && !head_only_) absl::StrAppend(&output_, "0\r\n\r\n");
    over_ = ended_;
  }
  out.append(output_);
  std::string().swap(output_);
  busy_ = false;
}

// The answer was sent.
void Http1::Over() {
  LetGo();
  if (!keep_alive_ || draining_) closing_ = true;
  if (closing_) return;
  Renew();
  Parse();
}

void Http1::Tick() {
  if (header_.Over()) {
    header_ = Deadline::Never();
    Refuse(Fail("HEADER_TOO_SLOW"_reason, {{"seconds", absl::StrCat(absl::ToInt64Seconds(limits_.header))}}),
           "header_timeout");
  }
  if (handler_ == nullptr && !closing_ && idle_.Over()) {
    close_reason_ = "idle";
    closing_ = true;
  }
}

}  // namespace

std::unique_ptr<Session> MakeHttp1(Front& front, const Caller& caller, const SessionLimits& limits,
                                   std::function<void()> on_output) {
  return std::make_unique<Http1>(front, caller, limits, std::move(on_output));
}

}  // namespace tsunagu::web
