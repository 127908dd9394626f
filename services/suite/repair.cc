#include "services/suite/repair.h"

#include <cstdio>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/host/flags.h"
#include "common/host/repair.h"
#include "common/host/usage.h"
#include "common/host/words.h"
#include "services/suite/services.h"
#include "services/suite/verify_journal.h"

namespace tsunagu::suite {
namespace {

// Returns whether the record now agrees with the journal.
bool Print(const Repaired& one) {
  for (const store::TableFinding& finding : one.findings) {
    std::printf("%s\n", FindingLine(one.service, finding).c_str());
  }
  if (!one.kept_file.empty()) {
    std::printf("%s: %s%s\n", one.name.c_str(), Words("元の行: ", "what was there: ").c_str(), one.kept_file.c_str());
  }
  if (!one.status.ok()) {
    std::fprintf(stderr, "%s: %s\n", one.name.c_str(), WordsOf(one.status).c_str());
    return false;
  }
  std::string text = Words("変更していません（--apply で元に戻します）", "nothing was changed (--apply puts it right)");
  if (one.findings.empty()) {
    text = Words("変更履歴と一致しています", "as the journal says");
  } else if (one.done && one.revision == 0) {
    text = Words("変更履歴にない行を取り除きました", "removed, as no revision tells of it");
  } else if (one.done) {
    text = Words(absl::StrCat("第", one.revision, "版の内容に戻しました"),
                 absl::StrCat("put back to what revision ", one.revision, " says"));
  }
  std::printf("%s: %s\n", one.name.c_str(), text.c_str());
  return one.done || one.findings.empty();
}

int Run(const HostConfig& config, const RepairRequest& request) {
  if (request.apply && (request.by.empty() || request.purpose.empty())) {
    std::fprintf(stderr, "%s\n",
                 Words("--apply には --by と --purpose が必要です。変更履歴に残ります。",
                       "--apply needs --by and --purpose: they go into the journal.")
                     .c_str());
    return 1;
  }
  const auto all = RepairRecords(config, SuiteServices(), request);
  if (!all.ok()) return Complain(all.status());
  bool good = true;
  for (const Repaired& one : *all) good = Print(one) && good;
  return good ? 0 : 1;
}

}  // namespace

void AddRepair(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command =
      app.add_subcommand("repair", Words("手で書き換えられた記録を、変更履歴のとおりに戻す",
                                         "Put records that were changed by hand back to what the journal says"));
  auto config = std::make_shared<HostConfig>();
  auto request = std::make_shared<RepairRequest>();
  AddHostFlags(*command, *config, HelpOn::kLocations);
  command->add_option("NAME", request->names, Words("記録の名前: facilities/…", "Names of records: facilities/…"))
      ->required();
  command->add_flag("--apply", request->apply,
                    Words("元に戻す（指定がなければ調べるだけ）", "Do it; without it, it only looks"));
  command->add_option("--by", request->by,
                      Words("作業者のID（人の名前は使わない）", "Id of who does it (no person's name)"));
  command->add_option("--purpose", request->purpose,
                      Words("理由。変更履歴と閲覧記録に残る", "Why; goes into the journal and the access log"));
  command->callback([=, &chosen] { chosen = [=] { return Run(*config, *request); }; });
}

}  // namespace tsunagu::suite
