#include "services/suite/audit_pack.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/contract/own_id.h"
#include "common/contract/schema.h"
#include "common/host/words.h"
#include "common/journal/checkpoint.h"
#include "common/text/json.h"
#include "google/protobuf/util/time_util.h"
#include "services/suite/audit_tables.h"
#include "services/suite/explain.h"
#include "services/suite/print_error.h"
#include "services/suite/report_lines.h"

namespace tsunagu::suite {
namespace {

using google::protobuf::util::TimeUtil;

constexpr char kService[] = "subsidy";

// Three files for each application, with all its amounts in the order of their names.
absl::Status AddTraces(const AuditRecords& records, AuditFolder& folder) {
  struct Texts {
    std::string ja, en, json;
  };
  std::map<std::string, Texts> texts;  // by application
  for (const auto& [name, explanation] : records.explanations) {
    Texts& text = texts[contract::OwnId(contract::Schema::ParentOf(name))];
    absl::StrAppend(&text.ja, "■ ", name, "\n", ExplanationText(explanation, Language::kJapanese), "\n");
    absl::StrAppend(&text.en, "# ", name, "\n", ExplanationText(explanation, Language::kEnglish), "\n");
    ASSIGN_OR_RETURN(const std::string json, contract::MessageToJson(explanation, false));
    absl::StrAppend(&text.json, absl::StripTrailingAsciiWhitespace(json), "\n");
  }
  for (const auto& [application, text] : texts) {
    const std::string path = absl::StrCat("traces/", application);
    RETURN_IF_ERROR(folder.Add(absl::StrCat(path, ".ja.txt"), "計算過程", "traces, in Japanese", text.ja));
    RETURN_IF_ERROR(folder.Add(absl::StrCat(path, ".en.txt"), "計算過程（英語）", "traces", text.en));
    RETURN_IF_ERROR(folder.Add(absl::StrCat(path, ".jsonl"), "計算過程（JSON）", "traces, as JSON", text.json));
  }
  return absl::OkStatus();
}

absl::Status AddRuleSets(const AuditRecords& records, AuditFolder& folder) {
  for (const subsidy::v1::RuleSet& rule_set : records.rule_sets) {
    ASSIGN_OR_RETURN(const std::string json, contract::MessageToJson(rule_set, true));
    RETURN_IF_ERROR(folder.Add(absl::StrCat("rule_sets/", contract::OwnId(rule_set.name()), ".json"),
                               rule_set.display_name(), rule_set.display_name(), json));
  }
  return absl::OkStatus();
}

// The checkpoints of the service, whose signatures hold.
absl::StatusOr<std::vector<store::Checkpoint>> ReadKeptCheckpoints(const std::vector<std::string>& files) {
  std::vector<store::Checkpoint> all;
  for (const std::string& file : files) {
    ASSIGN_OR_RETURN(const auto some, store::ReadCheckpoints(file));
    for (const store::Checkpoint& one : some) {
      if (one.service != kService) continue;
      if (!one.Verify()) {
        return FailHere(
            absl::StatusCode::kFailedPrecondition, "CHECKPOINT_FORGED",
            absl::StrCat(file, " にある位置 ", one.place, " の控えは、署名が正しくありません。"),
            absl::StrCat("In ", file, " the checkpoint of place ", one.place, " is not signed by its key."));
      }
      all.push_back(one);
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.place < b.place; });
  return all;
}

// How to prove that the journal is as it was.
std::string ProofText(const AuditRecords& records, const std::vector<store::Checkpoint>& checkpoints) {
  const int64_t place = records.report.place();
  const auto after = std::find_if(checkpoints.begin(), checkpoints.end(),
                                  [&](const store::Checkpoint& one) { return one.place >= place; });
  std::string text =
      absl::StrCat("この記録は、変更履歴の位置 ", place, "（", TimeUtil::ToString(records.report.known_time()),
                   "）までの内容です。\n", "This is what was known at place ", place, " of the journal (",
                   TimeUtil::ToString(records.report.known_time()), ").\n\n");
  if (after != checkpoints.end()) {
    absl::StrAppend(&text, "位置 ", after->place,
                    " の署名済みの控えが、ここまでの変更履歴すべてを証明します（checkpoints.txt）。\n",
                    "The signed checkpoint of place ", after->place,
                    " proves all of the journal up to here (checkpoints.txt).\nSHA-256 ",
                    absl::BytesToHexString(after->hash), "\n\n");
  } else {
    absl::StrAppend(&text, "位置 ", place,
                    " 以降の署名済みの控え（サーバーの data/checkpoints）を、この記録と共に保管してください。\n",
                    "Keep a signed checkpoint of place ", place,
                    " or later with this (data/checkpoints of the server).\n\n");
  }
  absl::StrAppend(&text,
                  "データベースが変更履歴のとおりであることの検査 / whether the database is as the journal says:\n",
                  "  tsunagu verify-journal --services subsidy --checkpoints FILE --public-key KEY\n");
  return text;
}

absl::Status AddJournal(const AuditRecords& records, const std::vector<store::Checkpoint>& checkpoints,
                        AuditFolder& folder) {
  RETURN_IF_ERROR(
      folder.Add("journal/proof.txt", "変更履歴の証明", "proof of the journal", ProofText(records, checkpoints)));
  if (checkpoints.empty()) return absl::OkStatus();
  std::string lines;
  for (const store::Checkpoint& one : checkpoints) absl::StrAppend(&lines, one.ToLine(), "\n");
  return folder.Add("journal/checkpoints.txt", "署名済みの控え", "signed checkpoints", lines);
}

// The report's figures of the programme alone; those of all programmes where it has none.
AuditTable ReportTable(const AuditRecords& records, Language language) {
  platform::v1::Report report = records.report;
  report.clear_figures();
  for (const auto& figure : records.report.figures()) {
    if (figure.group() == records.programme.name()) *report.add_figures() = figure;
  }
  return {"report.csv", "帳票", "report", FigureLines(report, language), ""};
}

bool AllSame(const std::vector<AuditCheck>& checks) {
  return std::all_of(checks.begin(), checks.end(), [](const AuditCheck& one) { return one.same.value_or(true); });
}

void Tell(const AuditRecords& records, const std::vector<AuditCheck>& checks, const std::string& folder,
          const std::string& hash, bool ja, std::ostream& told) {
  for (const std::string& name : records.unseen) {
    told << (ja ? "閲覧できる範囲の外にあるため含まれません: " : "Left out, as you may not see it: ") << name << "\n";
  }
  for (const AuditCheck& one : checks) {
    if (one.same.value_or(true)) continue;
    told << (ja ? "不一致: " : "DIFFERS: ") << one.record << " " << (ja ? one.ja : one.en) << " " << one.stored;
    if (one.again) told << " / " << *one.again;
    told << "\n";
  }
  const bool same = AllSame(checks);
  told << (ja ? absl::StrCat("再計算 ", checks.size(), "件: ", same ? "すべて一致" : "不一致あり", "\n")
              : absl::StrCat(checks.size(), " amounts worked out again: ", same ? "all the same" : "NOT all the same",
                             "\n"))
       << folder << "\nSHA256SUMS: " << hash << "\n";
}

}  // namespace

absl::StatusOr<bool> WriteAuditPack(const Client& client, const AuditPackOptions& options, std::ostream& told) {
  const Language language = client.once.language;
  const std::string programme =
      absl::StrContains(options.programme, '/') ? options.programme : absl::StrCat("programmes/", options.programme);
  ASSIGN_OR_RETURN(AuditFolder folder, AuditFolder::Create(options.folder, language));
  ASSIGN_OR_RETURN(const auto checkpoints, ReadKeptCheckpoints(options.checkpoint_files));
  ASSIGN_OR_RETURN(const AuditRecords records, ReadAuditRecords(client, programme));
  std::vector<AuditCheck> checks = CheckReport(records);
  std::vector<AuditTable> tables = RecordTables(records, language);
  tables.push_back(ReportTable(records, language));
  tables.push_back(CheckTable("totals.csv", "帳票との突合", "totals", checks, language));
  const std::vector<AuditCheck> amounts = CheckAmounts(records);
  tables.push_back(CheckTable("worked_out_again.csv", "再計算", "worked out again", amounts, language));
  tables.push_back(RevisionTable(records, language));
  for (const AuditTable& table : tables) RETURN_IF_ERROR(folder.Add(table));
  const absl::Time known = absl::FromUnixSeconds(records.report.known_time().seconds());
  RETURN_IF_ERROR(folder.AddWorkbook("all.xlsx", tables, known));
  RETURN_IF_ERROR(AddRuleSets(records, folder));
  RETURN_IF_ERROR(AddTraces(records, folder));
  RETURN_IF_ERROR(AddJournal(records, checkpoints, folder));
  ASSIGN_OR_RETURN(const std::string hash, folder.Finish());
  checks.insert(checks.end(), amounts.begin(), amounts.end());
  Tell(records, checks, options.folder, hash, language == Language::kJapanese, told);
  RETURN_IF_ERROR(Flush(told));
  return AllSame(checks);
}

void AddAuditPack(CLI::App& app, std::function<int()>& chosen) {
  struct Flags {
    ClientFlags client;
    AuditPackOptions options;
  };
  CLI::App* command =
      app.add_subcommand("audit-pack", Words("補助事業のすべての記録を、会計検査のために1つのフォルダーに書き出す",
                                             "Everything about a programme in one folder, for whoever audits it"));
  auto flags = std::make_shared<Flags>();
  AuditPackOptions& options = flags->options;
  command->add_option("programme", options.programme, Words("補助事業: programmes/…", "The programme: programmes/..."))
      ->required();
  command
      ->add_option("--out", options.folder,
                   Words("新しいフォルダー（空ならあってもよい）", "A new folder, or an empty one"))
      ->required();
  command->add_option(
      "--checkpoints", options.checkpoint_files,
      Words("別に保管した変更履歴の控えのファイル", "Files of checkpoints of the journal that were kept elsewhere"));
  RunAsClient(*command, flags, chosen, [](const Client& client, const Flags& flags) -> absl::StatusOr<int> {
    ASSIGN_OR_RETURN(const bool same, WriteAuditPack(client, flags.options, std::cout));
    return same ? 0 : 1;
  });
}

}  // namespace tsunagu::suite
