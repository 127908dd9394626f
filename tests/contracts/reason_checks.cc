#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/contracts/contracts.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::contracts {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;

// google.rpc.Code
constexpr int kResourceExhausted = 8, kAborted = 10, kUnavailable = 14;
constexpr int kHighestCode = 16;  // UNAUTHENTICATED

std::set<std::string> Placeholders(absl::string_view text) {
  std::set<std::string> found;
  for (size_t open = text.find('{'); open != absl::string_view::npos; open = text.find('{', open + 1)) {
    found.emplace(text.substr(open, text.find('}', open) - open + 1));
  }
  return found;
}

bool HasJapanese(absl::string_view text) {
  for (const char* start : {"\xE3", "\xE4", "\xE5", "\xE6", "\xE7", "\xE8", "\xE9"}) {  // U+3000 to U+9FFF in UTF-8
    if (absl::StrContains(text, start)) return true;
  }
  return false;
}

// English texts use Japanese names for Japanese things (和暦).
bool IsMostlyAscii(absl::string_view text) {
  size_t ascii = 0;
  for (const char c : text) ascii += absl::ascii_isascii(c) ? 1 : 0;
  return ascii * 2 > text.size();
}

bool IsSentence(absl::string_view text) { return !text.empty() && absl::StripAsciiWhitespace(text) == text; }

void CheckReason(const EnumValueDescriptor& value, Findings& findings) {
  const ReasonRule& rule = value.options().GetExtension(tsunagu::refusal);
  const std::string& where = value.full_name();
  findings.Demand(IsSentence(rule.ja()) && HasJapanese(rule.ja()), where, "has no Japanese text");
  findings.Demand(IsSentence(rule.en()) && IsMostlyAscii(rule.en()), where, "has no English text");
  findings.Demand(rule.code() >= 0 && rule.code() <= kHighestCode, where, "has a code that does not exist");
  const bool passing = rule.code() == kAborted || rule.code() == kResourceExhausted || rule.code() == kUnavailable;
  findings.Demand(rule.retry_seconds() == 0 || (rule.retry_seconds() > 0 && passing), where,
                  "may not have retry_seconds");
  findings.Demand(rule.retry_seconds() > 0 || !absl::StrContains(rule.en(), "Wait a little"), where,
                  "asks to wait and has no retry_seconds");
  const auto ja = Placeholders(rule.ja()), en = Placeholders(rule.en());
  findings.Demand(ja == en, where,
                  absl::StrCat("placeholders differ: ", absl::StrJoin(ja, ""), " and ", absl::StrJoin(en, "")));
  if (absl::EndsWith(value.name(), "_UNSEEN")) {
    findings.Demand(ja.empty(), where, "says something of a record that the caller may not see");
    const std::string seen = value.name().substr(0, value.name().size() - std::string("_UNSEEN").size());
    findings.Demand(value.type()->FindValueByName(seen) != nullptr, where, absl::StrCat("stands without ", seen));
  }
}

// Checks each value of every enum of reasons.
void Texts(const Files& files, Findings& findings) {
  for (const auto* file : files) {
    for (int i = 0; i < file->enum_type_count(); ++i) {
      const EnumDescriptor& reasons = *file->enum_type(i);
      if (!absl::EndsWith(reasons.full_name(), ".Reason")) continue;
      for (int j = 1; j < reasons.value_count(); ++j) CheckReason(*reasons.value(j), findings);
    }
  }
}

}  // namespace

const std::vector<Check>& ReasonChecks() {
  static const auto& checks = *new std::vector<Check>{{"Texts", Texts}};
  return checks;
}

}  // namespace tsunagu::contracts
