// Every setting as flag, variable and key of a file; the flag overrides the variable, and the variable overrides the
// file.
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/process.h"

namespace tsunagu::process {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Program {
  std::string name;
  std::vector<std::string> command;

  std::vector<std::string> With(std::vector<std::string> flags) const {
    std::vector<std::string> all = command;
    all[0] = Binary(all[0]);
    all.insert(all.end(), flags.begin(), flags.end());
    return all;
  }
};

void PrintTo(const Program& program, std::ostream* out) { *out << program.name; }

class ConfigTest : public testing::TestWithParam<Program> {
 protected:
  // Returns the data folder of a server with these settings, from its output.
  std::string DataFolder(std::vector<std::string> flags, std::map<std::string, std::string> environment) {
    Process server(GetParam().With(std::move(flags)), {std::move(environment), folder_.path()});
    const auto address = server.ReadLine(), key = server.ReadLine();
    EXPECT_TRUE(key.ok()) << key.status();
    return key.ok() ? key->substr(std::string("admin key in ").size()) : "";
  }
  std::string Write(absl::string_view text) {
    WriteFile(folder_ / "config.yaml", text);
    return folder_ / "config.yaml";
  }
  Outcome RunWith(absl::string_view config) { return RunToEnd(GetParam().With({"--config", Write(config)})); }

  Folder folder_;
};

TEST_P(ConfigTest, FlagThenVariableThenFile) {
  const std::string file = Write("data-dir: by-file\nlisten: 127.0.0.1:0\n");
  EXPECT_EQ(DataFolder({"--config", file}, {}), "by-file/admin.key");
  EXPECT_EQ(DataFolder({}, {{"TSUNAGU_CONFIG", file}}), "by-file/admin.key");
  EXPECT_EQ(DataFolder({"--config", file}, {{"TSUNAGU_DATA_DIR", "by-variable"}}), "by-variable/admin.key");
  EXPECT_EQ(DataFolder({"--config", file, "--data-dir", "by-flag"}, {{"TSUNAGU_DATA_DIR", "by-variable"}}),
            "by-flag/admin.key");
  EXPECT_EQ(DataFolder({"--config", file, "--database", "sqlite?max_batch=1"}, {}), "by-file/admin.key");
}

TEST_P(ConfigTest, EmptyFileSaysNothing) {
  const std::string file = Write("# nothing\n");
  EXPECT_EQ(DataFolder({"--config", file, "--listen", "127.0.0.1:0"}, {}), "data/admin.key");
}

// A setting with a value that is refused in a way which proves that the value arrived.
struct Setting {
  std::string flag, value, said;
};

TEST_P(ConfigTest, EverySettingArrivesInEveryWay) {
  const std::vector<Setting> settings = {
      {"services", "pension", "There is no service pension"},
      {"data-dir", "/dev/null/data", "/dev/null/data"},
      {"listen", "0.0.0.0:0", "will not listen on 0.0.0.0:0"},
      {"database", "mysql://127.0.0.1:x/t", "port"},
      {"database", "sqlite?batch=1", "sqlite takes ?max_batch=N only"},
      {"peer", "nonsense", "--peer nonsense"},
      {"peer-key-file", "/no/such.key", "/no/such.key"},
  };
  for (const auto& [flag, value, said] : settings) {
    SCOPED_TRACE(flag);
    const std::vector<std::string> nothing = GetParam().With({});
    const Process::Options here = {{}, folder_.path()};
    Process::Options variable = here;
    variable.environment["TSUNAGU_" + absl::AsciiStrToUpper(absl::StrReplaceAll(flag, {{"-", "_"}}))] = value;
    const std::string file = Write(absl::StrCat(flag, ": \"", value, "\"\n"));
    for (const Outcome& outcome : {RunToEnd(GetParam().With({"--" + flag, value}), here), RunToEnd(nothing, variable),
                                   RunToEnd(GetParam().With({"--config", file}), here)}) {
      EXPECT_EQ(outcome.code, 1);
      EXPECT_THAT(outcome.errors, HasSubstr(said));
    }
  }
}

TEST_P(ConfigTest, ListsAreListsOrHaveCommas) {
  for (const char* text : {"services: [registry, pension]", "services: registry,pension"}) {
    EXPECT_THAT(RunWith(text).errors, HasSubstr("There is no service pension")) << text;
  }
}

TEST_P(ConfigTest, UnderscoresAreTakenForHyphens) {
  const std::string file = Write("data_dir: under\nlisten: 127.0.0.1:0\n");
  EXPECT_EQ(DataFolder({"--config", file}, {}), "under/admin.key");
}

TEST_P(ConfigTest, UnknownKeyIsNamedWithThoseThatExist) {
  const Outcome outcome = RunWith("data-dri: x\n");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.errors, AllOf(HasSubstr("config.yaml"), HasSubstr("there is no setting data-dri"),
                                    HasSubstr("data-dir, database")));
}

TEST_P(ConfigTest, FilesThatAreNoSettingsAreRefused) {
  for (const char* text : {"- a\n- b\n", "just text\n", "a: [", "listen: {a: b}\n", "? [a]\n: b\n", "a: b: c\n"}) {
    const Outcome outcome = RunWith(text);
    EXPECT_EQ(outcome.code, 2) << text;
    EXPECT_THAT(outcome.errors, HasSubstr("onfiguration file")) << text;
  }
  const Outcome missing = RunToEnd(GetParam().With({"--config", folder_ / "no.yaml"}));
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.errors, HasSubstr("no.yaml"));
}

TEST(HelpTest, ShowsWhatMattersToTheCommand) {
  const std::string serve = RunToEnd({Binary("tsunagu"), "serve", "--help"}).output;
  EXPECT_THAT(serve, AllOf(HasSubstr("--workers"), HasSubstr("credential tsunagu-master-key")));
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"migrate"}, {"adopt"}, {"verify-journal"}, {"keys", "create"}, {"keys", "rotate"}}) {
    std::vector<std::string> help = {Binary("tsunagu")};
    help.insert(help.end(), command.begin(), command.end());
    help.push_back("--help");
    EXPECT_THAT(RunToEnd(help).output, AllOf(HasSubstr("--data-dir"), testing::Not(HasSubstr("--workers"))));
  }
  // The settings of a server are valid for the other commands, too.
  Folder folder;
  WriteFile(folder / "config.yaml", "workers: 8\nlisten: 127.0.0.1:0\n");
  const Outcome plan = RunToEnd(
      {Binary("tsunagu"), "migrate", "--plan", "--data-dir", folder / "data", "--config", folder / "config.yaml"});
  EXPECT_EQ(plan.code, 0) << plan.errors;
}

INSTANTIATE_TEST_SUITE_P(All, ConfigTest,
                         testing::Values(Program{"Registry", {"tsunagu-registry"}},
                                         Program{"Suite", {"tsunagu", "serve"}}),
                         [](const testing::TestParamInfo<Program>& info) { return info.param.name; });

}  // namespace
}  // namespace tsunagu::process
