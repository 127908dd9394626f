#include "services/suite/reasons.h"

#include <iostream>
#include <map>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/host/usage.h"
#include "common/host/words.h"
#include "services/suite/print_error.h"
#include "services/suite/services.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::suite {
namespace {

// By word, of all services and the platform.
std::map<std::string, ReasonRule> AllReasons() {
  std::map<std::string, ReasonRule> all;
  for (const google::protobuf::EnumDescriptor* reasons : ReasonContracts()) {
    for (int i = 1; i < reasons->value_count(); ++i) {
      absl::string_view word = reasons->value(i)->name();
      absl::ConsumePrefix(&word, "REASON_");
      all[std::string(word)] = reasons->value(i)->options().GetExtension(refusal);
    }
  }
  return all;
}

// Each resource has its own word: AREA_NOT_FOUND is declared as RESOURCE_NOT_FOUND.
std::string Declared(const std::string& word) {
  for (const char* ending : {"_NOT_FOUND", "_EXISTS"}) {
    if (absl::EndsWith(word, ending)) return std::string("RESOURCE") + ending;
  }
  return word;
}

}  // namespace

absl::Status TellReasons(const std::vector<std::string>& words, Language language, std::ostream& out) {
  const std::map<std::string, ReasonRule> all = AllReasons();
  const auto tell = [&](const std::string& word, const ReasonRule& rule) {
    out << word << ": " << (language == Language::kJapanese ? rule.ja() : rule.en()) << "\n";
  };
  for (const std::string& typed : words) {
    const std::string word = absl::AsciiStrToUpper(typed);
    auto found = all.find(word);
    if (found == all.end()) found = all.find(Declared(word));
    if (found == all.end()) {
      return FailHere(absl::StatusCode::kNotFound, "REASON_UNKNOWN",
                      absl::StrCat(word, " という理由はありません。すべての理由: tsunagu reasons"),
                      absl::StrCat("There is no reason ", word, ". All of them: tsunagu reasons"));
    }
    tell(word, found->second);
  }
  for (const auto& [word, rule] : all) {
    if (words.empty()) tell(word, rule);
  }
  return Flush(out);
}

void AddReasons(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "reasons", Words("断られた理由の意味と、どうすればよいか", "What the reasons of refusals mean, and what to do"));
  auto words = std::make_shared<std::vector<std::string>>();
  command->add_option("reason", *words,
                      Words("FIELD_REQUIRED など。指定がなければすべて", "FIELD_REQUIRED, say; all if not given"));
  AddLanguageFlag(*command);
  command->callback([words, &chosen] {
    chosen = [words] {
      const absl::Status told = TellReasons(*words, SpokenLanguage(), std::cout);
      return told.ok() ? 0 : Complain(told);
    };
  });
}

}  // namespace tsunagu::suite
