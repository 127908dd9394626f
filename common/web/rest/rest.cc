#include "common/web/rest/rest.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/headers.h"
#include "common/text/json.h"
#include "common/web/rest/read_http_rules.h"
#include "common/web/rest/transcode.h"
#include "google/protobuf/descriptor.h"
#include "tsunagu/platform/v1/transfer.pb.h"

namespace tsunagu::web {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kLines[] = "application/x-ndjson", kPdf[] = "application/pdf";
constexpr size_t kPieceBytes = 256 * 1024;  // of a file that is streamed

bool AcceptsFile(absl::string_view accept) {
  for (const char* type : {kCsv, kXlsx, kPdf, kBytes}) {
    if (WeightOf(accept, type) > WeightOf(accept, kJson)) return true;
  }
  return false;
}

// Returns content type and file extension, for the kinds of files that are made here.
std::pair<const char*, const char*> KindOf(absl::string_view bytes) {
  if (absl::StartsWith(bytes, "PK\x03\x04")) return {kXlsx, "xlsx"};
  if (absl::StartsWith(bytes, "%PDF-")) return {kPdf, "pdf"};
  return {kCsv, "csv"};
}

// Parses "2.5", in seconds; infinite for "".
absl::StatusOr<absl::Duration> ParseTimeout(absl::string_view text) {
  if (text.empty()) return absl::InfiniteDuration();
  const bool plain = text.size() <= 15 && absl::ascii_isdigit(text.front()) && absl::ascii_isdigit(text.back()) &&
                     text.find_first_not_of("0123456789.") == absl::string_view::npos;
  double seconds = 0;
  if (!plain || !absl::SimpleAtod(text, &seconds)) return Fail("MALFORMED_TIMEOUT"_reason);
  return absl::Seconds(seconds);
}

std::string FileName(absl::string_view of) {
  std::string name;
  for (const char c : of) name += absl::ascii_isalnum(c) || c == '-' || c == '_' ? c : '-';
  return name.empty() ? "data" : name;
}

bool HasPersonalField(const google::protobuf::Descriptor& type) {
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->options().GetExtension(tsunagu::field).privacy() != PRIVACY_UNSPECIFIED) return true;
  }
  return false;
}

class Rest final : public Form {
 public:
  Rest(const Request& request, HttpRules::Match match)
      : match_(std::move(match)),
        method_(*match_.rule->method),
        query_(request.query),
        style_(StyleOf(request)),
        request_{query_,
                 {},
                 AllValuesOf(request.fields, "content-type"),
                 AllValuesOf(request.fields, "if-match"),
                 AllValuesOf(request.fields, "if-none-match"),
                 AllValuesOf(request.fields, "idempotency-key")},
        accept_(ValueOf(request.fields, "accept")),
        given_file_(IsFile(*match_.rule, request_)),
        wanted_file_(AcceptsFile(accept_) ? FindData(*method_.output_type()) : nullptr) {
    entry_.method_path = match_.rule->Route();
    const absl::StatusOr<absl::Duration> timeout = ParseTimeout(ValueOf(request.fields, "x-server-timeout"));
    if (timeout.ok()) entry_.timeout = *timeout;
    entry_.refused = timeout.status();
    const absl::string_view encoding = ValueOf(request.fields, "content-encoding");
    if (!encoding.empty() && encoding != "identity") entry_.refused = Fail("COMPRESSED_MESSAGE"_reason);
    const absl::string_view path = absl::string_view(request.path).substr(request.path.rfind('/') + 1);
    file_name_ = FileName(path.substr(0, path.find(':')));
  }

  const Entry& entry() const override { return entry_; }

  absl::StatusOr<std::optional<std::string>> Cut(std::string& body, bool over) override {
    if (given_file_ && method_.client_streaming()) return CutPiece(body, over);
    if (body.size() > kMostMessageBytes) return Fail("MESSAGE_TOO_LARGE"_reason);
    if (!over || std::exchange(cut_, true)) return std::nullopt;
    return std::exchange(body, {});
  }

  absl::StatusOr<int64_t> Weigh(absl::string_view message, const google::protobuf::Descriptor&) override {
    return static_cast<int64_t>(message.size()) * (given_file_ ? 2 : kWeightOfJson);
  }

