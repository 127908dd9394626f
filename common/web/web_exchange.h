#ifndef TSUNAGU_COMMON_WEB_WEB_EXCHANGE_H_
#define TSUNAGU_COMMON_WEB_WEB_EXCHANGE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/base/mutex.h"
#include "common/rpc/exchange.h"
#include "common/web/form.h"
#include "common/web/http_stream.h"
#include "common/web/loop.h"

namespace tsunagu::web {

// A call over HTTP, in any form.
class WebExchange final : public rpc::Exchange, public StreamHandler {
 public:
  // `stream` must be valid until OnGone; `loop`, `router` and `in_flight` must outlive the call.
  static std::shared_ptr<StreamHandler> Start(const rpc::Router& router, rpc::InFlight& in_flight, Loop& loop,
                                              HttpStream& stream, Request request, std::unique_ptr<Form> form);

  void OnBody(absl::string_view piece) override;
  void OnBodyEnd() override;
  void OnSent() override;
  void OnGone() override;

 private:
  // Requests of the Exchange, from any thread, that the loop has not executed yet.
  struct Asked {
    bool read = false, write = false, cut_off = false;
    std::optional<grpc::Status> end;
  };

  WebExchange(const rpc::Router& router, rpc::InFlight& in_flight, Loop& loop, HttpStream& stream,
              std::unique_ptr<Form> form);
  void Open(Request request);

  void Read() override;
  void Write() override;
  void WriteAndEnd() override;
  void End(grpc::Status told) override;
  void CutOff() override;
  bool RunSoon(std::function<void()> task) override;
  size_t MessageBytes() override { return message_.size(); }
  absl::StatusOr<int64_t> Weigh(const google::protobuf::Descriptor& type) override;
  absl::Status Decode(google::protobuf::Message& message) override;
  absl::StatusOr<size_t> Encode(const google::protobuf::Message& message) override;

  // Makes the loop execute a request.
  void Ask(void (*change)(Asked&), std::optional<grpc::Status> end = std::nullopt);
  // On the loop: executes requests and reports their results until there are none.
  void Pump();
  bool Step();
  bool ReadMessage();
  absl::StatusOr<std::optional<std::string>> Cut();
  void Answer(const grpc::Status& told);
  void AddOurs(Fields& head);
  void SendHead();
  bool TellGone();

  Loop& loop_;
  HttpStream* stream_;  // null once the stream is gone; the members up to pumping_ are for the loop only
  const std::unique_ptr<Form> form_;
  Fields granted_;  // see Request
  std::string body_;
  absl::Status unwrapped_;           // an error of Unwrap
  std::optional<std::string> only_;  // the message of a method that takes exactly one
  size_t held_ = 0;                  // received bytes for which the caller may not send more yet
  size_t accounted_ = 0;             // the part of body_ that is counted in the caller's share
  bool body_over_ = false, sent_ = false;
  bool reading_ = false, writing_ = false, cutting_ = false, begun_ = false, ended_ = false, told_gone_ = false,
       done_ = false;
  bool pumping_ = false;

  std::string message_, out_;  // used by whoever acts next
  Mutex mutex_;
  Asked asked_ ABSL_GUARDED_BY(mutex_);
  bool posted_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_WEB_EXCHANGE_H_
