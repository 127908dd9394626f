#include "services/suite/print_error.h"

#include <iostream>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_replace.h"
#include "nlohmann/json.hpp"

namespace tsunagu::suite {
namespace {

using Json = nlohmann::ordered_json;

// Returns whether a status was made from a Fault, here or at a server.
bool IsOurs(const absl::Status& status, const Fault& fault) {
  return ReasonOf(fault) != "INTERNAL"_reason || status.message() == ReasonWord(fault);
}

std::vector<std::string>& Options() {
  static auto& options = *new std::vector<std::string>;
  return options;
}

// Returns the option for the last part of a path: --facility for proposal.facility, --skill for person.skills[1]. Empty
// if there is none.
std::string OptionOf(absl::string_view field) {
  std::string name(field.substr(field.rfind('.') + 1));
  name = absl::StrReplaceAll(name.substr(0, name.find('[')), {{"_", "-"}});
  if (name == "operator-code") name = "operator";
  if (name == "legal-basis") name = "basis";
  for (const std::string& option : Options()) {
    if (name == option || name == option + "s") return "--" + option;
  }
  return "";
}

Json ViolationOf(const Fault& fault, Language language) {
  Json json = {{"field", fault.field()}};
  if (const std::string option = OptionOf(fault.field()); !option.empty()) json["option"] = option;
  json["reason"] = ReasonWord(fault);
  json["description"] = Text(fault, language);
  return json;
}

const char* NoReason(Language language) {
  return language == Language::kJapanese ? "相手が理由を述べずに断りました。" : "Refused without a reason.";
}

void Describe(const Fault& fault, Language language, Json& json) {
  json["reason"] = ReasonWord(fault);
  json["message"] = Text(fault, language);
  nlohmann::json metadata;  // sorted, unlike the rest
  for (const auto& [key, value] : fault.args()) metadata[key] = value;
  if (!metadata.empty()) json["metadata"] = std::move(metadata);
  for (const Fault& one : fault.faults()) json["field_violations"].push_back(ViolationOf(one, language));
  if (fault.faults().empty() && !fault.field().empty()) {
    json["field_violations"].push_back(ViolationOf(fault, language));
  }
}

}  // namespace

void TellOptions(std::vector<std::string> options) { Options() = std::move(options); }

absl::Status WithMetadata(const absl::Status& status, absl::string_view key, absl::string_view value) {
  Fault fault = FaultOf(status);
  if (status.ok() || FailureHereIn(status) || !IsOurs(status, fault)) return status;
  (*fault.mutable_args())[std::string(key)] = std::string(value);
  return ToStatus(fault);
}

std::string ErrorJson(const absl::Status& status, Language language) {
  Json json = {{"code", absl::StatusCodeToString(status.code())}, {"reason", ""}, {"message", ""}};
  const Fault fault = FaultOf(status);
  if (const auto here = FailureHereIn(status)) {
    json["reason"] = here->reason;
    json["message"] = language == Language::kJapanese ? here->ja : here->en;
  } else if (IsOurs(status, fault)) {
    Describe(fault, language, json);
  } else {
    json["message"] = std::string(status.message());
    if (status.message().empty()) json["message"] = NoReason(language);
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

int PrintError(const absl::Status& status, Language language) {
  std::cout.flush();
  std::cerr << ErrorJson(status, language) << std::endl;
  return 1;
}

absl::Status Flush(std::ostream& out) {
  if (out.flush()) return absl::OkStatus();
  return FailHere(absl::StatusCode::kDataLoss, "OUTPUT_NOT_WRITABLE", "出力を最後まで書けませんでした。",
                  "The output could not be written to its end.");
}

std::string OneLine(absl::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return line;
}

}  // namespace tsunagu::suite
