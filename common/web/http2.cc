#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/web/date.h"
#include "common/web/session.h"

namespace tsunagu::web {
namespace {

constexpr size_t kMostOutput = 64 * 1024;  // given to the socket at a time
constexpr int32_t kConnectionWindow = 1 << 20;
constexpr uint8_t kLastCall[8] = {'l', 'a', 's', 't', 'c', 'a', 'l', 'l'};  // the payload of a ping
constexpr absl::Duration kLastCallAnswer = absl::Seconds(1);
// Frames that cause work and carry nothing (pings, settings, resets, empty data): how many may come at once, and how
// many more each second. Frames that we send add credits, because honest clients answer them with pings and windows.
constexpr int kMostCredits = 1000, kCreditsASecond = 20, kCreditsOfAFrame = 2;

absl::string_view View(const uint8_t* bytes, size_t size) { return {reinterpret_cast<const char*>(bytes), size}; }

// Servers of gRPC send no date; their clients would get an additional metadata entry.
bool TellsTime(const Fields& head) {
  const absl::string_view type = ValueOf(head, "content-type");
  return !absl::StartsWith(type, "application/grpc") || absl::StartsWith(type, "application/grpc-web");
}

// Points into `fields`; nghttp2 copies the values.
std::vector<nghttp2_nv> Values(const std::string* status, const Fields& fields) {
  const auto value = [](const std::string& name, const std::string& text) {
    const auto bytes = [](const std::string& s) { return reinterpret_cast<uint8_t*>(const_cast<char*>(s.data())); };
    return nghttp2_nv{bytes(name), bytes(text), name.size(), text.size(), NGHTTP2_NV_FLAG_NONE};
  };
  static const std::string& kStatus = *new std::string(":status");
  static const std::string& kDate = *new std::string("date");
  std::vector<nghttp2_nv> values;
  values.reserve(fields.size() + 2);
  if (status != nullptr) values.push_back(value(kStatus, *status));
  for (const auto& [name, text] : fields) values.push_back(value(name, text));
  if (status != nullptr && TellsTime(fields)) values.push_back(value(kDate, DateOfNow()));
  return values;
}

std::string GoAway(int32_t last_stream, uint32_t code, absl::string_view text) {
  std::string frame;
  const auto append = [&](uint32_t number, int bytes) {
    while (bytes-- > 0) frame += static_cast<char>(number >> (8 * bytes) & 0xff);
  };
  append(static_cast<uint32_t>(8 + text.size()), 3);
  append(NGHTTP2_GOAWAY << 8, 2);  // and no flags
  append(0, 4);
  append(static_cast<uint32_t>(last_stream), 4);
  append(code, 4);
  absl::StrAppend(&frame, text);
  return frame;
}

class Http2 final : public Session {
 public:
  Http2(Front& front, const Caller& caller, const SessionLimits& limits, std::function<void()> on_output);
  ~Http2() override;

  void Receive(absl::string_view bytes) override;
  bool wants_more() const override { return !dead_ && !leaving_ && nghttp2_session_want_read(session_) != 0; }
  void ReceiveEnd() override { dead_ = true; }
  void Fill(std::string& out) override;
  bool finished() const override {
    return dead_ ||
           (!leaving_ && nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0);
  }
  CloseReason close_reason() const override { return close_reason_; }
  void Tick() override;
  void Drain() override;

 private:
  struct Stream final : HttpStream {
    Stream(Http2& of, int32_t number) : session(of), id(number) {}
    void Consumed(size_t bytes) override;
    void Head(int status, const Fields& fields) override;
    void Send(std::string bytes) override;
    void End(const Fields& trailing) override;
    void Reset() override;
    void Submit(bool with_body);
    void Resume();
    ssize_t Copy(uint8_t* buffer, size_t length, uint32_t& flags);
    // Some of the answer was sent, or there is more of it.
    void Left();

    Http2& session;
    const int32_t id;
    Request request;
    std::shared_ptr<StreamHandler> handler;
    std::string status, out;
    Fields head, trailers;
    size_t copied = 0;      // of out
    Deadline untaken;       // until the next bytes of the answer must be sent
    size_t unconsumed = 0;  // bytes of the body
    bool begun = false, submitted = false, ended = false, deferred = false, heard = false;
    bool head_only = false;  // the answer to HEAD has no body
  };

