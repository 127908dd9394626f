#include "services/suite/keys.h"

#include <cstdio>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/host/flags.h"
#include "common/host/revoke.h"
#include "common/host/rotate.h"
#include "common/keys/master_keys.h"
#include "services/suite/input.h"
#include "services/suite/services.h"

namespace tsunagu::suite {
namespace {

int Create(const HostConfig& config, KeyRequest request, int days) {
  if (days > 0) request.valid_for = absl::Hours(24) * days;
  const auto key = CreateKey(config, SuiteServices(), request);
  if (!key.ok()) {
    const Fault fault = FaultOf(key.status());
    const bool ours = ReasonOf(fault) != "INTERNAL"_reason;
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

int Say(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", TextForOperator(status).c_str());
  return 1;
}

int Master(const std::string& file) {
  if (file.empty()) {
    std::printf("%s\n", store::FreshMasterKey().c_str());
    return 0;
  }
  const absl::Status added = store::AddMasterKey(file);
  if (!added.ok()) return Say(added);
  const auto keys = store::MasterKeySource::File(file).Load();
  if (!keys.ok()) return Say(keys.status());
  std::printf("%s: %s\n", file.c_str(), keys->front().id().c_str());
  return 0;
}

std::string TextOf(const Rotation& rotation) {
  const std::string done = absl::StrJoin(rotation.services, ", "), left = absl::StrJoin(rotation.left, ", ");
  std::string ja = absl::StrCat(done, " の鍵はすべて、マスター鍵 ", rotation.newest, " で包まれています。");
  std::string en = absl::StrCat("Every key of ", done, " is wrapped by master key ", rotation.newest, ".");
  if (rotation.has_older && !left.empty()) {
    absl::StrAppend(&ja, "鍵ファイルの他の行は、", left, " も済むまで消さないでください。");
    absl::StrAppend(&en, " The other lines of the key file have to stay until these are done too: ", left, ".");
  } else if (rotation.has_older) {
    absl::StrAppend(&ja, "鍵ファイルから他の行を削除できます。ただし、これより前の鍵の控えを戻すには古い鍵が必要です。");
    absl::StrAppend(&en, " The other lines may go from the key file; keep them elsewhere for as long as backups of keys "
                    "from before now are kept.");
  }
  return absl::StrCat(ja, "\n", en, "\n");
}

int Rotate(const HostConfig& config) {
  const auto rotation = RotateKeys(config, SuiteServices(), [](const std::string& service, int64_t done, int64_t total) {
    std::printf("%s: %lld / %lld\n", service.c_str(), static_cast<long long>(done), static_cast<long long>(total));
    std::fflush(stdout);
  });
  if (!rotation.ok()) return Say(rotation.status());
  std::printf("%s", TextOf(*rotation).c_str());
  return 0;
}

std::string TextOf(const Revocation& done) {
  if (!done.reached.ok()) {
    return absl::StrCat(done.service, ": 失効できませんでした / not reached: ", TextForOperator(done.reached));
  }
  if (!done.known) return absl::StrCat(done.service, ": 該当なし / nothing there");
  return absl::StrCat(done.service, ": 失効した鍵 ", done.keys, "、終了した権限 ", done.grants, " / keys revoked: ", done.keys,
                      ", grants ended: ", done.grants);
}

int Revoke(const HostConfig& config, RevokeRequest request, const std::string& file) {
  if (request.principal.empty() == file.empty() || (request.grants && request.principal.empty())) {
    std::fprintf(stderr, "--principal か --key-file のどちらかを指定してください。--grants は --principal とともに使います。\n"
                         "Give --principal or --key-file; --grants goes with --principal.\n");
    return 1;
  }
  if (!file.empty()) {
    const auto input = Input::Open(file);
    if (!input.ok()) return Say(input.status());
    const auto text = (*input)->ReadAll(4096);
    if (!text.ok()) return Say(text.status());
    request.secret = std::string(absl::StripAsciiWhitespace(*text));
  }
  bool all = true, known = false;
  for (const Revocation& done : RevokeKeys(config, SuiteServices(), request)) {
    all &= done.reached.ok();
    known |= done.known;
    std::fprintf(done.reached.ok() ? stdout : stderr, "%s\n", TextOf(done).c_str());
  }
  if (!all) {
    std::fprintf(stderr, "届かなかったサービスでは、まだ使えます。届くようにして、もう一度実行してください。\n"
                         "It is still good in the services that were not reached. Make them reachable, and run this again.\n");
  } else if (!known) {
    std::fprintf(stderr, "どのサービスにもありません。/ It is in no service.\n");
  }
  return all && known ? 0 : 1;
}

}  // namespace

void AddKeys(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* keys = app.add_subcommand("keys", "API keys and encryption keys / APIキーと暗号鍵");
  keys->require_subcommand(1);
  CLI::App* create = keys->add_subcommand("create", "Make a key and print it once / 鍵を作り、一度だけ表示する");
  auto config = std::make_shared<HostConfig>();
  auto request = std::make_shared<KeyRequest>();
  auto days = std::make_shared<int>(0);
  AddHostFlags(*create, *config, HelpOn::kPlaces);
  create->add_option("--principal", request->principal, "Id of the caller: officer-31 (no person's name)")->required();
  create->add_option("--role", request->role, "prefecture-officer, integrator, service, admin, …")->required();
  create->add_option("--scope", request->scope, "*, areas/310000, areas/312011, facilities/…")->capture_default_str();
  create->add_option("--days", *days, "Days until it expires; 0: never")->capture_default_str();
  create->callback([=, &chosen] { chosen = [=] { return Create(*config, *request, *days); }; });

  CLI::App* revoke = keys->add_subcommand(
      "revoke", "Make keys worthless in all services, within seconds / すべてのサービスで鍵を失効させる");
  auto revoked = std::make_shared<HostConfig>();
  auto what = std::make_shared<RevokeRequest>();
  auto key_file = std::make_shared<std::string>();
  AddHostFlags(*revoke, *revoked, HelpOn::kPlaces);
  revoke->add_option("--principal", what->principal, "All keys of this caller / この利用者のすべての鍵");
  revoke->add_option("--key-file", *key_file, "Only the key in this file / このファイルの鍵だけ");
  revoke->add_flag("--grants", what->grants, "End the caller's grants too / 利用者の権限も終える");
  revoke->callback([=, &chosen] { chosen = [=] { return Revoke(*revoked, *what, *key_file); }; });

  CLI::App* master = keys->add_subcommand("master", "Make a master key / マスター鍵を作る");
  auto file = std::make_shared<std::string>();
  master->add_option("--add-to", *file, "Put it in front of those in this file; else it is printed / 追加先のファイル");
  master->callback([=, &chosen] { chosen = [=] { return Master(*file); }; });

  CLI::App* rotate =
      keys->add_subcommand("rotate", "Wrap all keys by the newest master key / 最新のマスター鍵で包み直す");
  auto rotated = std::make_shared<HostConfig>();
  AddHostFlags(*rotate, *rotated, HelpOn::kPlaces);
  rotate->callback([=, &chosen] { chosen = [=] { return Rotate(*rotated); }; });
}

}  // namespace tsunagu::suite