  absl::Status Decode(absl::string_view message, Message& into) override {
    if (std::exchange(decoded_, true)) {  // only the first piece carries the options of a file
      into.GetReflection()->SetString(&into, match_.rule->file_field, std::string(message));
      return absl::OkStatus();
    }
    request_.body = message;
    RETURN_IF_ERROR(DecodeRest(match_, request_, into));
    if (wanted_file_ != nullptr) ChooseFormat(into);
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> Encode(const Message& message) override {
    if (wanted_file_ != nullptr) {
      std::string bytes = message.GetReflection()->GetString(message, wanted_file_);
      if (kind_.first == nullptr && !bytes.empty()) kind_ = KindOf(bytes);
      return bytes;
    }
    if (!method_.server_streaming()) {
      etag_ = EtagOf(message);
      shows_more_to_some_ = HasPersonalField(*message.GetDescriptor());
      return EncodeRest(*match_.rule, message);
    }
    ASSIGN_OR_RETURN(const std::string json, EncodeRest(*match_.rule, message));
    return absl::StrCat(R"({"result":)", json, "}\n");
  }

  Fields Head(const Notes& opening) override {
    Fields head = {{"cache-control", "no-store"}, {"x-content-type-options", "nosniff"}};
    if (wanted_file_ != nullptr) {
      if (kind_.first == nullptr) kind_ = KindOf("");
      head.emplace_back("content-type", kind_.first);
      head.emplace_back("content-disposition",
                        absl::StrCat("attachment; filename=\"", file_name_, ".", kind_.second, "\""));
    } else {
      head.emplace_back("content-type", method_.server_streaming() ? kLines : AnswerTypeOf(*match_.rule));
    }
    if (!etag_.empty()) head.emplace_back("etag", etag_);
    head.insert(head.end(), opening.begin(), opening.end());
    return head;
  }

  Ending End(bool begun, const grpc::Status& told, std::string message, const Notes& opening,
             const Notes& notes) override {
    Ending ending;
    if (!told.ok() && !begun) {
      HttpError error = RenderError(told, style_);
      ending.status = error.status;
      ending.head = std::move(error.fields);
      ending.head.insert(ending.head.end(), opening.begin(), opening.end());
      ending.body = std::move(error.body);
    } else if (!told.ok()) {
      ending.broken = wanted_file_ != nullptr;
      if (!ending.broken) ending.body = absl::StrCat(RenderError(told, {}).body, "\n");
    } else {
      if (!begun) ending.head = Head(opening);
      ending.body = std::move(message);
      if (!begun && !etag_.empty() && !shows_more_to_some_ && NamesTag(request_.if_none_match.value_or(""), etag_)) {
        ending.status = 304;
        ending.body.clear();
      }
    }
    Fields& notes_go = begun ? ending.trailers : ending.head;
    notes_go.insert(notes_go.end(), notes.begin(), notes.end());
    return ending;
  }

 private:
  // Returns at least one piece, so that the options are sent.
  absl::StatusOr<std::optional<std::string>> CutPiece(std::string& body, bool over) {
    if (body.size() < kPieceBytes && !over) return std::nullopt;
    if (body.empty() && cut_) return std::nullopt;
    cut_ = true;
    if (body.size() <= kPieceBytes) return std::exchange(body, {});
    std::string piece = body.substr(0, kPieceBytes);
    body.erase(0, kPieceBytes);
    return piece;
  }

  // A client that accepts a workbook need not request the format separately.
  void ChooseFormat(Message& request) {
    const auto& reflection = *request.GetReflection();
    const FieldDescriptor* collection = request.GetDescriptor()->FindFieldByName("collection");
    if (collection != nullptr && collection->type() == FieldDescriptor::TYPE_STRING && !collection->is_repeated()) {
      file_name_ = FileName(reflection.GetString(request, collection));
    }
    const FieldDescriptor* format = request.GetDescriptor()->FindFieldByName("format");
    if (format == nullptr || format->enum_type() != platform::v1::FileFormat_descriptor()) return;
    const bool workbook = WeightOf(accept_, kXlsx) > WeightOf(accept_, kCsv);
    if (reflection.GetEnumValue(request, format) == platform::v1::FILE_FORMAT_UNSPECIFIED) {
      reflection.SetEnumValue(&request, format,
                              workbook ? platform::v1::FILE_FORMAT_XLSX : platform::v1::FILE_FORMAT_CSV);
    }
  }

  const HttpRules::Match match_;
  const google::protobuf::MethodDescriptor& method_;
  const std::string query_;
  const ErrorStyle style_;
  RestRequest request_;
  const std::string accept_;
  const bool given_file_;
  const FieldDescriptor* const wanted_file_;  // in the answer; null when JSON is wanted
  std::string file_name_;                     // without its extension
  std::pair<const char*, const char*> kind_ = {nullptr, nullptr};
  std::string etag_;
  bool shows_more_to_some_ =
      false;  // the same revision shows more to some callers, so the tag does not identify the content
  Entry entry_;
  bool cut_ = false, decoded_ = false;
};

}  // namespace

std::unique_ptr<Form> MakeRest(const Request& request, HttpRules::Match match) {
  return std::make_unique<Rest>(request, std::move(match));
}

absl::StatusOr<HttpRules> RulesOf(const rpc::Router& router) {
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  for (const std::string& name : router.ServiceNames()) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    for (int i = 0; service != nullptr && i < service->method_count(); ++i) methods.push_back(service->method(i));
  }
  return HttpRules::Create(methods);
}

ErrorStyle StyleOf(const Request& request) {
  return {AsksForProblem(ValueOf(request.fields, "accept")), !ValueOf(request.fields, "if-match").empty(),
          rpc::ParseLanguage(ValueOf(request.fields, "accept-language"))};
}

bool NamesTag(absl::string_view if_none_match, absl::string_view etag) {
  for (absl::string_view one : absl::StrSplit(if_none_match, ',')) {
    one = absl::StripAsciiWhitespace(one);
    absl::ConsumePrefix(&one, "W/");
    if (one == etag || one == "*") return true;
  }
  return false;
}

}  // namespace tsunagu::web