  static Http2& Of(void* user) { return *static_cast<Http2*>(user); }
  Stream* Find(int32_t id) { return static_cast<Stream*>(nghttp2_session_get_stream_user_data(session_, id)); }
  nghttp2_session_callbacks* Callbacks();
  int BeginHeaders(int32_t id);
  void AddField(Stream& stream, absl::string_view name, absl::string_view value);
  void Received(const nghttp2_frame& frame);
  void Close(int32_t id);
  void Answered(Stream& stream);
  void LeaveAnswered();
  void ResetUntaken();
  void TakeNoMore();
  void Charge(const nghttp2_frame_hd& header);
  void Terminate(uint32_t code, CloseReason why);
  void RefuseHeader();
  bool Leave(uint32_t code);
  absl::Status WhyItLeaves(uint32_t code) const;
  void Output() {
    if (!busy_) on_output_();
  }

  Front& front_;
  const Caller& caller_;
  const SessionLimits& limits_;
  const std::function<void()> on_output_;
  nghttp2_session* session_ = nullptr;
  std::map<int32_t, std::unique_ptr<Stream>> streams_;
  std::string goodbye_;                   // the last frame
  std::vector<int32_t> copied_;           // streams whose handlers are notified when nghttp2 has returned
  std::vector<int32_t> answered_, left_;  // answered before their requests ended: since the last Tick, and before it
  bool busy_ = false;                     // in Receive, Fill or Tick; their caller asks for output anyway
  bool dead_ = false;
  bool draining_ = false;
  bool leaving_ = false;                                      // closes once `header_of_` is answered
  int32_t last_taken_ = std::numeric_limits<int32_t>::max();  // streams after it are refused
  int32_t header_of_ = 0;  // the stream whose header is being received; 0 when there is none
  CloseReason close_reason_ = nullptr;
  int credits_ = kMostCredits;
  Deadline header_, idle_, ping_, ping_answer_, last_call_;
};

Http2::Http2(Front& front, const Caller& caller, const SessionLimits& limits, std::function<void()> on_output)
    : front_(front),
      caller_(caller),
      limits_(limits),
      on_output_(std::move(on_output)),
      idle_(Deadline::After(limits.idle)),
      ping_(Deadline::After(limits.ping_after)) {
  nghttp2_option* option = nullptr;
  nghttp2_option_new(&option);
  nghttp2_option_set_no_auto_window_update(option, 1);
  nghttp2_option_set_no_closed_streams(option, 1);
  nghttp2_option_set_max_outbound_ack(option, 2 * kMostCredits);  // credits run out first
  nghttp2_session_callbacks* callbacks = Callbacks();
  nghttp2_session_server_new2(&session_, callbacks, this, option);
  nghttp2_session_callbacks_del(callbacks);
  nghttp2_option_del(option);
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, static_cast<uint32_t>(limits.streams)},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<uint32_t>(limits.field_bytes)},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<uint32_t>(limits.window)}};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, std::size(settings));
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kConnectionWindow);
}

Http2::~Http2() {
  busy_ = true;
  for (auto& [id, stream] : streams_) {
    if (stream->handler != nullptr) std::exchange(stream->handler, nullptr)->OnGone();
  }
  nghttp2_session_del(session_);
}

nghttp2_session_callbacks* Http2::Callbacks() {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_begin_frame_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame_hd* header, void* user) {
        Of(user).Charge(*header);
        return 0;
      });
  nghttp2_session_callbacks_set_on_begin_headers_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
        return frame->headers.cat == NGHTTP2_HCAT_REQUEST ? Of(user).BeginHeaders(frame->hd.stream_id) : 0;
      });
  nghttp2_session_callbacks_set_on_header_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
                    const uint8_t* value, size_t value_size, uint8_t, void* user) {
        Stream* stream = Of(user).Find(frame->hd.stream_id);
        const bool request = frame->headers.cat == NGHTTP2_HCAT_REQUEST;  // trailers of callers are ignored
        if (stream != nullptr && request) Of(user).AddField(*stream, View(name, name_size), View(value, value_size));
        return 0;
      });
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks,
                                                       [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
                                                         Of(user).Received(*frame);
                                                         return 0;
                                                       });
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
      callbacks, [](nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size, void* user) {
        Stream* stream = Of(user).Find(id);
        if (stream == nullptr || stream->handler == nullptr) {
          nghttp2_session_consume(Of(user).session_, id, size);
          return 0;
        }
        stream->unconsumed += size;
        stream->handler->OnBody(View(data, size));
        return 0;
      });
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks,
                                                         [](nghttp2_session*, int32_t id, uint32_t, void* user) {
                                                           Of(user).Close(id);
                                                           return 0;
                                                         });
  nghttp2_session_callbacks_set_before_frame_send_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
        if (frame->hd.type != NGHTTP2_GOAWAY) return 0;
        return Of(user).Leave(frame->goaway.error_code) ? NGHTTP2_ERR_CANCEL : 0;
      });
  nghttp2_session_callbacks_set_on_frame_send_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
        if (frame->hd.type != NGHTTP2_DATA && frame->hd.type != NGHTTP2_HEADERS) return 0;
        Http2& self = Of(user);
        self.credits_ = std::min(self.credits_ + kCreditsOfAFrame, kMostCredits);
        Stream* stream = self.Find(frame->hd.stream_id);
        if (stream != nullptr) stream->Left();
        const bool last = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
        if (last && stream != nullptr && !stream->heard) self.Answered(*stream);
        return 0;
      });
  return callbacks;
}

