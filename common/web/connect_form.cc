#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/wire.h"
#include "common/text/json.h"
#include "common/web/envelope.h"
#include "common/web/form.h"
#include "common/web/rest/http_error.h"
#include "common/web/rest/transcode.h"
#include "google/protobuf/descriptor.h"
#include "google/rpc/status.pb.h"
#include "nlohmann/json.hpp"

namespace tsunagu::web {
namespace {

using nlohmann::ordered_json;

constexpr uint8_t kEndFlag = 2;
// Returns the protocol's name of a code: in lower case, and in American English.
std::string WordOf(grpc::StatusCode code) {
  return code == grpc::StatusCode::CANCELLED ? "canceled" : absl::AsciiStrToLower(NameOf(code));
}

std::string Unpadded(absl::string_view bytes) {
  std::string encoded = absl::Base64Escape(bytes);
  encoded.erase(encoded.find_last_not_of('=') + 1);
  return encoded;
}

// Returns a readable form for people; a discarded value when the type is not known here.
ordered_json Readable(const google::protobuf::Any& detail) {
  const absl::string_view url = detail.type_url();
  const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
      std::string(url.substr(url.rfind('/') + 1)));
  if (type == nullptr) return ordered_json(ordered_json::value_t::discarded);
  const std::unique_ptr<google::protobuf::Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  if (!message->ParseFromString(detail.value())) return ordered_json(ordered_json::value_t::discarded);
  const absl::StatusOr<std::string> text = contract::MessageToJson(*message, false);
  return ordered_json::parse(text.value_or(""), nullptr, false);
}

ordered_json ErrorOf(const grpc::Status& told) {
  ordered_json error = {{"code", WordOf(told.error_code())}, {"message", told.error_message()}};
  google::rpc::Status whole;
  if (!whole.ParseFromString(told.error_details())) return error;
  for (const google::protobuf::Any& detail : whole.details()) {
    const absl::string_view url = detail.type_url();
    ordered_json shown = {{"type", std::string(url.substr(url.rfind('/') + 1))}, {"value", Unpadded(detail.value())}};
    if (ordered_json readable = Readable(detail); !readable.is_discarded()) shown["debug"] = std::move(readable);
    error["details"].push_back(std::move(shown));
  }
  return error;
}

std::string Text(const ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::detail::error_handler_t::replace);
}

// Connect: one message each way as the body, or streams of envelopes (`streams`).
class Connect final : public Form {
 public:
  Connect(const Request& request, bool streams, bool json)
      : content_type_(absl::StrCat("application/", streams ? "connect+" : "", json ? "json" : "proto")),
        streams_(streams),
        json_(json) {
    entry_.method_path = request.path;
    entry_.refused = Read(request);
  }

  const Entry& entry() const override { return entry_; }

  absl::StatusOr<std::optional<std::string>> Cut(std::string& body, bool over) override {
    if (streams_) return CutEnvelope(body, over);
    if (body.size() > kMostMessageBytes) return Fail("MESSAGE_TOO_LARGE"_reason);
    if (!over || cut_) return std::nullopt;
    cut_ = true;
    return std::move(body);
  }

  absl::StatusOr<int64_t> Weigh(absl::string_view message, const google::protobuf::Descriptor& type) override {
    if (!json_) return rpc::Weigh(message, type);
    return static_cast<int64_t>(message.size()) * kWeightOfJson;
  }

  absl::Status Decode(absl::string_view message, google::protobuf::Message& into) override {
    if (!json_) return rpc::Decode(message, into);
    return contract::JsonToMessage(message, into);
  }

  absl::StatusOr<std::string> Encode(const google::protobuf::Message& message) override {
    if (!json_ && streams_) return EncodeInEnvelope(message);
    if (!json_) return message.SerializeAsString();
    ASSIGN_OR_RETURN(std::string text, contract::MessageToJson(message, false));
    return streams_ ? Envelope(0, text) : text;
  }

  Fields Head(const Notes& opening) override {
    Fields head = {{"content-type", content_type_}};
    head.insert(head.end(), opening.begin(), opening.end());
    return head;
  }

  Ending End(bool begun, const grpc::Status& told, std::string message, const Notes& opening,
             const Notes& notes) override {
    Ending ending;
    if (!begun) ending.head = Head(opening);
    ending.body = std::move(message);
    if (streams_) {
      ordered_json end = ordered_json::object();
      if (!told.ok()) end["error"] = ErrorOf(told);
      for (const auto& [name, value] : notes) end["metadata"][name].push_back(value);
      ending.body += Envelope(kEndFlag, Text(end));
      return ending;
    }
    for (const auto& [name, value] : notes) ending.head.emplace_back(absl::StrCat("trailer-", name), value);
    if (told.ok()) return ending;
    ending.status = HttpStatusOf(told.error_code(), "", false);
    ending.head.front().second = "application/json";
    ending.body = Text(ErrorOf(told));
    return ending;
  }

 private:
  absl::Status Read(const Request& request) {
    const absl::string_view version = ValueOf(request.fields, "connect-protocol-version");
    if (!version.empty() && version != "1") return Fail("CONNECT_VERSION_UNKNOWN"_reason);
    const absl::string_view encoding =
        ValueOf(request.fields, streams_ ? "connect-content-encoding" : "content-encoding");
    if (!encoding.empty() && encoding != "identity") return Fail("COMPRESSED_MESSAGE"_reason);
    const absl::string_view timeout = ValueOf(request.fields, "connect-timeout-ms");
    int64_t milliseconds = 0;
    if (timeout.empty()) return absl::OkStatus();
    const bool digits = timeout.find_first_not_of("0123456789") == absl::string_view::npos;
    if (!digits || timeout.size() > 10 || !absl::SimpleAtoi(timeout, &milliseconds)) {
      return Fail("MALFORMED_TIMEOUT"_reason);
    }
    entry_.timeout = absl::Milliseconds(milliseconds);
    return absl::OkStatus();
  }

  const std::string content_type_;
  const bool streams_;
  const bool json_;
  bool cut_ = false;
  Entry entry_;
};

}  // namespace

std::unique_ptr<Form> MakeConnect(const Request& request, const rpc::Route& route) {
  if (request.method != "POST") return nullptr;
  const std::string type = MediaTypeOf(ValueOf(request.fields, "content-type"));
  absl::string_view codec = type;
  if (!absl::ConsumePrefix(&codec, route.streams ? "application/connect+" : "application/")) return nullptr;
  if (codec != "json" && codec != "proto") return nullptr;
  return std::make_unique<Connect>(request, route.streams, codec == "json");
}

}  // namespace tsunagu::web
