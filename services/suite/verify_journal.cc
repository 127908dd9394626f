#include "services/suite/verify_journal.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/host/flags.h"
#include "common/host/journals.h"
#include "services/suite/services.h"

namespace tsunagu::suite {
namespace {

using Kind = store::ChainFinding::Kind;
using RowKind = store::TableFinding::Kind;

constexpr size_t kMostShown = 100, kKeyBytes = 32;

// What happened, in English and Japanese.
const char* TextOf(Kind kind) {
  switch (kind) {
    case Kind::kRowChanged: return "the row is not what was sealed / 行が書き換えられています";
    case Kind::kRowMoved: return "the row was sealed at another place / 行の順番が入れ替えられています";
    case Kind::kRowRemoved: return "the row was removed / 行が削除されています";
    case Kind::kPlaceMissing: return "the row and its seal were removed / 行と封印が削除されています";
    case Kind::kSealChanged: return "the seal was altered / 封印が書き換えられています";
    case Kind::kTimeReversed: return "known before what stands in front of it / 確定時刻が前後しています";
    case Kind::kRevisionMissing: return "a revision before this one is missing or repeated / 前の版が欠けているか重複しています";
    case Kind::kNeverSealed: return "the row was never sealed / 封印されていない行があります";
    case Kind::kPendingWithoutRow: return "a row was removed before it was sealed / 封印前の行が削除されています";
    case Kind::kHeadDiffers: return "the chain ends elsewhere than its head says / 末尾の記録と一致しません";
    case Kind::kCheckpointDiffers: return "a checkpoint says something else / 署名済みの記録と一致しません";
    case Kind::kCheckpointForged: return "not signed by the expected key / 署名が正しくありません";
    case Kind::kMarkDiffers: return "the key store has seen another chain pass here / 鍵の保管庫の控えと一致しません";
    case Kind::kNamesDiffer: return "its index by names is not what the row says / 閲覧対象の索引が記録の内容と一致しません";
    case Kind::kBeforeDiffers:
      return "rows from before the log was sealed were added or removed / 封印開始前の記録が増減しています";
  }
  return "";
}

const char* TextOf(RowKind kind) {
  switch (kind) {
    case RowKind::kRowDiffers: return "the row is not what the journal says / 行の内容が変更履歴と一致しません";
    case RowKind::kRowRemoved: return "the row was removed / 行が削除されています";
    case RowKind::kRowAdded: return "the row is not in the journal / 変更履歴にない行です";
    case RowKind::kRowSetBack: return "the row was set back to an old revision / 行が古い版に戻されています";
    case RowKind::kSideDiffers:
      return "the rows beside it are not what the record yields / 付随する表の行が記録の内容と一致しません";
    case RowKind::kRowForged: return "the row was not written by this program / このプログラムが書いていない行です";
  }
  return "";
}

std::string LineOf(const std::string& label, const store::ChainFinding& finding) {
  std::string where = label;
  if (finding.place > 0) absl::StrAppend(&where, " place ", finding.place);
  if (!finding.name.empty()) absl::StrAppend(&where, " ", finding.name);
  if (finding.revision > 0) absl::StrAppend(&where, " revision ", finding.revision);
  return absl::StrCat(where, ": ", TextOf(finding.kind));
}

std::string LineOf(const std::string& label, const store::TableFinding& finding) {
  std::string where = absl::StrCat(label, " ", finding.name);
  if (finding.revision > 0) absl::StrAppend(&where, " revision ", finding.revision);
  if (!finding.parts.empty()) absl::StrAppend(&where, " (", absl::StrJoin(finding.parts, ", "), ")");
  return absl::StrCat(where, ": ", TextOf(finding.kind));
}

// `found`: how many there are; some may not have been kept.
template <typename Finding>
void PrintAll(const std::string& label, const std::vector<Finding>& findings, size_t found) {
  const size_t shown = std::min(findings.size(), kMostShown);
  for (size_t i = 0; i < shown; ++i) std::printf("%s\n", LineOf(label, findings[i]).c_str());
  if (found > shown) std::printf("%s: … %zu more / ほか%zu件\n", label.c_str(), found - shown, found - shown);
}

constexpr char kChanged[] = "CHANGED / 改ざんがあります";

const char* Verdict(const store::ChainReport& report, bool is_journal) {
  if (!report.findings.empty()) return kChanged;
  if (report.checkpoints > 0) return "as they were written / 改ざんは見つかりませんでした";
  return is_journal ? "only the chain itself was checked, and it is whole / "
                      "署名済みの記録との照合はしていません。変更履歴の連鎖に乱れはありません"
                    : "only the chain itself was checked, and it is whole / "
                      "署名済みの記録との照合はしていません。閲覧記録の連鎖に乱れはありません";
}

std::string Counted(int64_t count, absl::string_view text) {
  return count == 0 ? "" : absl::StrCat(", ", count, " ", text);
}

void Print(const std::string& label, const store::ChainReport& report, int64_t before, bool is_journal) {
  PrintAll(label, report.findings, report.findings.size());
  std::printf("%s: %lld rows sealed, %lld waiting%s, %s: %s\n", label.c_str(), static_cast<long long>(report.sealed),
              static_cast<long long>(report.waiting),
              Counted(before, "from before it was sealed, which were only counted / 封印開始前（件数のみ照合）").c_str(),
              report.checkpoints == 0 ? "no checkpoints compared"
                                      : absl::StrCat(report.checkpoints, " checkpoints compared").c_str(),
              Verdict(report, is_journal));
}

void PrintTables(const JournalCheck& check) {
  const store::TablesReport& tables = check.tables;
  const std::string label = absl::StrCat(check.service, " tables");
  PrintAll(label, tables.findings, static_cast<size_t>(tables.found));
  std::string left;
  absl::StrAppend(&left,
                  Counted(tables.closed, check.has_keys
                                             ? "whose personal fields have no key any more / 個人情報は鍵の消去により未照合"
                                             : "without their personal fields, as there is no master key here / "
                                               "マスター鍵がないため個人情報は未照合"),
                  Counted(tables.newer, "not compared: a newer version wrote them / 新しい版の行のため未照合"),
                  Counted(tables.busy, "not compared: they kept changing / 更新中のため未照合"));
  std::printf("%s: %lld rows compared%s: %s\n", label.c_str(), static_cast<long long>(tables.rows), left.c_str(),
              tables.found > 0 ? kChanged : "as the journal says / 変更履歴と一致しています");
}

// Whoever could write to the files could have signed them too.
void PrintKeys(const JournalCheck& check) {
  std::set<std::string> keys = check.report.keys;
  keys.insert(check.access_log.chain.keys.begin(), check.access_log.chain.keys.end());
  for (const std::string& key : keys) {
    std::printf("%s: signed by %s, as the files themselves say (--public-key) / 署名の鍵（ファイル自身の記載）\n",
                check.service.c_str(), absl::Base64Escape(key).c_str());
  }
}

void Print(const JournalCheck& check, bool with_keys) {
  Print(check.service, check.report, 0, true);
  Print(absl::StrCat(check.service, " access log"), check.access_log.chain, check.access_log.before, false);
  PrintTables(check);
  if (with_keys) PrintKeys(check);
}

int Run(const HostConfig& config, const JournalCheckOptions& options) {
  const auto checks = VerifyJournals(config, SuiteServices(), options);
  if (!checks.ok()) {
    std::fprintf(stderr, "%s\n", TextForOperator(checks.status()).c_str());
    return 1;
  }
  bool good = true;
  for (const JournalCheck& check : *checks) {
    Print(check, options.public_key.empty());
    good &= check.good();
  }
  return good ? 0 : 1;
}

}  // namespace

void AddVerifyJournal(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "verify-journal", "Find what was changed by hand in the database / データベースの改ざんを調べる");
  auto config = std::make_shared<HostConfig>();
  auto options = std::make_shared<JournalCheckOptions>();
  auto key = std::make_shared<std::string>();
  AddHostFlags(*command, *config, HelpOn::kPlaces);
  command->add_option("--checkpoints", options->checkpoint_files,
                      "Files of checkpoints that were kept elsewhere; those in the checkpoint folder if not given");
  command->add_option("--public-key", *key, "The key that signed them, in base64; any if not given");
  command->callback([=, &chosen] {
    const bool good = absl::Base64Unescape(*key, &options->public_key);
    if (!good || (!key->empty() && options->public_key.size() != kKeyBytes)) {
      throw CLI::ValidationError("--public-key", "not 32 bytes in base64");
    }
    chosen = [=] { return Run(*config, *options); };
  });
}

}  // namespace tsunagu::suite
