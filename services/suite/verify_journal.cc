#include "services/suite/verify_journal.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/host/flags.h"
#include "common/host/journals.h"
#include "services/suite/services.h"

namespace tsunagu::suite {
namespace {

using Kind = store::ChainFinding::Kind;

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
  }
  return "";
}

void Print(const std::string& service, const store::ChainFinding& finding) {
  std::string where = service;
  if (finding.place > 0) absl::StrAppend(&where, " place ", finding.place);
  if (!finding.name.empty()) absl::StrAppend(&where, " ", finding.name);
  if (finding.revision > 0) absl::StrAppend(&where, " revision ", finding.revision);
  std::printf("%s: %s\n", where.c_str(), TextOf(finding.kind));
}

const char* Verdict(const store::JournalReport& report) {
  if (!report.findings.empty()) return "CHANGED / 改ざんがあります";
  if (report.checkpoints == 0) {
    return "only the chain itself was checked, and it is whole / "
           "署名済みの記録との照合はしていません。変更履歴の連鎖に乱れはありません";
  }
  return "as they were written / 改ざんは見つかりませんでした";
}

// Whoever could write to the files could have signed them too.
void PrintKeys(const JournalCheck& check) {
  for (const std::string& key : check.report.keys) {
    std::printf("%s: signed by %s, as the files themselves say (--public-key) / 署名の鍵（ファイル自身の記載）\n",
                check.service.c_str(), absl::Base64Escape(key).c_str());
  }
}

void Print(const JournalCheck& check, bool with_keys) {
  const store::JournalReport& report = check.report;
  for (size_t i = 0; i < std::min(report.findings.size(), kMostShown); ++i) Print(check.service, report.findings[i]);
  if (report.findings.size() > kMostShown) {
    std::printf("%s: … %zu more / ほか%zu件\n", check.service.c_str(), report.findings.size() - kMostShown,
                report.findings.size() - kMostShown);
  }
  std::printf("%s: %lld rows sealed, %lld waiting, %s: %s\n", check.service.c_str(),
              static_cast<long long>(report.sealed), static_cast<long long>(report.waiting),
              report.checkpoints == 0 ? "no checkpoints compared"
                                      : absl::StrCat(report.checkpoints, " checkpoints compared").c_str(),
              Verdict(report));
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
    good &= check.report.findings.empty();
  }
  return good ? 0 : 1;
}

}  // namespace

void AddVerifyJournal(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "verify-journal", "Find what was changed by hand in the journal / 変更履歴の改ざんを調べる");
  auto config = std::make_shared<HostConfig>();
  auto options = std::make_shared<JournalCheckOptions>();
  auto key = std::make_shared<std::string>();
  AddHostFlags(*command, *config);
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
