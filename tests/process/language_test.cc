// Every command uses one language, that of the environment or --lang, in its help and in its errors.
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "tests/process/process.h"

namespace tsunagu::process {
namespace {

using Command = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

const Variables kJapanese = {{"LANG", "ja_JP.UTF-8"}, {"LC_ALL", ""}, {"LC_MESSAGES", ""}};
const Variables kEnglish = {{"LANG", "en_US.UTF-8"}, {"LC_ALL", ""}, {"LC_MESSAGES", ""}};
const Variables kC = {{"LANG", "C"}, {"LC_ALL", ""}, {"LC_MESSAGES", ""}};

// Kana and kanji in UTF-8: E3 81 to E9.
bool HasJapanese(const std::string& text) { return std::regex_search(text, std::regex("\xE3[\x81-\x83]|[\xE4-\xE9]")); }

Outcome RunIn(Command command, const Variables& environment, const Command& more = {}) {
  command.insert(command.end(), more.begin(), more.end());
  Process::Options options;
  options.environment = environment;
  return RunToEnd(std::move(command), std::move(options));
}

std::set<std::string> Found(const std::string& text, const char* pattern) {
  const std::regex wanted(pattern);
  std::set<std::string> all;
  for (std::sregex_iterator one(text.begin(), text.end(), wanted), end; one != end; ++one) all.insert((*one)[1]);
  return all;
}

// Returns the names of subcommands, which are in two columns after the last heading.
std::vector<std::string> Below(const std::string& help) {
  const size_t at = help.find("\nSubcommands:\n");
  if (at == std::string::npos) return {};
  const std::set<std::string> names = Found(help.substr(at), "\n  ([a-z][a-z-]*) ");
  return {names.begin(), names.end()};
}

// Collects all commands of a program, including itself.
void Collect(const Command& command, std::vector<Command>& all) {
  all.push_back(command);
  for (const std::string& name : Below(RunIn(command, kEnglish, {"--help"}).output)) {
    Command below = command;
    below.push_back(name);
    Collect(below, all);
  }
}

std::vector<Command> AllCommands() {
  std::vector<Command> all;
  for (const char* program : {"tsunagu", "tsunagu-registry", "tsunagu-training", "tsunagu-matching"})
    Collect({Binary(program)}, all);
  return all;
}

TEST(Language, EveryHelpIsInOneLanguageAndBothNameTheSame) {
  const std::vector<Command> all = AllCommands();
  EXPECT_GT(all.size(), 15u);
  for (const Command& command : all) {
    SCOPED_TRACE(absl::StrJoin(command, " "));
    const std::string english = RunIn(command, kEnglish, {"--help"}).output;
    const std::string japanese = RunIn(command, kJapanese, {"--help"}).output;
    EXPECT_FALSE(HasJapanese(english)) << english;
    EXPECT_EQ(english, RunIn(command, kC, {"--help"}).output);
    EXPECT_EQ(english, RunIn(command, kJapanese, {"--lang", "en", "--help"}).output);
    EXPECT_EQ(japanese, RunIn(command, kEnglish, {"--lang=ja", "--help"}).output);
    EXPECT_EQ(Found(english, "(--[a-z][a-z-]*)"), Found(japanese, "(--[a-z][a-z-]*)"));
    EXPECT_EQ(Found(english, "\n  ([a-z][a-z-]*) "), Found(japanese, "\n  ([a-z][a-z-]*) "));
    EXPECT_TRUE(Found(english, "(--lang)").count("--lang")) << english;
    for (const absl::string_view line : absl::StrSplit(japanese, '\n')) {
      if (absl::StartsWith(line, "使い方")) continue;  // the names of commands
      // Three English words in a row are an untranslated sentence.
      EXPECT_FALSE(std::regex_search(std::string(line), std::regex("[a-z]{2,} [a-z]{2,} [a-z]{2,}"))) << line;
    }
  }
}

TEST(Language, EveryComplaintIsInOneLanguage) {
  const Folder folder;
  const std::string none = folder / "none";
  const std::vector<Command> failing = {
      {"tsunagu"},
      {"tsunagu", "frobnicate"},
      {"tsunagu", "--frobnicate"},
      {"tsunagu", "serve", "--workers", "0"},
      {"tsunagu", "serve", "--lang", "fr"},
      {"tsunagu", "serve", "--services", "nothing"},
      {"tsunagu", "serve", "--config", none},
      {"tsunagu", "serve", "--data-dir", folder.path(), "--listen", "0.0.0.0:1"},
      {"tsunagu", "serve", "--data-dir", folder.path(), "--peer", "registry"},
      {"tsunagu", "serve", "--data-dir", folder.path(), "--admin-listen", "0.0.0.0:0"},
      {"tsunagu", "serve", "--database", "postgres://localhost"},
      {"tsunagu", "migrate", "--plan", "--apply"},
      {"tsunagu", "migrate", "--services", "nothing"},
      {"tsunagu", "adopt", "--services", "nothing"},
      {"tsunagu", "keys"},
      {"tsunagu", "keys", "create"},
      {"tsunagu", "keys", "create", "--principal", "x", "--role", "y", "--data-dir", none},
      {"tsunagu", "keys", "revoke"},
      {"tsunagu", "keys", "revoke", "--key-file", none},
      {"tsunagu", "keys", "master", "--add-to", none + "/none"},
      {"tsunagu", "keys", "rotate", "--data-dir", none},
      {"tsunagu", "call", "x.Y/Z", "{}", "--addr", "x"},
      {"tsunagu", "call", "--timeout", "-1"},
      {"tsunagu", "contracts", "-o", none + "/none/x.zip"},
      {"tsunagu", "import"},
      {"tsunagu", "import", "areas", none, "--addr", "127.0.0.1:1"},
      {"tsunagu", "export", "areas", "--encoding", "ebcdic"},
      {"tsunagu", "export", "areas", "-o", "x.csv", "--xlsx", "x.xlsx"},
      {"tsunagu", "report", "placement", "--csv", "--json"},
      {"tsunagu", "report", "placement", "--as-of", "someday", "--addr", "127.0.0.1:1"},
      {"tsunagu", "print"},
      {"tsunagu", "print", "certificates/x", "-o", none + "/none/x.pdf"},
      {"tsunagu", "explain"},
      {"tsunagu", "audit-pack"},
      {"tsunagu", "payments"},
      {"tsunagu", "payments", "make"},
      {"tsunagu", "payments", "write"},
      {"tsunagu", "payments", "write", "x", "--out", none + "/none/x.csv", "--addr", "127.0.0.1:1"},
      {"tsunagu", "payments", "result", "x", none},
      {"tsunagu", "payments", "result", "x", none, "--count", "-1"},
      {"tsunagu", "payments", "release", "x"},
      {"tsunagu", "areas"},
      {"tsunagu", "areas", "propose", "x.csv"},
      {"tsunagu", "areas", "propose", none + "/none.csv", "-o", "x.csv", "--addr", "127.0.0.1:1"},
      {"tsunagu", "recommend"},
      {"tsunagu", "recommend", "--opening", "x", "--nurse", "y"},
      {"tsunagu", "recommend", "--opening", "x", "--addr", "127.0.0.1:1"},
      {"tsunagu", "recommend", "--licence", "none", "--addr", "127.0.0.1:1"},
      {"tsunagu", "handover"},
      {"tsunagu", "handover", "children"},
      {"tsunagu", "handover", "nurses", "--addr", "127.0.0.1:1"},
      {"tsunagu", "handover", "openings", "--addr", "127.0.0.1:1"},
      {"tsunagu", "proposals"},
      {"tsunagu", "proposals", "list", "--addr", "127.0.0.1:1"},
      {"tsunagu", "proposals", "step"},
      {"tsunagu", "publication"},
      {"tsunagu", "publication", "make"},
      {"tsunagu", "publication", "make", "--title", "x", "--prefecture", "310000", "--as-of", "2026-04-01", "--table",
       "none", "--addr", "127.0.0.1:1"},
      {"tsunagu", "publication", "write", "x", "--out", none + "/none/x.csv", "--addr", "127.0.0.1:1"},
      {"tsunagu", "publication", "withdraw", "x"},
      {"tsunagu", "survey"},
      {"tsunagu", "survey", "show"},
      {"tsunagu", "survey", "forms", "x", "--directory", none},
      {"tsunagu", "survey", "form", "x/y", "--out", none + "/none/x.xlsx", "--format", "ods"},
      {"tsunagu", "survey", "read"},
      {"tsunagu", "survey", "read", none, "--addr", "127.0.0.1:1"},
      {"tsunagu", "survey", "export", "x"},
      {"tsunagu", "survey", "compare", "x"},
      {"tsunagu", "roster"},
      {"tsunagu", "roster", "--for", "nobody"},
      {"tsunagu", "access-log", "--from", "someday"},
      {"tsunagu", "verify-journal", "--data-dir", none},
      {"tsunagu", "verify-journal", "--public-key", "x"},
      {"tsunagu", "repair"},
      {"tsunagu", "repair", "facilities/x", "--apply"},
      {"tsunagu", "repair", "facilities/x", "--data-dir", none},
      {"tsunagu", "verify-certificate", "x", "--keys", none},
      {"tsunagu", "reasons", "NO_SUCH_REASON"},
      {"tsunagu", "backup", "create", none, "--data-dir", none},
      {"tsunagu", "backup", "verify", none},
      {"tsunagu", "backup", "restore", none, "--data-dir", none},
      {"tsunagu-registry", "--queue", "many"},
      {"tsunagu-training", "--workers", "many"},
      {"tsunagu-matching", "--log-level", "loud"},
  };
  std::set<std::string> tried;
  for (Command command : failing) {
    tried.insert(command[0]);
    for (size_t i = 1; i < command.size() && std::regex_match(command[i], std::regex("[a-z][a-z-]+")); ++i) {
      tried.insert(absl::StrJoin(command.begin(), command.begin() + static_cast<int>(i) + 1, " "));
    }
    SCOPED_TRACE(absl::StrJoin(command, " "));
    command[0] = Binary(command[0]);
    const Outcome japanese = RunIn(command, kJapanese), english = RunIn(command, kEnglish), in_c = RunIn(command, kC);
    EXPECT_NE(english.code, 0);
    EXPECT_EQ(english.code, japanese.code);
    EXPECT_TRUE(HasJapanese(japanese.errors)) << japanese.errors;
    EXPECT_NE(english.errors, "");
    EXPECT_FALSE(HasJapanese(english.errors)) << english.errors;
    EXPECT_FALSE(HasJapanese(in_c.errors)) << in_c.errors;
  }
  const std::string programs = Binary("");
  for (const Command& command : AllCommands()) {
    const std::string name = absl::StrJoin(command, " ").substr(programs.size());
    EXPECT_EQ(tried.count(name), 1u) << name << " needs a failure in the table above";
  }
}

// LC_ALL overrides LC_MESSAGES, which overrides LANG; empty variables are ignored.
TEST(Language, TheEnvironmentDecidesAsElsewhere) {
  struct Case {
    const char* name;
    Variables environment;
    bool japanese;
  };
  const Case cases[] = {
      {"LANG", {{"LC_ALL", ""}, {"LC_MESSAGES", ""}, {"LANG", "ja_JP.UTF-8"}}, true},
      {"LC_MESSAGES", {{"LC_ALL", ""}, {"LC_MESSAGES", "en_US.UTF-8"}, {"LANG", "ja_JP.UTF-8"}}, false},
      {"LC_ALL", {{"LC_ALL", "ja"}, {"LC_MESSAGES", "C"}, {"LANG", "C"}}, true},
      {"nothing", {{"LC_ALL", ""}, {"LC_MESSAGES", ""}, {"LANG", ""}}, false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(HasJapanese(RunIn({Binary("tsunagu"), "--help"}, c.environment).output), c.japanese) << c.name;
  }
}

}  // namespace
}  // namespace tsunagu::process
