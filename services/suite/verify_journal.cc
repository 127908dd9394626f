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
#include "common/host/words.h"
#include "services/suite/services.h"
#include "services/training/certificate.h"

namespace tsunagu::suite {
namespace {

using Kind = store::ChainFinding::Kind;
using RowKind = store::TableFinding::Kind;

constexpr size_t kMostShown = 100, kKeyBytes = 32;

// Returns the text of a kind of finding.
std::string TextOf(Kind kind) {
  switch (kind) {
    case Kind::kRowChanged:
      return Words("行が書き換えられています", "the row is not what was sealed");
    case Kind::kRowMoved:
      return Words("行の順番が入れ替えられています", "the row was sealed at another place");
    case Kind::kRowRemoved:
      return Words("行が削除されています", "the row was removed");
    case Kind::kPlaceMissing:
      return Words("行と封印が削除されています", "the row and its seal were removed");
    case Kind::kSealChanged:
      return Words("封印が書き換えられています", "the seal was altered");
    case Kind::kTimeReversed:
      return Words("確定時刻が前後しています", "known before what stands in front of it");
    case Kind::kRevisionMissing:
      return Words("前の版が欠けているか重複しています", "a revision before this one is missing or repeated");
    case Kind::kNeverSealed:
      return Words("封印されていない行があります", "the row was never sealed");
    case Kind::kPendingWithoutRow:
      return Words("封印前の行が削除されています", "a row was removed before it was sealed");
    case Kind::kHeadDiffers:
      return Words("末尾の記録と一致しません", "the chain ends elsewhere than its head says");
    case Kind::kCheckpointDiffers:
      return Words("署名済みの記録と一致しません", "a checkpoint says something else");
    case Kind::kCheckpointForged:
      return Words("署名が正しくありません", "not signed by the expected key");
    case Kind::kMarkDiffers:
      return Words("鍵の保管庫の控えと一致しません", "the key store has seen another chain pass here");
    case Kind::kNamesDiffer:
      return Words("閲覧対象の索引が記録の内容と一致しません", "its index by names is not what the row says");
    case Kind::kBeforeDiffers:
      return Words("封印開始前の記録が増減しています", "rows from before the log was sealed were added or removed");
  }
  return "";
}

std::string TextOf(RowKind kind) {
  switch (kind) {
    case RowKind::kRowDiffers:
      return Words("行の内容が変更履歴と一致しません", "the row is not what the journal says");
    case RowKind::kRowRemoved:
      return Words("行が削除されています", "the row was removed");
    case RowKind::kRowAdded:
      return Words("変更履歴にない行です", "the row is not in the journal");
    case RowKind::kRowSetBack:
      return Words("行が古い版に戻されています", "the row was set back to an old revision");
    case RowKind::kSideDiffers:
      return Words("付随する表の行が記録の内容と一致しません", "the rows beside it are not what the record yields");
    case RowKind::kRowForged:
      return Words("このプログラムが書いていない行です", "the row was not written by this program");
    case RowKind::kCounterDiffers:
      return Words("件数の控えが記録の件数と一致しません", "the counter says another number than there are records");
  }
  return "";
}

std::string RevisionOf(int64_t revision) {
  return Words(absl::StrCat("第", revision, "版"), absl::StrCat("revision ", revision));
}

std::string LineOf(const std::string& label, const store::ChainFinding& finding) {
  std::string where = label;
  if (finding.place > 0) absl::StrAppend(&where, Words(" 位置", " place "), finding.place);
  if (!finding.name.empty()) absl::StrAppend(&where, " ", finding.name);
  if (finding.revision > 0) absl::StrAppend(&where, " ", RevisionOf(finding.revision));
  return absl::StrCat(where, ": ", TextOf(finding.kind));
}

std::string LineOf(const std::string& label, const store::TableFinding& finding) {
  std::string where = absl::StrCat(label, " ", finding.name);
  if (finding.revision > 0) absl::StrAppend(&where, " ", RevisionOf(finding.revision));
  if (!finding.parts.empty()) absl::StrAppend(&where, " (", absl::StrJoin(finding.parts, ", "), ")");
  return absl::StrCat(where, ": ", TextOf(finding.kind));
}

// `found`: the number of findings; some may not have been kept.
template <typename Finding>
void PrintAll(const std::string& label, const std::vector<Finding>& findings, size_t found) {
  const size_t shown = std::min(findings.size(), kMostShown);
  for (size_t i = 0; i < shown; ++i) std::printf("%s\n", LineOf(label, findings[i]).c_str());
  if (found <= shown) return;
  const size_t rest = found - shown;
  std::printf("%s: %s\n", label.c_str(), Words(absl::StrCat("ほか", rest, "件"), absl::StrCat(rest, " more")).c_str());
}

std::string Changed() { return Words("改ざんがあります", "CHANGED"); }

std::string Verdict(const store::ChainReport& report, bool is_journal) {
  if (!report.findings.empty()) return Changed();
  if (report.checkpoints > 0) return Words("改ざんは見つかりませんでした", "as they were written");
  return Words(absl::StrCat(is_journal ? "変更履歴" : "閲覧記録",
                            "の連鎖に乱れはありません。ただし、署名済みの控えとの照合はしていません"),
               "only the chain itself was checked, and it is whole");
}

// Returns the number of omitted findings as text; "" if there are none.
std::string Left(int64_t count, absl::string_view ja, absl::string_view en) {
  return count == 0 ? "" : Words(absl::StrCat("、", ja, count, "行"), absl::StrCat(", ", count, " ", en));
}

void PrintLine(const std::string& label, const std::string& text) {
  std::printf("%s: %s\n", label.c_str(), text.c_str());
}

void Print(const std::string& label, const store::ChainReport& report, int64_t before, bool is_journal) {
  PrintAll(label, report.findings, report.findings.size());
  const std::string uncompared =
      Left(before, "封印開始前のため件数だけを照合した行 ", "from before it was sealed, which were only counted");
  const std::string ja = absl::StrCat("封印済み ", report.sealed, "行、封印待ち ", report.waiting, "行", uncompared,
                                      "、照合した署名済みの控え ", report.checkpoints, "件: ");
  const std::string en =
      absl::StrCat(report.sealed, " rows sealed, ", report.waiting, " waiting", uncompared, ", ",
                   report.checkpoints == 0 ? "no" : absl::StrCat(report.checkpoints), " checkpoints compared: ");
  PrintLine(label, absl::StrCat(Words(ja, en), Verdict(report, is_journal)));
}

void PrintTables(const JournalCheck& check) {
  const store::TablesReport& tables = check.tables;
  const std::string label = absl::StrCat(check.service, Words(" 表", " tables"));
  PrintAll(label, tables.findings, static_cast<size_t>(tables.found));
  const std::string closed = check.has_keys ? Left(tables.closed, "鍵が消去され個人情報を照合できなかった行 ",
                                                   "whose personal fields have no key any more")
                                            : Left(tables.closed, "マスター鍵がなく個人情報を照合できなかった行 ",
                                                   "without their personal fields, as there is no master key here");
  const std::string left = absl::StrCat(
      closed, Left(tables.newer, "新しい版が書いたため照合しなかった行 ", "not compared: a newer version wrote them"),
      Left(tables.busy, "更新が続いたため照合しなかった行 ", "not compared: they kept changing"));
  const std::string rows = Words(absl::StrCat("照合 ", tables.rows, "行"), absl::StrCat(tables.rows, " rows compared"));
  const std::string verdict = tables.found > 0 ? Changed() : Words("変更履歴と一致しています", "as the journal says");
  PrintLine(label, absl::StrCat(rows, left, ": ", verdict));
}

// Anybody who can write to the files could also have signed them.
void PrintKeys(const JournalCheck& check) {
  std::set<std::string> keys = check.report.keys;
  keys.insert(check.access_log.chain.keys.begin(), check.access_log.chain.keys.end());
  for (const std::string& key : keys) {
    const std::string text = absl::Base64Escape(key);
    PrintLine(check.service, Words(absl::StrCat("署名した鍵は、控えのファイル自身によれば ", text,
                                                " です（--public-key で確かめられます）"),
                                   absl::StrCat("signed by ", text, ", as the files themselves say (--public-key)")));
  }
}

void Print(const JournalCheck& check, bool with_keys) {
  Print(check.service, check.report, 0, true);
  Print(absl::StrCat(check.service, Words(" 閲覧記録", " access log")), check.access_log.chain, check.access_log.before,
        false);
  PrintTables(check);
  if (with_keys) PrintKeys(check);
}

int Run(const HostConfig& config, const JournalCheckOptions& options) {
  const auto checks = VerifyJournals(config, SuiteServices(), options);
  if (!checks.ok()) return Complain(checks.status());
  bool good = true;
  for (const JournalCheck& check : *checks) {
    Print(check, options.public_key.empty());
    good &= check.good();
  }
  return good ? 0 : 1;
}

}  // namespace

std::string FindingLine(const std::string& label, const store::TableFinding& finding) { return LineOf(label, finding); }

void AddVerifyJournal(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand("verify-journal", Words("データベースが手で書き換えられていないか調べる",
                                                                 "Find what was changed by hand in the database"));
  auto config = std::make_shared<HostConfig>();
  auto options = std::make_shared<JournalCheckOptions>();
  options->counters = training::CertificateCounters();
  auto key = std::make_shared<std::string>();
  AddHostFlags(*command, *config, HelpOn::kLocations);
  command->add_option("--checkpoints", options->checkpoint_files,
                      Words("別に保管した控えのファイル（指定がなければ控えのフォルダーのもの）",
                            "Files of checkpoints that were kept elsewhere; those in the checkpoint folder if not "
                            "given"));
  command->add_option("--public-key", *key,
                      Words("控えに署名した鍵（base64。指定がなければどの鍵でもよい）",
                            "The key that signed them, in base64; any if not given"));
  command->callback([=, &chosen] {
    const bool good = absl::Base64Unescape(*key, &options->public_key);
    if (!good || (!key->empty() && options->public_key.size() != kKeyBytes)) {
      throw CLI::ValidationError("--public-key", Words("32バイトのbase64ではありません", "not 32 bytes in base64"));
    }
    chosen = [=] { return Run(*config, *options); };
  });
}

}  // namespace tsunagu::suite