int Http2::BeginHeaders(int32_t id) {
  if (id > last_taken_) return 0;  // refused by the GOAWAY frame, although nghttp2 accepts streams until it is sent
  header_ = Deadline::After(limits_.header);
  header_of_ = id;
  auto stream = std::make_unique<Stream>(*this, id);
  stream->request.http2 = true;
  stream->request.peer = caller_.peer;
  stream->request.certificate_names = caller_.certificate_names;
  nghttp2_session_set_stream_user_data(session_, id, stream.get());
  streams_[id] = std::move(stream);
  return 0;
}

void Http2::AddField(Stream& stream, absl::string_view name, absl::string_view value) {
  Request& request = stream.request;
  if (name == ":method") {
    request.method = std::string(value);
  } else if (name == ":path") {
    request.field_bytes += value.size();
    request.cut |= value.size() > limits_.field_bytes;
    value = value.substr(0, limits_.field_bytes);
    const size_t mark = std::min(value.find('?'), value.size());
    request.path = std::string(value.substr(0, mark));
    if (mark < value.size()) request.query = std::string(value.substr(mark + 1));
  } else if (name == ":authority") {
    request.authority = std::string(value);
  }
  if (!name.empty() && name.front() == ':') return;
  request.field_bytes += name.size() + value.size();
  ++request.field_count;
  request.cut |= request.field_bytes > limits_.field_bytes || request.field_count > limits_.field_count;
  if (request.cut) return;
  request.fields.emplace_back(name, value);
}

void Http2::Received(const nghttp2_frame& frame) {
  if (frame.hd.type == NGHTTP2_PING && (frame.hd.flags & NGHTTP2_FLAG_ACK) != 0) {
    ping_answer_ = Deadline::Never();
    const bool waits = !(last_call_ == Deadline::Never());
    if (draining_ && waits && std::memcmp(frame.ping.opaque_data, kLastCall, sizeof(kLastCall)) == 0) TakeNoMore();
  }
  if (frame.hd.type != NGHTTP2_HEADERS && frame.hd.type != NGHTTP2_DATA) return;
  Stream* stream = Find(frame.hd.stream_id);
  if (frame.hd.type == NGHTTP2_HEADERS) {
    header_ = Deadline::Never();
    header_of_ = 0;
  }
  if (stream == nullptr) return;
  const bool last = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  stream->heard |= last;
  if (frame.hd.type == NGHTTP2_HEADERS && frame.headers.cat == NGHTTP2_HCAT_REQUEST) {
    stream->head_only = stream->request.method == "HEAD";
    if (stream->head_only) stream->request.method = "GET";
    stream->handler = front_.Begin(std::move(stream->request), *stream);
  }
  if (last && stream->handler != nullptr) stream->handler->OnBodyEnd();
}

void Http2::Close(int32_t id) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  const std::unique_ptr<Stream> stream = std::move(found->second);
  streams_.erase(found);
  if (stream->unconsumed > 0) nghttp2_session_consume_connection(session_, stream->unconsumed);
  if (stream->handler != nullptr) std::exchange(stream->handler, nullptr)->OnGone();
  idle_ = Deadline::After(limits_.idle);
  if (leaving_ && id == header_of_) Leave(NGHTTP2_ENHANCE_YOUR_CALM);
}

