#include "common/web/rest/http_error.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/json_text.h"
#include "common/rpc/status.h"
#include "common/text/json.h"
#include "common/text/sorted_bytes.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace tsunagu::web {
namespace {

struct Code {
  grpc::StatusCode code;
  absl::string_view name;
  int http;
};

// As in google/rpc/code.proto.
constexpr Code kCodes[] = {
    {grpc::StatusCode::OK, "OK", 200},
    {grpc::StatusCode::CANCELLED, "CANCELLED", 499},
    {grpc::StatusCode::UNKNOWN, "UNKNOWN", 500},
    {grpc::StatusCode::INVALID_ARGUMENT, "INVALID_ARGUMENT", 400},
    {grpc::StatusCode::DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", 504},
    {grpc::StatusCode::NOT_FOUND, "NOT_FOUND", 404},
    {grpc::StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS", 409},
    {grpc::StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED", 403},
    {grpc::StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED", 401},
    {grpc::StatusCode::RESOURCE_EXHAUSTED, "RESOURCE_EXHAUSTED", 429},
    {grpc::StatusCode::FAILED_PRECONDITION, "FAILED_PRECONDITION", 400},
    {grpc::StatusCode::ABORTED, "ABORTED", 409},
    {grpc::StatusCode::OUT_OF_RANGE, "OUT_OF_RANGE", 400},
    {grpc::StatusCode::UNIMPLEMENTED, "UNIMPLEMENTED", 501},
    {grpc::StatusCode::INTERNAL, "INTERNAL", 500},
    {grpc::StatusCode::UNAVAILABLE, "UNAVAILABLE", 503},
    {grpc::StatusCode::DATA_LOSS, "DATA_LOSS", 500},
};

// Reasons for which HTTP is more specific than the code.
struct Special {
  absl::string_view reason;
  int http;
};

constexpr Special kSpecial[] = {
    {"VERB_NOT_ALLOWED", 405},    {"MEDIA_TYPE_UNKNOWN", 415},    {"CONTENT_TYPE_MISSING", 415},
    {"COMPRESSED_MESSAGE", 415},  {"MESSAGE_TOO_LARGE", 413},     {"MESSAGE_GROWS_TOO_LARGE", 413},
    {"METADATA_TOO_LARGE", 431},  {"FIRST_MESSAGE_MISSING", 408}, {"DISK_FULL", 507},
    {"NEEDS_HTTP2", 505},         {"HTTP_VERSION_UNKNOWN", 505},  {"HEADER_TOO_SLOW", 408},
    {"SERVICE_NOT_RUNNING", 404},  // the path contains its name
};

const Code& Find(grpc::StatusCode code) {
  for (const Code& one : kCodes) {
    if (one.code == code) return one;
  }
  return kCodes[2];
}

// The unpacked details of a status.
struct Details {
  explicit Details(const grpc::Status& status) {
    google::rpc::Status whole;
    if (!whole.ParseFromString(status.error_details())) return;
    for (google::protobuf::Any& any : *whole.mutable_details()) {
      if (any.Is<google::rpc::BadRequest>()) any.UnpackTo(&bad_request);
      // Sorts its map, whose order varies, so that the same error always gives the same text.
      if (any.Is<google::rpc::ErrorInfo>() && any.UnpackTo(&info)) any.set_value(contract::SortedBytes(info));
      if (const auto json = contract::MessageToJson(any, false); json.ok()) texts.push_back(*json);
    }
  }

  std::vector<std::string> texts;  // as JSON
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
};

std::string List(const std::vector<std::string>& texts) { return absl::StrCat("[", absl::StrJoin(texts, ","), "]"); }

std::string Aip193(const grpc::Status& status, const Details& details, int http) {
  return absl::StrCat(R"({"error":{"code":)", http, R"(,"message":)", JsonText(status.error_message()),
                      R"(,"status":")", NameOf(status.error_code()), R"(","details":)", List(details.texts), "}}");
}

std::string Problem(const grpc::Status& status, const Details& details, int http) {
  std::vector<std::string> errors;
  for (const auto& one : details.bad_request.field_violations()) {
    errors.push_back(absl::StrCat(R"({"field":)", JsonText(one.field()), R"(,"reason":)", JsonText(one.reason()),
                                  R"(,"detail":)", JsonText(one.description()), "}"));
  }
  const std::string& reason = details.info.reason();
  return absl::StrCat(R"({"type":)", JsonText(reason.empty() ? "about:blank" : absl::StrCat("/docs/reasons#", reason)),
                      R"(,"title":)", JsonText(reason.empty() ? NameOf(status.error_code()) : reason), R"(,"status":)",
                      http, R"(,"detail":)", JsonText(status.error_message()), R"(,"code":")",
                      NameOf(status.error_code()), R"(","reason":)", JsonText(reason), R"(,"errors":)", List(errors),
                      R"(,"details":)", List(details.texts), "}");
}

}  // namespace

HttpError RenderError(const grpc::Status& status, const ErrorStyle& style) {
  const Details details(status);
  HttpError error;
  error.status = HttpStatusOf(status.error_code(), details.info.reason(), style.if_match);
  error.body = style.problem ? Problem(status, details, error.status) : Aip193(status, details, error.status);
  error.fields = {{"content-type", style.problem ? "application/problem+json" : "application/json"},
                  {"content-language", style.language == Language::kJapanese ? "ja" : "en"},
                  {"cache-control", "no-store"},
                  {"x-content-type-options", "nosniff"}};
  if (const absl::Duration delay = rpc::RetryDelay(status); delay > absl::ZeroDuration()) {
    error.fields.emplace_back("retry-after", absl::StrCat(absl::ToInt64Seconds(absl::Ceil(delay, absl::Seconds(1)))));
  }
  if (details.info.reason() == "COMPRESSED_MESSAGE") error.fields.emplace_back("accept-encoding", "identity");
  if (error.status == 401) error.fields.emplace_back("www-authenticate", "Bearer");
  const auto allowed = details.info.metadata().find("allowed");
  if (error.status == 405 && allowed != details.info.metadata().end())
    error.fields.emplace_back("allow", allowed->second);
  return error;
}

HttpError RenderInBothLanguages(const absl::Status& status) {
  const grpc::Status japanese = rpc::ToGrpc(status, Language::kJapanese, "");
  const grpc::Status english = rpc::ToGrpc(status, Language::kEnglish, "");
  HttpError error = RenderError(
      grpc::Status(english.error_code(), absl::StrCat(japanese.error_message(), "\n", english.error_message()),
                   english.error_details()),
      {});
  for (auto& [name, value] : error.fields) {
    if (name == "content-language") value = "ja, en";
  }
  return error;
}

int HttpStatusOf(grpc::StatusCode code, absl::string_view reason, bool if_match) {
  if (if_match && reason == "ETAG_MISMATCH") return 412;
  for (const Special& special : kSpecial) {
    if (special.reason == reason) return special.http;
  }
  return Find(code).http;
}

absl::string_view NameOf(grpc::StatusCode code) { return Find(code).name; }

double WeightOf(absl::string_view accept, absl::string_view type) {
  for (const absl::string_view range : absl::StrSplit(accept, ',')) {
    const std::vector<absl::string_view> parts = absl::StrSplit(range, ';');
    if (absl::AsciiStrToLower(absl::StripAsciiWhitespace(parts[0])) != type) continue;
    for (size_t i = 1; i < parts.size(); ++i) {
      absl::string_view weight = absl::StripAsciiWhitespace(parts[i]);
      double q = 0;
      if (absl::ConsumePrefix(&weight, "q=")) return absl::SimpleAtod(weight, &q) ? q : 0;
    }
    return 1;
  }
  return 0;
}

bool AsksForProblem(absl::string_view accept) {
  return WeightOf(accept, "application/problem+json") > WeightOf(accept, "application/json");
}

}  // namespace tsunagu::web
