#include "common/rpc/status.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/log.h"
#include "common/base/utf8.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace tsunagu::rpc {
namespace {

constexpr absl::string_view kDomain = "tsunagu";
constexpr int kMaxViolations = 20;
constexpr size_t kMaxDetails = 4096;  // more than 8 KB of metadata would replace the error
constexpr size_t kMaxArgument = 200;
constexpr size_t kMaxText = 1000;

// Returns at most `limit` bytes, cut between characters.
std::string Cut(absl::string_view text, size_t limit) {
  return text.size() <= limit ? std::string(text) : absl::StrCat(CutUtf8(text, limit), "…");
}

void Shorten(Fault& fault) {
  fault.set_field(Cut(fault.field(), kMaxArgument));
  for (auto& [key, value] : *fault.mutable_args()) value = Cut(value, kMaxArgument);
}

// Returns the part of an error that may leave the process.
Fault Tellable(const absl::Status& status, absl::string_view correlation_id) {
  Fault fault = FaultOf(status);
  if (ReasonOf(fault) == "INTERNAL"_reason) {
    const auto theirs = fault.args().find("correlation_id");
    log::Line line(log::Level::kError, "internal_error");
    line.Add("correlation_id", correlation_id)
        .Add("code", absl::StatusCodeToString(status.code()))
        .Add("text", log::Harmless(status.message()));
    if (theirs != fault.args().end()) line.Add("correlation_id_of_peer", theirs->second);
    line.Write();
    fault = MakeFault("", "INTERNAL"_reason, {{"correlation_id", std::string(correlation_id)}});
  } else if (ReasonOf(fault) == "DATA_DAMAGED"_reason) {
    // The details are for the operator, not for callers.
    log::Line(log::Level::kError, "damaged_data")
        .Add("correlation_id", correlation_id)
        .Add("text", log::Harmless(status.message()))
        .Write();
  }
  Shorten(fault);
  return fault;
}

std::string Argument(const Fault& fault, const std::string& key) {
  const auto found = fault.args().find(key);
  return found == fault.args().end() ? "" : found->second;
}

google::rpc::ErrorInfo InfoOf(const Fault& fault, int64_t omitted) {
  google::rpc::ErrorInfo info;
  info.set_reason(ReasonWord(fault));
  info.set_domain(std::string(kDomain));
  for (const auto& [key, value] : fault.args()) (*info.mutable_metadata())[key] = value;
  if (omitted > 0) (*info.mutable_metadata())["omitted"] = absl::StrCat(omitted);
  return info;
}

void AddViolation(Fault fault, Language language, google::rpc::BadRequest& request) {
  Shorten(fault);
  auto& violation = *request.add_field_violations();
  violation.set_field(fault.field());
  violation.set_reason(ReasonWord(fault));
  violation.set_description(Cut(Text(fault, language), kMaxText));
}

void AddByCode(const Fault& fault, grpc::StatusCode code, const std::string& text, google::rpc::Status& whole) {
  if (code == grpc::StatusCode::NOT_FOUND || code == grpc::StatusCode::ALREADY_EXISTS) {
    google::rpc::ResourceInfo resource;
    resource.set_resource_type(Argument(fault, "resource_type"));
    resource.set_resource_name(Argument(fault, "name"));
    whole.add_details()->PackFrom(resource);
  } else if (code == grpc::StatusCode::FAILED_PRECONDITION) {
    google::rpc::PreconditionFailure precondition;
    auto& violation = *precondition.add_violations();
    violation.set_type(ReasonWord(fault));
    violation.set_subject(Argument(fault, "name"));
    violation.set_description(text);
    whole.add_details()->PackFrom(precondition);
  }
  if (const absl::Duration delay = RetryDelayOf(ReasonOf(fault)); delay > absl::ZeroDuration()) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(delay));
    whole.add_details()->PackFrom(retry);
  }
}

google::rpc::Status Describe(const Fault& fault, grpc::StatusCode code, Language language, int shown) {
  google::rpc::Status whole;
  whole.set_code(code);
  whole.set_message(Cut(Text(fault, language), kMaxText));
  const bool itself = fault.faults().empty() && !fault.field().empty();
  const int kept = itself ? 1 : fault.faults_size();
  whole.add_details()->PackFrom(InfoOf(fault, kept - std::min(shown, kept) + fault.omitted()));
  google::rpc::BadRequest request;
  for (int i = 0; i < std::min(shown, kept); ++i) AddViolation(itself ? fault : fault.faults(i), language, request);
  if (request.field_violations_size() > 0) whole.add_details()->PackFrom(request);
  AddByCode(fault, code, whole.message(), whole);
  return whole;
}

