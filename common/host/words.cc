#include "common/host/words.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace tsunagu {
namespace {

constexpr absl::string_view kReasonHere = "tsunagu.here/reason", kJapaneseHere = "tsunagu.here/ja";

// Set once, before any thread starts.
std::string& Chosen() {
  static auto& chosen = *new std::string();
  return chosen;
}

}  // namespace

void ChooseLanguage(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (argument == "--") return;
    absl::string_view language;
    if (argument == "--lang" && i + 1 < argc) language = argv[i + 1];
    if (absl::ConsumePrefix(&argument, "--lang=")) language = argument;
    if (language == "ja" || language == "en") Chosen() = std::string(language);
  }
}

Language SpokenLanguage() {
  std::string language = Chosen();
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (language.empty() && value != nullptr) language = value;
  }
  return absl::StartsWith(language, "ja") ? Language::kJapanese : Language::kEnglish;
}

std::string Words(absl::string_view ja, absl::string_view en) {
  return std::string(SpokenLanguage() == Language::kJapanese ? ja : en);
}

absl::Status FailHere(absl::StatusCode code, absl::string_view reason, absl::string_view ja, absl::string_view en) {
  absl::Status status(code, en);
  status.SetPayload(kReasonHere, absl::Cord(reason));
  status.SetPayload(kJapaneseHere, absl::Cord(ja));
  return status;
}

absl::optional<FailureHere> FailureHereIn(const absl::Status& status) {
  const auto reason = status.GetPayload(kReasonHere), ja = status.GetPayload(kJapaneseHere);
  if (!reason || !ja) return absl::nullopt;
  return FailureHere{std::string(*reason), std::string(*ja), std::string(status.message())};
}

std::string WordsOf(const absl::Status& status) {
  if (const auto here = FailureHereIn(status)) return absl::StrCat(Words(here->ja, here->en), " [", here->reason, "]");
  const Fault fault = FaultOf(status);
  const bool is_fault = ReasonOf(fault) != "INTERNAL"_reason || status.message() == ReasonWord(fault);
  if (!is_fault) {
    // Our own lower layers give two lines, Japanese and English; a library gives one.
    const std::vector<std::string> lines = absl::StrSplit(status.message(), '\n');
    if (lines.size() == 2) return Words(lines[0], lines[1]);
    return absl::StrCat(Words("処理できませんでした: ", ""), status.message());
  }
  return absl::StrCat(Text(fault, SpokenLanguage()), " [", ReasonWord(fault), "]");
}

int Complain(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", WordsOf(status).c_str());
  return 1;
}

}  // namespace tsunagu
