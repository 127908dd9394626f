#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/rpc/wire.h"
#include "common/web/envelope.h"
#include "common/web/form.h"

namespace tsunagu::web {
namespace {

constexpr uint8_t kTrailersFlag = 0x80;  // of gRPC-Web, whose trailers stand in the body

// "10S": at most eight digits and a unit.
absl::StatusOr<absl::Duration> ParseTimeout(absl::string_view text) {
  if (text.empty()) return absl::InfiniteDuration();
  int64_t value = 0;
  const absl::string_view digits = text.substr(0, text.size() - 1);
  const bool digits_only = !digits.empty() && digits.size() <= 8 &&
                           digits.find_first_not_of("0123456789") == absl::string_view::npos;
  if (digits_only && absl::SimpleAtoi(digits, &value)) {
    switch (text.back()) {
      case 'H': return absl::Hours(value);
      case 'M': return absl::Minutes(value);
      case 'S': return absl::Seconds(value);
      case 'm': return absl::Milliseconds(value);
      case 'u': return absl::Microseconds(value);
      case 'n': return absl::Nanoseconds(value);
    }
  }
  return Fail("MALFORMED_TIMEOUT"_reason);
}

// As the grpc-message field carries text.
std::string PercentEncode(absl::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (c >= ' ' && c <= '~' && c != '%') {
      encoded += c;
    } else {
      absl::StrAppend(&encoded, "%", absl::AsciiStrToUpper(absl::BytesToHexString(absl::string_view(&c, 1))));
    }
  }
  return encoded;
}

// gRPC, and gRPC-Web with `in_body`.
class Grpc final : public Form {
 public:
  Grpc(const Request& request, absl::string_view content_type, bool in_body)
      : content_type_(content_type), in_body_(in_body) {
    entry_.method_path = request.path;
    const absl::StatusOr<absl::Duration> timeout = ParseTimeout(ValueOf(request.fields, "grpc-timeout"));
    if (timeout.ok()) entry_.timeout = *timeout;
    entry_.refused = timeout.status();
    const absl::string_view encoding = ValueOf(request.fields, "grpc-encoding");
    if (!encoding.empty() && encoding != "identity") entry_.refused = Fail("COMPRESSED_MESSAGE"_reason);
  }

  const Entry& entry() const override { return entry_; }
  absl::StatusOr<std::optional<std::string>> Cut(std::string& body, bool over) override {
    return CutEnvelope(body, over);
  }
  absl::StatusOr<int64_t> Weigh(absl::string_view message, const google::protobuf::Descriptor& type) override {
    return rpc::Weigh(message, type);
  }
  absl::Status Decode(absl::string_view message, google::protobuf::Message& into) override {
    return rpc::Decode(message, into);
  }
  absl::StatusOr<std::string> Encode(const google::protobuf::Message& message) override {
    return EncodeInEnvelope(message);
  }
  Fields Head(const Notes& opening) override {
    Fields head = {{"content-type", content_type_}, {"grpc-accept-encoding", "identity"}};
    head.insert(head.end(), opening.begin(), opening.end());
    return head;
  }

  Ending End(bool begun, const grpc::Status& told, std::string message, const Notes& opening,
             const Notes& notes) override {
    Ending ending;
    ending.body = std::move(message);
    Fields trailers = {{"grpc-status", absl::StrCat(static_cast<int>(told.error_code()))}};
    if (!told.ok()) {
      trailers.emplace_back("grpc-message", PercentEncode(told.error_message()));
      std::string details = absl::Base64Escape(told.error_details());
      details.erase(details.find_last_not_of('=') + 1);
      if (!details.empty()) trailers.emplace_back("grpc-status-details-bin", std::move(details));
    }
    trailers.insert(trailers.end(), notes.begin(), notes.end());
    if (!begun) ending.head = Head(opening);
    if (in_body_) {
      std::string text;
      for (const auto& [name, value] : trailers) absl::StrAppend(&text, name, ": ", value, "\r\n");
      ending.body += Envelope(kTrailersFlag, text);
    } else {
      ending.trailers = std::move(trailers);
    }
    return ending;
  }

 private:
  const std::string content_type_;
  const bool in_body_;
  Entry entry_;
};

}  // namespace

std::unique_ptr<Form> MakeGrpc(const Request& request) {
  const absl::string_view content_type = ValueOf(request.fields, "content-type");
  for (const char* type : {"application/grpc", "application/grpc+proto"}) {
    if (content_type == type) return std::make_unique<Grpc>(request, content_type, false);
  }
  for (const char* type : {"application/grpc-web", "application/grpc-web+proto"}) {
    if (content_type == type) return std::make_unique<Grpc>(request, content_type, true);
  }
  return nullptr;
}

}  // namespace tsunagu::web
