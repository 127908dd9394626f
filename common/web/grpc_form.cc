#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/percent.h"
#include "common/base/status_macros.h"
#include "common/rpc/wire.h"
#include "common/web/envelope.h"
#include "common/web/form.h"

namespace tsunagu::web {
namespace {

constexpr uint8_t kTrailersFlag = 0x80;  // for gRPC-Web, whose trailers are in the body

// Parses "10S": at most eight digits and a unit.
absl::StatusOr<absl::Duration> ParseTimeout(absl::string_view text) {
  if (text.empty()) return absl::InfiniteDuration();
  int64_t value = 0;
  const absl::string_view digits = text.substr(0, text.size() - 1);
  const bool digits_only =
      !digits.empty() && digits.size() <= 8 && digits.find_first_not_of("0123456789") == absl::string_view::npos;
  if (digits_only && absl::SimpleAtoi(digits, &value)) {
    switch (text.back()) {
      case 'H':
        return absl::Hours(value);
      case 'M':
        return absl::Minutes(value);
      case 'S':
        return absl::Seconds(value);
      case 'm':
        return absl::Milliseconds(value);
      case 'u':
        return absl::Microseconds(value);
      case 'n':
        return absl::Nanoseconds(value);
    }
  }
  return Fail("MALFORMED_TIMEOUT"_reason);
}

enum class Kind {
  kGrpc,
  kWeb,      // the trailers are in the body
  kWebText,  // as kWeb, with everything in base64
};

class Grpc final : public Form {
 public:
  Grpc(const Request& request, absl::string_view content_type, Kind kind) : content_type_(content_type), kind_(kind) {
    entry_.method_path = request.path;
    const absl::StatusOr<absl::Duration> timeout = ParseTimeout(ValueOf(request.fields, "grpc-timeout"));
    if (timeout.ok()) entry_.timeout = *timeout;
    entry_.refused = timeout.status();
    const absl::string_view encoding = ValueOf(request.fields, "grpc-encoding");
    if (!encoding.empty() && encoding != "identity") entry_.refused = Fail("COMPRESSED_MESSAGE"_reason);
  }

  const Entry& entry() const override { return entry_; }
  absl::Status Unwrap(absl::string_view piece, std::string& body) override {
    if (kind_ != Kind::kWebText) return Form::Unwrap(piece, body);
    characters_.append(piece.data(), piece.size());
    absl::string_view left = characters_;
    while (left.size() >= 4) {
      // Each separately encoded part may have its own padding.
      const size_t padded = left.find('=');
      const size_t whole = std::min(left.size(), padded == absl::string_view::npos ? left.size() : padded + 4) / 4 * 4;
      std::string bytes;
      if (!absl::Base64Unescape(left.substr(0, whole), &bytes)) return Fail("MALFORMED_MESSAGE"_reason);
      body += bytes;
      left.remove_prefix(whole);
    }
    characters_.erase(0, characters_.size() - left.size());
    return absl::OkStatus();
  }
  absl::StatusOr<std::optional<std::string>> Cut(std::string& body, bool over) override {
    if (over && !characters_.empty()) return Fail("MALFORMED_MESSAGE"_reason);
    return CutEnvelope(body, over);
  }
  absl::StatusOr<int64_t> Weigh(absl::string_view message, const google::protobuf::Descriptor& type) override {
    return rpc::Weigh(message, type);
  }
  absl::Status Decode(absl::string_view message, google::protobuf::Message& into) override {
    return rpc::Decode(message, into);
  }
  absl::StatusOr<std::string> Encode(const google::protobuf::Message& message) override {
    ASSIGN_OR_RETURN(std::string bytes, EncodeInEnvelope(message));
    return Wrap(std::move(bytes));
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
    if (kind_ == Kind::kGrpc) {
      ending.trailers = std::move(trailers);
    } else {
      std::string text;
      for (const auto& [name, value] : trailers) absl::StrAppend(&text, name, ": ", value, "\r\n");
      ending.body += Wrap(Envelope(kTrailersFlag, text));
    }
    return ending;
  }

 private:
  std::string Wrap(std::string bytes) const {
    return kind_ == Kind::kWebText ? absl::Base64Escape(bytes) : std::move(bytes);
  }

  const std::string content_type_;
  const Kind kind_;
  std::string characters_;  // text that has arrived: fewer than four characters
  Entry entry_;
};

}  // namespace

std::unique_ptr<Form> MakeGrpc(const Request& request) {
  const absl::string_view content_type = ValueOf(request.fields, "content-type");
  const std::pair<const char*, Kind> kinds[] = {{"application/grpc", Kind::kGrpc},
                                                {"application/grpc-web", Kind::kWeb},
                                                {"application/grpc-web-text", Kind::kWebText}};
  for (const auto& [type, kind] : kinds) {
    if (content_type == type || content_type == absl::StrCat(type, "+proto")) {
      return std::make_unique<Grpc>(request, content_type, kind);
    }
  }
  return nullptr;
}

}  // namespace tsunagu::web
