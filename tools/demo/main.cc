#include <cstdint>
#include <iostream>
#include <limits>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/host/usage.h"
#include "common/host/words.h"
#include "google/protobuf/util/json_util.h"
#include "services/suite/client.h"
#include "services/suite/new_file.h"
#include "services/suite/print_error.h"
#include "tools/demo/course.h"
#include "tools/demo/places.h"
#include "tools/demo/proposal.h"
#include "tools/demo/report.h"
#include "tools/demo/run.h"
#include "tools/demo/subsidy.h"

namespace tsunagu::demo {
namespace {

struct DemoFlags {
  suite::ClientFlags client;
  DemoPlan plan;
  std::string prefecture;
  std::string course;   // a folder; empty: no course
  std::string subsidy;  // a file; empty: no programme
  bool proposal = false;
};

void AddFlags(CLI::App& app, DemoFlags& flags) {
  app.add_option_function<std::string>(
         "--openings",
         [&flags](const std::string& file) {
           flags.plan.openings = true;
           flags.plan.openings_file = file;
         },
         Words("求人のCSVファイルかブック（.xlsx）を取り込む。ファイルがなければ架空の求人を作る",
               "Import openings from a CSV file or a workbook (.xlsx); without a file, invent some"))
      ->expected(0, 1)
      ->type_name("[FILE]");
  app.add_option("--nurses", flags.plan.nurses, Words("作る架空の看護職員の人数", "Invent so many nurses"))
      ->check(CLI::Range(int64_t{0}, int64_t{100'000}))
      ->capture_default_str();
  app.add_option("--seed", flags.plan.seed,
                 Words("架空データと抽選の乱数の種", "Seed of invented data and of the lottery"))
      ->check(CLI::Range(int64_t{0}, std::numeric_limits<int64_t>::max()))
      ->capture_default_str();
  app.add_option("--prefecture", flags.prefecture,
                 Words("対象の都道府県: 31 か 310000", "Only this prefecture: 31 or 310000"));
  app.add_option(
      "--course", flags.course,
      Words("マッチングの代わりに見本の研修を行い、修了証と公開鍵をこのフォルダーに書く",
            "Instead of a round, hold a sample course, and put a certificate and the keys into this folder"));
  app.add_option(
      "--subsidy", flags.subsidy,
      Words("マッチングの代わりに見本の補助事業を行い、金額を説明できる申請の名前をこのファイルに書く",
            "Instead of a round, run a sample programme, and write the name of an application into this file"));
  app.add_flag("--proposal", flags.proposal,
               Words("マッチングの代わりに、候補者の一人を紹介から就業まで進める",
                     "Instead of a round, see one candidate from a proposal to work"));
  suite::AddClientFlags(app, flags.client);
}

absl::StatusOr<DemoReport> Run(DemoFlags flags) {
  if (!flags.prefecture.empty()) {
    ASSIGN_OR_RETURN(flags.plan.area, PrefectureArea(flags.prefecture));
  }
  // The reasons of assignments are returned only with a purpose; a caller who may not see nurses would import them as
  // changed.
  if (flags.client.purpose.empty()) flags.client.purpose = "demo";
  ASSIGN_OR_RETURN(const suite::Client client, suite::Client::Open(flags.client));
  return Demonstrate(client, flags.plan, std::cout);
}

// Writes certificate.jwt, and keys.json as GetVerificationKeys answers it.
absl::Status WriteProof(const CourseReport& report, const std::string& folder) {
  std::string keys;
  if (!google::protobuf::util::MessageToJsonString(report.keys, &keys).ok()) return absl::InternalError("keys as JSON");
  for (const auto& [name, text] : {std::pair("certificate.jwt", report.token), std::pair("keys.json", keys)}) {
    ASSIGN_OR_RETURN(const auto file, suite::NewFile::Create(absl::StrCat(folder, "/", name)));
    RETURN_IF_ERROR(file->Write(text));
    RETURN_IF_ERROR(file->Finish());
  }
  return absl::OkStatus();
}

absl::Status ShowCourse(DemoFlags flags, Language language) {
  ASSIGN_OR_RETURN(const std::string prefecture, PrefectureArea(flags.prefecture));
  if (flags.client.purpose.empty()) flags.client.purpose = "demo";
  ASSIGN_OR_RETURN(const suite::Client client, suite::Client::Open(flags.client));
  ASSIGN_OR_RETURN(const CourseReport report, HoldCourse(client, prefecture));
  std::cout << CourseText(report, language);
  RETURN_IF_ERROR(suite::Flush(std::cout));
  return WriteProof(report, flags.course);
}

absl::Status ShowProgramme(const DemoFlags& flags, Language language) {
  ASSIGN_OR_RETURN(const std::string prefecture, PrefectureArea(flags.prefecture));
  ASSIGN_OR_RETURN(const suite::Client client, suite::Client::Open(flags.client));
  ASSIGN_OR_RETURN(const ProgrammeReport report, RunProgramme(client, prefecture));
  std::cout << ProgrammeText(report, language);
  RETURN_IF_ERROR(suite::Flush(std::cout));
  ASSIGN_OR_RETURN(const auto file, suite::NewFile::Create(flags.subsidy));
  RETURN_IF_ERROR(file->Write(report.amount));
  return file->Finish();
}

absl::Status ShowProposal(DemoFlags flags, Language language) {
  ASSIGN_OR_RETURN(const std::string prefecture, PrefectureArea(flags.prefecture));
  if (flags.client.purpose.empty()) flags.client.purpose = "demo";
  ASSIGN_OR_RETURN(const suite::Client client, suite::Client::Open(flags.client));
  ASSIGN_OR_RETURN(const ProposalReport report, WalkProposal(client, prefecture));
  std::cout << ProposalText(report, language);
  return suite::Flush(std::cout);
}

// Returns the exit code: 1 for an error and for a result that the verifier refused.
int Main(const DemoFlags& flags) {
  const Language language = suite::LanguageOf(flags.client);
  if (!flags.course.empty()) {
    const absl::Status shown = ShowCourse(flags, language);
    return shown.ok() ? 0 : suite::PrintError(shown, language);
  }
  if (!flags.subsidy.empty()) {
    const absl::Status shown = ShowProgramme(flags, language);
    return shown.ok() ? 0 : suite::PrintError(shown, language);
  }
  if (flags.proposal) {
    const absl::Status shown = ShowProposal(flags, language);
    return shown.ok() ? 0 : suite::PrintError(shown, language);
  }
  const absl::StatusOr<DemoReport> report = Run(flags);
  if (!report.ok()) return suite::PrintError(report.status(), language);
  std::cout << ReportText(*report, language);
  const absl::Status written = suite::Flush(std::cout);
  if (!written.ok()) return suite::PrintError(written, language);
  if (report->verdict.stable()) return 0;
  return suite::PrintError(suite::FailHere(absl::StatusCode::kDataLoss, "RESULT_REFUSED",
                                           "検証プログラムが結果を拒否しました。", "The verifier refused the result."),
                           language);
}

}  // namespace
}  // namespace tsunagu::demo

int main(int argc, char** argv) {
  tsunagu::ChooseLanguage(argc, argv);
  CLI::App app(tsunagu::Words("tsunagu-demo: 動いているサーバーでマッチングを試し、結果を表示する",
                              "tsunagu-demo: solves a round on a running server and shows the result"));
  tsunagu::SpeakOfUsage(app);
  tsunagu::demo::DemoFlags flags;
  tsunagu::demo::AddFlags(app, flags);
  if (const auto code = tsunagu::ParseCommandLine(app, argc, argv)) return *code;
  return tsunagu::demo::Main(flags);
}
