#include "services/suite/serve.h"

#include <sys/stat.h>

#include <cstdio>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "common/host/databases.h"
#include "common/host/flags.h"
#include "common/host/words.h"
#include "services/suite/services.h"

namespace tsunagu::suite {
namespace {

std::string Steps(size_t count, bool applied) {
  if (applied) return Words(absl::StrCat(count, "件を実行しました"), absl::StrCat(count, " applied"));
  return Words(absl::StrCat(count, "件が未実行です（tsunagu migrate --apply で実行します）"),
               absl::StrCat(count, " to apply (tsunagu migrate --apply)"));
}

}  // namespace

void AddServe(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand("serve", Words("サービスを動かす", "Run services"));
  auto config = std::make_shared<HostConfig>();
  AddHostFlags(*command, *config, HelpOn::kAll);
  command->callback([config, &chosen] { chosen = [config] { return ServeUntilSignal(*config, SuiteServices()); }; });
}

void AddMigrate(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command =
      app.add_subcommand("migrate", Words("データベースをこの版に合わせて更新する", "Bring databases to this version"));
  auto config = std::make_shared<HostConfig>();
  auto apply = std::make_shared<bool>(false);
  AddHostFlags(*command, *config, HelpOn::kLocations);
  auto only_plan = std::make_shared<bool>(false);
  CLI::Option* plan = command->add_flag(
      "--plan", *only_plan, Words("文を並べるだけで、実行しない（既定）", "Only list the statements (the default)"));
  command->add_flag("--apply", *apply, Words("文を実行する", "Run them"))->excludes(plan);
  command->callback([=, &chosen] {
    chosen = [config, apply, only_plan] {
      umask(077);  // as for the server: copies contain personal data
      const auto migration = Migrate(*config, SuiteServices(), *apply);
      if (!migration.ok()) return Complain(migration.status());
      for (const std::string& step : migration->steps) std::printf("%s;\n", step.c_str());
      std::printf("%s\n", Steps(migration->steps.size(), *apply).c_str());
      for (const absl::Status& refusal : migration->refusals) Complain(refusal);
      return migration->refusals.empty() ? 0 : 1;
    };
  });
}

void AddAdopt(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command =
      app.add_subcommand("adopt", Words("意図して移したデータベースを、この環境のものとして受け入れる",
                                        "Take databases that were moved here on purpose for one's own"));
  auto config = std::make_shared<HostConfig>();
  AddHostFlags(*command, *config, HelpOn::kLocations);
  command->callback([config, &chosen] {
    chosen = [config] {
      const auto adopted = Adopt(*config, SuiteServices());
      if (!adopted.ok()) return Complain(adopted.status());
      for (const std::string& database : *adopted) std::printf("%s\n", database.c_str());
      const size_t count = adopted->size();
      std::printf(
          "%s\n",
          Words(absl::StrCat("データベースを", count, "件受け入れました"), absl::StrCat(count, " adopted")).c_str());
      return 0;
    };
  });
}

}  // namespace tsunagu::suite
