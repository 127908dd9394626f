#include "common/host/flags.h"

#include <sys/stat.h>

#include <cstdio>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "spdlog/spdlog.h"
#include "yaml-cpp/yaml.h"

namespace tsunagu {
namespace {

constexpr absl::Duration kGrace = absl::Seconds(25);

// Lets CLI11 read its configuration as YAML: a flat map of flag names, lists for flags given several times.
class YamlConfig : public CLI::Config {
 public:
  std::string to_config(const CLI::App*, bool, bool, std::string) const override { return ""; }
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    std::vector<CLI::ConfigItem> items;
    YAML::Node root;
    try {
      root = YAML::Load(input);
    } catch (const YAML::Exception& error) {
      throw CLI::FileError(absl::StrCat("not readable as YAML: ", error.what()));
    }
    if (!root.IsMap()) throw CLI::FileError("the configuration file is no map of settings");
    for (const auto& entry : root) {
      CLI::ConfigItem item;
      item.name = absl::StrReplaceAll(entry.first.as<std::string>(), {{"_", "-"}});
      if (entry.second.IsSequence()) {
        for (const auto& value : entry.second) item.inputs.push_back(value.as<std::string>());
      } else {
        item.inputs.push_back(entry.second.as<std::string>());
      }
      items.push_back(std::move(item));
    }
    return items;
  }
};

}  // namespace

void AddHostFlags(CLI::App& app, HostConfig& config) {
  auto flag = [&](const std::string& name, auto& value, const std::string& help) {
    const std::string variable = absl::StrCat("TSUNAGU_", absl::AsciiStrToUpper(absl::StrReplaceAll(name, {{"-", "_"}})));
    return app.add_option(absl::StrCat("--", name), value, help)->envname(variable)->capture_default_str();
  };
  flag("services", config.services, "Services to run, with commas; all if not given")->delimiter(',');
  flag("data-dir", config.data_dir, "Folder of the data and of admin.key");
  flag("listen", config.listen, "Address to listen on; port 0 takes a free one; unix:/path for a socket");
  flag("database", config.database, "sqlite, or mysql://user@host:port/prefix");
  flag("peer", config.peers, "Another service: registry=127.0.0.1:50052")->delimiter(',');
  flag("peer-key-file", config.peer_key_file, "File with the key for calling peers");
  app.set_config("--config", "", "YAML file with these settings");
  app.config_formatter(std::make_shared<YamlConfig>());
  app.allow_config_extras(CLI::config_extras_mode::error);
}

int ServeUntilSignal(HostConfig config, absl::Span<const ServiceKind> kinds) {
  BlockSignals();
  umask(077);  // the database holds personal data: its files are their owner's only
  auto host = Host::Start(std::move(config), kinds);
  if (!host.ok()) {
    std::fprintf(stderr, "%s\n", std::string(host.status().message()).c_str());
    return 1;
  }
  std::printf("listening on %s\n", (*host)->address().c_str());
  if (!(*host)->admin_key().empty()) std::printf("admin key in %s\n", (*host)->admin_key_file().c_str());
  std::fflush(stdout);
  WaitForSignal();
  (*host)->Shutdown(kGrace);
  return 0;
}

int ServiceMain(int argc, char** argv, absl::Span<const ServiceKind> kinds) {
  HostConfig config;
  CLI::App app("Serves " + kinds.front().name + " over gRPC");
  AddHostFlags(app, config);
  CLI11_PARSE(app, argc, argv);
  return ServeUntilSignal(std::move(config), kinds);
}

}  // namespace tsunagu
