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
#include "common/host/usage.h"
#include "common/host/words.h"
#include "services/suite/services.h"

namespace tsunagu::suite {
namespace {

using Kind = BackupFinding::Kind;

std::string TextOf(Kind kind) {
  switch (kind) {
    case Kind::kMissing:
      return Words("ファイルがありません", "the file is missing");
    case Kind::kChanged:
      return Words("コピーしたときの内容と違います", "the file is not as it was copied");
    case Kind::kAdded:
      return Words("バックアップのファイルではありません", "the file is not one of the backup's");
    case Kind::kDamaged:
      return Words("データベースが壊れています", "the database is damaged");
    case Kind::kChainDiffers:
      return Words("連鎖に乱れがあります", "its chain is not whole");
  }
  return "";
}

void Say(std::FILE* out, const std::string& line) { std::fprintf(out, "%s\n", line.c_str()); }

void Print(const BackupManifest& manifest) {
  int64_t bytes = 0;
  for (const BackupManifest::Chain& chain : manifest.chains) {
    Say(stdout, absl::StrCat(chain.name,
                             Words(absl::StrCat(": ", chain.place, "番まで"), absl::StrCat(": place ", chain.place))));
  }
  for (const BackupManifest::File& file : manifest.files) bytes += file.size;
  if (!manifest.files.empty()) {
    const size_t files = manifest.files.size();
    Say(stdout, Words(absl::StrCat(files, "個のファイル、", bytes, "バイト"),
                      absl::StrCat(files, " files, ", bytes, " bytes")));
  }
}

int Create(const HostConfig& config, const BackupFolders& folders) {
  umask(077);  // as for the server: copies contain personal data
  const auto manifest = CreateBackup(config, SuiteServices(), folders);
  if (!manifest.ok()) return Complain(manifest.status());
  Print(*manifest);
  Say(stdout, absl::StrCat(Words("完了: ", "complete: "), folders.data));
  if (folders.keys.empty()) {
    Say(stderr, Words("鍵はコピーしていません。鍵がなければ個人情報は読めません（--keys）。",
                      "The keys were not copied. Without them nobody can read personal data (--keys)."));
  }
  Say(stderr, Words("マスター鍵はコピーに含まれません。別の場所に保管してください。",
                    "The master key is in no copy. Keep it in another place."));
  return 0;
}

// Verifies one folder; returns whether it is good.
bool Verify(const std::string& folder) {
  const auto report = VerifyBackup(folder);
  if (!report.ok()) return Complain(report.status()) == 0;
  for (const BackupFinding& finding : report->findings) {
    const std::string detail = finding.detail.empty() ? "" : absl::StrCat(" (", finding.detail, ")");
    Say(stdout, absl::StrCat(finding.path, ": ", TextOf(finding.kind), detail));
  }
  Print(report->manifest);
  const std::string time = absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", report->manifest.time, absl::UTCTimeZone());
  Say(stdout, Words(absl::StrCat("作成: ", time, "、バージョン ", report->manifest.version),
                    absl::StrCat("made ", time, " by version ", report->manifest.version)));
  const bool good = report->findings.empty();
  const std::string verdict = good ? Words("コピーしたときのままです", "as it was copied")
                                   : Words("コピーしたときと違います", "NOT AS IT WAS COPIED");
  Say(stdout,
      absl::StrCat(
          folder, ": ",
          Words(absl::StrCat("封印した行", report->rows, "件、控え", report->checkpoints, "件を照合: "),
                absl::StrCat(report->rows, " sealed rows followed, ", report->checkpoints, " checkpoints compared: ")),
          verdict));
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
  if (!restored.ok()) return Complain(restored);
  Say(stdout, absl::StrCat(Words("復元しました: ", "restored: "), config.data_dir));
  const bool without_keys = folders.keys.empty();
  Say(stderr, without_keys
                  ? Words("マスター鍵と鍵データベースを戻してから起動し、tsunagu verify-journal で調べてください。",
                          "Put the master key and the key databases back, start, and run tsunagu verify-journal.")
                  : Words("マスター鍵を戻してから起動し、tsunagu verify-journal で調べてください。",
                          "Put the master key back, start, and run tsunagu verify-journal."));
  return 0;
}

}  // namespace

void AddBackup(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* backup =
      app.add_subcommand("backup", Words("SQLiteデータベースのバックアップ", "Copies of the SQLite databases"));
  backup->require_subcommand(1);
  AddLanguageFlag(*backup);
  const auto add = [&](const std::string& name, const std::string& help, const std::string& keys_help) {
    CLI::App* command = backup->add_subcommand(name, help);
    auto folders = std::make_shared<BackupFolders>();
    command->add_option("DIR", folders->data, Words("バックアップのフォルダー", "Folder of the backup"))->required();
    command->add_option("--keys", folders->keys, keys_help);
    return std::pair(command, folders);
  };
  auto config = std::make_shared<HostConfig>();
  const auto [create, made] = add("create", Words("稼働中のままコピーする", "Copy them beside a running server"),
                                  Words("鍵データベースのコピー先", "Folder for the key databases, apart from it"));
  AddHostFlags(*create, *config, HelpOn::kLocations);
  create->callback([=, made = made, &chosen] { chosen = [=] { return Create(*config, *made); }; });

  const auto [verify, verified] = add("verify", Words("バックアップが完全か調べる", "See whether a backup is whole"),
                                      Words("鍵データベースのコピー", "The folder of its key databases"));
  AddLanguageFlag(*verify);
  verify->callback([verified = verified, &chosen] { chosen = [verified] { return VerifyAll(*verified); }; });

  auto target = std::make_shared<HostConfig>();
  const auto [restore, restored] =
      add("restore", Words("空のフォルダーへ復元する", "Put a backup into an empty data folder"),
          Words("鍵データベースのコピー", "The folder of its key databases"));
  AddHostFlags(*restore, *target, HelpOn::kLocations);
  restore->callback([=, restored = restored, &chosen] { chosen = [=] { return Restore(*target, *restored); }; });
}

}  // namespace tsunagu::suite
