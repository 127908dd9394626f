#include "services/suite/backup.h"

#include <sys/stat.h>

#include <cstdio>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/host/backup.h"
#include "common/host/flags.h"
#include "services/suite/services.h"

namespace tsunagu::suite {
namespace {

using Kind = BackupFinding::Kind;

const char* TextOf(Kind kind) {
  switch (kind) {
    case Kind::kMissing: return "the file is missing / ファイルがありません";
    case Kind::kChanged: return "the file is not as it was copied / コピーしたときの内容と違います";
    case Kind::kAdded: return "the file is not one of the backup's / バックアップのファイルではありません";
    case Kind::kDamaged: return "the database is damaged / データベースが壊れています";
    case Kind::kChainDiffers: return "its chain is not whole / 連鎖に乱れがあります";
  }
  return "";
}

int Say(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", TextForOperator(status).c_str());
  return 1;
}

void Print(const BackupManifest& manifest) {
  int64_t bytes = 0;
  for (const BackupManifest::Chain& chain : manifest.chains) {
    std::printf("%s: place %lld\n", chain.name.c_str(), static_cast<long long>(chain.place));
  }
  for (const BackupManifest::File& file : manifest.files) bytes += file.size;
  if (!manifest.files.empty()) {
    std::printf("%zu files, %lld bytes\n", manifest.files.size(), static_cast<long long>(bytes));
  }
}

int Create(const HostConfig& config, const BackupFolders& folders) {
  umask(077);  // as the server: copies hold personal data
  const auto manifest = CreateBackup(config, SuiteServices(), folders);
  if (!manifest.ok()) return Say(manifest.status());
  Print(*manifest);
  std::printf("complete / 完了: %s\n", folders.data.c_str());
  std::fprintf(stderr, "%s",
               folders.keys.empty()
                   ? "鍵はコピーしていません。鍵がなければ個人情報は読めません（--keys）。\n"
                     "The keys were not copied. Without them nobody can read personal data (--keys).\n"
                   : "");
  std::fprintf(stderr, "マスター鍵はコピーに含まれません。別の場所に保管してください。\n"
                       "The master key is in no copy. Keep it in another place.\n");
  return 0;
}

// One folder. Whether it is good.
bool Verify(const std::string& folder) {
  const auto report = VerifyBackup(folder);
  if (!report.ok()) return Say(report.status()) == 0;
  for (const BackupFinding& finding : report->findings) {
    const std::string detail = finding.detail.empty() ? "" : absl::StrCat(" (", finding.detail, ")");
    std::printf("%s: %s%s\n", finding.path.c_str(), TextOf(finding.kind), detail.c_str());
  }
  Print(report->manifest);
  std::printf("made %s by version %s\n",
              absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", report->manifest.time, absl::UTCTimeZone()).c_str(),
              report->manifest.version.c_str());
  const bool good = report->findings.empty();
  std::printf("%s: %lld sealed rows followed, %lld checkpoints compared: %s\n", folder.c_str(),
              static_cast<long long>(report->rows), static_cast<long long>(report->checkpoints),
              good ? "as it was copied / コピーしたときのままです" : "NOT AS IT WAS COPIED / コピーしたときと違います");
  return good;
}

int VerifyAll(const BackupFolders& folders) {
  bool good = Verify(folders.data);
  if (!folders.keys.empty()) good = Verify(folders.keys) && good;
  return good ? 0 : 1;
}

int Restore(const HostConfig& config, const BackupFolders& folders) {
  umask(077);
  const absl::Status restored = RestoreBackup(config, folders);
  if (!restored.ok()) return Say(restored);
  std::printf("restored / 復元しました: %s\n", config.data_dir.c_str());
  std::fprintf(stderr, "マスター鍵%sを戻してから起動し、tsunagu verify-journal で調べてください。\n"
                       "Put the master key%s back, start, and run tsunagu verify-journal.\n",
               folders.keys.empty() ? "と鍵データベース" : "", folders.keys.empty() ? " and the key databases" : "");
  return 0;
}

}  // namespace

void AddBackup(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* backup = app.add_subcommand("backup", "Copies of the SQLite databases / SQLiteデータベースのバックアップ");
  backup->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& help, const std::string& keys_help) {
    CLI::App* command = backup->add_subcommand(name, help);
    auto folders = std::make_shared<BackupFolders>();
    command->add_option("DIR", folders->data, "Folder of the backup / バックアップのフォルダー")->required();
    command->add_option("--keys", folders->keys, keys_help);
    return std::pair(command, folders);
  };
  auto config = std::make_shared<HostConfig>();
  const auto [create, made] = add("create", "Copy them beside a running server / 稼働中のままコピーする",
                                  "Folder for the key databases, apart from it / 鍵データベースのコピー先");
  AddHostFlags(*create, *config, HelpOn::kPlaces);
  create->callback([=, made = made, &chosen] { chosen = [=] { return Create(*config, *made); }; });

  const auto [verify, verified] = add("verify", "See whether a backup is whole / バックアップを検証する",
                                      "The folder of its key databases / 鍵データベースのコピー");
  verify->callback([verified = verified, &chosen] { chosen = [verified] { return VerifyAll(*verified); }; });

  auto target = std::make_shared<HostConfig>();
  const auto [restore, restored] = add("restore", "Put a backup into an empty data folder / 空のフォルダーへ復元する",
                                       "The folder of its key databases / 鍵データベースのコピー");
  AddHostFlags(*restore, *target, HelpOn::kPlaces);
  restore->callback([=, restored = restored, &chosen] { chosen = [=] { return Restore(*target, *restored); }; });
}

}  // namespace tsunagu::suite