// Returns the arguments that turned `pattern` ("at most {max}") into `text`; nothing when they do not match.
std::optional<std::map<std::string, std::string>> ArgumentsIn(absl::string_view pattern, absl::string_view text) {
  std::map<std::string, std::string> arguments;
  while (true) {
    const size_t open = pattern.find('{');
    const size_t close = pattern.find('}', open == absl::string_view::npos ? pattern.size() : open);
    if (!absl::ConsumePrefix(&text, pattern.substr(0, open))) return std::nullopt;
    if (close == absl::string_view::npos) {
      if (!text.empty()) return std::nullopt;
      return arguments;
    }
    const std::string key(pattern.substr(open + 1, close - open - 1));
    pattern.remove_prefix(close + 1);
    const absl::string_view next = pattern.substr(0, pattern.find('{'));
    const size_t end = next.empty() ? text.size() : text.find(next);
    if (end == absl::string_view::npos) return std::nullopt;
    arguments[key] = std::string(text.substr(0, end));
    text.remove_prefix(end);
  }
}

// Returns a fault without arguments for the word that clients see; without a reason when the word comes from a newer
// version.
Fault FaultFromWord(absl::string_view word) {
  Fault fault;
  Reason found = Reason::Find(word);
  if (found.none()) {
    if (absl::ConsumeSuffix(&word, "_NOT_FOUND")) {
      found = "RESOURCE_NOT_FOUND"_reason;
    } else if (absl::ConsumeSuffix(&word, "_EXISTS")) {
      found = "RESOURCE_EXISTS"_reason;
    } else {
      return fault;
    }
    (*fault.mutable_args())["resource"] = std::string(word);
  }
  fault.set_reason(std::string(found.word()));
  return fault;
}

Fault FaultFrom(const google::rpc::BadRequest::FieldViolation& violation) {
  Fault fault = FaultFromWord(violation.reason());
  if (fault.reason().empty()) fault.set_reason("MALFORMED_VALUE");
  fault.set_field(violation.field());
  for (const Language language : {Language::kJapanese, Language::kEnglish}) {
    const std::string pattern = Text(MakeFault("", ReasonOf(fault)), language);
    if (auto arguments = ArgumentsIn(pattern, violation.description())) {
      for (const auto& [key, value] : *arguments) (*fault.mutable_args())[key] = value;
      break;
    }
  }
  return fault;
}

template <class Detail>
std::optional<Detail> Find(const grpc::Status& status) {
  google::rpc::Status whole;
  if (status.error_details().empty() || !whole.ParseFromString(status.error_details())) return std::nullopt;
  for (const auto& any : whole.details()) {
    Detail detail;
    if (any.Is<Detail>() && any.UnpackTo(&detail)) return detail;
  }
  return std::nullopt;
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status, Language language, absl::string_view correlation_id) {
  if (status.ok()) return grpc::Status::OK;
  const Fault fault = Tellable(status, correlation_id);
  const auto code =
      ReasonOf(fault) == "INTERNAL"_reason ? grpc::StatusCode::INTERNAL : static_cast<grpc::StatusCode>(status.code());
  int shown = kMaxViolations;
  google::rpc::Status whole = Describe(fault, code, language, shown);
  while (whole.ByteSizeLong() > kMaxDetails && shown > 0) whole = Describe(fault, code, language, --shown);
  if (whole.ByteSizeLong() > kMaxDetails) {
    Fault bare = fault;
    bare.clear_args();
    whole = Describe(bare, code, language, 0);
  }
  return grpc::Status(code, whole.message(), whole.SerializeAsString());
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const auto info = Find<google::rpc::ErrorInfo>(status);
  Fault fault;
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  if (!info || info->domain() != kDomain.data()) return absl::Status(code, status.error_message());
  fault = FaultFromWord(info->reason());
  if (fault.reason().empty()) {  // from another service or a newer version: passed on unchanged
    fault.set_reason(info->reason());
    (*fault.mutable_args())["text"] = status.error_message();
    return ToStatus(fault, code);
  }
  for (const auto& [key, value] : info->metadata()) (*fault.mutable_args())[key] = value;
  if (const auto request = Find<google::rpc::BadRequest>(status)) {
    for (const auto& violation : request->field_violations()) *fault.add_faults() = FaultFrom(violation);
    if (fault.faults_size() == 1 && fault.faults(0).reason() == fault.reason()) {
      fault.set_field(fault.faults(0).field());
      fault.clear_faults();
    }
  }
  return ToStatus(fault);
}

absl::Duration RetryDelay(const grpc::Status& status) {
  const auto retry = Find<google::rpc::RetryInfo>(status);
  if (!retry) return absl::ZeroDuration();
  return absl::Seconds(retry->retry_delay().seconds()) + absl::Nanoseconds(retry->retry_delay().nanos());
}

}  // namespace tsunagu::rpc
