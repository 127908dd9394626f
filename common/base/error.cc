#include "common/base/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/utf8.h"
#include "tsunagu/options.pb.h"

namespace tsunagu {
namespace {

constexpr size_t kMostOfArgument = 1000;
constexpr absl::string_view kPayload = "type.googleapis.com/tsunagu.base.Fault";

absl::StatusCode CodeOf(Reason reason) {
  const int code = reason.rule().code();
  return code == 0 ? absl::StatusCode::kInvalidArgument : static_cast<absl::StatusCode>(code);
}

// `value` may hold bytes from strangers. A fault that is not UTF-8 could not be parsed again.
std::string Bounded(absl::string_view value) {
  if (value.size() <= kMostOfArgument) return ToUtf8(value);
  return absl::StrCat(ToUtf8(CutUtf8(value, kMostOfArgument)), "…");
}

}  // namespace

Fault MakeFault(absl::string_view field, Reason reason, Args args) {
  Fault fault;
  fault.set_reason(std::string(reason.word()));
  fault.set_field(Bounded(field));
  for (const auto& [key, value] : args) (*fault.mutable_args())[std::string(key)] = Bounded(value);
  return fault;
}

absl::Status ToStatus(const Fault& fault) { return ToStatus(fault, CodeOf(Reason(fault.reason()))); }

absl::Status ToStatus(const Fault& fault, absl::StatusCode code) {
  absl::Status status(code, ReasonWord(fault));
  status.SetPayload(kPayload, absl::Cord(fault.SerializeAsString()));
  return status;
}

absl::Status Fail(Reason reason, Args args) { return ToStatus(MakeFault("", reason, args)); }

absl::Status FailAt(absl::string_view field, Reason reason, Args args) {
  Faults faults;
  faults.Add(field, reason, args);
  return faults.ToStatus();
}

bool Faults::TakesOne(bool warning) {
  int kept = 0;
  for (const Fault& fault : faults_) kept += IsWarning(ReasonOf(fault)) == warning ? 1 : 0;
  if (kept >= kMost) ++omitted_;
  return kept < kMost;
}

void Faults::Keep(Fault fault) {
  const bool has_room = faults_.size() < kMost || TakesOne(IsWarning(ReasonOf(fault)));
  if (has_room) faults_.push_back(std::move(fault));
}

void Faults::Add(absl::string_view field, Reason reason, Args args) { Keep(MakeFault(field, reason, args)); }

void Faults::Add(absl::string_view field, const absl::Status& status) {
  if (status.ok()) return;
  const Fault fault = FaultOf(status);
  auto add = [&](Fault one) {
    if (one.field().empty()) {
      one.set_field(std::string(field));
    } else if (!field.empty()) {
      one.set_field(absl::StrCat(field, ".", one.field()));
    }
    Keep(std::move(one));
  };
  if (fault.faults().empty()) return add(fault);
  for (const Fault& one : fault.faults()) add(one);
  omitted_ += fault.omitted();
}

absl::Status Faults::ToStatus() const {
  if (faults_.empty()) return absl::OkStatus();
  Fault whole;
  whole.set_reason("INVALID_REQUEST");
  for (const Fault& fault : faults_) *whole.add_faults() = fault;
  whole.set_omitted(omitted_);
  return tsunagu::ToStatus(whole);
}

Fault FaultOf(const absl::Status& status) {
  Fault fault;
  const auto payload = status.GetPayload(kPayload);
  if (!payload || !fault.ParseFromString(std::string(*payload))) {
    fault.set_reason(status.code() == absl::StatusCode::kCancelled          ? "CANCELLED"
                     : status.code() == absl::StatusCode::kDeadlineExceeded ? "DEADLINE_EXCEEDED"
                     : status.code() == absl::StatusCode::kDataLoss         ? "DATA_DAMAGED"
                                                                            : "INTERNAL");
  }
  return fault;
}

Reason ReasonOf(const Fault& fault) { return Reason::Find(fault.reason()); }

Reason ReasonOf(const absl::Status& status) {
  if (status.ok()) return Reason();
  const Fault fault = FaultOf(status);
  const bool single = ReasonOf(fault) == "INVALID_REQUEST"_reason && fault.faults_size() == 1;
  return ReasonOf(single ? fault.faults(0) : fault);
}

std::string ReasonWord(const Fault& fault) {
  absl::string_view word = fault.reason();
  const auto resource = fault.args().find("resource");
  if (resource != fault.args().end() && absl::ConsumePrefix(&word, "RESOURCE_")) {
    return absl::StrCat(resource->second, "_", word);
  }
  return std::string(word);
}

absl::Duration RetryDelayOf(Reason reason) { return absl::Seconds(reason.rule().retry_seconds()); }

bool IsWarning(Reason reason) { return reason.rule().code() == 0; }

std::string Text(const Fault& fault, Language language) {
  const auto as_sent = fault.args().find("text");  // as the sender's program wrote it
  if (ReasonOf(fault).none() && as_sent != fault.args().end()) return as_sent->second;
  const ReasonRule& rule = Reason(fault.reason()).rule();
  const bool japanese = language == Language::kJapanese;
  std::string text = japanese ? rule.ja() : rule.en();
  for (const auto& [key, value] : fault.args()) {
    const auto in_japanese = japanese ? fault.args().find(absl::StrCat(key, "_ja")) : fault.args().end();
    const std::string& shown = in_japanese == fault.args().end() ? value : in_japanese->second;
    text = absl::StrReplaceAll(text, {{absl::StrCat("{", key, "}"), shown}});
  }
  return text;
}

std::string TextForOperator(const absl::Status& status) {
  if (!status.GetPayload(kPayload)) return std::string(status.message());
  const Fault fault = FaultOf(status);
  return absl::StrCat(Text(fault, Language::kJapanese), "\n", Text(fault, Language::kEnglish), " [", ReasonWord(fault),
                      "]");
}

}  // namespace tsunagu
