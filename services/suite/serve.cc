#include "services/suite/serve.h"

#include <cstdio>
#include <memory>

#include "CLI/CLI.hpp"
#include "common/host/flags.h"
#include "services/suite/services.h"

namespace tsunagu::suite {

void AddServe(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand("serve", "Run services / サービスを動かす");
  auto config = std::make_shared<HostConfig>();
  AddHostFlags(*command, *config);
  command->callback([config, &chosen] { chosen = [config] { return ServeUntilSignal(*config, SuiteServices()); }; });
}

void AddMigrate(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand("migrate", "Bring databases to this version / データベースを更新する");
  auto config = std::make_shared<HostConfig>();
  auto apply = std::make_shared<bool>(false);
  AddHostFlags(*command, *config);
  auto only_plan = std::make_shared<bool>(false);
  CLI::Option* plan = command->add_flag("--plan", *only_plan, "Only list the statements (the default)");
  command->add_flag("--apply", *apply, "Run them")->excludes(plan);
  command->callback([=, &chosen] {
    chosen = [config, apply, only_plan] {
      const auto statements = Migrate(*config, SuiteServices(), *apply);
      if (!statements.ok()) {
        std::fprintf(stderr, "%s\n", TextForOperator(statements.status()).c_str());
        return 1;
      }
      for (const std::string& statement : *statements) std::printf("%s;\n", statement.c_str());
      std::printf("%zu %s\n", statements->size(), *apply ? "applied" : "to apply (tsunagu migrate --apply)");
      return 0;
    };
  });
}

}  // namespace tsunagu::suite