// A caller that still sends is not cut off at once: clients such as Debian's curl would lose the answer.
void Http2::Answered(Stream& stream) {
  if (stream.handler != nullptr) std::exchange(stream.handler, nullptr)->OnGone();
  nghttp2_session_consume(session_, stream.id, std::exchange(stream.unconsumed, 0));
  answered_.push_back(stream.id);
  if (leaving_ && stream.id == header_of_) Leave(NGHTTP2_ENHANCE_YOUR_CALM);
}

void Http2::LeaveAnswered() {
  for (const int32_t id : left_) {
    if (Find(id) != nullptr) nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_NO_ERROR);
  }
  left_ = std::exchange(answered_, {});
}

// Without this, a caller that reads nothing of an answer but answers pings would hold the answer and the place of its
// call.
void Http2::ResetUntaken() {
  for (const auto& [id, stream] : streams_) {
    if (!stream->untaken.Over()) continue;
    stream->untaken = Deadline::Never();
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
  }
}

void Http2::Charge(const nghttp2_frame_hd& header) {
  const bool last = (header.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (header.type == NGHTTP2_HEADERS || (header.type == NGHTTP2_DATA && (header.length > 0 || last))) return;
  if (--credits_ < 0) Terminate(NGHTTP2_ENHANCE_YOUR_CALM, "flood");
}

void Http2::Terminate(uint32_t code, CloseReason why) {
  if (close_reason_ == nullptr) close_reason_ = why;
  nghttp2_session_terminate_session(session_, code);
}

// The header is larger than what is decompressed. The request is refused by the received part, and then the connection
// ends: HPACK cannot continue after a part that was left out.
void Http2::RefuseHeader() {
  close_reason_ = "fields";
  leaving_ = true;
  Stream* stream = Find(header_of_);
  if (stream == nullptr) {
    Leave(NGHTTP2_ENHANCE_YOUR_CALM);
    return;
  }
  stream->request.cut = true;
  stream->request.field_bytes += limits_.field_bytes;  // exceeds the limit in any case
  stream->handler = front_.Begin(std::move(stream->request), *stream);
}

// Sends a GOAWAY frame with a text, which clients show and nghttp2 cannot send. Returns false when there is no text.
bool Http2::Leave(uint32_t code) {
  if (code == NGHTTP2_NO_ERROR) return false;
  if (close_reason_ == nullptr) close_reason_ = "protocol";
  const absl::Status why = WhyItLeaves(code);
  if (why.ok()) return false;
  goodbye_ =
      GoAway(std::max(nghttp2_session_get_last_proc_stream_id(session_), header_of_), code, TextForOperator(why));
  return true;
}

absl::Status Http2::WhyItLeaves(uint32_t code) const {
  if (leaving_) return Fail("METADATA_TOO_LARGE"_reason);
  if (code == NGHTTP2_COMPRESSION_ERROR) return Fail("HEADER_NOT_UNPACKED"_reason);
  if (credits_ < 0) return Fail("TOO_MANY_EMPTY_FRAMES"_reason);
  if (!header_.Over()) return absl::OkStatus();
  return Fail("HEADER_TOO_SLOW"_reason, {{"seconds", absl::StrCat(absl::ToInt64Seconds(limits_.header))}});
}

void Http2::Receive(absl::string_view bytes) {
  if (leaving_) return;
  busy_ = true;
  ping_ = Deadline::After(limits_.ping_after);
  const ssize_t taken =
      nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  if (taken == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS) {
    RefuseHeader();
  } else if (taken < 0) {
    if (close_reason_ == nullptr) close_reason_ = "protocol";
    dead_ = true;
  }
  busy_ = false;
}

void Http2::Fill(std::string& out) {
  busy_ = true;
  while (out.size() < kMostOutput) {
    const uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &bytes);
    if (size < 0) dead_ = true;
    if (size > 0) {
      out.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
      continue;
    }
    if (!goodbye_.empty()) {
      out += std::exchange(goodbye_, {});
      dead_ = true;
      break;
    }
    if (copied_.empty()) break;
    for (const int32_t id : std::exchange(copied_, {})) {
      Stream* stream = Find(id);
      if (stream != nullptr && stream->handler != nullptr) stream->handler->OnSent();
    }
  }
  busy_ = false;
}

