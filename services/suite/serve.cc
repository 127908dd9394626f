#include "services/suite/serve.h"

#include <sys/stat.h>

#include <cstdio>
#include <memory>

#include "CLI/CLI.hpp"
#include "common/base/error.h"
#include "common/host/databases.h"
#include "common/host/flags.h"
#include "services/suite/services.h"

namespace tsunagu::suite {

void AddServe(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand("serve", "Run services / サービスを動かす");
  auto config = std::make_shared<HostConfig>();
  AddHostFlags(*command, *config, HelpOn::kAll);
  command->callback([config, &chosen] { chosen = [config] { return ServeUntilSignal(*config, SuiteServices()); }; });
}

void AddMigrate(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand("migrate", "Bring databases to this version / データベースを更新する");
  auto config = std::make_shared<HostConfig>();
  auto apply = std::make_shared<bool>(false);
  AddHostFlags(*command, *config, HelpOn::kPlaces);
  auto only_plan = std::make_shared<bool>(false);
  CLI::Option* plan = command->add_flag("--plan", *only_plan, "Only list the statements (the default)");
  command->add_flag("--apply", *apply, "Run them")->excludes(plan);
  command->callback([=, &chosen] {
    chosen = [config, apply, only_plan] {
      umask(077);  // as the server: copies hold personal data
      const auto migration = Migrate(*config, SuiteServices(), *apply);
      if (!migration.ok()) {
        std::fprintf(stderr, "%s\n", TextForOperator(migration.status()).c_str());
        return 1;
      }
      for (const std::string& step : migration->steps) std::printf("%s;\n", step.c_str());
      std::printf("%zu %s\n", migration->steps.size(), *apply ? "applied" : "to apply (tsunagu migrate --apply)");
      for (const absl::Status& refusal : migration->refusals) {
        std::fprintf(stderr, "%s\n", TextForOperator(refusal).c_str());
      }
      return migration->refusals.empty() ? 0 : 1;
    };
  });
}

void AddAdopt(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "adopt", "Take databases that were moved here on purpose for one's own / 移したデータベースを受け入れる");
  auto config = std::make_shared<HostConfig>();
  AddHostFlags(*command, *config, HelpOn::kPlaces);
  command->callback([config, &chosen] {
    chosen = [config] {
      const auto adopted = Adopt(*config, SuiteServices());
      if (!adopted.ok()) {
        std::fprintf(stderr, "%s\n", TextForOperator(adopted.status()).c_str());
        return 1;
      }
      for (const std::string& database : *adopted) std::printf("%s\n", database.c_str());
      std::printf("%zu adopted\n", adopted->size());
      return 0;
    };
  });
}

}  // namespace tsunagu::suite
