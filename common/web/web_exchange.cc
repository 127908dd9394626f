#include "common/web/web_exchange.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "common/base/status_macros.h"
#include "common/rpc/headers.h"

namespace tsunagu::web {
namespace {

constexpr size_t kAccountedFrom = 16 * 1024;

// In the form of gRPC's own server: binary values as bytes.
rpc::Headers HeadersOf(const Fields& fields) {
  std::map<std::string, std::string, std::less<>> decoded;
  rpc::Metadata metadata;
  for (const auto& [name, value] : fields) {
    const std::string* shown = &value;
    if (absl::EndsWith(name, "-bin")) {
      std::string& bytes = decoded[name];
      if (!absl::Base64Unescape(value, &bytes)) bytes.assign(1, '\xFF');  // stays malformed
      shown = &bytes;
    }
    metadata.emplace(grpc::string_ref(name.data(), name.size()), grpc::string_ref(shown->data(), shown->size()));
  }
  return rpc::ReadHeaders(metadata);
}

}  // namespace

std::shared_ptr<StreamHandler> WebExchange::Start(const rpc::Router& router, rpc::InFlight& in_flight, Loop& loop,
                                                  HttpStream& stream, Request request, std::unique_ptr<Form> form) {
  std::shared_ptr<WebExchange> exchange(new WebExchange(router, in_flight, loop, stream, std::move(form)));
  exchange->Open(std::move(request));
  return exchange;
}

WebExchange::WebExchange(const rpc::Router& router, rpc::InFlight& in_flight, Loop& loop, HttpStream& stream,
                         std::unique_ptr<Form> form)
    : Exchange(router, in_flight, {.sends_together = true, .keeps_callers_deadline = false}),
      loop_(loop),
      stream_(&stream),
      form_(std::move(form)) {}

void WebExchange::Open(Request request) {
  pumping_ = true;
  rpc::Headers headers = HeadersOf(request.fields);
  headers.certificate_names = std::move(request.certificate_names);
  granted_ = std::move(request.granted);
  const Entry& entry = form_->entry();
  Begin({entry.method_path, request.field_bytes, request.field_count, std::move(headers), entry.timeout,
         std::move(request.peer), std::move(request.fields)});
  if (!entry.refused.ok()) Refuse(entry.refused);
  pumping_ = false;
  Pump();
}

void WebExchange::OnBody(absl::string_view piece) {
  held_ += piece.size();
  if (!ended_ && unwrapped_.ok()) unwrapped_ = form_->Unwrap(piece, body_);
  Pump();
}

void WebExchange::OnBodyEnd() {
  body_over_ = true;
  Pump();
}

void WebExchange::OnSent() {
  sent_ = true;
  Pump();
}

void WebExchange::OnGone() {
  stream_ = nullptr;
  Pump();
}

void WebExchange::Read() {
  Ask([](Asked& asked) { asked.read = true; });
}
void WebExchange::Write() {
  Ask([](Asked& asked) { asked.write = true; });
}
void WebExchange::WriteAndEnd() {
  Ask([](Asked&) {}, grpc::Status::OK);
}
void WebExchange::End(grpc::Status told) {
  Ask([](Asked&) {}, std::move(told));
}
void WebExchange::CutOff() {
  Ask([](Asked& asked) { asked.cut_off = true; });
}

bool WebExchange::RunSoon(std::function<void()> task) {
  loop_.Post([self = std::static_pointer_cast<WebExchange>(shared_from_this()), task = std::move(task)] {
    self->pumping_ = true;
    task();
    self->pumping_ = false;
    self->Pump();
  });
  return true;
}

void WebExchange::Ask(void (*change)(Asked&), std::optional<grpc::Status> end) {
  {
    MutexLock lock(mutex_);
    change(asked_);
    if (end.has_value()) asked_.end = std::move(end);
    // Within Pump it is done before Pump returns; only the loop uses pumping_.
    if ((loop_.IsCurrent() && pumping_) || std::exchange(posted_, true)) return;
  }
  loop_.Post([self = std::static_pointer_cast<WebExchange>(shared_from_this())] { self->Pump(); });
}

void WebExchange::Pump() {
  if (pumping_) return;
  const std::shared_ptr<Exchange> self = shared_from_this();  // OnDone may release the last reference
  pumping_ = true;
  while (Step()) {
  }
  pumping_ = false;
}

bool WebExchange::Step() {
  Asked asked;
  {
    MutexLock lock(mutex_);
    asked = std::exchange(asked_, {});
    posted_ = false;
  }
  reading_ |= asked.read;
  writing_ |= asked.write;
  cutting_ |= asked.cut_off;  // it may come together with an end, which goes first
  if (asked.end.has_value()) ended_ = true;
  if (stream_ == nullptr) return TellGone();
  if (asked.write) {
    SendHead();
    stream_->Send(std::exchange(out_, {}));
    return true;
  }
  if (asked.end.has_value()) {
    Answer(*asked.end);
    return true;
  }
  if (std::exchange(cutting_, false)) {
    stream_->Reset();
    return true;
  }
  if (writing_ && std::exchange(sent_, false)) {
    writing_ = false;
    OnWriteDone(true);
    return true;
  }
  if (ended_ && held_ > 0) stream_->Consumed(std::exchange(held_, 0));
  return reading_ && !ended_ && ReadMessage();
}

// The stream is gone. Completes the open requests of the Exchange, in the order that it expects.
bool WebExchange::TellGone() {
  if (std::exchange(reading_, false)) {
    OnReadDone(false, true);
  } else if (std::exchange(writing_, false)) {
    OnWriteDone(false);
  } else if (!ended_ && !std::exchange(told_gone_, true)) {
    OnCancel();
  } else if (ended_ && !std::exchange(done_, true)) {
    OnDone();
    return false;
  } else {
    return false;
  }
  return true;
}

// A method that takes one message gets it once it is certain that no other follows.
absl::StatusOr<std::optional<std::string>> WebExchange::Cut() {
  RETURN_IF_ERROR(unwrapped_);
  if (call().method->client_streaming()) return form_->Cut(body_, body_over_);
  if (!only_.has_value()) {
    ASSIGN_OR_RETURN(only_, form_->Cut(body_, body_over_));
  }
  if (only_.has_value() && !body_.empty()) return Fail("ONE_MESSAGE_EXPECTED"_reason);
  if (!body_over_) return std::nullopt;
  return std::exchange(only_, std::nullopt);
}

bool WebExchange::ReadMessage() {
  absl::StatusOr<std::optional<std::string>> message = Cut();
  if (!message.ok()) {
    reading_ = false;
    Refuse(message.status());
    return true;
  }
  if (message->has_value()) {
    message_ = **std::move(message);
    accounted_ = 0;
    reading_ = false;
    OnReadDone(true, false);
    return true;
  }
  if (body_over_) {
    reading_ = false;
    OnReadDone(false, false);
    return true;
  }
  // The received part is counted before more may come. The counted size doubles, so that this costs little.
  if (body_.size() > kAccountedFrom && body_.size() > accounted_) {
    accounted_ = 2 * body_.size();
    if (const absl::Status room = pipeline().Arriving(accounted_); !room.ok()) {
      reading_ = false;
      Refuse(room);
      return true;
    }
  }
  stream_->Consumed(std::exchange(held_, 0));
  return false;
}

void WebExchange::AddOurs(Fields& head) {
  head.emplace_back(rpc::kCorrelationHeader, call().correlation_id);
  head.insert(head.end(), granted_.begin(), granted_.end());
}

void WebExchange::SendHead() {
  if (std::exchange(begun_, true)) return;
  Fields head = form_->Head(call().opening);
  AddOurs(head);
  stream_->Head(200, head);
}

void WebExchange::Answer(const grpc::Status& told) {
  const bool begun = begun_;
  Ending ending = form_->End(begun, told, told.ok() ? std::exchange(out_, {}) : "", call().opening, call().notes);
  if (!begun) {
    begun_ = true;
    AddOurs(ending.head);
    stream_->Head(ending.status, ending.head);
  }
  if (!ending.body.empty()) stream_->Send(std::move(ending.body));
  if (ending.broken) {
    stream_->Reset();
  } else {
    stream_->End(ending.trailers);
  }
  std::string().swap(body_);
}

absl::StatusOr<int64_t> WebExchange::Weigh(const google::protobuf::Descriptor& type) {
  return form_->Weigh(message_, type);
}

absl::Status WebExchange::Decode(google::protobuf::Message& message) {
  const absl::Status decoded = form_->Decode(message_, message);
  std::string().swap(message_);
  return decoded;
}

absl::StatusOr<size_t> WebExchange::Encode(const google::protobuf::Message& message) {
  ASSIGN_OR_RETURN(out_, form_->Encode(message));
  return out_.size();
}

}  // namespace tsunagu::web