void Http2::Tick() {
  busy_ = true;
  credits_ = std::min(credits_ + kCreditsASecond, kMostCredits);
  if (last_call_.Over()) TakeNoMore();
  LeaveAnswered();
  ResetUntaken();
  if (header_.Over()) Terminate(NGHTTP2_ENHANCE_YOUR_CALM, "header_timeout");
  if (ping_answer_.Over()) {
    if (close_reason_ == nullptr) close_reason_ = "ping_unanswered";
    dead_ = true;
  }
  if (streams_.empty() && idle_.Over()) Terminate(NGHTTP2_NO_ERROR, "idle");
  if (ping_.Over() && ping_answer_ == Deadline::Never()) {
    nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
    ping_answer_ = Deadline::After(limits_.ping_answer);
  }
  busy_ = false;
}

// In two steps, so that requests on their way are still answered. A caller that answers the ping has received the
// notice.
void Http2::Drain() {
  if (std::exchange(draining_, true)) return;
  nghttp2_submit_shutdown_notice(session_);
  nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, kLastCall);
  last_call_ = Deadline::After(kLastCallAnswer);
  Output();
}

void Http2::TakeNoMore() {
  last_call_ = Deadline::Never();
  last_taken_ = nghttp2_session_get_last_proc_stream_id(session_);
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, last_taken_, NGHTTP2_NO_ERROR, nullptr, 0);
}

void Http2::Stream::Consumed(size_t bytes) {
  unconsumed -= std::min(bytes, unconsumed);
  nghttp2_session_consume(session.session_, id, bytes);
  session.Output();
}

void Http2::Stream::Head(int code, const Fields& fields) {
  begun = true;
  status = absl::StrCat(code);
  head = fields;
}

void Http2::Stream::Send(std::string bytes) {
  if (head_only) {
    session.copied_.push_back(id);
  } else {
    out = std::move(bytes);
  }
  copied = 0;
  submitted ? Resume() : Submit(true);
}

void Http2::Stream::End(const Fields& trailing) {
  ended = true;
  trailers = trailing;
  submitted ? Resume() : Submit(!trailers.empty());
}

void Http2::Stream::Reset() {
  nghttp2_submit_rst_stream(session.session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
  session.Output();
}

void Http2::Stream::Submit(bool with_body) {
  submitted = true;
  nghttp2_data_provider body;
  body.source.ptr = this;
  body.read_callback = [](nghttp2_session*, int32_t, uint8_t* buffer, size_t length, uint32_t* flags,
                          nghttp2_data_source* source,
                          void*) { return static_cast<Stream*>(source->ptr)->Copy(buffer, length, *flags); };
  const std::vector<nghttp2_nv> values = Values(&status, head);
  Left();
  nghttp2_submit_response(session.session_, id, values.data(), values.size(), with_body ? &body : nullptr);
  session.Output();
}

void Http2::Stream::Resume() {
  if (std::exchange(deferred, false)) nghttp2_session_resume_data(session.session_, id);
  Left();
  session.Output();
}

void Http2::Stream::Left() {
  const bool waits = submitted && (ended || !out.empty());
  untaken = waits ? Deadline::After(session.limits_.untaken) : Deadline::Never();
}

ssize_t Http2::Stream::Copy(uint8_t* buffer, size_t length, uint32_t& flags) {
  const size_t size = std::min(length, out.size() - copied);
  std::memcpy(buffer, out.data() + copied, size);
  copied += size;
  if (copied < out.size()) return static_cast<ssize_t>(size);
  if (!out.empty()) {
    std::string().swap(out);
    copied = 0;
    if (!ended) session.copied_.push_back(id);
  }
  if (ended) {
    flags |= NGHTTP2_DATA_FLAG_EOF;
    if (!trailers.empty()) {
      flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      const std::vector<nghttp2_nv> values = Values(nullptr, trailers);
      nghttp2_submit_trailer(session.session_, id, values.data(), values.size());
    }
    return static_cast<ssize_t>(size);
  }
  if (size > 0) return static_cast<ssize_t>(size);
  deferred = true;
  return NGHTTP2_ERR_DEFERRED;
}

}  // namespace

std::unique_ptr<Session> MakeHttp2(Front& front, const Caller& caller, const SessionLimits& limits,
                                   std::function<void()> on_output) {
  return std::make_unique<Http2>(front, caller, limits, std::move(on_output));
}

}  // namespace tsunagu::web
