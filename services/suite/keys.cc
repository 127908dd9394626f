#include "services/suite/keys.h"

#include <cstdio>
#include <memory>

#include "CLI/CLI.hpp"
#include "common/host/flags.h"
#include "services/suite/services.h"

namespace tsunagu::suite {
namespace {

int Create(const HostConfig& config, KeyRequest request, int days) {
  if (days > 0) request.valid_for = absl::Hours(24) * days;
  const auto key = CreateKey(config, SuiteServices(), request);
  if (!key.ok()) {
    const Fault fault = FaultOf(key.status());
    const bool ours = fault.reason() != reason::REASON_INTERNAL;
    if (!ours) std::fprintf(stderr, "%s\n", std::string(key.status().message()).c_str());
    for (const Fault& one : fault.faults()) {
      std::fprintf(stderr, "--%s: %s / %s\n", one.field().c_str(), Text(one, Language::kJapanese).c_str(),
                   Text(one, Language::kEnglish).c_str());
    }
    if (ours && fault.faults().empty()) {
      std::fprintf(stderr, "%s / %s\n", Text(fault, Language::kJapanese).c_str(),
                   Text(fault, Language::kEnglish).c_str());
    }
    return 1;
  }
  std::printf("%s\n", key->c_str());
  return 0;
}

}  // namespace

void AddKeys(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* keys = app.add_subcommand("keys", "API keys / APIキー");
  keys->require_subcommand(1);
  CLI::App* create = keys->add_subcommand("create", "Make a key and print it once / 鍵を作り、一度だけ表示する");
  auto config = std::make_shared<HostConfig>();
  auto request = std::make_shared<KeyRequest>();
  auto days = std::make_shared<int>(0);
  AddHostFlags(*create, *config);
  create->add_option("--principal", request->principal, "Id of the caller: officer-31 (no person's name)")->required();
  create->add_option("--role", request->role, "prefecture-officer, integrator, service, admin, …")->required();
  create->add_option("--scope", request->scope, "*, areas/310000, areas/312011, facilities/…")->capture_default_str();
  create->add_option("--days", *days, "Days until it expires; 0: never")->capture_default_str();
  create->callback([=, &chosen] { chosen = [=] { return Create(*config, *request, *days); }; });
}

}  // namespace tsunagu::suite
