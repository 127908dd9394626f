#include "services/suite/keys.h"

#include <cstdio>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/host/flags.h"
#include "common/host/revoke.h"
#include "common/host/rotate.h"
#include "common/host/usage.h"
#include "common/host/words.h"
#include "common/keys/master_keys.h"
#include "services/suite/input.h"
#include "services/suite/services.h"

namespace tsunagu::suite {
namespace {

int Create(const HostConfig& config, KeyRequest request, int days, const platform::v1::Identity& identity) {
  if (identity.ByteSizeLong() > 0) request.identity = identity;
  if (request.identity && days > 0) {
    std::fprintf(stderr, "%s\n", Words("--days はAPIキーにだけ使えます。", "--days is for API keys only.").c_str());
    return 1;
  }
  if (days > 0) request.valid_for = absl::Hours(24) * days;
  const auto key = CreateKey(config, SuiteServices(), request);
  if (!key.ok()) {
    const Fault fault = FaultOf(key.status());
    for (const Fault& one : fault.faults()) {
      const bool of_identity = absl::StartsWith(one.field(), "identities");
      const std::string flag = !of_identity ? one.field() : identity.certificate().empty() ? "value" : "certificate";
      std::fprintf(stderr, "--%s: %s\n", flag.c_str(), Text(one, SpokenLanguage()).c_str());
    }
    return fault.faults().empty() ? Complain(key.status()) : 1;
  }
  if (!key->empty()) std::printf("%s\n", key->c_str());
  return 0;
}

int Master(const std::string& file) {
  if (file.empty()) {
    std::printf("%s\n", store::FreshMasterKey().c_str());
    return 0;
  }
  const absl::Status added = store::AddMasterKey(file);
  if (!added.ok()) return Complain(added);
  const auto keys = store::MasterKeySource::File(file).Load();
  if (!keys.ok()) return Complain(keys.status());
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
    absl::StrAppend(&ja,
                    "鍵ファイルから他の行を削除できます。ただし、これより前の鍵の控えを戻すには古い鍵が必要です。");
    absl::StrAppend(&en,
                    " The other lines may go from the key file; keep them elsewhere for as long as backups of keys "
                    "from before now are kept.");
  }
  return Words(ja, en) + "\n";
}

int Rotate(const HostConfig& config) {
  const auto rotation =
      RotateKeys(config, SuiteServices(), [](const std::string& service, int64_t done, int64_t total) {
        std::printf("%s: %lld / %lld\n", service.c_str(), static_cast<long long>(done), static_cast<long long>(total));
        std::fflush(stdout);
      });
  if (!rotation.ok()) return Complain(rotation.status());
  std::printf("%s", TextOf(*rotation).c_str());
  return 0;
}

std::string TextOf(const Revocation& done) {
  if (!done.reached.ok()) {
    return absl::StrCat(done.service, ": ", Words("失効できませんでした: ", "not reached: "), WordsOf(done.reached));
  }
  if (!done.known) return absl::StrCat(done.service, ": ", Words("該当する鍵はありません", "nothing there"));
  return absl::StrCat(done.service, ": ",
                      Words(absl::StrCat("失効した鍵 ", done.keys, "、終了した権限 ", done.grants),
                            absl::StrCat("keys revoked: ", done.keys, ", grants ended: ", done.grants)));
}

int Say(const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
  return 1;
}

int Revoke(const HostConfig& config, RevokeRequest request, const std::string& file) {
  if (request.principal.empty() == file.empty() || (request.grants && request.principal.empty())) {
    return Say(
        Words("--principal か --key-file のどちらかを指定してください。--grants は --principal とともに使います。",
              "Give --principal or --key-file; --grants goes with --principal."));
  }
  if (!file.empty()) {
    const auto input = Input::Open(file);
    if (!input.ok()) return Complain(input.status());
    const auto text = (*input)->ReadAll(4096);
    if (!text.ok()) return Complain(text.status());
    request.secret = std::string(absl::StripAsciiWhitespace(*text));
  }
  bool all = true, known = false;
  for (const Revocation& done : RevokeKeys(config, SuiteServices(), request)) {
    all &= done.reached.ok();
    known |= done.known;
    std::fprintf(done.reached.ok() ? stdout : stderr, "%s\n", TextOf(done).c_str());
  }
  if (!all) {
    Say(Words("届かなかったサービスでは、まだ使えます。届くようにして、もう一度実行してください。",
              "It is still good in the services that were not reached. Make them reachable, and run this again."));
  } else if (!known) {
    Say(Words("どのサービスにもありません。", "It is in no service."));
  }
  return all && known ? 0 : 1;
}

}  // namespace

