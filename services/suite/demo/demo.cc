#include "services/suite/demo/demo.h"

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "CLI/CLI.hpp"
#include "common/base/status_macros.h"
#include "services/suite/client.h"
#include "services/suite/demo/places.h"
#include "services/suite/demo/report.h"
#include "services/suite/demo/run.h"
#include "services/suite/demo/suite.h"
#include "services/suite/demo/words.h"

namespace tsunagu::suite {
namespace {

constexpr int64_t kDefaultNurses = 10'000;

struct DemoFlags {
  ClientFlags client;
  bool own_suite = true;
  std::string areas, facilities, openings;
  std::optional<int64_t> nurses;
  int64_t seed = 1;
  std::string prefecture;
  bool json = false;
};

// Before anything is imported: a missing file is not found out half way.
absl::StatusOr<DemoPlan> ToPlan(const DemoFlags& flags) {
  DemoPlan plan;
  plan.areas = flags.areas;
  plan.facilities = flags.facilities;
  plan.openings = flags.openings;
  for (const std::string& path : {plan.areas, plan.facilities, plan.openings}) {
    if (!path.empty()) RETURN_IF_ERROR(Input::Open(path).status());
  }
  plan.seed = flags.seed;
  plan.nurses = flags.nurses.value_or(flags.facilities.empty() ? 0 : kDefaultNurses);
  if (!flags.prefecture.empty()) {
    ASSIGN_OR_RETURN(plan.area, PrefectureArea(flags.prefecture));
  }
  return plan;
}

// Steps are told where somebody watches.
void Tell(absl::string_view step, Language language) {
  if (isatty(STDERR_FILENO) != 0) std::cerr << "… " << StepWord(step, language) << std::endl;
}

absl::StatusOr<std::unique_ptr<TemporarySuite>> StartSuite(ClientFlags& client, int64_t seed, DemoReport& report) {
  const auto begin = std::chrono::steady_clock::now();
  ASSIGN_OR_RETURN(auto suite, TemporarySuite::Start(seed));
  const auto passed = std::chrono::steady_clock::now() - begin;
  report.millis.emplace_back("start", std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
  client.address = suite->address();
  client.key_file = suite->admin_key_file();
  return suite;
}

absl::StatusOr<DemoReport> Demonstrate(DemoFlags flags) {
  const Language language = LanguageOf(flags.client);
  DemoReport report;
  ASSIGN_OR_RETURN(DemoPlan plan, ToPlan(flags));
  std::unique_ptr<TemporarySuite> suite;
  if (flags.own_suite) {
    Tell("start", language);
    ASSIGN_OR_RETURN(suite, StartSuite(flags.client, flags.seed, report));
  }
  ASSIGN_OR_RETURN(const Client client, Client::Open(flags.client));
  DemoRun run(client, std::move(plan), [&](absl::string_view step) { Tell(step, language); });
  const absl::Status status = run.Run(report);
  if (suite != nullptr && suite->interrupted()) {
    return FailHere(absl::StatusCode::kCancelled, "INTERRUPTED", "中断しました。", "Interrupted.");
  }
  RETURN_IF_ERROR(status);
  return report;
}

// Prints only when the suite is gone: whoever closes the pipe then does no harm.
int RunDemo(const DemoFlags& flags) {
  const Language language = LanguageOf(flags.client);
  const absl::StatusOr<DemoReport> report = Demonstrate(flags);
  if (!report.ok()) {
    PrintError(report.status(), language);
    return absl::IsCancelled(report.status()) ? 130 : 1;
  }
  std::cout << (flags.json ? ReportJson(*report) : ReportText(*report, language)) << std::flush;
  if (report->verdict.stable()) return 0;
  return PrintError(FailHere(absl::StatusCode::kDataLoss, "RESULT_REFUSED", "検証プログラムが結果を拒否しました。",
                             "The verifier refused the result."),
                    language);
}

void AddFlags(CLI::App& command, DemoFlags& flags) {
  command.add_option("--areas", flags.areas, "CSV file of areas / 地域のCSVファイル");
  command.add_option("--facilities", flags.facilities, "CSV file of facilities / 事業所のCSVファイル");
  command.add_option("--openings", flags.openings, "CSV file of openings; else invented / 求人のCSVファイル（なければ架空）");
  command
      .add_option("--nurses", flags.nurses,
                  "Nurses to invent: 10,000 by default with --facilities, else none / 架空の看護職員の人数")
      ->check(CLI::Range(int64_t{0}, int64_t{100'000}));
  command.add_option("--seed", flags.seed, "Seed of what is invented and of the lottery / 種")
      ->check(CLI::Range(int64_t{0}, std::numeric_limits<int64_t>::max()))
      ->capture_default_str();
  command.add_option("--prefecture", flags.prefecture, "Only there: 31 or 310000 / 都道府県");
  command.add_flag("--json", flags.json, "One JSON object / JSONで出力");
  AddClientFlags(command, flags.client);
  command.get_option("--addr")
      ->description("Running server; without it the demonstration starts its own / 接続先（なければ自分で起動）")
      ->default_str("");
}

}  // namespace

void AddDemo(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand("demo", "Show on your files what this is for / 手元のファイルで試す");
  auto flags = std::make_shared<DemoFlags>();
  AddFlags(*command, *flags);
  command->callback([command, flags, &chosen] {
    flags->own_suite = command->count("--addr") == 0;
    if (flags->own_suite && (flags->areas.empty() || flags->facilities.empty())) {
      throw CLI::ValidationError("--areas, --facilities",
                                 "required without --addr / --addr を指定しないときは必要です");
    }
    chosen = [flags] { return RunDemo(*flags); };
  });
}

}  // namespace tsunagu::suite
