#include "common/host/usage.h"

#include <memory>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/utf8.h"
#include "common/host/words.h"

namespace tsunagu {
namespace {

constexpr int kColumn = 30;

// CLI11's labels are English, and it counts bytes instead of columns.
class JapaneseFormatter : public CLI::Formatter {
 public:
  JapaneseFormatter() {
    label("Usage", "使い方");
    label("OPTIONS", "オプション");
    label("SUBCOMMAND", "コマンド");
    label("SUBCOMMANDS", "コマンド");
    label("Positionals", "引数");
    label("REQUIRED", "（必須）");
    label("Env", "環境変数");
    label("Needs", "要");
    label("Excludes", "同時指定不可");
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    return absl::StrReplaceAll(CLI::Formatter::make_option_opts(option), {{" INT:INT in ", " 整数 "},
                                                                          {" FLOAT:FLOAT in ", " 数 "},
                                                                          {" BOOLEAN", " true/false"},
                                                                          {" TEXT:", " 文字列 "},
                                                                          {" TEXT", " 文字列"},
                                                                          {" INT", " 整数"}});
  }
  std::string make_group(std::string group, bool is_positional,
                         std::vector<const CLI::Option*> options) const override {
    return CLI::Formatter::make_group(group == "Options" ? "オプション" : group, is_positional, std::move(options));
  }
  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    const std::string left = absl::StrCat("  ", make_option_name(option, is_positional), make_option_opts(option));
    const int width = CountColumns(left);
    const std::string gap = width < kColumn ? std::string(kColumn - width, ' ') : "\n" + std::string(kColumn, ' ');
    return absl::StrCat(left, gap, make_option_desc(option), "\n");
  }
};

std::string InJapanese(const CLI::ParseError& error) {
  const std::string kind = error.get_name(), english = error.what();
  absl::string_view rest = english;
  const std::string option = english.substr(0, english.find_first_of(": "));
  if (kind == "ExtrasError") return absl::StrCat("使えない指定です: ", english.substr(english.find(": ") + 2));
  if (kind == "RequiredError" && english == "A subcommand is required") return "コマンドを指定してください。";
  if (kind == "RequiredError" && absl::ConsumeSuffix(&rest, " is required"))
    return absl::StrCat(rest, " を指定してください。");
  if (kind == "ExcludesError")
    return absl::StrReplaceAll(english, {{" excludes ", " と "}}) + " は同時に指定できません。";
  if (kind == "RequiresError") return absl::StrReplaceAll(english, {{" requires ", " には "}}) + " も必要です。";
  if (kind == "ArgumentMismatch") return absl::StrCat(option, " の値の数が合いません。");
  if (absl::ConsumePrefix(&rest, "Could not convert: ")) return absl::StrCat("値を読み取れません: ", rest);
  const std::vector<std::string> parts = absl::StrSplit(english, absl::ByAnyChar(" :"), absl::SkipEmpty());
  if (absl::StrContains(english, " not in range ") && parts.size() == 9) {  // --queue: Value 0 not in range 1 to 9
    return absl::StrCat(option, " に ", parts[2], " は指定できません（", parts[6], "〜", parts[8], "）。");
  }
  if (absl::StrContains(english, " not in {")) {  // --lang: fr not in {ja,en}
    return absl::StrCat(option, " に ", parts[1], " は指定できません（", parts.back(), " のどれか）。");
  }
  if (kind == "ValidationError" || kind == "ConversionError") return absl::StrCat(option, " に指定できない値です。");
  return english;
}

}  // namespace

std::string UsageComplaint(const CLI::ParseError& error) {
  const std::string said = error.what();
  // A text with Japanese in it comes from us, or repeats what was typed.
  const bool by_us = error.get_name() == "ConfigError" || (error.get_name() == "ValidationError" && !IsAscii(said));
  return SpokenLanguage() == Language::kEnglish || by_us ? said : InJapanese(error);
}

void SpeakOfUsage(CLI::App& app) {
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return absl::StrCat(UsageComplaint(static_cast<const CLI::ParseError&>(error)), "\n",
                        Words("使い方は --help で確かめてください。", "Run with --help for more information."), "\n");
  });
  if (SpokenLanguage() == Language::kJapanese) {
    app.formatter(std::make_shared<JapaneseFormatter>());
    app.group("コマンド");
  }
  app.set_help_flag("-h,--help", Words("この説明を表示する", "Print this help message and exit"));
}

void AddLanguageFlag(CLI::App& command) {
  command
      .add_option_function<std::string>(
          "--lang", [](const std::string&) {},
          Words("表示の言語（指定がなければLC_ALL、LC_MESSAGES、LANGに従う）",
                "Language of help and messages; if not given that of LC_ALL, LC_MESSAGES "
                "or LANG"))
      ->check(CLI::IsMember({"ja", "en"}));
}

std::optional<int> ParseCommandLine(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return std::nullopt;
}

}  // namespace tsunagu