void AddKeys(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* keys = app.add_subcommand("keys", Words("APIキーと暗号鍵を扱う", "API keys and encryption keys"));
  keys->require_subcommand(1);
  AddLanguageFlag(*keys);
  CLI::App* create = keys->add_subcommand(
      "create", Words("鍵を作り、一度だけ表示する（または、トークンか証明書の利用者を登録する）",
                      "Make a key and print it once; or let a caller be known by a token or a certificate"));
  auto config = std::make_shared<HostConfig>();
  auto request = std::make_shared<KeyRequest>();
  auto days = std::make_shared<int>(0);
  AddHostFlags(*create, *config, HelpOn::kLocations);
  create
      ->add_option(
          "--principal", request->principal,
          Words("利用者のID: officer-31（人の名前は使わない）", "Id of the caller: officer-31 (no person's name)"))
      ->required();
  create
      ->add_option("--role", request->role,
                   Words("役割: prefecture-officer、integrator、service、adminなど",
                         "Role: prefecture-officer, integrator, service, admin, …"))
      ->required();
  create
      ->add_option("--scope", request->scope,
                   Words("範囲: *、areas/310000、areas/312011、facilities/…",
                         "Scope: *, areas/310000, areas/312011, facilities/…"))
      ->capture_default_str();
  create->add_option("--days", *days, Words("有効な日数。0は無期限", "Days until it expires; 0: never"))
      ->capture_default_str();
  auto identity = std::make_shared<platform::v1::Identity>();
  create->add_option("--issuer", *identity->mutable_issuer(),
                     Words("鍵を作らず、この発行者（--jwt-issuers）のトークンの利用者とする",
                           "Make no key: the caller is who has a token of this issuer (--jwt-issuers) …"));
  create->add_option("--value", *identity->mutable_value(),
                     Words("そのトークンの sub の値", "… whose claim sub says this"));
  create->add_option("--claim", *identity->mutable_claim(), Words("sub 以外で見る項目", "Another claim than sub"));
  create->add_option(
      "--certificate", *identity->mutable_certificate(),
      Words("鍵を作らず、この名前のクライアント証明書の利用者とする: uri:spiffe://…、dns:…、sha256:…",
            "Make no key: the caller is who has the client certificate of this name: uri:spiffe://…, dns:…, sha256:…"));
  create->callback([=, &chosen] { chosen = [=] { return Create(*config, *request, *days, *identity); }; });

  CLI::App* revoke = keys->add_subcommand(
      "revoke", Words("すべてのサービスで鍵を失効させる", "Make keys worthless in all services, within seconds"));
  auto revoked = std::make_shared<HostConfig>();
  auto what = std::make_shared<RevokeRequest>();
  auto key_file = std::make_shared<std::string>();
  AddHostFlags(*revoke, *revoked, HelpOn::kLocations);
  revoke->add_option("--principal", what->principal,
                     Words("この利用者のすべての鍵を失効させる", "All keys of this caller"));
  revoke->add_option("--key-file", *key_file, Words("このファイルの鍵だけを失効させる", "Only the key in this file"));
  revoke->add_flag("--grants", what->grants, Words("この利用者の権限も終わらせる", "End the caller's grants too"));
  revoke->callback([=, &chosen] { chosen = [=] { return Revoke(*revoked, *what, *key_file); }; });

  CLI::App* master = keys->add_subcommand("master", Words("マスター鍵を作る", "Make a master key"));
  auto file = std::make_shared<std::string>();
  AddLanguageFlag(*master);
  master->add_option("--add-to", *file,
                     Words("このファイルの先頭に書き加える（指定がなければ表示する）",
                           "Put it in front of those in this file; else it is printed"));
  master->callback([=, &chosen] { chosen = [=] { return Master(*file); }; });

  CLI::App* rotate =
      keys->add_subcommand("rotate", Words("最新のマスター鍵で包み直す", "Wrap all keys by the newest master key"));
  auto rotated = std::make_shared<HostConfig>();
  AddHostFlags(*rotate, *rotated, HelpOn::kLocations);
  rotate->callback([=, &chosen] { chosen = [=] { return Rotate(*rotated); }; });
}

}  // namespace tsunagu::suite
